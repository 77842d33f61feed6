#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/jailctl.h"

#define HELP_BIT 0x80000000u
#define AT(member) offsetof(struct arguments, member)

static const struct {
	unsigned bit;
	char letter;		/* 0: none */
	const char *name;
	const char *value;	/* what follows; NULL: a switch */
	size_t offset;
	const char *help;
} options[] = {
	{ OPTION_STRICT, 0, "strict", NULL, AT(strict),
	    "take warnings for mistakes" },
	{ OPTION_SERVICE, 0, "service", "SERVICE", AT(service),
	    "the way in: sshd (the default), login, su, cron or exec" },
	{ OPTION_FROM, 0, "from", "ADDRESS", AT(from),
	    "where the login comes from; without it: this host" },
	{ OPTION_PLAN, 0, "plan", NULL, AT(plan),
	    "show the steps that build the jail as well" },
	{ OPTION_POLICY, 0, "policy", "FILE", AT(policy),
	    "read FILE (- is standard input), not the policy in force" },
	{ OPTION_JSON, 0, "json", NULL, AT(json),
	    "write JSON, for programs" },
	{ OPTION_SOCKET, 0, "socket", "PATH", AT(socket),
	    "ask jaild at PATH instead of its usual socket" },
	{ OPTION_TERMINAL, 't', "terminal", NULL, AT(terminal),
	    "give the command a terminal of the jail's own" },
	{ OPTION_CONFIG, 0, "config", "FILE", AT(config),
	    "read FILE instead of " JAILD_SYSCONFDIR "/jaild.conf" },
	{ OPTION_WRITE, 'w', "write", NULL, AT(write),
	    "write the file itself, if anything changes" },
	{ OPTION_CHECK, 0, "check", NULL, AT(check),
	    "only say, also by the exit status, what would change" },
	{ OPTION_ROOT, 0, "root", "DIRECTORY", AT(root),
	    "work on the host whose root directory is DIRECTORY" },
	{ OPTION_DRY_RUN, 0, "dry-run", NULL, AT(dry_run),
	    "show what would change, and change nothing" },
	{ OPTION_FOR_NOW, 0, "for-now", NULL, AT(for_now),
	    "let the next `repair` put back what is taken out" },
	{ OPTION_LIST, 0, "list", NULL, AT(list),
	    "list what can be found, and look at nothing" },
	{ OPTION_UNDO, 0, "undo", NULL, AT(undo),
	    "take back what was changed before" },
	{ OPTION_CREATE, 0, "create", NULL, AT(create),
	    "make the account" },
	{ OPTION_KEY, 0, "key", "FILE", AT(key),
	    "let the public keys in FILE log in" },
	{ OPTION_STOP, 0, "stop", NULL, AT(stop),
	    "end its jails and sessions first" },
	{ OPTION_REMOVE_HOME, 0, "remove-home", NULL, AT(remove_home),
	    "remove the home of an account that `adopt` made, too" },
	{ OPTION_YES, 'y', "yes", NULL, AT(yes),
	    "do not ask" },
	{ HELP_BIT, 'h', "help", NULL, 0, "say this" },
};

#define N_OPTIONS ARRAY_LENGTH(options)

static bool
takes(const struct command *command, size_t i)
{
	return (command->options | HELP_BIT) & options[i].bit;
}

void
command_print_help(FILE *out, const struct command *command)
{
	fprintf(out, "usage: jailctl %s [OPTION ...]%s%s\n", command->name,
	    *command->operands != '\0' ? " " : "", command->operands);
	fprintf(out, "Purpose: %s.\n\n", command->summary);
	for (size_t i = 0; i < N_OPTIONS; i++) {
		char letter[] = "   ";
		int width;

		if (!takes(command, i))
			continue;
		if (options[i].letter != 0)
			snprintf(letter, sizeof(letter), "-%c,",
			    options[i].letter);
		width = fprintf(out, "  %s --%s%s%s", letter,
		    options[i].name, options[i].value != NULL ? " " : "",
		    options[i].value != NULL ? options[i].value : "") ;
		fprintf(out, "%*s%s\n", 26 - width, "", options[i].help);
	}
}

void
command_print_options(const struct command *command)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(command, i))
			printf("--%s\n", options[i].name);
}

const char *
command_option_value(const struct command *command, const char *word)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (takes(command, i) && strncmp(word, "--", 2) == 0 &&
		    strcmp(word + 2, options[i].name) == 0)
			return options[i].value;
	return NULL;
}

/* The command's rows in the form of getopt_long(3); val is the row's number
 * above all letters. */
static void
fill_getopt(const struct command *command, struct option *ret_long,
    char *ret_short)
{
	if (command->stops)
		*ret_short++ = '+';
	*ret_short++ = ':';
	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (!takes(command, i))
			continue;
		*ret_long++ = (struct option){ .name = options[i].name,
			.has_arg = options[i].value != NULL ?
			required_argument : no_argument,
			.val = (int)(256 + i) };
		if (options[i].letter != 0)
			*ret_short++ = options[i].letter;
	}
	*ret_long = (struct option){ 0 };
	*ret_short = '\0';
}

static size_t
row_of(int found)
{
	if (found >= 256)
		return (size_t)(found - 256);
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].letter == found && found != 0)
			return i;
	return N_OPTIONS;
}

static void
set(struct arguments *arguments, size_t row, const char *value)
{
	char *member = (char *)arguments + options[row].offset;

	if (options[row].value == NULL)
		*(bool *)(void *)member = true;
	else
		*(const char **)(void *)member = value;
}

static int
check_words(const struct command *command, const struct arguments *arguments)
{
	if (arguments->n_words < command->min_words)
		complain("%s wants more: %s", command->name,
		    command->operands);
	else if (command->max_words >= 0 &&
	    arguments->n_words > command->max_words)
		complain("%s: '%s' is too much", command->name,
		    arguments->words[command->max_words]);
	else
		return 0;
	return -EINVAL;
}

int
arguments_parse_command(const struct command *command, int argc, char **argv,
    struct arguments *ret)
{
	struct option long_options[N_OPTIONS + 1];
	char short_options[N_OPTIONS + 3];
	struct arguments arguments = { 0 };
	int found;

	fill_getopt(command, long_options, short_options);
	opterr = 0;
	while ((found = getopt_long(argc, argv, short_options, long_options,
	    NULL)) != -1) {
		size_t row = row_of(found);

		if (row == N_OPTIONS) {
			complain("%s: '%s' %s", command->name,
			    argv[optind - 1], found == ':' ?
			    "wants a value" : "is no option of it");
			return -EINVAL;
		}
		if (options[row].bit == HELP_BIT)
			return 1;
		set(&arguments, row, optarg);
	}
	arguments.words = argv + optind;
	arguments.n_words = argc - optind;
	*ret = arguments;
	return check_words(command, &arguments);
}

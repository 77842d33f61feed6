#include "config.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "jailctl/complete.h"
#include "jailctl/control.h"
#include "lang/action.h"

static void
print_files(void)
{
	puts(":files");
}

static void
print_services(void)
{
	for (int i = SERVICE_NONE + 1; service_class_name(i) != NULL; i++)
		puts(service_class_name(i));
}

static void
print_actions(void)
{
	for (int i = ACTION_INVALID + 1; i < ACTION_KINDS; i++)
		puts(action_kind_name((enum action_kind)i));
}

/* Nothing is said of settings with mistakes. */
static struct config *
quiet_settings(void)
{
	_cleanup_file_ FILE *nowhere = fopen("/dev/null", "we");
	struct config *config;

	if (nowhere == NULL || config_load(JAILD_SYSCONFDIR "/jaild.conf",
	    true, false, nowhere, &config) < 0)
		return NULL;
	return config;
}

static void
print_agents(void)
{
	struct config *config = quiet_settings();
	const struct group *group = config == NULL ? NULL :
	    getgrnam(config->agents_group);

	for (char **name = group == NULL ? NULL : group->gr_mem;
	    name != NULL && *name != NULL; name++)
		puts(*name);
	config_free(config);
}

static void
print_jails(void)
{
	struct config *config = quiet_settings();
	_cleanup_free_ char *path = NULL;
	json_t *reply = NULL, *jails;

	if (config != NULL && asprintf(&path, "%s/control.sock",
	    config->run_dir) < 0)
		path = NULL;
	config_free(config);
	if (path == NULL || control_ask_at(path, "list", NULL, &reply) < 0)
		return;
	jails = json_object_get(reply, "jails");
	for (size_t i = 0; i < json_array_size(jails); i++) {
		json_t *jail = json_array_get(jails, i);
		const char *account = json_string_value(
		    json_object_get(jail, "account"));
		const char *name = json_string_value(
		    json_object_get(jail, "jail"));

		if (account != NULL && name != NULL)
			printf("%s\n%s/%s\n", account, account, name);
	}
	json_decref(reply);
}

/* By the names that operands and values of options have in the help. */
static const struct {
	const char *name;
	void (*print)(void);
} kinds[] = {
	{ "ACCOUNT", print_agents }, { "ACTION", print_actions },
	{ "DIRECTORY", print_files }, { "FILE", print_files },
	{ "JAIL", print_jails }, { "NEW", print_files },
	{ "OLD", print_files }, { "PATH", print_files },
	{ "SERVICE", print_services },
};

/* A kind by its name, or the words of "this|that". */
static void
print_kind(const char *name, size_t length)
{
	const char *bar;

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (strlen(kinds[i].name) == length &&
		    memcmp(kinds[i].name, name, length) == 0)
			kinds[i].print();
	if (memchr(name, '|', length) == NULL)
		return;
	for (const char *end = name + length; name < end; name = bar + 1) {
		bar = memchr(name, '|', (size_t)(end - name));
		bar = bar == NULL ? end : bar;
		printf("%.*s\n", (int)(bar - name), name);
	}
}

/* The operand of this number; the last one again when it may be repeated. */
static void
print_operand(const struct command *command, int number)
{
	const char *at = command->operands, *last = NULL;
	size_t length = 0;

	for (int i = 0; *at != '\0'; at += length) {
		at += strspn(at, " []");
		length = strcspn(at, " []");
		if (length == 0)
			return;
		if (strncmp(at, "...", 3) == 0) {
			if (last != NULL)
				print_kind(last, strcspn(last, " []"));
			return;
		}
		if (i++ == number) {
			print_kind(at, length);
			return;
		}
		last = at;
	}
}

/* What stands in front of the last word. */
static void
print_next(const struct command *command, int n_words, char **words)
{
	const char *value = NULL;
	int operands = 0;

	for (int i = 0; i + 1 < n_words; i++) {
		if (value != NULL) {
			value = NULL;
			continue;
		}
		if (command->stops && operands > 0) {
			puts(":commands");
			return;
		}
		if (words[i][0] == '-' && words[i][1] != '\0')
			value = command_option_value(command, words[i]);
		else
			operands++;
	}
	if (value != NULL)
		print_kind(value, strlen(value));
	else if (words[n_words - 1][0] == '-')
		command_print_options(command);
	else if (strcmp(command->name, "adopt") == 0)
		puts(":users");
	else
		print_operand(command, operands);
}

int
complete(const struct command *commands, size_t n_commands, int n_words,
    char **words)
{
	if (n_words == 1)
		puts("--help\n--version");
	for (size_t i = 0; i < n_commands; i++)
		if (n_words == 1)
			puts(commands[i].name);
		else if (n_words > 1 &&
		    strcmp(commands[i].name, words[0]) == 0)
			print_next(&commands[i], n_words - 1, words + 1);
	return STATUS_OK;
}

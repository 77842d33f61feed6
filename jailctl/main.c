#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/complete.h"
#include "jailctl/jailctl.h"
#include "jailctl/main.h"

static const struct command commands[] = {
	{ "check", "[FILE]", "find every mistake in a policy",
	    OPTION_STRICT | OPTION_ROOT | OPTION_JSON | OPTION_CONFIG, 0, 1,
	    false, command_check },
	{ "format", "[FILE ...]", "lay a policy out, its comments kept",
	    OPTION_WRITE | OPTION_CHECK | OPTION_ROOT | OPTION_JSON, 0, -1,
	    false, command_format },
	{ "compile", "[FILE]", "show the policy that a policy compiles to",
	    OPTION_STRICT | OPTION_ROOT | OPTION_JSON | OPTION_CONFIG, 0, 1,
	    false, command_compile },
	{ "diff", "OLD NEW", "say what a change of a policy opens and closes",
	    OPTION_ROOT | OPTION_JSON | OPTION_CONFIG, 2, 2, false,
	    command_diff },
	{ "explain", "ACCOUNT", "say which jail an account gets, and why",
	    OPTION_SERVICE | OPTION_FROM | OPTION_PLAN | OPTION_POLICY |
	    OPTION_ROOT | OPTION_JSON | OPTION_CONFIG, 1, 1, false,
	    command_explain },
	{ "why", "ACCOUNT ACTION", "say if an account may do something, and why",
	    OPTION_SERVICE | OPTION_FROM | OPTION_POLICY | OPTION_ROOT |
	    OPTION_JSON | OPTION_CONFIG, 2, -1, false, command_why },
	{ "test", "[FILE]", "run the tests of a policy",
	    OPTION_ROOT | OPTION_JSON | OPTION_CONFIG, 0, 1, false,
	    command_test },
	{ "list", "", "list live jails and their sessions",
	    OPTION_JSON | OPTION_SOCKET | OPTION_CONFIG, 0, 0, false,
	    command_list },
	{ "show", "JAIL", "show one jail, named by account or uuid",
	    OPTION_JSON | OPTION_SOCKET | OPTION_CONFIG, 1, 1, false,
	    command_show },
	{ "stop", "JAIL", "end a jail with all its sessions",
	    OPTION_SOCKET | OPTION_CONFIG, 1, 1, false, command_stop },
	{ "reload", "", "put the policy into force, whole or not at all",
	    OPTION_SOCKET | OPTION_CONFIG, 0, 0, false, command_reload },
	{ "adopt", "ACCOUNT", "make an account an agent's",
	    OPTION_CREATE | OPTION_KEY | OPTION_YES | OPTION_DRY_RUN |
	    OPTION_CONFIG, 1, 1, false, command_adopt },
	{ "release", "ACCOUNT", "undo what adopt did",
	    OPTION_STOP | OPTION_REMOVE_HOME | OPTION_YES | OPTION_DRY_RUN |
	    OPTION_SOCKET | OPTION_CONFIG, 1, 1, false, command_release },
	{ "pam", "enable|disable|repair|status [SERVICE ...]",
	    "put agents' doors under guard: the lines for PAM",
	    OPTION_ROOT | OPTION_DRY_RUN | OPTION_FOR_NOW | OPTION_JSON |
	    OPTION_CONFIG, 1, -1, false, command_pam },
	{ "doctor", "", "look for what stands in the way of jails",
	    OPTION_JSON | OPTION_LIST | OPTION_SOCKET | OPTION_CONFIG, 0, 0,
	    false, command_doctor },
	{ "lockdown", "[FINDING ...]", "close what doctor finds, or take that "
	    "back", OPTION_DRY_RUN | OPTION_YES | OPTION_UNDO | OPTION_CONFIG,
	    0, -1, false, command_lockdown },
	{ "exec", "ACCOUNT [-- COMMAND [ARGUMENT ...]]",
	    "run a command in an account's jail",
	    OPTION_TERMINAL | OPTION_CONFIG, 1, -1, true, command_exec },
};

static void
print_help(FILE *out)
{
	fputs("usage: jailctl COMMAND [OPTION ...] [OPERAND ...]\n"
	    "Looks at jaild's policy and jails.\n\n", out);
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		fprintf(out, "  %-8s  %s\n", commands[i].name,
		    commands[i].summary);
	fputs("\n`jailctl COMMAND --help` says more; all of it stands in "
	    "jailctl(8).\n", out);
}

int
complain(const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("jailctl: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return STATUS_FAILED;
}

static int
run(const struct command *command, int argc, char **argv)
{
	struct arguments arguments;
	int r = arguments_parse_command(command, argc, argv, &arguments);

	if (r > 0) {
		command_print_help(stdout, command);
		return STATUS_OK;
	}
	if (r < 0) {
		command_print_help(stderr, command);
		return command->run == command_doctor ?
		    STATUS_DOCTOR_FAILED : STATUS_USAGE;
	}
	return command->run(&arguments);
}

/* What could not be written was not said. */
static int
finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	complain("standard output: %m");
	return status == STATUS_OK ? STATUS_FAILED : status;
}

int
jailctl_main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
		print_help(stdout);
		return finish(STATUS_OK);
	}
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		puts("jailctl " PACKAGE_VERSION);
		return finish(STATUS_OK);
	}
	if (strcmp(word, "--complete") == 0)
		return finish(complete(commands, ARRAY_LENGTH(commands),
		    argc - 2, argv + 2));
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		if (strcmp(commands[i].name, word) == 0)
			return finish(run(&commands[i], argc - 1, argv + 1));
	if (*word != '\0')
		complain("there is no command '%s'", word);
	print_help(stderr);
	return STATUS_USAGE;
}

/* What the commands of jailctl share. */
#ifndef JAILCTL_JAILCTL_H
#define JAILCTL_JAILCTL_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

/* Of everything that --json writes; a member more does not change it. */
#define JSON_VERSION 1

/* Exit statuses of all commands but exec. */
enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_TROUBLE = 2,	/* where 1 is an answer, as with diff(1) */
	STATUS_DOCTOR_FAILED = 3, /* of doctor, where 2 is one as well */
};

/* Options, as bits of command.options; the rows are in arguments.c. */
#define OPTION_STRICT 0x001u
#define OPTION_SERVICE 0x002u
#define OPTION_FROM 0x004u
#define OPTION_PLAN 0x008u
#define OPTION_POLICY 0x010u
#define OPTION_JSON 0x020u
#define OPTION_SOCKET 0x040u
#define OPTION_TERMINAL 0x080u
#define OPTION_CONFIG 0x100u
#define OPTION_WRITE 0x200u
#define OPTION_CHECK 0x400u
#define OPTION_ROOT 0x800u
#define OPTION_DRY_RUN 0x1000u
#define OPTION_FOR_NOW 0x2000u
#define OPTION_CREATE 0x100000u
#define OPTION_KEY 0x200000u
#define OPTION_YES 0x400000u
#define OPTION_STOP 0x800000u
#define OPTION_REMOVE_HOME 0x1000000u
#define OPTION_LIST 0x4000000u
#define OPTION_UNDO 0x8000000u

/* What messages call a policy that comes on standard input. */
#define INPUT_NAME "standard input"

/* What the command line said. */
struct arguments {
	bool strict, plan, json, terminal, write, check, dry_run, for_now;
	bool list, undo, create, yes, stop, remove_home;
	const char *service, *from, *policy, *socket, *config, *root, *key;
	int n_words;
	char **words;		/* behind the options */
};

struct command {
	const char *name;
	const char *operands;	/* "" or as the manual writes them */
	const char *summary;	/* one line */
	unsigned options;	/* OPTION_* */
	int min_words, max_words; /* of operands; max -1: no end */
	bool stops;		/* the first operand ends the options */
	int (*run)(const struct arguments *arguments);
};

int command_adopt(const struct arguments *arguments);
int command_check(const struct arguments *arguments);
int command_compile(const struct arguments *arguments);
int command_diff(const struct arguments *arguments);
int command_doctor(const struct arguments *arguments);
int command_exec(const struct arguments *arguments);
int command_explain(const struct arguments *arguments);
int command_format(const struct arguments *arguments);
int command_list(const struct arguments *arguments);
int command_lockdown(const struct arguments *arguments);
int command_pam(const struct arguments *arguments);
int command_release(const struct arguments *arguments);
int command_reload(const struct arguments *arguments);
int command_show(const struct arguments *arguments);
int command_stop(const struct arguments *arguments);
int command_test(const struct arguments *arguments);
int command_why(const struct arguments *arguments);

/* Reads argv behind the command's name.  0 with *ret; 1 when --help was
 * asked for; -EINVAL when something was wrong, which has been said. */
int arguments_parse_command(const struct command *command, int argc,
    char **argv, struct arguments *ret);

/* For the completion of shells: the long options that the command takes, one
 * a line; and the kind of value ("FILE") that a word which is such an option
 * wants behind it, NULL for none. */
void command_print_options(const struct command *command);
const char *command_option_value(const struct command *command,
    const char *word);

/* One line a way to call it, then its options. */
void command_print_help(FILE *out, const struct command *command);

/* Loads the daemon's settings for the command; what is wrong with them is
 * said on standard error.  Trust is not checked: nothing here acts on them as
 * root but exec, which asks the daemon.  0 and *ret (config_free()). */
int settings_load(const struct arguments *arguments, struct config **ret);

/* The same for the host whose root directory is root; NULL: this one. */
int settings_load_below(const char *root, const struct arguments *arguments,
    struct config **ret);

/* Is standard error looked at by somebody who wants colour? */
bool wants_colour(void);

/* "jailctl: ..." on standard error.  Returns STATUS_FAILED. */
__attribute__((format(printf, 1, 2)))
int complain(const char *format, ...);

/* Prints a json_t with a newline behind it, and releases it; NULL is "no
 * memory".  Returns STATUS_OK or STATUS_FAILED. */
int print_json(void *json);

#endif

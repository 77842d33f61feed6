/* Loads a policy and prints its mistakes, or else its canonical text, with
 * what was warned of as comments in front:
 *	run_policy [-smt] FILE
 * -s: strict; -m: hand the text over from memory; -t: every file must be
 * this account's, and writable by nobody else.  Exit status 0 or 1. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "lang/dump.h"
#include "lang/load.h"
#include "lang/policy.h"

static int
load_memory(const struct load_options *options, struct policy **ret)
{
	_cleanup_fd_ int fd = open(options->root_file, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t length;
	int r;

	if (fd < 0)
		return -errno;
	r = read_all(fd, 1 << 20, &text, &length);
	return r < 0 ? r : policy_load_memory(options, text, length, ret);
}

/* The messages as they are, or as comments of the policy that loaded. */
static void
print_messages(const char *text, bool loaded)
{
	for (bool begins = true; *text != '\0'; begins = *text++ == '\n') {
		if (begins && loaded)
			fputs("# ", stdout);
		putchar(*text);
	}
}

int
main(int argc, char **argv)
{
	struct load_options options = { .owner = geteuid() };
	_cleanup_free_ char *messages = NULL;
	size_t length = 0;
	struct policy *policy = NULL;
	bool memory = false;
	int option, r;

	while ((option = getopt(argc, argv, "smt")) != -1) {
		if (option == '?')
			return 2;
		options.strict |= option == 's';
		memory |= option == 'm';
		options.check_trust |= option == 't';
	}
	if (optind != argc - 1)
		return 2;
	options.root_file = argv[optind];
	options.diagnostics = open_memstream(&messages, &length);
	if (options.diagnostics == NULL)
		return 2;
	r = memory ? load_memory(&options, &policy)
	    : policy_load(&options, &policy);
	fclose(options.diagnostics);
	print_messages(messages, r == 0);
	if (r == 0)
		r = policy_dump(stdout, policy);
	policy_free(policy);
	return r < 0;
}

/* Programs of the system: asked for what they know, or told to change it. */
#ifndef JAILCTL_COMMAND_RUN_H
#define JAILCTL_COMMAND_RUN_H

enum command_flags {
	COMMAND_ERRORS = 1,	/* take what is on standard error too */
	COMMAND_PATIENT = 2,	/* wait as long as it takes: it changes files */
};

/* Runs argv[0], looked for in PATH, in the C locale and with /dev/null as its
 * input, and waits for it, ten seconds at most.  What it writes on standard
 * output is *ret_output (free()), at most a MiB; NULL: lost, as standard error
 * is without COMMAND_ERRORS.  Returns its exit status, 127 when it cannot be
 * run, 128 + N after signal N; -ETIMEDOUT when it was ended for its time,
 * -errno. */
int command_run(const char *const argv[], unsigned flags, char **ret_output);

#endif

/* Programs that are asked for what they know. */
#ifndef JAILCTL_COMMAND_RUN_H
#define JAILCTL_COMMAND_RUN_H

#include <stdbool.h>

/* Runs argv[0], looked for in PATH, with /dev/null as its input and waits for
 * it, ten seconds at most.  What it writes on standard output (with_errors:
 * and on standard error; else that is lost) is *ret_output (free()), at most
 * a MiB; NULL: lost.  Returns its exit status, 127 when it cannot be run,
 * 128 + N after signal N; -ETIMEDOUT when it was ended for its time, -errno. */
int command_run(const char *const argv[], bool with_errors,
    char **ret_output);

#endif

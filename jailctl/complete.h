/* What may come next on jailctl's command line: for the completion of a
 * shell (jailctl/completion.bash), which asks `jailctl --complete WORD ...`
 * with the words behind "jailctl", of which the last is being written. */
#ifndef JAILCTL_COMPLETE_H
#define JAILCTL_COMPLETE_H

#include <stddef.h>

#include "jailctl/jailctl.h"

/* Prints candidates, one a line, whatever the last word begins with; one that
 * begins with ':' is a kind the shell knows itself: ":files", ":commands",
 * ":users".  Never says what is wrong.  Returns STATUS_OK. */
int complete(const struct command *commands, size_t n_commands, int n_words,
    char **words);

#endif

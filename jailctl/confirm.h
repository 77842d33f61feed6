/* Asking who sits there. */
#ifndef JAILCTL_CONFIRM_H
#define JAILCTL_CONFIRM_H

#include <stdbool.h>

/* Asks for a yes on the terminal, with these words and " [y/N] ".  False for
 * any other answer; also, with words on what to do, where nobody can be
 * asked. */
bool confirm(const char *question);

#endif

/* Asking who sits there. */
#ifndef JAILCTL_CONFIRM_H
#define JAILCTL_CONFIRM_H

#include "jailctl/jailctl.h"

/* True when the answer is yes, or --yes was given; without a terminal to ask,
 * false with a complaint that names --yes. */
bool confirm(const struct arguments *arguments, const char *question);

#endif

/* What the language can say and this build's daemon cannot do yet: one list
 * for `jailctl check`, which warns, and for the plan, which refuses. */
#ifndef LANG_ENFORCED_H
#define LANG_ENFORCED_H

#include "lang/policy.h"

struct unenforced {
	const char *what;		/* "limit memory" */
	const struct origin *origin;	/* of the jail */
};

/* Goes through what the jail asks for and cannot have: *index is 0 at first.
 * False when there is no more. */
bool jail_unenforced(const struct jail *jail, unsigned *index,
    struct unenforced *ret);

#endif

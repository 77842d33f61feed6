/* Host names as rules and actions hold them: lower case, "*." in front for
 * every name below. */
#ifndef LANG_HOST_NAME_H
#define LANG_HOST_NAME_H

#include <stdbool.h>

/* What is wrong with a name that a policy gives (letters of either case), as
 * the end of a sentence that begins with it; NULL: nothing.  RFC 1123; a
 * wildcard may be "*." in front. */
const char *host_name_flaw(const char *name, bool wildcard);

/* Does the name of a rule fit the other one, or all that it stands for? */
bool host_name_covers(const char *rule, const char *name);

#endif

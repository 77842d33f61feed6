/* Where a policy may mount something: asked when a policy is checked, and
 * again when variables have their values. */
#ifndef LANG_MOUNT_TARGET_H
#define LANG_MOUNT_TARGET_H

#include <stdbool.h>

#include "lang/policy.h"

/* Why nothing of that mode may appear at target (absolute, without empty
 * components and ".."), as the end of a sentence that begins with the target;
 * NULL when it may. */
const char *mount_target_objection(const char *target, enum mount_mode mode);

/* Whether login programs look for code or names at or below target, as root:
 * what appears there has to be root's alone. */
bool mount_target_is_trusted(const char *target);

#endif

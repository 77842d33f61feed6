/* What ceilings say of a jail when its paths are known: asked when a policy
 * is checked, by decisions, and again when variables have their values. */
#ifndef LANG_CEILING_H
#define LANG_CEILING_H

#include "lang/policy.h"

/* The bound that forbids to mount the source (an expanded path), writable or
 * not; NULL: none does. */
const struct policy_bound *ceiling_forbids_mount(const struct jail *jail,
    const char *source, bool writable);

/* The bound that denies the path or one above it to every jail below the
 * ceiling, also when it is no mount of the policy's; NULL: none does. */
const struct policy_bound *ceiling_denies_path(const struct jail *jail,
    const char *path);

/* Goes through the denied paths strictly below a source: *index is 0 at
 * first.  What hides at the target is target followed by *ret_rest.  NULL
 * when there is no more. */
const struct policy_bound *ceiling_hides(const struct jail *jail,
    const char *source, size_t *index, const char **ret_rest);

#endif

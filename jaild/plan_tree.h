/* What every jail's tree has, and where a policy may put something. */
#ifndef JAILD_PLAN_TREE_H
#define JAILD_PLAN_TREE_H

#include "jaild/plan.h"

/* The steps before and after those of the policy; tables, not to be freed. */
void plan_first_steps(const struct plan_step **ret, size_t *ret_n);
void plan_last_steps(const struct plan_step **ret, size_t *ret_n);

/* Absolute, no empty component, no "." or "..", no newline, no slash at the
 * end. */
bool plan_path_is_clean(const char *path);

#endif

/* What the files that make a plan share. */
#ifndef JAILD_PLANNER_H
#define JAILD_PLANNER_H

#include "jaild/plan.h"
#include "lang/template.h"

/* One plan being made; the first error stays. */
struct planner {
	struct plan *plan;
	const struct account *account;
	struct template_values values;
	char uid[16], gid[16];
	const char *hostname;
	int error;
	char *reason;
};

/* The first error stays: says why, in words with the origin in front (NULL:
 * none).  Returns the plan's error. */
int planner_fail(struct planner *planner, int error,
    const struct origin *origin, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A text that lives as long as the plan; "" after an error. */
const char *planner_own_text(struct planner *planner, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies the step to the plan's end; NULL after an error. */
struct plan_step *planner_add(struct planner *planner,
    const struct plan_step *step);

struct policy_bound;

/* Fails when a bound forbids the source; NULL: none does. */
void plan_check_source(struct planner *planner, const char *source,
    const struct policy_bound *bound);

/* Adds what hides that which ceilings deny: in what every jail has of the
 * host, in the home, and in the sources of the steps from first on. */
void plan_hide_denied(struct planner *planner, size_t first);

/* Leaves one of several steps that hide a target, and none where something
 * else is mounted at it; the steps are sorted. */
void plan_hide_once(struct plan *plan, size_t first);

#endif

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

/* The plan owns string from here on; NULL counts as no memory.  Returns it, ""
 * after an error. */
const char *planner_own(struct planner *planner, char *string);

/* A text that lives as long as the plan; "" after an error. */
const char *planner_own_text(struct planner *planner, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The template with the account's values in it, as long-lived as the plan; ""
 * after an error, which names origin. */
const char *planner_expand(struct planner *planner, const char *template,
    const struct origin *origin);

/* Copies the step to the plan's end; NULL after an error. */
struct plan_step *planner_add(struct planner *planner,
    const struct plan_step *step);

/* Adds the account's home and the policy's mounts, parents in front of what is
 * below them, with what ceilings hide there; and the policy's devices. */
void plan_add_mounts(struct planner *planner);
void plan_add_devices(struct planner *planner);

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

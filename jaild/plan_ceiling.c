/* What ceilings take from a jail when its paths are known. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "jaild/planner.h"
#include "lang/base_tree.h"
#include "lang/ceiling.h"

/* A source that only shows now to be beyond a ceiling. */
void
plan_check_source(struct planner *planner, const char *source,
    const struct policy_bound *bound)
{
	if (bound != NULL)
		planner_fail(planner, -EINVAL, &bound->origin,
		    "this ceiling forbids to mount \"%s\"", source);
}

/* What ceilings deny below a source is hidden where it appears. */
static void
hide_denied(struct planner *planner, const char *source, const char *target)
{
	const struct policy_bound *bound;
	const char *rest;
	size_t index = 0;

	while ((bound = ceiling_hides(planner->plan->jail, source, &index,
	    &rest)) != NULL) {
		struct plan_step step = { STEP_HIDE,
			STEP_FLAG_RECORD | STEP_FLAG_CEILING,
			.target = planner_own_text(planner,
			    "%s%s", target, rest),
			.origin = bound->origin };

		planner_add(planner, &step);
	}
}

void
plan_hide_denied(struct planner *planner, size_t first)
{
	const struct jail *jail = planner->plan->jail;
	const char *home = planner->account->home;
	size_t end = planner->plan->n_steps, n;
	const struct base_path *rows = base_tree(jail->root, &n);

	for (size_t i = 0; i < n; i++) {
		if (!rows[i].of_host)
			continue;
		plan_check_source(planner, rows[i].path,
		    ceiling_denies_path(jail, rows[i].path));
		hide_denied(planner, rows[i].path, rows[i].path);
	}
	for (size_t i = first; i < end; i++)
		if (planner->plan->steps[i].source != NULL)
			hide_denied(planner, planner->plan->steps[i].source,
			    planner->plan->steps[i].target);
	if (jail->home != HOME_NONE && jail->home != HOME_PRIVATE)
		plan_check_source(planner, home,
		    ceiling_denies_path(jail, home));
}

static bool
is_alike(const struct plan_step *a, const struct plan_step *b)
{
	return strcmp(a->target, b->target) == 0;
}

/* What the policy has at the very target is not what was denied. */
void
plan_hide_once(struct plan *plan, size_t first)
{
	size_t to = first;

	for (size_t i = first; i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];
		bool before = to > first && is_alike(&plan->steps[to - 1],
		    step);
		bool behind = i + 1 < plan->n_steps &&
		    is_alike(&plan->steps[i + 1], step);

		if (step->flags & STEP_FLAG_CEILING && (before || behind))
			continue;
		plan->steps[to++] = *step;
	}
	plan->n_steps = to;
}

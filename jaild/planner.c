/* What the files that make a plan share. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "jaild/planner.h"

#define STEPS_MAX 16384

int
planner_fail(struct planner *planner, int error, const struct origin *origin,
    const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	if (planner->error != 0)
		return planner->error;
	planner->error = error;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text == NULL)
		planner->error = -ENOMEM;
	else if (origin != NULL && origin->file != NULL) {
		if (asprintf(&planner->reason, "%s:%u:%u: %s", origin->file,
		    origin->line, origin->column, text) < 0)
			planner->reason = NULL;
	} else {
		planner->reason = steal_ptr(text);
	}
	return planner->error;
}

/* The plan owns string from here on; NULL counts as no memory. */
const char *
planner_own(struct planner *planner, char *string)
{
	struct plan *plan = planner->plan;
	char **larger;

	if (string == NULL) {
		planner_fail(planner, -ENOMEM, NULL,
		    "there is no memory for a plan");
		return "";
	}
	larger = realloc(plan->strings,
	    (plan->n_strings + 1) * sizeof(*plan->strings));
	if (larger == NULL) {
		free(string);
		return planner_own(planner, NULL);
	}
	plan->strings = larger;
	plan->strings[plan->n_strings++] = string;
	return string;
}

const char *
planner_own_text(struct planner *planner, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return planner_own(planner, text);
}

struct plan_step *
planner_add(struct planner *planner, const struct plan_step *step)
{
	struct plan *plan = planner->plan;

	if (planner->error != 0)
		return NULL;
	if (plan->n_steps == plan->n_allocated) {
		size_t n = plan->n_allocated == 0 ? 128 :
		    plan->n_allocated * 2;
		struct plan_step *larger = n > STEPS_MAX ? NULL :
		    reallocarray(plan->steps, n, sizeof(*larger));

		if (larger == NULL) {
			planner_fail(planner, -ENOMEM, NULL, "the jail has "
			    "more parts than there is memory for");
			return NULL;
		}
		plan->steps = larger;
		plan->n_allocated = n;
	}
	plan->steps[plan->n_steps] = *step;
	return &plan->steps[plan->n_steps++];
}

const char *
planner_expand(struct planner *planner, const char *template,
    const struct origin *origin)
{
	const char *variable = "?";
	char *text = NULL;
	int r;

	if (planner->error != 0)
		return "";
	r = template_expand(template, &planner->values, &text, &variable);
	if (r == -EINVAL)
		planner_fail(planner, r, origin, "${%s} has no value for %s "
		    "that could stand here", variable,
		    planner->account->name);
	else if (r < 0)
		planner_fail(planner, r, NULL, "there is no memory for a plan");
	return r < 0 ? "" : planner_own(planner, text);
}

#include "config.h"

#include <errno.h>
#include <jansson.h>

#include "common/cleanup.h"
#include "lang/dump.h"
#include "lang/policy.h"
#include "lang/settings.h"

#define ORIGIN_COLUMN 40

static void
explain_origin(FILE *out, int width, const struct origin *origin)
{
	int gap = ORIGIN_COLUMN - width;

	fprintf(out, "%*s", gap < 2 ? 2 : gap, "");
	if (origin->file == NULL)
		fputs("built in\n", out);
	else if (origin->part == NULL)
		fprintf(out, "%s:%u:%u\n", origin->file, origin->line,
		    origin->column);
	else
		fprintf(out, "%s:%u:%u (%s)\n", origin->file, origin->line,
		    origin->column, origin->part);
}

static int
explain_line(const struct setting_line *line, void *context)
{
	FILE *out = context;
	int width;

	if (line->kind == LINE_END)
		return 0;
	if (line->kind == LINE_RULE)
		width = fprintf(out, "    %s", line->value);
	else
		width = fprintf(out, "%s %s", line->name, line->value);
	explain_origin(out, width, line->origin);
	return 0;
}

int
jail_explain(FILE *out, const struct jail *jail)
{
	int r, width = fprintf(out, "jail %s", jail->name);

	for (size_t i = 0; i < jail->n_ancestry; i++)
		width += fprintf(out, "%s%s", i == 0 ? " inherits " : ", ",
		    jail->ancestry[i]);
	explain_origin(out, width, &jail->origin);
	r = settings_each(jail, explain_line, out);
	if (r == 0)
		r = ceilings_each(jail, explain_line, out);
	if (r == 0 && (fflush(out) != 0 || ferror(out)))
		r = -EIO;
	return r;
}

/* Adds file, line, column and part; null where they are built in. */
static int
add_origin(json_t *object, const struct origin *origin)
{
	json_t *more;

	if (origin->file == NULL)
		more = json_pack("{s:n, s:n, s:n, s:n}", "file", "line",
		    "column", "part");
	else
		more = json_pack("{s:s, s:I, s:I, s:s?}",
		    "file", origin->file, "line", (json_int_t)origin->line,
		    "column", (json_int_t)origin->column,
		    "part", origin->part);
	if (more == NULL || json_object_update(object, more) < 0) {
		json_decref(more);
		return -ENOMEM;
	}
	json_decref(more);
	return 0;
}

static int
add_setting(const struct setting_line *line, void *context)
{
	json_t *settings = context, *object;

	if (line->kind == LINE_END)
		return 0;
	object = json_pack("{s:s, s:s}", "name",
	    line->kind == LINE_RULE ? "rule" : line->name, "value",
	    line->value);
	if (object == NULL)
		return -ENOMEM;
	if (add_origin(object, line->origin) < 0) {
		json_decref(object);
		return -ENOMEM;
	}
	return json_array_append_new(settings, object) < 0 ? -ENOMEM : 0;
}

static int
add_ancestry(json_t *names, const struct jail *jail)
{
	for (size_t i = 0; i < jail->n_ancestry; i++)
		if (json_array_append_new(names,
		    json_string(jail->ancestry[i])) < 0)
			return -ENOMEM;
	return 0;
}

void *
jail_explain_json(const struct jail *jail)
{
	json_t *object = json_pack("{s:s, s:[], s:[]}", "jail", jail->name,
	    "inherits", "settings");

	if (object == NULL)
		return NULL;
	if (add_origin(object, &jail->origin) < 0 ||
	    json_object_del(object, "part") < 0 ||
	    add_ancestry(json_object_get(object, "inherits"), jail) < 0 ||
	    settings_each(jail, add_setting,
	    json_object_get(object, "settings")) < 0 ||
	    ceilings_each(jail, add_setting,
	    json_object_get(object, "settings")) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

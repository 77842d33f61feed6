#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/diff_part.h"
#include "lang/settings.h"

static const char *const effects[EFFECTS] = {
	[EFFECT_OPENS] = "opens", [EFFECT_CHANGES] = "changes",
	[EFFECT_CLOSES] = "closes",
};

const char *
effect_name(enum effect effect)
{
	return (size_t)effect < EFFECTS ? effects[effect] : "?";
}

enum effect
diff_more(bool more)
{
	return more ? EFFECT_OPENS : EFFECT_CLOSES;
}

static const struct origin *
said(const struct origin *origin)
{
	return origin != NULL && origin->file != NULL ? origin : NULL;
}

void
diff_report(struct diff *diff, enum effect effect,
    const struct origin *before, const struct origin *after,
    const char *format, ...)
{
	struct difference difference = { .effect = effect,
		.before = said(before), .after = said(after) };
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	if (diff->error < 0)
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text == NULL) {
		diff->error = -ENOMEM;
		return;
	}
	difference.text = text;
	if (diff->new != NULL || diff->old != NULL)
		difference.jail = diff->new != NULL ? diff->new->name :
		    diff->old->name;
	diff->n++;
	diff->error = diff->take(&difference, diff->context);
}

bool
diff_text_begin(struct diff *diff, struct diff_text *text)
{
	*text = (struct diff_text){ 0 };
	text->out = open_memstream(&text->text, &text->length);
	if (text->out == NULL)
		diff->error = -ENOMEM;
	return text->out != NULL;
}

char *
diff_text_end(struct diff *diff, struct diff_text *text)
{
	if (fclose(text->out) == 0)
		return text->text;
	free(text->text);
	diff->error = -ENOMEM;
	return NULL;
}

/* The lines of a jail, one behind the other. */
static int
add_line(const struct setting_line *line, void *context)
{
	fprintf(context, "%s %s\n", line->name, line->value);
	return 0;
}

static char *
settings_text(struct diff *diff, const struct jail *jail)
{
	struct diff_text text;
	int r;

	if (!diff_text_begin(diff, &text))
		return NULL;
	r = settings_each(jail, add_line, text.out);
	if (r < 0)
		diff->error = r;
	return diff_text_end(diff, &text);
}

/* MUST: two jails that are not the same are never passed over. */
static void
diff_rest(struct diff *diff)
{
	_cleanup_free_ char *before = settings_text(diff, diff->old);
	_cleanup_free_ char *after = settings_text(diff, diff->new);

	if (before != NULL && after != NULL && strcmp(before, after) != 0)
		diff_report(diff, EFFECT_CHANGES, &diff->old->origin,
		    &diff->new->origin, "its rules are said in another way; "
		    "`jailctl compile` shows how");
}

static void
diff_jail(struct diff *diff)
{
	static void (*const parts[])(struct diff *diff) = {
		diff_singles, diff_collections, diff_flows, diff_syscalls
	};
	size_t n = diff->n;

	for (size_t i = 0; diff->error == 0 && i < ARRAY_LENGTH(parts); i++)
		parts[i](diff);
	if (diff->error == 0 && diff->n == n)
		diff_rest(diff);
}

static void
diff_jails(struct diff *diff, const struct policy *old,
    const struct policy *new)
{
	for (size_t i = 0; diff->error == 0 && i < new->n_jails; i++) {
		diff->new = &new->jails[i];
		diff->old = policy_find_jail(old, diff->new->name);
		if (diff->old != NULL)
			diff_jail(diff);
		else
			diff_report(diff, EFFECT_CHANGES, NULL,
			    &diff->new->origin, "the jail is new");
	}
	diff->new = NULL;
	for (size_t i = 0; diff->error == 0 && i < old->n_jails; i++) {
		diff->old = &old->jails[i];
		if (policy_find_jail(new, diff->old->name) == NULL)
			diff_report(diff, EFFECT_CHANGES, &diff->old->origin,
			    NULL, "the jail is gone");
	}
	diff->old = NULL;
}

int
policy_diff(const struct policy *old, const struct policy *new,
    int (*take)(const struct difference *difference, void *context),
    void *context)
{
	struct diff diff = { .take = take, .context = context };

	diff_jails(&diff, old, new);
	if (diff.error == 0)
		diff_logins(&diff, old, new);
	return diff.error;
}

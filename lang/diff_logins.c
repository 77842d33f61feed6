/* Who gets which jail: for the match lines that are not the same in both
 * policies, logins that they speak of are decided under both. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/diff_samples.h"
#include "lang/dump.h"

#define DECISIONS_MAX 100000000u	/* lines looked at */
#define REPORTS_MAX 500

/* Lines [from, to) of either policy are not those of the other. */
struct region {
	const struct policy *policy;
	size_t from, to;
};

struct logins {
	struct diff *diff;
	struct region old, new;
	struct login_samples all;
	char **reported;
	size_t n_reported;
	size_t decisions;
};

/* A login, or several: service and from are NULL for all of them. */
struct login {
	const struct sample *user, *group, *service, *from;
};

/* The jail that it gets in both policies; NULL: refused. */
struct change {
	const char *before, *after;
};

static const char *
outcome_of(const struct policy *policy, const struct login *login)
{
	const char *const groups[] = { login->group->value };
	const struct login_facts facts = { .user = login->user->value,
		.groups = groups, .n_groups = *groups[0] != '\0',
		.service = login->service->service,
		.rhost = login->from->value };
	struct decision decision;

	decide_login(policy, &facts, &decision);
	return decision.jail == NULL ? NULL : decision.jail->name;
}

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_change(const struct change *a, const struct change *b)
{
	return same_name(a->before, b->before) &&
	    same_name(a->after, b->after);
}

static struct change
ask(struct logins *l, const struct login *login)
{
	l->decisions += l->old.policy->n_matches + l->new.policy->n_matches;
	return (struct change){ outcome_of(l->old.policy, login),
	    outcome_of(l->new.policy, login) };
}

/* True for what was not said yet. */
static bool
remember(struct logins *l, char *text)
{
	char **more;

	for (size_t i = 0; i < l->n_reported; i++)
		if (strcmp(l->reported[i], text) == 0)
			return false;
	more = reallocarray(l->reported, l->n_reported + 1, sizeof(*more));
	text = more == NULL ? NULL : strdup(text);
	if (more != NULL)
		l->reported = more;
	if (text == NULL)
		l->diff->error = -ENOMEM;
	else
		more[l->n_reported++] = text;
	return text != NULL;
}

static void
write_login(FILE *out, const struct login *login)
{
	fputs(login->user->label != NULL ? login->user->label :
	    "anybody else", out);
	if (login->group->label != NULL)
		fprintf(out, " in group %s", login->group->label);
	if (login->service != NULL)
		fprintf(out, " at %s", login->service->label != NULL ?
		    login->service->label : "any other service");
	if (login->from != NULL)
		fprintf(out, " from %s", login->from->label != NULL ?
		    login->from->label : "anywhere else");
}

static char *
change_text(struct diff *d, const struct login *login,
    const struct change *change)
{
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return NULL;
	write_login(text.out, login);
	fprintf(text.out, ": %s%s, was %s%s",
	    change->after != NULL ? "jail " : "refused",
	    change->after != NULL ? change->after : "",
	    change->before != NULL ? "jail " : "refused",
	    change->before != NULL ? change->before : "");
	return diff_text_end(d, &text);
}

/* The rule is one of the new policy, or of the old one. */
struct line {
	const struct match_rule *rule;
	bool new;
};

static void
report(struct logins *l, const struct line *line, const struct login *login,
    const struct change *change)
{
	_cleanup_free_ char *text = NULL;
	enum effect effect = EFFECT_CHANGES;

	if (same_name(change->before, change->after) ||
	    l->n_reported >= REPORTS_MAX)
		return;
	if (change->before == NULL || change->after == NULL)
		effect = diff_more(change->before == NULL);
	text = change_text(l->diff, login, change);
	if (text != NULL && remember(l, text))
		diff_report(l->diff, effect, line->new ? NULL :
		    &line->rule->origin, line->new ? &line->rule->origin :
		    NULL, "%s", text);
}

/* Where one criterion or both may be anything. */
struct table {
	const struct samples *services, *from;
};

/* Is the answer the same wherever such a login comes from? */
static bool
alike_from(struct logins *l, const struct login *login,
    const struct samples *from, struct change *ret)
{
	struct login one = *login;

	for (size_t f = 0; f < from->n; f++) {
		struct change change;

		one.from = &from->items[f];
		change = ask(l, &one);
		if (f == 0)
			*ret = change;
		else if (!same_change(ret, &change))
			return false;
	}
	return true;
}

static bool
alike(struct logins *l, const struct login *login,
    const struct table *table, struct change *ret)
{
	struct login one = *login;

	for (size_t s = 0; s < table->services->n; s++) {
		struct change change;

		one.service = &table->services->items[s];
		if (!alike_from(l, &one, table->from, &change))
			return false;
		if (s == 0)
			*ret = change;
		else if (!same_change(ret, &change))
			return false;
	}
	return true;
}

static void
compare_from(struct logins *l, const struct line *line, struct login login,
    const struct samples *from)
{
	struct change change;

	if (alike_from(l, &login, from, &change)) {
		report(l, line, &login, &change);
		return;
	}
	for (size_t f = 0; f < from->n; f++) {
		login.from = &from->items[f];
		change = ask(l, &login);
		report(l, line, &login, &change);
	}
}

static void
compare_login(struct logins *l, const struct line *line, struct login login,
    const struct table *table)
{
	struct change change;

	if (alike(l, &login, table, &change)) {
		if (table->services->n == 1 &&
		    table->services->items[0].label != NULL)
			login.service = &table->services->items[0];
		if (table->from->n == 1)
			login.from = &table->from->items[0];
		report(l, line, &login, &change);
		return;
	}
	for (size_t s = 0; s < table->services->n; s++) {
		login.service = &table->services->items[s];
		compare_from(l, line, login, table->from);
	}
}

/* A group that makes no difference to such a login is not named. */
static bool
is_as_without_group(struct logins *l, const struct login *login,
    const struct table *table)
{
	char nothing[] = "";
	const struct sample none = { .value = nothing };
	struct login without = { login->user, &none, NULL, NULL };
	struct login with = *login;

	if (login->group->label == NULL)
		return false;
	for (size_t s = 0; s < table->services->n; s++)
		for (size_t f = 0; f < table->from->n; f++) {
			struct change a, b;

			with.service = &table->services->items[s];
			with.from = &table->from->items[f];
			without.service = with.service;
			without.from = with.from;
			a = ask(l, &with);
			b = ask(l, &without);
			if (!same_change(&a, &b))
				return false;
		}
	return true;
}

/* What the line itself speaks of, or else everything. */
static const struct samples *
own_or_all(const struct samples *own, const struct samples *all)
{
	return own->n > 0 ? own : all;
}

static void
compare_rule(struct logins *l, const struct line *line)
{
	struct login_samples own = { 0 };
	const struct samples *users, *groups;
	struct table table;

	login_samples_add(l->diff, &own, line->rule);
	users = own_or_all(&own.users, &l->all.users);
	groups = own_or_all(&own.groups, &l->all.groups);
	table.services = own_or_all(&own.services, &l->all.services);
	table.from = own_or_all(&own.from, &l->all.from);
	for (size_t u = 0; u < users->n; u++)
		for (size_t g = 0; g < groups->n && l->diff->error == 0 &&
		    l->decisions < DECISIONS_MAX; g++) {
			const struct login login = { &users->items[u],
				&groups->items[g], NULL, NULL };

			if (own.groups.n > 0 ||
			    !is_as_without_group(l, &login, &table))
				compare_login(l, line, login, &table);
		}
	login_samples_free(&own);
}

static bool
same_line(struct diff *d, const struct match_rule *a,
    const struct match_rule *b)
{
	_cleanup_free_ char *left = NULL, *right = NULL;
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return false;
	match_dump(text.out, a);
	left = diff_text_end(d, &text);
	if (left == NULL || !diff_text_begin(d, &text))
		return false;
	match_dump(text.out, b);
	right = diff_text_end(d, &text);
	return right != NULL && strcmp(left, right) == 0;
}

/* Leaves out the lines at both ends that are the same. */
static void
find_regions(struct logins *l, const struct policy *old,
    const struct policy *new)
{
	size_t from = 0, n = old->n_matches, m = new->n_matches;

	while (from < n && from < m && same_line(l->diff, &old->matches[from],
	    &new->matches[from]))
		from++;
	while (n > from && m > from && same_line(l->diff,
	    &old->matches[n - 1], &new->matches[m - 1])) {
		n--;
		m--;
	}
	l->old = (struct region){ old, from, n };
	l->new = (struct region){ new, from, m };
}

static void
compare_regions(struct logins *l)
{
	const struct region *regions[] = { &l->new, &l->old };

	for (size_t i = 0; i < ARRAY_LENGTH(regions); i++)
		for (size_t k = regions[i]->from; l->diff->error == 0 &&
		    k < regions[i]->policy->n_matches; k++)
			login_samples_add(l->diff, &l->all,
			    &regions[i]->policy->matches[k]);
	login_samples_add_others(l->diff, &l->all);
	for (size_t i = 0; i < ARRAY_LENGTH(regions); i++)
		for (size_t k = regions[i]->from; l->diff->error == 0 &&
		    k < regions[i]->to; k++)
			compare_rule(l, &(struct line){
			    &regions[i]->policy->matches[k], i == 0 });
}

void
diff_logins(struct diff *d, const struct policy *old,
    const struct policy *new)
{
	struct logins l = { .diff = d };

	find_regions(&l, old, new);
	if (d->error == 0 && (l.old.from < l.old.to || l.new.from < l.new.to))
		compare_regions(&l);
	else
		l.n_reported = 1;
	if (d->error == 0 && l.n_reported == 0)
		diff_report(d, EFFECT_CHANGES, NULL, NULL, "match lines are "
		    "said in another way");
	if (l.n_reported >= REPORTS_MAX || l.decisions >= DECISIONS_MAX)
		diff_report(d, EFFECT_CHANGES, NULL, NULL, "and there are "
		    "more than can be shown");
	for (size_t i = 0; l.reported != NULL && i < l.n_reported; i++)
		free(l.reported[i]);
	free(l.reported);
	login_samples_free(&l.all);
}

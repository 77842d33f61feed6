/* Every system call is decided under both jails; where that depends on
 * arguments, for values on both sides of every comparison. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/diff_part.h"
#include "lang/settings_value.h"
#include "lang/syscall_table.h"

#define VALUES_MAX 12		/* of one argument */
#define SAMPLES_MAX 4096

/* From the strictest on. */
enum outcome_kind {
	OUTCOME_KILLED = 0,
	OUTCOME_DENIED,
	OUTCOME_QUIET,		/* denied, and not recorded */
	OUTCOME_LOGGED,
	OUTCOME_ALLOWED,
	OUTCOME_DEPENDS,
};

struct outcome {
	enum outcome_kind kind;
	int error;
	const struct origin *origin;
};

/* The calls whose outcome changes in one way. */
struct transition {
	struct outcome before, after;
	bool partly;		/* with some arguments only */
	enum effect effect;
	char *calls;		/* "bpf, ptrace" */
	unsigned n;
};

struct comparison {
	struct diff *diff;
	struct transition *transitions;
	size_t n_transitions;
};

/* What arguments may be, to see all that rules tell apart. */
struct samples {
	uint64_t values[6][VALUES_MAX];
	size_t n[6];
};

static struct outcome
outcome_of(const struct jail *jail, const struct action *action)
{
	struct action_decision decision = { 0 };
	struct outcome outcome = { .kind = OUTCOME_DENIED };

	decide_action(jail, NULL, action, &decision);
	outcome.origin = decision.origin;
	if (decision.answer == ANSWER_DEPENDS)
		outcome.kind = OUTCOME_DEPENDS;
	else if (decision.answer == ANSWER_ALLOW)
		outcome.kind = OUTCOME_ALLOWED;
	else if (decision.answer == ANSWER_LOG)
		outcome.kind = OUTCOME_LOGGED;
	else if (decision.kills)
		outcome.kind = OUTCOME_KILLED;
	else if (decision.quiet)
		outcome.kind = OUTCOME_QUIET;
	if (outcome.kind == OUTCOME_DENIED || outcome.kind == OUTCOME_QUIET)
		outcome.error = decision.error;
	return outcome;
}

static bool
same_outcome(const struct outcome *a, const struct outcome *b)
{
	return a->kind == b->kind && a->error == b->error;
}

static enum effect
effect_of(const struct outcome *before, const struct outcome *after)
{
	if (before->kind == after->kind)
		return EFFECT_CHANGES;
	return diff_more(after->kind > before->kind);
}

static void
outcome_text(char *text, size_t size, const struct outcome *outcome)
{
	static const char *const words[] = {
		[OUTCOME_KILLED] = "killed", [OUTCOME_DENIED] = "denied",
		[OUTCOME_QUIET] = "denied and not recorded",
		[OUTCOME_LOGGED] = "allowed and recorded",
		[OUTCOME_ALLOWED] = "allowed",
		[OUTCOME_DEPENDS] = "allowed or not, by their arguments",
	};
	const char *error = outcome->error == 0 ? NULL :
	    syscall_errno_name(outcome->error);

	snprintf(text, size, "%s%s%s", words[outcome->kind],
	    error != NULL ? " with " : "", error != NULL ? error : "");
}

static struct transition *
find_transition(struct comparison *c, const struct transition *like)
{
	struct transition *more;

	for (size_t i = 0; i < c->n_transitions; i++) {
		struct transition *t = &c->transitions[i];

		if (t->partly == like->partly && t->effect == like->effect &&
		    same_outcome(&t->before, &like->before) &&
		    same_outcome(&t->after, &like->after))
			return t;
	}
	more = reallocarray(c->transitions, c->n_transitions + 1,
	    sizeof(*more));
	if (more == NULL)
		return NULL;
	c->transitions = more;
	more[c->n_transitions] = *like;
	return &more[c->n_transitions++];
}

static void
add_call(struct comparison *c, const struct transition *like,
    const char *call)
{
	struct transition *t = find_transition(c, like);
	char *calls;

	if (t == NULL || asprintf(&calls, "%s%s%s", t->n > 0 ? t->calls : "",
	    t->n > 0 ? ", " : "", call) < 0) {
		c->diff->error = -ENOMEM;
		return;
	}
	free(t->calls);
	t->calls = calls;
	t->n++;
}

static void
add_value(struct samples *s, unsigned argument, uint64_t value)
{
	size_t n = s->n[argument];

	for (size_t i = 0; i < n; i++)
		if (s->values[argument][i] == value)
			return;
	if (n < VALUES_MAX)
		s->values[argument][s->n[argument]++] = value;
}

/* The values on both sides of what the rules for the call compare with. */
static void
add_rules(struct samples *s, const struct syscall_rule *rules, size_t n,
    const char *call, const char *base)
{
	for (size_t i = 0; rules != NULL && i < n; i++) {
		if (strcmp(rules[i].call, call) != 0 &&
		    (base == NULL || strcmp(rules[i].call, base) != 0))
			continue;
		for (size_t k = 0; k < rules[i].n_conditions; k++) {
			const struct syscall_condition *condition =
			    &rules[i].conditions[k];
			unsigned argument = condition->argument;

			add_value(s, argument, condition->value);
			add_value(s, argument, condition->value + 1);
			add_value(s, argument, condition->value - 1);
			add_value(s, argument, condition->value ^
			    (condition->mask & -condition->mask));
			add_value(s, argument, 0);
		}
	}
}

static void
fill_samples(const struct diff *d, const char *call, struct samples *s)
{
	const char *base = syscall_base_name(call);
	const struct syscall_rule *rules;
	size_t n;

	add_rules(s, d->new->syscall_rules, d->new->n_syscall_rules, call,
	    base);
	add_rules(s, d->old->syscall_rules, d->old->n_syscall_rules, call,
	    base);
	rules = syscall_profile_rules(d->new->syscalls, &n);
	add_rules(s, rules, n, call, base);
	rules = syscall_profile_rules(d->old->syscalls, &n);
	add_rules(s, rules, n, call, base);
	rules = syscall_never_rules(&n);
	add_rules(s, rules, n, call, base);
}

/* The arguments of sample number i; false when there are not so many. */
static bool
take_sample(const struct samples *s, size_t i, struct action *action)
{
	if (i >= SAMPLES_MAX)
		return false;
	for (unsigned argument = 0; argument < 6; argument++) {
		size_t n = s->n[argument];

		action->known[argument] = UINT64_MAX;
		action->arguments[argument] = 0;
		if (n == 0)
			continue;
		action->arguments[argument] = s->values[argument][i % n];
		i /= n;
	}
	return i == 0;
}

static void
compare_samples(struct comparison *c, struct action *action)
{
	struct transition first = { .partly = true };
	struct samples samples = { 0 };
	bool some = false;

	fill_samples(c->diff, action->text, &samples);
	for (size_t i = 0; take_sample(&samples, i, action); i++) {
		struct outcome before = outcome_of(c->diff->old, action);
		struct outcome after = outcome_of(c->diff->new, action);
		enum effect effect = effect_of(&before, &after);

		if (same_outcome(&before, &after))
			continue;
		if (!some) {
			first.before = before;
			first.after = after;
			first.effect = effect;
		} else if (effect != first.effect) {
			first.before.kind = first.after.kind =
			    OUTCOME_DEPENDS;
			first.before.error = first.after.error = 0;
			first.effect = EFFECT_CHANGES;
		}
		some = true;
	}
	if (some)
		add_call(c, &first, action->text);
}

static bool
compare_call(struct comparison *c, const char *call,
    struct transition *ret_change)
{
	struct action action = { .kind = ACTION_SYSCALL, .text = call };

	*ret_change = (struct transition){
		.before = outcome_of(c->diff->old, &action),
		.after = outcome_of(c->diff->new, &action) };
	ret_change->effect = effect_of(&ret_change->before,
	    &ret_change->after);
	return !same_outcome(&ret_change->before, &ret_change->after) ||
	    ret_change->before.kind == OUTCOME_DEPENDS;
}

/* A variant of a call that fares as the call does is not named. */
static bool
is_as_its_base(struct comparison *c, const char *call,
    const struct transition *change)
{
	const char *base = syscall_base_name(call);
	struct transition other;

	if (base == NULL)
		return false;
	compare_call(c, base, &other);
	return same_outcome(&other.before, &change->before) &&
	    same_outcome(&other.after, &change->after);
}

static void
compare_calls(struct comparison *c)
{
	const char *const *names = syscall_names();

	for (; c->diff->error == 0 && *names != NULL; names++) {
		struct action action = { .kind = ACTION_SYSCALL,
			.text = *names };
		struct transition change;

		if (!compare_call(c, *names, &change) ||
		    is_as_its_base(c, *names, &change))
			continue;
		if (change.before.kind == OUTCOME_DEPENDS ||
		    change.after.kind == OUTCOME_DEPENDS)
			compare_samples(c, &action);
		else
			add_call(c, &change, *names);
	}
}

static void
report_transition(struct diff *d, const struct transition *t)
{
	char before[64], after[64];
	const char *which = t->partly ? ", with some arguments," : "";

	outcome_text(before, sizeof(before), &t->before);
	outcome_text(after, sizeof(after), &t->after);
	if (t->before.kind == OUTCOME_DEPENDS)
		diff_report(d, t->effect, &d->old->syscalls_origin,
		    &d->new->syscalls_origin, "the system call%s %s: with "
		    "some arguments more is open, with others less",
		    t->n == 1 ? "" : "s", t->calls);
	else if (t->n == 1)
		diff_report(d, t->effect, t->before.origin, t->after.origin,
		    "the system call %s%s is %s, was %s", t->calls, which,
		    after, before);
	else
		diff_report(d, t->effect, t->before.origin, t->after.origin,
		    "these system calls%s are %s, were %s: %s", which, after,
		    before, t->calls);
}

static char *
rules_text(struct diff *d, const struct jail *jail)
{
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return NULL;
	fprintf(text.out, "%d %d\n", (int)jail->syscalls, (int)jail->mode);
	for (size_t i = 0; i < jail->n_syscall_rules; i++) {
		settings_write_rule(text.out, &jail->syscall_rules[i]);
		fputc('\n', text.out);
	}
	return diff_text_end(d, &text);
}

void
diff_syscalls(struct diff *d)
{
	_cleanup_free_ char *before = rules_text(d, d->old);
	_cleanup_free_ char *after = rules_text(d, d->new);
	struct comparison c = { .diff = d };

	if (before == NULL || after == NULL || strcmp(before, after) == 0)
		return;
	compare_calls(&c);
	for (size_t i = 0; i < c.n_transitions; i++) {
		report_transition(d, &c.transitions[i]);
		free(c.transitions[i].calls);
	}
	free(c.transitions);
}

/* What one system call meets: MUST agree with what jaild/filter.c compiles,
 * which a test holds with random rules and arguments. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "lang/decide_part.h"
#include "lang/syscall_table.h"

static bool
condition_holds(const struct syscall_condition *condition,
    const uint64_t arguments[6])
{
	uint64_t width = condition->width_bits == 32 ? UINT32_MAX : UINT64_MAX;
	uint64_t value = condition->value & width;
	uint64_t argument =
	    arguments[condition->argument] & condition->mask & width;

	switch (condition->compare) {
	case COMPARE_EQ:
		return argument == value;
	case COMPARE_NE:
		return argument != value;
	case COMPARE_LT:
		return argument < value;
	case COMPARE_LE:
		return argument <= value;
	case COMPARE_GT:
		return argument > value;
	case COMPARE_GE:
		return argument >= value;
	}
	return false;
}

static bool
rule_holds(const struct syscall_rule *rule, const char *call,
    const char *base, const uint64_t arguments[6])
{
	if (strcmp(rule->call, call) != 0 &&
	    (base == NULL || strcmp(rule->call, base) != 0))
		return false;
	for (size_t i = 0; i < rule->n_conditions; i++)
		if (!condition_holds(&rule->conditions[i], arguments))
			return false;
	return true;
}

/* The first rule that holds; NULL when none does. */
static const struct syscall_rule *
find_rule(const struct syscall_rule *rules, size_t n, const char *call,
    const uint64_t arguments[6])
{
	const char *base = syscall_base_name(call);

	for (size_t i = 0; rules != NULL && i < n; i++)
		if (rule_holds(&rules[i], call, base, arguments))
			return &rules[i];
	return NULL;
}

static bool
denies(enum syscall_action action)
{
	return action == SYSCALL_KILL || action == SYSCALL_DENY;
}

/* What nothing may lift stands in front of every profile, so the profile
 * gives the answer for what a jail's rules allow in vain, too. */
static const struct syscall_rule *
profile_rule(const struct jail *jail, const char *call,
    const uint64_t arguments[6])
{
	size_t n = 0;
	const struct syscall_rule *rules =
	    syscall_profile_rules(jail->syscalls, &n);

	return find_rule(rules, n, call, arguments);
}

static const struct syscall_rule *
never_rule(const char *call, const uint64_t arguments[6], bool *ret_known)
{
	size_t n = 0;
	const struct syscall_rule *rules = syscall_never_rules(&n);

	*ret_known = rules != NULL;
	return find_rule(rules, n, call, arguments);
}

enum syscall_action
decide_syscall(const struct jail *jail, const char *call,
    const uint64_t arguments[6], const struct syscall_rule **ret_rule,
    int *ret_error)
{
	const struct syscall_rule *rule, *own, *never;
	bool known;

	own = find_rule(jail->syscall_rules, jail->n_syscall_rules, call,
	    arguments);
	never = never_rule(call, arguments, &known);
	if (own != NULL && !denies(own->action) && (never != NULL || !known))
		own = NULL;
	rule = own != NULL ? own : profile_rule(jail, call, arguments);
	*ret_rule = own;
	*ret_error = rule != NULL ? rule->error : ENOSYS;
	return rule != NULL ? rule->action : SYSCALL_DENY;
}

/* A condition on an argument of which only some bits are known. */
static enum fit
condition_fits(const struct syscall_condition *condition,
    const struct action *action)
{
	uint64_t width = condition->width_bits == 32 ? UINT32_MAX : UINT64_MAX;
	uint64_t open = condition->mask & width &
	    ~action->known[condition->argument];
	uint64_t least[6], most[6];
	bool low, high;

	memcpy(least, action->arguments, sizeof(least));
	memcpy(most, action->arguments, sizeof(most));
	least[condition->argument] &= ~open;
	most[condition->argument] |= open;
	low = condition_holds(condition, least);
	high = condition_holds(condition, most);
	if (open == 0)
		return low ? FIT_YES : FIT_NO;
	if (condition->compare == COMPARE_EQ ||
	    condition->compare == COMPARE_NE) {
		/* Only a bit that is known can make the two differ. */
		uint64_t differ = (least[condition->argument] ^
		    condition->value) & condition->mask & width & ~open;
		bool outside = (condition->value & width &
		    ~condition->mask) != 0;

		if (differ == 0 && !outside)
			return FIT_MAYBE;
		return condition->compare == COMPARE_NE ? FIT_YES : FIT_NO;
	}
	/* The others are monotonous between the two. */
	return low != high ? FIT_MAYBE : low ? FIT_YES : FIT_NO;
}

static enum fit
rule_fits(const struct syscall_rule *rule, const struct action *action,
    const char *base)
{
	enum fit worst = FIT_YES;

	if (strcmp(rule->call, action->text) != 0 &&
	    (base == NULL || strcmp(rule->call, base) != 0))
		return FIT_NO;
	for (size_t i = 0; i < rule->n_conditions; i++) {
		enum fit fit = condition_fits(&rule->conditions[i], action);

		if (fit < worst)
			worst = fit;
	}
	return worst;
}

static enum answer
answer_of(enum syscall_action action)
{
	if (denies(action))
		return ANSWER_DENY;
	return action == SYSCALL_LOG ? ANSWER_LOG : ANSWER_ALLOW;
}

static void
count_rule(struct tally *tally, const struct syscall_rule *rule,
    enum answer answer, const char *why)
{
	struct action_decision *decision = tally->decision;

	if (!tally->some && denies(rule->action)) {
		decision->error = rule->error;
		decision->kills = rule->action == SYSCALL_KILL;
		decision->quiet = rule->quiet;
	}
	tally_add(tally, answer, &rule->origin, "%s", why);
}

static void
count_profile(struct tally *tally, const struct jail *jail,
    const struct action *action)
{
	const char *base = syscall_base_name(action->text);
	size_t n = 0;
	const struct syscall_rule *rules =
	    syscall_profile_rules(jail->syscalls, &n);

	for (size_t i = 0; rules != NULL && i < n; i++) {
		enum fit fit = rule_fits(&rules[i], action, base);

		if (fit == FIT_NO)
			continue;
		count_rule(tally, &rules[i], answer_of(rules[i].action),
		    denies(rules[i].action) ?
		    "The profile of system calls denies it." :
		    "The profile of system calls allows it.");
		if (fit == FIT_YES)
			return;
	}
	if (!tally->some)
		tally->decision->error = ENOSYS;
	tally_add(tally, ANSWER_DENY, NULL,
	    "The profile of system calls does not know it.");
}

static enum fit
never_fits(const struct action *action, const char *base)
{
	enum fit best = FIT_NO;
	size_t n = 0;
	const struct syscall_rule *rules = syscall_never_rules(&n);

	if (rules == NULL)
		return FIT_YES;
	for (size_t i = 0; i < n; i++) {
		enum fit fit = rule_fits(&rules[i], action, base);

		if (fit > best)
			best = fit;
	}
	return best;
}

/* What one of the jail's own rules would mean.  A denial that is only
 * recorded allows, and so lifts nothing that nothing may lift either. */
static void
count_own(struct tally *tally, const struct jail *jail,
    const struct syscall_rule *rule, const struct action *action,
    enum fit never)
{
	bool complains = denies(rule->action) && !rule->firm &&
	    jail->mode == MODE_COMPLAIN;

	if (denies(rule->action) && !complains) {
		count_rule(tally, rule, ANSWER_DENY, rule->firm ?
		    "A ceiling denies it." : "A rule denies it.");
		return;
	}
	if (never != FIT_YES && complains)
		count_rule(tally, rule, ANSWER_LOG, "A rule denies it, but "
		    "mode complain only records that.");
	else if (never != FIT_YES)
		count_rule(tally, rule, answer_of(rule->action),
		    "A rule allows it.");
	if (never != FIT_NO)
		count_profile(tally, jail, action);
}

void
decide_call(const struct jail *jail, const struct action *action,
    struct action_decision *ret)
{
	struct tally tally = { .decision = ret };
	const char *base = syscall_base_name(action->text);
	enum fit never = never_fits(action, base);

	for (size_t i = 0; i < jail->n_syscall_rules; i++) {
		const struct syscall_rule *rule = &jail->syscall_rules[i];
		enum fit fit = rule_fits(rule, action, base);

		if (fit == FIT_NO)
			continue;
		count_own(&tally, jail, rule, action, never);
		if (fit == FIT_YES)
			return;
	}
	count_profile(&tally, jail, action);
}

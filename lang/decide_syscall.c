/* What one system call meets: MUST agree with what jaild/filter.c compiles,
 * which a test holds with random rules and arguments. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "lang/decide.h"
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

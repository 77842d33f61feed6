/* What one call meets: the rules for it, in order, from all sources.
 *
 * MUST, each held by tests/unit/test_filter.c:
 *  1. the first rule whose conditions all hold decides;
 *  2. an allowing rule of a jail, of complain mode or of the door gives way
 *     to what nothing may lift;
 *  3. a rule for a call holds for its variants of other ABIs;
 *  4. a condition that cannot be looked at (in memory, or spread over two
 *     registers) is not guessed: the most severe of what could apply does;
 *  5. at the door, what login programs need is allowed even when the jail
 *     denies the call, but a denial that looks at arguments stays, the
 *     profile's as well. */
#include "config.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/filter_chain.h"
#include "lang/syscall_table.h"

/* The first argument of a call that has another place, or is in memory, on
 * machines of 32 bits. */
static const struct {
	const char *call;
	unsigned first;
} displaced[] = {
	{ "_llseek", 1 },
	{ "arm_fadvise64_64", 1 },
	{ "arm_sync_file_range", 1 },
	{ "clone", 3 },
	{ "fadvise64", 1 },
	{ "fadvise64_64", 1 },
	{ "fallocate", 2 },
	{ "fanotify_mark", 2 },
	{ "ftruncate64", 1 },
	{ "lookup_dcookie", 0 },
	{ "mmap", 0 },
	{ "mmap2", 5 },
	{ "pread64", 3 },
	{ "preadv", 3 },
	{ "preadv2", 3 },
	{ "pwrite64", 3 },
	{ "pwritev", 3 },
	{ "pwritev2", 3 },
	{ "readahead", 1 },
	{ "recv", 4 },
	{ "select", 0 },
	{ "send", 4 },
	{ "signal", 1 },
	{ "sync_file_range", 1 },
	{ "sync_file_range2", 1 },
	{ "truncate64", 1 },
	{ "umount", 1 },
};

void
chain_close(struct chain *chain)
{
	free(chain->rules);
	*chain = (struct chain){ 0 };
}

static bool
same_condition(const struct syscall_condition *one,
    const struct syscall_condition *other)
{
	return one->argument == other->argument &&
	    one->width_bits == other->width_bits &&
	    one->compare == other->compare && one->mask == other->mask &&
	    one->value == other->value;
}

/* A second rule with the conditions of a first one is never reached. */
static bool
is_hidden(const struct chain *chain, const struct lowered_rule *rule)
{
	size_t i, j;

	for (i = 0; i < chain->n; i++) {
		const struct lowered_rule *at = &chain->rules[i];

		for (j = 0; j < at->n_conditions && j < rule->n_conditions &&
		    same_condition(&at->conditions[j], &rule->conditions[j]);)
			j++;
		if (j == at->n_conditions)
			return true;
	}
	return false;
}

int
chain_add(struct chain *chain, const struct lowered_rule *rule)
{
	struct lowered_rule *rules;

	if (chain->ended || is_hidden(chain, rule))
		return 0;
	rules = reallocarray(chain->rules, chain->n + 1, sizeof(*rules));
	if (rules == NULL)
		return -ENOMEM;
	chain->rules = rules;
	rules[chain->n++] = *rule;
	chain->ended = rule->n_conditions == 0;
	return 0;
}

enum severity
verdict_severity(const struct lowered_rule *rule)
{
	switch (rule->verdict & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return SEVERITY_ALLOW;
	case SECCOMP_RET_LOG:
		return SEVERITY_LOG;
	case SECCOMP_RET_ERRNO:
		return rule->loud ? SEVERITY_LOUD : SEVERITY_QUIET;
	default:
		return SEVERITY_KILL;
	}
}

struct lowered_rule
chain_strictest(const struct chain *chain, size_t from)
{
	struct lowered_rule strictest = { .verdict = SECCOMP_RET_ALLOW };

	for (size_t i = from; i < chain->n; i++)
		if (verdict_severity(&chain->rules[i]) >
		    verdict_severity(&strictest))
			strictest = chain->rules[i];
	strictest.n_conditions = 0;
	return strictest;
}

/* A register of 32 bits holds a negative number without its upper half. */
static struct syscall_condition
narrowed(struct syscall_condition condition)
{
	bool negative = condition.value >> 32 == UINT32_MAX;

	if (negative && (condition.compare == COMPARE_EQ ||
	    condition.compare == COMPARE_NE))
		condition.value &= UINT32_MAX;
	return condition;
}

static int
add_conditions(const struct lowering *lowering, struct lowered_rule *to,
    const struct syscall_rule *rule)
{
	for (size_t i = 0; i < rule->n_conditions; i++) {
		if (to->n_conditions == LOWERED_CONDITIONS_MAX)
			return -EINVAL;
		to->conditions[to->n_conditions++] = lowering->narrow ?
		    narrowed(rule->conditions[i]) : rule->conditions[i];
	}
	return 0;
}

static void
set_verdict(struct lowered_rule *to, enum syscall_action action,
    const struct syscall_rule *rule)
{
	int error = rule->error != 0 ? rule->error : EPERM;

	to->loud = action == SYSCALL_DENY && !rule->quiet;
	switch (action) {
	case SYSCALL_ALLOW:
		to->verdict = SECCOMP_RET_ALLOW;
		return;
	case SYSCALL_LOG:
		to->verdict = SECCOMP_RET_LOG;
		return;
	case SYSCALL_DENY:
		to->verdict = SECCOMP_RET_ERRNO |
		    ((uint32_t)error & SECCOMP_RET_DATA);
		return;
	case SYSCALL_KILL:
		break;
	}
	to->verdict = SECCOMP_RET_KILL_PROCESS;
}

/* A call and, when it is a variant, the call it is one of. */
struct target {
	const char *call, *base;
	uint32_t call_hash, base_hash;
};

/* FNV-1a. */
static uint32_t
name_hash(const char *name)
{
	uint32_t hash = 0x811c9dc5;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 0x01000193;
	return hash;
}

static struct target
target_of(const char *call)
{
	struct target target = { .call = call,
		.base = syscall_base_name(call) };

	target.call_hash = name_hash(call);
	if (target.base != NULL)
		target.base_hash = name_hash(target.base);
	return target;
}

int
rule_list_init(struct rule_list *list, const struct syscall_rule *rules,
    size_t n)
{
	uint32_t *hashes;

	if (rules == NULL && n > 0)
		return -ENOMEM;
	hashes = calloc(n + 1, sizeof(*hashes));
	if (hashes == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		hashes[i] = name_hash(rules[i].call);
	*list = (struct rule_list){ rules, n, hashes };
	return 0;
}

void
rule_list_close(struct rule_list *list)
{
	free(list->hashes);
	*list = (struct rule_list){ 0 };
}

static bool
is_for(const struct rule_list *list, size_t i, const struct target *target)
{
	uint32_t hash = list->hashes[i];

	return (hash == target->call_hash &&
	    strcmp(list->rules[i].call, target->call) == 0) ||
	    (target->base != NULL && hash == target->base_hash &&
	    strcmp(list->rules[i].call, target->base) == 0);
}

/* In front of an allowing rule: the same conditions together with those of
 * each rule that nothing may lift. */
static int
add_never(const struct lowering *lowering, struct chain *chain,
    const struct target *target, const struct lowered_rule *allowing)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < lowering->never.n; i++) {
		const struct syscall_rule *never = &lowering->never.rules[i];
		struct lowered_rule rule;

		if (!is_for(&lowering->never, i, target))
			continue;
		rule = *allowing;
		set_verdict(&rule, never->action, never);
		r = add_conditions(lowering, &rule, never);
		if (r == 0)
			r = chain_add(chain, &rule);
	}
	return r;
}

static int
add_rule(const struct lowering *lowering, struct chain *chain,
    const struct target *target, const struct syscall_rule *rule,
    enum syscall_action action)
{
	struct lowered_rule lowered = { 0 };
	int r;

	set_verdict(&lowered, action, rule);
	r = add_conditions(lowering, &lowered, rule);
	if (r == 0 && (action == SYSCALL_ALLOW || action == SYSCALL_LOG))
		r = add_never(lowering, chain, target, &lowered);
	return r < 0 ? r : chain_add(chain, &lowered);
}

/* The profile's rules; or those alone that look at arguments. */
static int
add_profile(const struct lowering *lowering, struct chain *chain,
    const struct target *target, bool conditional)
{
	int r = 0;

	for (size_t i = 0; r == 0 && !chain->ended &&
	    i < lowering->profile.n; i++) {
		const struct syscall_rule *rule = &lowering->profile.rules[i];
		struct lowered_rule lowered;

		if (!is_for(&lowering->profile, i, target) ||
		    (conditional && rule->n_conditions == 0))
			continue;
		lowered = (struct lowered_rule){ 0 };
		set_verdict(&lowered, rule->action, rule);
		r = add_conditions(lowering, &lowered, rule);
		if (r == 0)
			r = chain_add(chain, &lowered);
	}
	return r;
}

/* The door's permissions: those with conditions, or the one without, behind
 * what the profile denies in part. */
static int
add_login(const struct lowering *lowering, struct chain *chain,
    const struct target *target, bool conditional)
{
	int r = 0;

	if (lowering->stage != FILTER_DOOR)
		return 0;
	for (size_t i = 0; r == 0 && i < lowering->login.n; i++) {
		const struct syscall_rule *rule = &lowering->login.rules[i];

		if ((rule->n_conditions != 0) != conditional ||
		    !is_for(&lowering->login, i, target))
			continue;
		if (!conditional)
			r = add_profile(lowering, chain, target, true);
		if (r == 0)
			r = add_rule(lowering, chain, target, rule,
			    rule->action);
	}
	return r;
}

static enum syscall_action
jail_action(const struct jail *jail, const struct syscall_rule *rule)
{
	bool denies =
	    rule->action == SYSCALL_KILL || rule->action == SYSCALL_DENY;

	return denies && !rule->firm && jail->mode == MODE_COMPLAIN ?
	    SYSCALL_LOG : rule->action;
}

static int
add_jail(const struct lowering *lowering, struct chain *chain,
    const struct target *target)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < lowering->own.n; i++) {
		const struct syscall_rule *rule = &lowering->own.rules[i];
		enum syscall_action action;

		if (!is_for(&lowering->own, i, target))
			continue;
		action = jail_action(lowering->jail, rule);
		if (rule->n_conditions == 0 && action < SYSCALL_LOG)
			r = add_login(lowering, chain, target, false);
		if (r == 0)
			r = add_rule(lowering, chain, target, rule, action);
	}
	return r;
}

static unsigned
first_displaced(const char *call)
{
	for (size_t i = 0; i < ARRAY_LENGTH(displaced); i++)
		if (strcmp(displaced[i].call, call) == 0)
			return displaced[i].first;
	return UINT32_MAX;
}

/* MUST 4. */
static void
cut_displaced(struct chain *chain, const char *call)
{
	unsigned first = first_displaced(call);

	for (size_t i = 0; i < chain->n; i++) {
		const struct lowered_rule *rule = &chain->rules[i];

		for (size_t j = 0; j < rule->n_conditions; j++) {
			if (rule->conditions[j].argument < first)
				continue;
			chain->rules[i] = chain_strictest(chain, i);
			chain->n = i + 1;
			return;
		}
	}
}

/* jail-shell joins the namespaces of a root that is not the host's when it
 * has no privilege any more; see the tiers in DESIGN.md. */
static int
add_inner_root(const struct lowering *lowering, struct chain *chain,
    const char *call)
{
	static const struct lowered_rule allow = {
		.verdict = SECCOMP_RET_ALLOW };

	if (lowering->stage != FILTER_DOOR ||
	    lowering->jail->root == ROOT_HOST || strcmp(call, "setns") != 0)
		return 0;
	return chain_add(chain, &allow);
}

int
chain_collect(const struct lowering *lowering, const char *call,
    struct chain *ret)
{
	static const struct lowered_rule unknown = {
		.verdict = SECCOMP_RET_ERRNO | ENOSYS };
	struct target target = target_of(call);
	struct chain chain = { 0 };
	int r;

	r = add_inner_root(lowering, &chain, call);
	if (r == 0)
		r = add_login(lowering, &chain, &target, true);
	if (r == 0)
		r = add_jail(lowering, &chain, &target);
	if (r == 0)
		r = add_login(lowering, &chain, &target, false);
	if (r == 0)
		r = add_profile(lowering, &chain, &target, false);
	if (r == 0)
		r = chain_add(&chain, &unknown);
	if (r < 0) {
		chain_close(&chain);
		return r;
	}
	if (lowering->narrow)
		cut_displaced(&chain, call);
	*ret = chain;
	return 0;
}

#include "config.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/filter_chain.h"
#include "lang/syscall_table.h"

#define ARGUMENTS_MAX 6
#define ERRNO_MAX 4095	/* the kernel cuts greater ones to this */

/* Machines whose calls have their arguments in the order of the tables. */
static const struct {
	uint32_t tokens[LOWERED_ABIS_MAX];
	int n;
} machines[] = {
	{ { SCMP_ARCH_X86_64, SCMP_ARCH_X86 }, 2 },
	{ { SCMP_ARCH_AARCH64, SCMP_ARCH_ARM }, 2 },
	{ { SCMP_ARCH_RISCV64 }, 1 },
};

/* The x32 ABI has the token of x86_64 and this bit in every number.  It is
 * refused as a whole; -1 is no x32 call but what probes use for none. */
#define X32_FIRST 0x40000000u
#define NUMBER_NONE 0xffffffffu

/* Calls that carry others, which are told apart by the first argument; the
 * arguments themselves lie in memory. */
struct carried {
	const char *carrier;
	uint32_t mask, number;
	const char *call;
};

#define SOCKETCALL "socketcall", UINT32_MAX
#define IPC "ipc", 0xffff	/* above it is a version */

static const struct carried carried[] = {
	{ SOCKETCALL, 1, "socket" },
	{ SOCKETCALL, 2, "bind" },
	{ SOCKETCALL, 3, "connect" },
	{ SOCKETCALL, 4, "listen" },
	{ SOCKETCALL, 5, "accept" },
	{ SOCKETCALL, 6, "getsockname" },
	{ SOCKETCALL, 7, "getpeername" },
	{ SOCKETCALL, 8, "socketpair" },
	{ SOCKETCALL, 9, "send" },
	{ SOCKETCALL, 10, "recv" },
	{ SOCKETCALL, 11, "sendto" },
	{ SOCKETCALL, 12, "recvfrom" },
	{ SOCKETCALL, 13, "shutdown" },
	{ SOCKETCALL, 14, "setsockopt" },
	{ SOCKETCALL, 15, "getsockopt" },
	{ SOCKETCALL, 16, "sendmsg" },
	{ SOCKETCALL, 17, "recvmsg" },
	{ SOCKETCALL, 18, "accept4" },
	{ SOCKETCALL, 19, "recvmmsg" },
	{ SOCKETCALL, 20, "sendmmsg" },
	{ IPC, 1, "semop" },
	{ IPC, 2, "semget" },
	{ IPC, 3, "semctl" },
	{ IPC, 4, "semtimedop" },
	{ IPC, 11, "msgsnd" },
	{ IPC, 12, "msgrcv" },
	{ IPC, 13, "msgget" },
	{ IPC, 14, "msgctl" },
	{ IPC, 21, "shmat" },
	{ IPC, 22, "shmdt" },
	{ IPC, 23, "shmget" },
	{ IPC, 24, "shmctl" },
};

static const struct lowered_rule unknown = {
	.verdict = SECCOMP_RET_ERRNO | ENOSYS };
static const struct lowered_rule wrong_abi = {
	.verdict = SECCOMP_RET_ERRNO | EPERM, .loud = true };

int
lowered_abi_tokens(uint32_t ret_tokens[LOWERED_ABIS_MAX])
{
	uint32_t native = seccomp_arch_native();

	for (size_t i = 0; i < ARRAY_LENGTH(machines); i++) {
		if (machines[i].tokens[0] != native)
			continue;
		memcpy(ret_tokens, machines[i].tokens,
		    sizeof(machines[i].tokens));
		return machines[i].n;
	}
	return -EOPNOTSUPP;
}

void
lowered_abi_close(struct lowered_abi *abi)
{
	for (size_t i = 0; i < abi->n_ranges; i++)
		free(abi->ranges[i].rules);
	free(abi->ranges);
	*abi = (struct lowered_abi){ 0 };
}

static bool
is_carrier(const char *call)
{
	for (size_t i = 0; i < ARRAY_LENGTH(carried); i++)
		if (strcmp(carried[i].carrier, call) == 0)
			return true;
	return false;
}

/* One carried call under an allowing rule of its carrier: the more severe of
 * the two, and the most severe of what depends on its arguments. */
static int
add_carried(const struct lowering *lowering, struct chain *chain,
    const struct lowered_rule *rule, const struct carried *row)
{
	_cleanup_(chain_close) struct chain inner = { 0 };
	struct lowered_rule lowered = *rule, strictest;
	int r = chain_collect(lowering, row->call, &inner);

	if (r < 0)
		return r;
	strictest = chain_strictest(&inner, 0);
	if (verdict_severity(&strictest) > verdict_severity(rule)) {
		lowered.verdict = strictest.verdict;
		lowered.loud = strictest.loud;
	}
	if (lowered.n_conditions == LOWERED_CONDITIONS_MAX)
		return -EINVAL;
	lowered.conditions[lowered.n_conditions++] =
	    (struct syscall_condition){ .argument = 0, .width_bits = 32,
		.compare = COMPARE_EQ, .mask = row->mask,
		.value = row->number };
	return chain_add(chain, &lowered);
}

/* Rules of the carrier's own name that deny stand as they are; one that
 * allows does so only as far as the carried calls are allowed. */
static int
spread_carrier(const struct lowering *lowering, const char *call,
    const struct chain *own, struct chain *ret)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < own->n; i++) {
		struct lowered_rule rule = own->rules[i];

		if (verdict_severity(&rule) <= SEVERITY_LOG) {
			for (size_t j = 0; r == 0 && j < ARRAY_LENGTH(carried);
			    j++)
				if (strcmp(carried[j].carrier, call) == 0)
					r = add_carried(lowering, ret, &rule,
					    &carried[j]);
			rule.verdict = unknown.verdict;
			rule.loud = unknown.loud;
		}
		if (r == 0)
			r = chain_add(ret, &rule);
	}
	return r;
}

static int
collect(const struct lowering *lowering, const char *call, struct chain *ret)
{
	_cleanup_(chain_close) struct chain own = { 0 };
	struct chain spread = { 0 };
	int r = chain_collect(lowering, call, &own);

	if (r == 0 && is_carrier(call)) {
		r = spread_carrier(lowering, call, &own, &spread);
		chain_close(&own);
		own = spread;
	}
	if (r < 0)
		return r;
	*ret = own;
	own = (struct chain){ 0 };
	return 0;
}

static bool
same_rules(const struct lowered_range *range, const struct chain *chain)
{
	/* Chains with conditions are hardly ever alike. */
	return range->n_rules == 1 && chain->n == 1 &&
	    range->rules[0].verdict == chain->rules[0].verdict &&
	    range->rules[0].loud == chain->rules[0].loud;
}

/* Takes the chain's rules.  Rises from number to number. */
static int
add_range(struct lowered_abi *abi, uint32_t first, struct chain *chain)
{
	struct lowered_range *ranges;

	if (abi->n_ranges > 0 &&
	    same_rules(&abi->ranges[abi->n_ranges - 1], chain)) {
		chain_close(chain);
		return 0;
	}
	ranges = reallocarray(abi->ranges, abi->n_ranges + 1,
	    sizeof(*ranges));
	if (ranges == NULL)
		return -ENOMEM;
	abi->ranges = ranges;
	ranges[abi->n_ranges++] = (struct lowered_range){ .first = first,
		.n_rules = chain->n, .rules = steal_ptr(chain->rules) };
	return 0;
}

static int
add_single(struct lowered_abi *abi, uint32_t first,
    const struct lowered_rule *rule)
{
	_cleanup_(chain_close) struct chain chain = { 0 };
	int r = chain_add(&chain, rule);

	return r < 0 ? r : add_range(abi, first, &chain);
}

static int
add_calls(const struct lowering *lowering, struct lowered_abi *abi)
{
	size_t n = 0;
	const struct syscall_entry *entries =
	    syscall_abi_entries(abi->token, &n);
	uint32_t next = 0;
	int r = entries != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < n; i++) {
		_cleanup_(chain_close) struct chain chain = { 0 };

		if (entries[i].number != next)
			r = add_single(abi, next, &unknown);
		if (r == 0)
			r = collect(lowering, entries[i].name, &chain);
		if (r == 0)
			r = add_range(abi, entries[i].number, &chain);
		next = entries[i].number + 1;
	}
	return r < 0 ? r : add_single(abi, next, &unknown);
}

static int
add_x32(struct lowered_abi *abi)
{
	int r;

	if (abi->token != SCMP_ARCH_X86_64)
		return 0;
	r = add_single(abi, X32_FIRST, &wrong_abi);
	return r < 0 ? r : add_single(abi, NUMBER_NONE, &unknown);
}

/* The policy was checked when it was compiled, and is checked again where it
 * is enforced. */
static bool
rule_is_sound(const struct syscall_rule *rule)
{
	if (!syscall_known(rule->call) ||
	    (unsigned)rule->action > SYSCALL_ALLOW || rule->error < 0 ||
	    rule->error > ERRNO_MAX ||
	    rule->n_conditions > SYSCALL_CONDITIONS_MAX)
		return false;
	for (size_t i = 0; i < rule->n_conditions; i++) {
		const struct syscall_condition *condition =
		    &rule->conditions[i];

		if (condition->argument >= ARGUMENTS_MAX ||
		    (condition->width_bits != 32 &&
		    condition->width_bits != 64) ||
		    (unsigned)condition->compare > COMPARE_GE)
			return false;
	}
	return true;
}

static int
check_rules(const struct jail *jail, const char **ret_call)
{
	for (size_t i = 0; i < jail->n_syscall_rules; i++) {
		if (rule_is_sound(&jail->syscall_rules[i]))
			continue;
		*ret_call = jail->syscall_rules[i].call;
		return -EINVAL;
	}
	return 0;
}

static void
lowering_close(struct lowering *lowering)
{
	rule_list_close(&lowering->own);
	rule_list_close(&lowering->profile);
	rule_list_close(&lowering->never);
	rule_list_close(&lowering->login);
}

/* A table that has no rules could not be made. */
static int
add_list(struct rule_list *list, const struct syscall_rule *rules, size_t n)
{
	return rules == NULL ? -ENOMEM : rule_list_init(list, rules, n);
}

static int
lowering_init(struct lowering *lowering)
{
	const struct jail *jail = lowering->jail;
	const struct syscall_rule *rules;
	size_t n = 0;
	int r = rule_list_init(&lowering->own, jail->syscall_rules,
	    jail->n_syscall_rules);

	rules = syscall_profile_rules(jail->syscalls, &n);
	if (r == 0)
		r = add_list(&lowering->profile, rules, n);
	rules = syscall_never_rules(&n);
	if (r == 0)
		r = add_list(&lowering->never, rules, n);
	rules = syscall_login_rules(&n);
	return r < 0 ? r : add_list(&lowering->login, rules, n);
}

int
filter_lower(const struct jail *jail, enum filter_stage stage,
    uint32_t token, struct lowered_abi *ret, const char **ret_call)
{
	_cleanup_(lowering_close) struct lowering lowering = {
		.jail = jail, .stage = stage,
		.narrow = token == SCMP_ARCH_X86 || token == SCMP_ARCH_ARM };
	struct lowered_abi abi = { .token = token };
	int r = check_rules(jail, ret_call);

	if (r == 0)
		r = lowering_init(&lowering);
	if (r == 0)
		r = add_calls(&lowering, &abi);
	if (r == 0)
		r = add_x32(&abi);
	if (r < 0) {
		lowered_abi_close(&abi);
		return r;
	}
	*ret = abi;
	return 0;
}

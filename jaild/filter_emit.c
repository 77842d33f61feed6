/* The program is written from its end to its beginning, since jumps of BPF
 * only go forward: whatever an instruction jumps to is already there, and a
 * label is the number of instructions from the label's to the last one. */
#include "config.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "jaild/filter_emit.h"

/* What a conditional jump can skip; farther goes through a plain jump. */
#define REACH_MAX 255
/* How far back an equal verdict is shared, with room for what follows. */
#define SHARE_MAX 200
#define CAPACITY (2 * PROTOCOL_FILTER_INSTRUCTIONS_MAX)

struct code {
	struct sock_filter *reversed;	/* CAPACITY of them */
	uint32_t n;
	bool full;
	enum filter_part part;
};

static uint32_t
emit(struct code *code, uint16_t operation, uint8_t yes, uint8_t no,
    uint32_t k)
{
	if (code->n == CAPACITY) {
		code->full = true;
		return code->n - 1;
	}
	code->reversed[code->n] = (struct sock_filter){ .code = operation,
		.jt = yes, .jf = no, .k = k };
	return code->n++;
}

static uint32_t
distance(const struct code *code, uint32_t label)
{
	return code->n - 1 - label;
}

static uint32_t
emit_jump(struct code *code, uint32_t label)
{
	return emit(code, BPF_JMP | BPF_JA, 0, 0, distance(code, label));
}

/* Jumps to yes or no by a comparison of the accumulator. */
static uint32_t
emit_branch(struct code *code, uint16_t comparison, uint32_t k, uint32_t yes,
    uint32_t no)
{
	while (!code->full && (distance(code, yes) > REACH_MAX ||
	    distance(code, no) > REACH_MAX)) {
		if (distance(code, yes) > REACH_MAX)
			yes = emit_jump(code, yes);
		else
			no = emit_jump(code, no);
	}
	return emit(code, BPF_JMP | comparison | BPF_K,
	    (uint8_t)distance(code, yes), (uint8_t)distance(code, no), k);
}

static uint32_t
emit_load(struct code *code, size_t offset)
{
	return emit(code, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

static uint32_t
emit_verdict(struct code *code, uint32_t verdict)
{
	const uint16_t operation = BPF_RET | BPF_K;

	for (uint32_t i = 1; i <= code->n && i <= SHARE_MAX; i++) {
		const struct sock_filter *have = &code->reversed[code->n - i];

		if (have->code == operation && have->k == verdict)
			return code->n - i;
	}
	return emit(code, operation, 0, 0, verdict);
}

/* Compares one half of an argument.  The machines of filter_lower.c have the
 * lower half first. */
static uint32_t
emit_half(struct code *code, const struct syscall_condition *condition,
    bool upper, uint16_t comparison, uint32_t yes, uint32_t no)
{
	unsigned shift = upper ? 32 : 0;
	uint32_t mask = (uint32_t)(condition->mask >> shift);
	uint32_t value = (uint32_t)(condition->value >> shift);
	size_t offset = offsetof(struct seccomp_data, args) +
	    condition->argument * sizeof(uint64_t) + (upper ? 4 : 0);

	emit_branch(code, comparison, value, yes, no);
	if (mask != UINT32_MAX)
		emit(code, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
	return emit_load(code, offset);
}

static uint32_t
emit_condition(struct code *code, const struct syscall_condition *condition,
    uint32_t yes, uint32_t no)
{
	static const struct {
		uint16_t comparison;
		bool negated;
	} by_compare[] = {
		[COMPARE_EQ] = { BPF_JEQ, false },
		[COMPARE_NE] = { BPF_JEQ, true },
		[COMPARE_LT] = { BPF_JGE, true },
		[COMPARE_LE] = { BPF_JGT, true },
		[COMPARE_GT] = { BPF_JGT, false },
		[COMPARE_GE] = { BPF_JGE, false },
	};
	uint16_t comparison = by_compare[condition->compare].comparison;
	bool negated = by_compare[condition->compare].negated;
	uint32_t holds = negated ? no : yes, fails = negated ? yes : no;
	uint32_t label = emit_half(code, condition, false, comparison, holds,
	    fails);

	if (condition->width_bits == 32)
		return label;
	label = emit_half(code, condition, true, BPF_JEQ, label, fails);
	if (comparison == BPF_JEQ)
		return label;
	return emit_half(code, condition, true, BPF_JGT, holds, label);
}

static uint32_t
part_verdict(const struct code *code, const struct lowered_rule *rule)
{
	return code->part == FILTER_LOUD && !rule->loud ? SECCOMP_RET_ALLOW :
	    rule->verdict;
}

/* The verdict that a range has whatever the arguments are.  Tests at the
 * end of a chain that lead to the same verdict anyhow are left out. */
static size_t
chain_length(const struct code *code, const struct lowered_range *range)
{
	const struct lowered_rule *rules = range->rules;
	size_t n = range->n_rules;
	uint32_t last = part_verdict(code, &rules[n - 1]);

	while (n > 1 && part_verdict(code, &rules[n - 2]) == last)
		n--;
	return n;
}

static uint32_t
emit_chain(struct code *code, const struct lowered_range *range)
{
	size_t n = chain_length(code, range);
	uint32_t next = emit_verdict(code,
	    part_verdict(code, &range->rules[n - 1]));

	for (size_t i = n - 1; i-- > 0;) {
		const struct lowered_rule *rule = &range->rules[i];
		uint32_t label = emit_verdict(code, part_verdict(code, rule));

		for (size_t j = rule->n_conditions; j-- > 0;)
			label = emit_condition(code, &rule->conditions[j],
			    label, next);
		next = label;
	}
	return next;
}

/* Ranges that this part does not tell apart are one. */
static size_t
merge_ranges(const struct code *code, const struct lowered_abi *abi,
    const struct lowered_range **ret_ranges)
{
	size_t n = 0;

	for (size_t i = 0; i < abi->n_ranges; i++) {
		const struct lowered_range *range = &abi->ranges[i];
		const struct lowered_range *last =
		    n > 0 ? ret_ranges[n - 1] : NULL;

		if (last != NULL && chain_length(code, range) == 1 &&
		    chain_length(code, last) == 1 &&
		    part_verdict(code, &range->rules[0]) ==
		    part_verdict(code, &last->rules[0]))
			continue;
		ret_ranges[n++] = range;
	}
	return n;
}

/* A binary search for the number, which the accumulator holds. */
static uint32_t
emit_search(struct code *code, const struct lowered_range *const *ranges,
    size_t n)
{
	uint32_t upper, lower;

	if (n == 1)
		return emit_chain(code, ranges[0]);
	upper = emit_search(code, ranges + n / 2, n - n / 2);
	lower = emit_search(code, ranges, n / 2);
	return emit_branch(code, BPF_JGE, ranges[n / 2]->first, upper, lower);
}

static int
emit_abi(struct code *code, const struct lowered_abi *abi,
    uint32_t *ret_label)
{
	_cleanup_free_ const struct lowered_range **ranges =
	    calloc(abi->n_ranges, sizeof(*ranges));
	uint32_t label;

	if (ranges == NULL)
		return -ENOMEM;
	label = emit_search(code, ranges, merge_ranges(code, abi, ranges));
	if (distance(code, label) != 0)
		emit_jump(code, label);
	*ret_label = emit_load(code, offsetof(struct seccomp_data, nr));
	return 0;
}

/* A process of an ABI that is not listed has nothing it may call. */
static int
emit_all(struct code *code, const struct lowered_abi *abis, size_t n_abis)
{
	uint32_t labels[LOWERED_ABIS_MAX], next;

	for (size_t i = n_abis; i-- > 0;) {
		int r = emit_abi(code, &abis[i], &labels[i]);

		if (r < 0)
			return r;
	}
	next = emit(code, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS);
	for (size_t i = n_abis; i-- > 0;)
		next = emit_branch(code, BPF_JEQ, abis[i].token, labels[i],
		    next);
	emit_load(code, offsetof(struct seccomp_data, arch));
	return code->full || code->n > PROTOCOL_FILTER_INSTRUCTIONS_MAX ?
	    -E2BIG : 0;
}

int
filter_emit(const struct lowered_abi *abis, size_t n_abis,
    enum filter_part part, struct sock_filter **ret_instructions,
    size_t *ret_count)
{
	_cleanup_free_ struct sock_filter *reversed =
	    calloc(CAPACITY, sizeof(*reversed));
	_cleanup_free_ struct sock_filter *instructions = NULL;
	struct code code = { .reversed = reversed, .part = part };
	int r = reversed != NULL ? 0 : -ENOMEM;

	if (r == 0)
		r = emit_all(&code, abis, n_abis);
	if (r < 0)
		return r;
	instructions = calloc(code.n, sizeof(*instructions));
	if (instructions == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < code.n; i++)
		instructions[i] = reversed[code.n - 1 - i];
	*ret_instructions = steal_ptr(instructions);
	*ret_count = code.n;
	return 0;
}

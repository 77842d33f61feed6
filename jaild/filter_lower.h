/* From rules by name to what each number of one ABI meets.
 *
 * The result is a list of ranges without gaps or overlaps, and in each range
 * a chain of tests that ends with one that always holds: nothing in it
 * depends on an order between rules of different calls any more. */
#ifndef JAILD_FILTER_LOWER_H
#define JAILD_FILTER_LOWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "jaild/filter.h"
#include "lang/policy.h"

/* A rule's own conditions and those that lowering adds. */
#define LOWERED_CONDITIONS_MAX (SYSCALL_CONDITIONS_MAX + 2)

struct lowered_rule {
	uint32_t verdict;	/* SECCOMP_RET_* with its errno */
	bool loud;		/* a denial that has to be on record */
	size_t n_conditions;	/* 0: always holds, and is the last */
	struct syscall_condition conditions[LOWERED_CONDITIONS_MAX];
};

struct lowered_range {
	uint32_t first;		/* up to the next range's first */
	size_t n_rules;
	struct lowered_rule *rules;
};

struct lowered_abi {
	uint32_t token;		/* AUDIT_ARCH_* */
	size_t n_ranges;
	struct lowered_range *ranges;	/* by first; ranges[0].first is 0 */
};

#define LOWERED_ABIS_MAX 2

/* The tokens of all ABIs a process of this machine can call, the native one
 * first.  The count, or -EOPNOTSUPP on a machine whose argument order is not
 * known here. */
int lowered_abi_tokens(uint32_t ret_tokens[LOWERED_ABIS_MAX]);

/* Lowers everything for one ABI.  0; -EINVAL with *ret_call (the jail's own
 * string) for a rule that cannot be lowered; -ENOMEM. */
int filter_lower(const struct jail *jail, enum filter_stage stage,
    uint32_t token, struct lowered_abi *ret, const char **ret_call);

void lowered_abi_close(struct lowered_abi *abi);

/* How severe a verdict is; among denials those on record come first. */
enum severity {
	SEVERITY_ALLOW = 0,
	SEVERITY_LOG,
	SEVERITY_QUIET,		/* a denial that is not on record */
	SEVERITY_LOUD,
	SEVERITY_KILL,
};

enum severity verdict_severity(const struct lowered_rule *rule);

#endif

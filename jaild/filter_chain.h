/* Chains of lowered rules: inside of the lowering only. */
#ifndef JAILD_FILTER_CHAIN_H
#define JAILD_FILTER_CHAIN_H

#include "jaild/filter_lower.h"

struct chain {
	struct lowered_rule *rules;
	size_t n;
	bool ended;	/* the last one always holds */
};

/* Rules of one source, in order.  Each is looked at for every call of every
 * ABI; comparing hashes first makes that forty times faster. */
struct rule_list {
	const struct syscall_rule *rules;
	size_t n;
	uint32_t *hashes;	/* of the rules' calls */
};

/* What a chain is made from. */
struct lowering {
	const struct jail *jail;
	enum filter_stage stage;
	struct rule_list own, profile, never, login;
	bool narrow;	/* registers of 32 bits */
};

/* Takes rules, which live on; NULL is -ENOMEM. */
int rule_list_init(struct rule_list *list, const struct syscall_rule *rules,
    size_t n);

void rule_list_close(struct rule_list *list);

/* Adds a rule; what comes behind one without conditions is left out.  0,
 * -ENOMEM, or -EINVAL for more conditions than there is room for. */
int chain_add(struct chain *chain, const struct lowered_rule *rule);

/* Everything that the call meets on this ABI.  0 or as chain_add(). */
int chain_collect(const struct lowering *lowering, const char *call,
    struct chain *ret);

/* The most severe of the chain's rules from index on. */
struct lowered_rule chain_strictest(const struct chain *chain, size_t from);

void chain_close(struct chain *chain);

#endif

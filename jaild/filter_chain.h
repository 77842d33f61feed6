/* Chains of lowered rules: inside of the lowering only. */
#ifndef JAILD_FILTER_CHAIN_H
#define JAILD_FILTER_CHAIN_H

#include "jaild/filter_lower.h"

struct chain {
	struct lowered_rule *rules;
	size_t n;
	bool ended;	/* the last one always holds */
};

/* What a chain is made from. */
struct lowering {
	const struct jail *jail;
	enum filter_stage stage;
	const struct syscall_rule *profile, *never, *login;
	size_t n_profile, n_never, n_login;
	bool narrow;	/* registers of 32 bits */
};

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

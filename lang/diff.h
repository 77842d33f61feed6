/* What a change of a policy opens and what it closes. */
#ifndef LANG_DIFF_H
#define LANG_DIFF_H

#include "lang/policy.h"

enum effect {
	EFFECT_OPENS = 0,	/* agents may do more, or less is on record */
	EFFECT_CHANGES,		/* neither, or both */
	EFFECT_CLOSES,
	EFFECTS
};

/* Lives as long as the call that it is handed to. */
struct difference {
	enum effect effect;
	const char *jail;	/* NULL: of logins */
	const char *text;	/* "the home is read-write, was private" */
	const struct origin *before, *after;	/* NULL: nowhere, built in */
};

/* Hands each difference to take, those of one jail in a row, those of logins
 * behind them; take returns 0 or the -errno that ends it.  Nothing is handed
 * out exactly when both have the same sha256 but for the order of match lines
 * that decide nothing.  0; -ENOMEM; -errno. */
int policy_diff(const struct policy *old, const struct policy *new,
    int (*take)(const struct difference *difference, void *context),
    void *context);

/* "opens", "changes", "closes". */
const char *effect_name(enum effect effect);

#endif

/* What the files that decide an action share. */
#ifndef LANG_DECIDE_PART_H
#define LANG_DECIDE_PART_H

#include "lang/decide.h"

/* How a rule stands to an action that may leave something open. */
enum fit {
	FIT_NO = 0,
	FIT_MAYBE,
	FIT_YES,
};

/* Rules are asked in order; each that may fit says what it would mean.  The
 * first answer stays unless a later one is another: then it depends. */
struct tally {
	struct action_decision *decision;
	bool some;
};

__attribute__((format(printf, 4, 5)))
void tally_add(struct tally *tally, enum answer answer,
    const struct origin *origin, const char *why, ...);

/* Replaces the decision, as there is but one. */
__attribute__((format(printf, 4, 5)))
void decision_set(struct action_decision *decision, enum answer answer,
    const struct origin *origin, const char *why, ...);

/* The rows of decide_action()'s table. */
void decide_connect(const struct jail *jail, const struct action *action,
    struct action_decision *ret);
void decide_resolve(const struct jail *jail, const struct action *action,
    struct action_decision *ret);
void decide_call(const struct jail *jail, const struct action *action,
    struct action_decision *ret);
void decide_path(const struct jail *jail, const struct decide_facts *facts,
    const struct action *action, struct action_decision *ret);

#endif

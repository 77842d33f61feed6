/* Does a policy do what its tests expect? */
#ifndef LANG_EXPECT_H
#define LANG_EXPECT_H

#include "lang/decide.h"

struct expect_result {
	bool holds;
	const struct jail *jail;	/* that decided; NULL: the login is
					 * refused */
	struct decision login;		/* of a subject that is a login */
	bool has_action;		/* false: the login decided alone */
	struct action_decision action;
	const struct origin *origin;	/* the line that decided; NULL: built
					 * in, or no line */
	char why[512];			/* a whole sentence */
};

/* Tries one expectation.  A login's account has the home /home/USER, the
 * first of its groups as primary group, and uid 1000; kept is as in struct
 * decide_facts.  "allow" holds for what is allowed or on record, "deny" for
 * what is denied; what depends is neither, and a refused login answers no
 * action. */
void expect_try(const struct policy *policy,
    const struct test_expectation *expectation, const char *const *kept,
    struct expect_result *ret);

#endif

/* Who gets which jail.  Pure: no file, no NSS, no clock. */
#ifndef LANG_DECIDE_H
#define LANG_DECIDE_H

#include "lang/policy.h"

enum verdict {
	VERDICT_REFUSE = 0,
	VERDICT_JAIL,
};

/* What is known of one login. */
struct login_facts {
	const char *user;
	const char *const *groups;	/* names of all groups */
	size_t n_groups;
	enum service_class service;
	const char *rhost;		/* PAM_RHOST; "" or NULL: local */
};

struct decision {
	enum verdict verdict;
	const struct jail *jail;	/* VERDICT_JAIL */
	const struct match_rule *rule;	/* the deciding line; NULL: no match */
	char reason[512];		/* VERDICT_REFUSE: a whole sentence */
};

/* The first match whose criteria all hold decides; none: refused.  A remote
 * host that is a name and reaches a line with `from` refuses. */
void decide_login(const struct policy *policy,
    const struct login_facts *facts, struct decision *ret);

/* What a system call with these arguments meets: the jail's rules in order,
 * then its profile.  *ret_rule: the deciding rule, NULL for the profile.
 * *ret_error is the errno of a denial. */
enum syscall_action decide_syscall(const struct jail *jail, const char *call,
    const uint64_t arguments[6], const struct syscall_rule **ret_rule,
    int *ret_error);

#endif

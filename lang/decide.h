/* Who gets which jail.  Pure: no file, no NSS, no clock. */
#ifndef LANG_DECIDE_H
#define LANG_DECIDE_H

#include "lang/action.h"
#include "lang/policy.h"
#include "lang/template.h"

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

/* Four answers, not two: nobody is told "allowed" where it depends. */
enum answer {
	ANSWER_DENY = 0,
	ANSWER_DEPENDS,		/* on what the action leaves open */
	ANSWER_LOG,		/* allowed, and on record */
	ANSWER_ALLOW,
};

/* What an agent meets. */
struct action_decision {
	enum answer answer;
	const struct origin *origin;	/* the deciding line, of the policy;
					 * NULL: built in */
	char why[256];			/* a whole sentence */
	int error;			/* errno of a denied system call; 0 */
	bool kills;			/* the process is killed */
	bool quiet;			/* a denial that is not recorded */
};

/* What a decision rests on besides the policy. */
struct decide_facts {
	const struct template_values *account;	/* NULL: user agent, whose
						 * home is /home/agent */
	const char *const *kept;	/* names below /etc that a jail sees,
					 * NULL-terminated; NULL: those of
					 * etc-keep.conf as it is shipped */
};

/* Decides one action inside of the jail (facts may be NULL).  By names and
 * paths alone: what file permissions deny, where links lead, and what a name
 * resolves to is not looked at.  Pure; agrees with the filters and the plan
 * that are made of the jail. */
void decide_action(const struct jail *jail, const struct decide_facts *facts,
    const struct action *action, struct action_decision *ret);

/* "deny", "depends", "log", "allow". */
const char *answer_name(enum answer answer);

#endif

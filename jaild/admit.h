/* Whether an account may be jailed, and in which jail: what a login decides
 * before anything is built, and what `jailctl explain` says of it. */
#ifndef JAILD_ADMIT_H
#define JAILD_ADMIT_H

#include "jaild/account.h"
#include "lang/decide.h"

#define ADMIT_REASON_MAX 1024
/* A file named like an account: its services run without a login. */
#define ADMIT_LINGER_DIRECTORY "/var/lib/systemd/linger"

struct admit_request {
	const char *user, *rhost;
	enum service_class service;
	const char *agents_group;
	const struct policy *policy;	/* NULL: none is loaded */
	const char *tree;		/* folder whose etc/passwd and
					 * etc/group are asked; NULL: NSS */
};

struct admission {
	struct account *account;	/* NULL when it was not found */
	struct decision decision;
	const char *public_reason;	/* for the agent; NULL: say nothing */
	char reason[ADMIT_REASON_MAX];	/* a whole sentence */
};

/* Resolves the account, which may block on NSS, and decides.  0 when
 * ret->decision has a jail; -EACCES with the reasons.  Either way *ret is
 * filled and its account the caller's (account_free()); public_reason lives
 * as long as the policy. */
int admit(const struct admit_request *request, struct admission *ret);

/* Groups that are as good as root on the host, NULL at the end: only a match
 * line that names one lets its members in. */
extern const char *const admit_root_groups[];

#endif

/* What a login of an account gets, under a policy that need not be the one in
 * force. */
#ifndef JAILCTL_QUESTION_H
#define JAILCTL_QUESTION_H

#include "jaild/admit.h"
#include "jaild/plan.h"
#include "jailctl/policy_input.h"

struct question {
	const struct arguments *arguments;	/* words[0]: the account */
	struct policy_input input;
	const char *service_name;	/* as it was asked for */
	enum service_class service;	/* SERVICE_NONE: a closed one */
	struct admission admission;
	struct plan_place place;
	char host_name[65];
	struct plan *plan;
	char *reason;		/* why there is no jail; NULL: there is one */
};

/* Loads the policy and decides, as the daemon would for this account now.  A
 * jail that cannot be planned is a refusal.  STATUS_OK, with a reason when
 * the login is refused; another status when nothing could be found out,
 * which was said.  Either way question_close(). */
int question_open(const struct arguments *arguments,
    struct question *question);
void question_close(struct question *question);

/* "claude through sshd from this host: jail coder", and the line. */
void question_print(const struct question *question);

/* The same as a new JSON object: account, service, from, verdict, reason,
 * rule, policy_sha256. */
void *question_json(const struct question *question);

#endif

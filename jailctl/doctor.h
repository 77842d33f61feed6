/* jailctl doctor: what stands in the way of jails, or lets agents by. */
#ifndef JAILCTL_DOCTOR_H
#define JAILCTL_DOCTOR_H

#include <jansson.h>

#include "jailctl/jailctl.h"

enum severity {
	SEVERITY_OK = 0,	/* looked at, and right */
	SEVERITY_NOTE,		/* worth knowing */
	SEVERITY_WARNING,	/* a wall less, or an unwelcome surprise */
	SEVERITY_ERROR,		/* logins fail, or agents get by */
	SEVERITY_LEVELS
};

struct doctor {
	const struct config *config;
	const char *socket;	/* NULL: the settings' control socket */
	bool root;
	const char *topic;	/* of the check that runs */
	json_t *findings;
	enum severity worst;
};

/* Adds a finding: what is so, and what that means, in one text; fix is a
 * command or line that closes it, "" where there is nothing to close. */
__attribute__((format(printf, 4, 5)))
void doctor_report(struct doctor *doctor, enum severity severity,
    const char *fix, const char *format, ...);

/* The checks; each reports on its own. */
void doctor_kernel(struct doctor *doctor);
void doctor_audit(struct doctor *doctor);
void doctor_module(struct doctor *doctor);
void doctor_sshd_stack(struct doctor *doctor);
void doctor_services(struct doctor *doctor);
void doctor_sshd(struct doctor *doctor);
void doctor_policy(struct doctor *doctor);
void doctor_daemon(struct doctor *doctor);
void doctor_agents(struct doctor *doctor);

#endif

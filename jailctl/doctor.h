/* jailctl doctor: what stands in the way of jails, or lets agents by. */
#ifndef JAILCTL_DOCTOR_H
#define JAILCTL_DOCTOR_H

#include <jansson.h>

#include "jailctl/jailctl.h"

struct account;

enum severity {
	SEVERITY_OK = 0,	/* looked at, and right */
	SEVERITY_NOTE,		/* worth knowing */
	SEVERITY_WARNING,	/* a wall less, or an unwelcome surprise */
	SEVERITY_ERROR,		/* logins fail, or agents get by */
	SEVERITY_LEVELS
};

/* What is found, by topic; the rows are in doctor_findings.c. */
enum finding {
	FINDING_OK = 0,
	FINDING_NEEDS_ROOT,

	FINDING_KERNEL_FEATURE,
	FINDING_CGROUP2_MISSING,
	FINDING_CGROUP_CONTROLLERS,
	FINDING_CGROUP_SLOW,
	FINDING_LANDLOCK_SCOPES,
	FINDING_NAMESPACE_LIMIT,

	FINDING_TIOCSTI,
	FINDING_PROTECTED_LINKS,
	FINDING_CORE_PATTERN,
	FINDING_IO_URING,
	FINDING_USER_NAMESPACES,
	FINDING_SYSLOG_MISSING,
	FINDING_SELINUX_MODULE,

	FINDING_AUDIT_UNREACHABLE,
	FINDING_AUDIT_OFF,
	FINDING_AUDITD_MISSING,
	FINDING_AUDIT_LOST,
	FINDING_AUDIT_BACKLOG_SHORT,
	FINDING_AUDIT_BACKLOG_FULL,
	FINDING_AUDIT_RATE,
	FINDING_AUDIT_LOCKED,
	FINDING_AUDIT_LOGINUID,
	FINDING_AUDIT_NO_TASKS,
	FINDING_AUDITD_WRITES_NOTHING,
	FINDING_AUDITD_SUSPENDS,
	FINDING_AUDITD_ROTATES,

	FINDING_PAM_MODULE_MISSING,
	FINDING_PAM_NO_SERVICE,
	FINDING_PAM_UNREADABLE,
	FINDING_PAM_LINE_MISSING,
	FINDING_PAM_LINE_PATH,
	FINDING_PAM_LINE_CONTROL,
	FINDING_PAM_LINE_UNGUARDED,
	FINDING_PAM_LINE_SKIPPED,
	FINDING_PAM_LINE_BEHIND,
	FINDING_PAM_ACCOUNT_MISSING,
	FINDING_PAM_CLOSED_MISSING,
	FINDING_PAM_EXEC_MISSING,
	FINDING_PAM_NO_LOGINUID,
	FINDING_PAM_CLOSE,
	FINDING_PAM_USER_ENV,

	FINDING_SSHD_MISSING,
	FINDING_SSHD_UNKNOWN,
	FINDING_SSHD_NO_PAM,
	FINDING_SSHD_ENVIRONMENT,
	FINDING_SSHD_ACCEPT_ENV,
	FINDING_SSHD_KEYS,
	FINDING_SSHD_KEYS_COMMAND,
	FINDING_SSHD_CHROOT,

	FINDING_OTHER_SSH,
	FINDING_CRON_WITHOUT_PAM,
	FINDING_CRON_JOB,
	FINDING_AT_JOB,
	FINDING_MAIL_COMMANDS,
	FINDING_SERVICE_USER,
	FINDING_SUDO_UNKNOWN,
	FINDING_SUDO_BY_AGENT,
	FINDING_SUDO_TO_AGENT,

	FINDING_POLICY_BROKEN,
	FINDING_SOCKET_MISSING,
	FINDING_SOCKET_WRONG,
	FINDING_DAEMON_SILENT,
	FINDING_DAEMON_DISABLED,
	FINDING_POLICY_NONE,
	FINDING_POLICY_STALE,

	FINDING_GROUP_MISSING,
	FINDING_GROUP_NOT_LOCAL,
	FINDING_GROUP_EMPTY,
	FINDING_AGENT_MISSING,
	FINDING_AGENT_NOT_LOCAL,
	FINDING_AGENT_ROOT,
	FINDING_AGENT_UID_SHARED,
	FINDING_AGENT_UID_RANGE,
	FINDING_AGENT_SHELL,
	FINDING_AGENT_LINGERS,
	FINDING_AGENT_SUBIDS,
	FINDING_AGENT_GROUP,
	FINDING_AGENT_USER_UNIT,
	FINDING_AGENT_HOME_MISSING,
	FINDING_AGENT_HOME_SHARED,
	FINDING_AGENT_HOME_PATH,
	FINDING_AGENT_SETUID,
	FINDINGS
};

/* Who closes a finding. */
enum closing {
	CLOSING_BY_HAND = 0,	/* the fix that the finding names */
	CLOSING_LOCKDOWN,	/* `jailctl lockdown` */
	CLOSING_WHEN_NAMED,	/* the same, when the finding is named */
};

struct finding_kind {
	const char *id;
	enum severity severity;	/* the usual one */
	enum closing closing;
	const char *means;	/* one sentence, for --list and jailctl(8) */
};

extern const struct finding_kind finding_kinds[FINDINGS];

struct doctor {
	const struct config *config;
	const char *socket;	/* NULL: the settings' control socket */
	bool root;
	struct account **agents; /* members of the group but uid 0 */
	size_t n_agents;
	const char *topic;	/* of the check that runs */
	json_t *findings;	/* as jailctl(8) describes --json */
	enum severity worst;
	size_t n_closable;	/* by lockdown, without being named */
};

/* Runs all checks: ret->findings is filled.  0 and *ret (doctor_free()), with
 * config staying the caller's; -ENOMEM. */
int doctor_run(const struct config *config, const char *socket,
    struct doctor *ret);
void doctor_free(struct doctor *doctor);

/* Adds a finding of the usual severity.  subject is the account or file that
 * it is about, "" when there is none; fix a command or line that closes it,
 * "" where there is nothing to close; the text says what is so, and what that
 * means. */
__attribute__((format(printf, 5, 6)))
void doctor_report(struct doctor *doctor, enum finding finding,
    const char *subject, const char *fix, const char *format, ...);
/* The same with another severity. */
__attribute__((format(printf, 6, 7)))
void doctor_report_as(struct doctor *doctor, enum severity severity,
    enum finding finding, const char *subject, const char *fix,
    const char *format, ...);
/* Adds that something was looked at and is right. */
__attribute__((format(printf, 2, 3)))
void doctor_fine(struct doctor *doctor, const char *format, ...);
/* Adds that the rest of a topic is for root; true when it is. */
bool doctor_needs_root(struct doctor *doctor, const char *what);

/* Writes a fix; returns text. */
#define FIX_MAX 512
__attribute__((format(printf, 2, 3)))
const char *doctor_fix(char text[FIX_MAX], const char *format, ...);

/* True when nothing but notes was found since json_array_size() was n. */
bool doctor_nothing_since(const struct doctor *doctor, size_t n);

/* Resolves the members of the group of agents, by its list and by their own
 * primary group, into doctor->agents; what is wrong with the group itself is
 * reported. */
void doctor_find_agents(struct doctor *doctor);

/* The checks; each reports on its own. */
void doctor_kernel(struct doctor *doctor);
void doctor_settings(struct doctor *doctor);
void doctor_audit(struct doctor *doctor);
void doctor_auditd(struct doctor *doctor);
void doctor_module(struct doctor *doctor);
void doctor_doors(struct doctor *doctor);
void doctor_services(struct doctor *doctor);
void doctor_sshd(struct doctor *doctor);
void doctor_daemons(struct doctor *doctor);
void doctor_jobs(struct doctor *doctor);
void doctor_mail(struct doctor *doctor);
void doctor_units(struct doctor *doctor);
void doctor_sudo(struct doctor *doctor);
void doctor_policy(struct doctor *doctor);
void doctor_daemon(struct doctor *doctor);
void doctor_agents(struct doctor *doctor);
void doctor_homes(struct doctor *doctor);

#endif

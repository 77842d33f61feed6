#include "config.h"

#include "jailctl/doctor.h"

/* An id is a promise: scripts look for it, and jailctl(8) lists it. */
const struct finding_kind finding_kinds[FINDINGS] = {
	[FINDING_OK] = { "ok", SEVERITY_OK, CLOSING_BY_HAND,
	    "Looked at, and right." },
	[FINDING_NEEDS_ROOT] = { "needs-root", SEVERITY_NOTE, CLOSING_BY_HAND,
	    "Only root may look at this; it was not looked at." },

	[FINDING_KERNEL_FEATURE] = { "kernel-feature", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "The kernel lacks what every jail needs." },
	[FINDING_CGROUP2_MISSING] = { "cgroup2-missing", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Without cgroup v2 no session can be ended." },
	[FINDING_CGROUP_CONTROLLERS] = { "cgroup-controllers", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "A policy with limits refuses logins here." },
	[FINDING_CGROUP_SLOW] = { "cgroup-slow", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Logins are faster with favordynmods." },
	[FINDING_LANDLOCK_SCOPES] = { "landlock-scopes", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Jails with the host's network reach its "
	    "abstract sockets." },
	[FINDING_NAMESPACE_LIMIT] = { "namespace-limit", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "The host allows too few namespaces." },

	[FINDING_TIOCSTI] = { "tiocsti", SEVERITY_NOTE, CLOSING_LOCKDOWN,
	    "A program may type into a terminal that it shares." },
	[FINDING_PROTECTED_LINKS] = { "protected-links", SEVERITY_NOTE,
	    CLOSING_LOCKDOWN, "Links in shared directories deceive "
	    "programs of root." },
	[FINDING_CORE_PATTERN] = { "core-pattern", SEVERITY_NOTE,
	    CLOSING_WHEN_NAMED, "A crash in a jail starts a program of root "
	    "outside of it." },
	[FINDING_IO_URING] = { "io-uring", SEVERITY_NOTE, CLOSING_WHEN_NAMED,
	    "io_uring does what no system call filter sees." },
	[FINDING_USER_NAMESPACES] = { "user-namespaces", SEVERITY_NOTE,
	    CLOSING_WHEN_NAMED, "Every account has the kernel's "
	    "administrative interfaces before it." },
	[FINDING_SYSLOG_MISSING] = { "syslog-missing", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "The full reason of a refusal goes nowhere." },
	[FINDING_SELINUX_MODULE] = { "selinux-module", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "SELinux refuses the logins of agents." },

	[FINDING_AUDIT_UNREACHABLE] = { "audit-unreachable", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "The kernel's audit trail does not answer." },
	[FINDING_AUDIT_OFF] = { "audit-off", SEVERITY_ERROR, CLOSING_BY_HAND,
	    "The kernel records nothing." },
	[FINDING_AUDITD_MISSING] = { "auditd-missing", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Nobody writes down what the kernel "
	    "records." },
	[FINDING_AUDIT_LOST] = { "audit-lost", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Records were lost." },
	[FINDING_AUDIT_BACKLOG_SHORT] = { "audit-backlog-short",
	    SEVERITY_NOTE, CLOSING_LOCKDOWN, "A busy agent can push records "
	    "out." },
	[FINDING_AUDIT_BACKLOG_FULL] = { "audit-backlog-full",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "auditd does not keep up." },
	[FINDING_AUDIT_RATE] = { "audit-rate", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Records beyond a rate are thrown away." },
	[FINDING_AUDIT_LOCKED] = { "audit-locked", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Audit rules cannot change before the next "
	    "start of the machine." },
	[FINDING_AUDIT_LOGINUID] = { "audit-loginuid", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Root can change whose session a process "
	    "counts to." },
	[FINDING_AUDIT_NO_TASKS] = { "audit-no-tasks", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "What agents run is not on record." },
	[FINDING_AUDITD_WRITES_NOTHING] = { "auditd-writes-nothing",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "auditd keeps no log." },
	[FINDING_AUDITD_SUSPENDS] = { "auditd-suspends", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "On a full disk logins go on without a "
	    "trail." },
	[FINDING_AUDITD_ROTATES] = { "auditd-rotates", SEVERITY_NOTE,
	    CLOSING_WHEN_NAMED, "A busy agent can push old records out of "
	    "the log." },

	[FINDING_PAM_MODULE_MISSING] = { "pam-module-missing",
	    SEVERITY_ERROR, CLOSING_BY_HAND, "Agents are refused "
	    "everywhere." },
	[FINDING_PAM_NO_SERVICE] = { "pam-no-service", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "The stack of `other` serves sshd." },
	[FINDING_PAM_UNREADABLE] = { "pam-unreadable", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "A PAM stack cannot be read." },
	[FINDING_PAM_LINE_MISSING] = { "pam-line-missing", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "A door lets agents in without a jail." },
	[FINDING_PAM_LINE_PATH] = { "pam-line-path", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Our line names a module that is not there." },
	[FINDING_PAM_LINE_CONTROL] = { "pam-line-control", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Our line may fail and let agents in." },
	[FINDING_PAM_LINE_UNGUARDED] = { "pam-line-unguarded",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "A missing module would lock "
	    "everybody out." },
	[FINDING_PAM_LINE_SKIPPED] = { "pam-line-skipped", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "A line in front can go past ours." },
	[FINDING_PAM_LINE_BEHIND] = { "pam-line-behind", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "A module behind our line works inside the "
	    "jail." },
	[FINDING_PAM_ACCOUNT_MISSING] = { "pam-account-missing",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "Services that are no doors "
	    "do not refuse agents." },
	[FINDING_PAM_CLOSED_MISSING] = { "pam-closed-missing",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "A service that is no door "
	    "runs things as an agent outside of its jail." },
	[FINDING_PAM_EXEC_MISSING] = { "pam-exec-missing", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "jailctl exec runs nothing." },
	[FINDING_PAM_NO_LOGINUID] = { "pam-no-loginuid", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Records of the session do not carry the "
	    "agent's login uid." },
	[FINDING_PAM_CLOSE] = { "pam-close", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A module has to do at the session's end what "
	    "it cannot do from inside the jail." },
	[FINDING_PAM_USER_ENV] = { "pam-user-env", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A module in front of the entry reads "
	    "~/.pam_environment." },

	[FINDING_SSHD_MISSING] = { "sshd-missing", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "There is no sshd to look at." },
	[FINDING_SSHD_UNKNOWN] = { "sshd-unknown", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "sshd does not tell its settings." },
	[FINDING_SSHD_NO_PAM] = { "sshd-no-pam", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Agents log in over ssh without a jail." },
	[FINDING_SSHD_ENVIRONMENT] = { "sshd-environment", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Agents choose the environment of their own "
	    "sessions." },
	[FINDING_SSHD_ACCEPT_ENV] = { "sshd-accept-env", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A client chooses variables that decide what "
	    "runs." },
	[FINDING_SSHD_KEYS] = { "sshd-keys", SEVERITY_WARNING,
	    CLOSING_LOCKDOWN, "An agent can let others in, and keep its way "
	    "in when its key is taken away." },
	[FINDING_SSHD_KEYS_COMMAND] = { "sshd-keys-command", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "sshd runs a program as an agent outside of "
	    "its jail." },
	[FINDING_SSHD_CHROOT] = { "sshd-chroot", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "sshd looks for the directory inside the "
	    "jail." },

	[FINDING_OTHER_SSH] = { "other-ssh", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A daemon lets agents in without asking PAM." },
	[FINDING_CRON_WITHOUT_PAM] = { "cron-without-pam", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Jobs of agents run outside of their jails." },
	[FINDING_CRON_JOB] = { "cron-job", SEVERITY_NOTE, CLOSING_BY_HAND,
	    "An agent has a job of cron's." },
	[FINDING_AT_JOB] = { "at-job", SEVERITY_WARNING, CLOSING_BY_HAND,
	    "An agent has a job of at's, which is no door." },
	[FINDING_MAIL_COMMANDS] = { "mail-commands", SEVERITY_WARNING,
	    CLOSING_LOCKDOWN, "Mail to an agent runs what the agent "
	    "wrote, outside of its jail." },
	[FINDING_SERVICE_USER] = { "service-user", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "A service runs as an agent outside of its "
	    "jail." },
	[FINDING_SUDO_UNKNOWN] = { "sudo-unknown", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "The rules of sudo were not looked at." },
	[FINDING_SUDO_BY_AGENT] = { "sudo-by-agent", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A rule lets an agent run things as somebody "
	    "else." },
	[FINDING_SUDO_TO_AGENT] = { "sudo-to-agent", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "A rule lets somebody become an agent." },

	[FINDING_POLICY_BROKEN] = { "policy-broken", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "The policy cannot be put into force." },
	[FINDING_SOCKET_MISSING] = { "socket-missing", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Every agent's login is refused." },
	[FINDING_SOCKET_WRONG] = { "socket-wrong", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Something else stands where jaild's socket "
	    "belongs." },
	[FINDING_DAEMON_SILENT] = { "daemon-silent", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "jaild does not answer." },
	[FINDING_DAEMON_DISABLED] = { "daemon-disabled", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "After the next start of the machine agents "
	    "are refused." },
	[FINDING_POLICY_NONE] = { "policy-none", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "No policy is in force." },
	[FINDING_POLICY_STALE] = { "policy-stale", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "The policy in force is not the file's." },

	[FINDING_GROUP_MISSING] = { "group-missing", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "Nobody is jailed." },
	[FINDING_GROUP_NOT_LOCAL] = { "group-not-local", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "When the directory is away, agents are not "
	    "known as agents." },
	[FINDING_GROUP_EMPTY] = { "group-empty", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "Nobody is jailed." },
	[FINDING_AGENT_MISSING] = { "agent-missing", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "A member of the group has no account." },
	[FINDING_AGENT_NOT_LOCAL] = { "agent-not-local", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "When the directory is away, logins fail." },
	[FINDING_AGENT_ROOT] = { "agent-root", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "An account with uid 0 is never jailed." },
	[FINDING_AGENT_UID_SHARED] = { "agent-uid-shared", SEVERITY_ERROR,
	    CLOSING_BY_HAND, "The same uid comes in by another name without "
	    "a jail." },
	[FINDING_AGENT_UID_RANGE] = { "agent-uid-range", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "The uid is also given to others." },
	[FINDING_AGENT_SHELL] = { "agent-shell", SEVERITY_WARNING,
	    CLOSING_LOCKDOWN, "Outside of a jail the account would run." },
	[FINDING_AGENT_LINGERS] = { "agent-lingers", SEVERITY_ERROR,
	    CLOSING_LOCKDOWN, "The account's services run outside of its "
	    "jail, so its logins are refused." },
	[FINDING_AGENT_SUBIDS] = { "agent-subids", SEVERITY_WARNING,
	    CLOSING_LOCKDOWN, "The account can make user namespaces with "
	    "more uids than its own." },
	[FINDING_AGENT_GROUP] = { "agent-group", SEVERITY_WARNING,
	    CLOSING_WHEN_NAMED, "The account is in a group that is as good as "
	    "root." },
	[FINDING_AGENT_USER_UNIT] = { "agent-user-unit", SEVERITY_WARNING,
	    CLOSING_LOCKDOWN, "logind starts the account's user manager "
	    "outside of its jail." },
	[FINDING_AGENT_HOME_MISSING] = { "agent-home-missing", SEVERITY_NOTE,
	    CLOSING_BY_HAND, "A jail that shows the home refuses the "
	    "login." },
	[FINDING_AGENT_HOME_SHARED] = { "agent-home-shared",
	    SEVERITY_WARNING, CLOSING_BY_HAND, "The home is somebody "
	    "else's." },
	[FINDING_AGENT_HOME_PATH] = { "agent-home-path", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Somebody can exchange the home." },
	[FINDING_AGENT_SETUID] = { "agent-setuid", SEVERITY_WARNING,
	    CLOSING_BY_HAND, "Who runs it becomes the agent outside of its "
	    "jail." },
};

/* jaild's own records in the kernel's audit trail. */
#ifndef JAILD_AUDIT_H
#define JAILD_AUDIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the records of one jail have in common. */
struct audit_jail {
	const char *account, *vm, *uuid, *tier, *policy_sha256;
};

/* The state of auditing that audit_required asks for. */
struct audit_state {
	uint32_t enabled;	/* 0: off */
	uint32_t daemon_pid;	/* 0: none registered */
	uint32_t lost;		/* records the kernel dropped so far */
	uint32_t backlog, backlog_limit; /* records that wait for auditd */
	uint32_t rate_limit;	/* records a second; 0: no limit */
};

/* Asks the kernel; blocks at most a second.  0 or -errno. */
int audit_state_get(struct audit_state *ret);

/* VIRT_CONTROL op=start|stop; reason is one word.  All of these are best
 * effort: 0 or -errno. */
int audit_jail_control(const struct audit_jail *jail, const char *op,
    const char *reason, pid_t init_pid, bool success);
/* VIRT_MACHINE_ID with the namespaces of init_pid. */
int audit_jail_identity(const struct audit_jail *jail, pid_t init_pid);
/* VIRT_RESOURCE: resource is net, mount, cgroup or seccomp. */
int audit_jail_resource(const struct audit_jail *jail, const char *resource,
    const char *what);
/* TRUSTED_APP op=jail-leave. */
int audit_session_leave(const struct audit_jail *jail, const char *service,
    const char *session, const char *reason);
/* A process that an agent has outside of its jail; path is "" where it is
 * not known. */
struct audit_outside {
	const char *account, *comm, *path;
	pid_t pid;
	uid_t uid;
	uint32_t login_uid, session;
};

/* ANOM_EXEC op=jail-outside, and RESP_KILL_PROC op=jail-outside-end with
 * whether that worked. */
int audit_outside_found(const struct audit_outside *outside);
int audit_outside_ended(const struct audit_outside *outside, bool success);
/* USYS_CONFIG op=policy-load; sha256s are "" where there is none. */
int audit_policy_load(const char *sha256, const char *old, bool success);

#endif

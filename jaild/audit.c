#include "config.h"

#include <errno.h>
#include <libaudit.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/audit.h"

#define TEXT_MAX 4096

/* A value of hexadecimal digits alone is taken by auparse(3) for an encoded
 * string, so digests and numbers have their kind in front. */

static int
audit_socket(void)
{
	int fd = audit_open();

	return fd < 0 ? -errno : fd;
}

static int
send_record(int type, const char *text, bool success)
{
	_cleanup_fd_ int fd = audit_socket();

	if (fd < 0)
		return fd;
	/* Without host, address and terminal: there is none, and libaudit
	 * would look a name up. */
	return audit_log_user_message(fd, type, text, NULL, NULL, NULL,
	    success) <= 0 ? -EIO : 0;
}

/* name=value encoded as auparse(3) decodes it; "" without memory. */
static const char *
encoded(const char *name, const char *value, char **ret)
{
	free(*ret);
	*ret = audit_encode_nv_string(name, value, 0);
	return *ret == NULL ? "" : *ret;
}

int
audit_jail_control(const struct audit_jail *jail, const char *op,
    const char *reason, pid_t init_pid, bool success)
{
	_cleanup_free_ char *vm = NULL;
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "virt=jaild op=%s reason=%s %s uuid=%s "
	    "vm-pid=%d tier=%s policy-sha256=sha256:%s", op, reason,
	    encoded("vm", jail->vm, &vm), jail->uuid, (int)init_pid,
	    jail->tier, jail->policy_sha256);
	return send_record(AUDIT_VIRT_CONTROL, text, success);
}

int
audit_jail_identity(const struct audit_jail *jail, pid_t init_pid)
{
	static const char *const names[] = { "mnt", "pid", "ipc", "net",
		"uts", "cgroup" };
	_cleanup_free_ char *vm = NULL;
	char text[TEXT_MAX], namespaces[512] = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		char path[64], says[64];
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)init_pid,
		    names[i]);
		length = readlink(path, says, sizeof(says) - 1);
		if (length < 0)
			continue;
		says[length] = '\0';
		n += (size_t)snprintf(namespaces + n, sizeof(namespaces) - n,
		    "%s%s", n > 0 ? "," : "", says);
	}
	snprintf(text, sizeof(text), "virt=jaild %s uuid=%s ns=%s",
	    encoded("vm", jail->vm, &vm), jail->uuid, namespaces);
	return send_record(AUDIT_VIRT_MACHINE_ID, text, true);
}

/* Names of values that auparse(3) decodes, and auvirt(8) where it has some;
 * what is not here is one word in any case. */
static const struct {
	const char *resource, *old, *new;
} resource_fields[] = {
	{ "cgroup", "old-cgroup", "cgroup" },
	{ "mount", "old-fs", "new-fs" },
	{ "net", "old-net", "new-net" },
};

int
audit_jail_resource(const struct audit_jail *jail, const char *resource,
    const char *what)
{
	_cleanup_free_ char *vm = NULL, *value = NULL;
	char text[TEXT_MAX], old[32], new[32];

	snprintf(old, sizeof(old), "old-%s", resource);
	snprintf(new, sizeof(new), "new-%s", resource);
	for (size_t i = 0; i < ARRAY_LENGTH(resource_fields); i++) {
		if (strcmp(resource_fields[i].resource, resource) != 0)
			continue;
		snprintf(old, sizeof(old), "%s", resource_fields[i].old);
		snprintf(new, sizeof(new), "%s", resource_fields[i].new);
	}
	snprintf(text, sizeof(text), "virt=jaild resrc=%s reason=start %s "
	    "uuid=%s %s=? %s", resource, encoded("vm", jail->vm, &vm),
	    jail->uuid, old, encoded(new, what, &value));
	return send_record(AUDIT_VIRT_RESOURCE, text, true);
}

int
audit_session_leave(const struct audit_jail *jail, const char *service,
    const char *session, const char *reason)
{
	_cleanup_free_ char *vm = NULL, *acct = NULL;
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "op=jail-leave %s %s uuid=%s tier=%s "
	    "service=%s jail-session=session-%s reason=%s "
	    "policy-sha256=sha256:%s",
	    encoded("acct", jail->account, &acct),
	    encoded("vm", jail->vm, &vm), jail->uuid, jail->tier, service,
	    session, reason, jail->policy_sha256);
	return send_record(AUDIT_TRUSTED_APP, text, true);
}

/* The process is the object here, and has a kernel record's names for one:
 * the head's own are jaild's. */
static int
send_outside(int type, const char *op, const struct audit_outside *outside,
    bool success)
{
	_cleanup_free_ char *acct = NULL, *comm = NULL, *path = NULL;
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "op=%s %s opid=%d oauid=%u ouid=%u "
	    "oses=%u %s %s", op, encoded("acct", outside->account, &acct),
	    (int)outside->pid, outside->login_uid, outside->uid,
	    outside->session, encoded("ocomm", outside->comm, &comm),
	    encoded("path", outside->path[0] != '\0' ? outside->path : "?",
	    &path));
	return send_record(type, text, success);
}

int
audit_outside_found(const struct audit_outside *outside)
{
	return send_outside(AUDIT_ANOM_EXEC, "jail-outside", outside, true);
}

int
audit_outside_ended(const struct audit_outside *outside, bool success)
{
	return send_outside(AUDIT_RESP_KILL_PROC, "jail-outside-end", outside,
	    success);
}

int
audit_policy_load(const char *sha256, const char *old, bool success)
{
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "op=policy-load policy-sha256=%s%s "
	    "old=%s%s", *sha256 != '\0' ? "sha256:" : "?", sha256,
	    *old != '\0' ? "sha256:" : "?", old);
	return send_record(AUDIT_USYS_CONFIG, text, success);
}

int
audit_state_get(struct audit_state *ret)
{
	_cleanup_fd_ int fd = audit_socket();
	struct audit_reply reply;

	if (fd < 0)
		return fd;
	if (audit_request_status(fd) < 0)
		return -EIO;
	for (int tries = 0; tries < 16; tries++) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };

		if (poll(&pollfd, 1, 1000) <= 0)
			return -ETIMEDOUT;
		if (audit_get_reply(fd, &reply, GET_REPLY_NONBLOCKING, 0) <= 0)
			continue;
		if (reply.type != AUDIT_GET)
			continue;
		*ret = (struct audit_state){
			.enabled = reply.status->enabled,
			.daemon_pid = reply.status->pid,
			.lost = reply.status->lost,
			.backlog = reply.status->backlog,
			.backlog_limit = reply.status->backlog_limit,
			.rate_limit = reply.status->rate_limit };
		return 0;
	}
	return -EIO;
}

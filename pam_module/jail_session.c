#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/login_uid.h"
#include "common/packet.h"
#include "common/service.h"
#include "pam_module/jail_audit.h"
#include "pam_module/jail_enter.h"
#include "pam_module/jail_session.h"

/* What the person at the client is told when the cause is ours. */
#define PUBLIC_UNAVAILABLE "no jail is available now; ask the administrator"

#define LEAVE_TIMEOUT_MS 1000

/* One attempt; released by session_close() on every way out. */
struct session {
	const struct login_request *request;
	uid_t uid;		/* the account's */
	struct jaild_login *login;
	struct jail_entry entry;
	int audit_fd;
	int audit_error;	/* of opening it: -errno */
	char record[JAIL_AUDIT_TEXT_MAX];
	char *leave_record;	/* the caller's */
};

static void
session_close(struct session *session)
{
	close_fd(&session->audit_fd);
	jail_entry_close(&session->entry);
	jaild_login_free(session->login);
	session->login = NULL;
}

static void
record_refusal(int audit_fd, const struct login_request *request,
    const char *reason, uint64_t deadline_ms)
{
	struct audit_origin origin = { .tty = request->tty,
		.rhost = request->rhost };
	char text[JAIL_AUDIT_TEXT_MAX];

	if (audit_fd >= 0 && jail_audit_text_refuse(request->user,
	    request->service, reason, &origin, text) == 0)
		jail_audit_send(audit_fd, text, deadline_ms);
}

void
jail_session_record_refusal(const struct login_request *request,
    const char *full_reason, uint32_t timeout_ms)
{
	_cleanup_fd_ int fd = jail_audit_open();

	record_refusal(fd, request, full_reason, deadline_after(timeout_ms));
}

/* Fills the refusal and records it.  Returns error. */
static int
refuse(const struct session *session, struct session_refusal *refusal,
    const char *public_reason, const char *what, int error)
{
	snprintf(refusal->public_reason, sizeof(refusal->public_reason),
	    "%s", public_reason);
	if (what == NULL)
		what = session->login->refusal.full_reason;
	if (error == -EACCES)
		snprintf(refusal->full_reason, sizeof(refusal->full_reason),
		    "%s", what);
	else
		snprintf(refusal->full_reason, sizeof(refusal->full_reason),
		    "%s: %s", what, strerrordesc_np(-error) != NULL ?
		    strerrordesc_np(-error) : "unknown error");
	record_refusal(session->audit_fd, session->request,
	    refusal->full_reason, deadline_after(1000));
	return error;
}

/* Past the point of no return there is no way back to the login program. */
static _Noreturn void
give_up(struct session *session, const char *step, int error)
{
	jaild_login_failed(session->login, step, -error);
	enter_die();
}

static int
ask(struct session *session, const char *socket_path, uint32_t timeout_ms,
    struct session_refusal *ret_refusal)
{
	int r = host_check();

	if (r < 0)
		return refuse(session, ret_refusal, PUBLIC_UNAVAILABLE,
		    "the login program is not root in the host's user and "
		    "PID namespaces", r);
	r = jaild_login_ask(session->login, socket_path, session->request,
	    timeout_ms);
	if (r < 0)
		return refuse(session, ret_refusal, PUBLIC_UNAVAILABLE,
		    "jaild gave no valid answer (is it running? see "
		    "jaild(8))", r);
	if (session->login->answer != MESSAGE_GRANT)
		return refuse(session, ret_refusal,
		    session->login->refusal.public_reason, NULL, -EACCES);
	return 0;
}

/* su and exec keep the login uid of whoever calls, who may have none. */
static bool
has_login_uid_of_its_own(const char *service)
{
	switch (service_class_of(service)) {
	case SERVICE_SSHD:
	case SERVICE_LOGIN:
	case SERVICE_CRON:
		return true;
	default:
		return false;
	}
}

/* Inside there is no /proc/self for this process: a pam_loginuid behind us
 * would do nothing, and nobody could say whose the session was. */
static int
check_login_uid(void)
{
	static const char unset[] = "4294967295";
	_cleanup_fd_ int fd = open("/proc/self/loginuid",
	    O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read(fd, text, sizeof(text));
	if (length < 0)
		return -errno;
	if (length >= (ssize_t)sizeof(unset) - 1 &&
	    memcmp(text, unset, sizeof(unset) - 1) == 0)
		return -ENODATA;
	return 0;
}

/* Who has no login uid may take any, once and without a privilege: an agent
 * would choose whose its records seem to be.  A kernel without audit has none
 * to take. */
static int
settle_login_uid(uid_t uid)
{
	int r = check_login_uid();

	if (r == -ENODATA)
		r = login_uid_take(uid);
	return r == -ENOENT ? 0 : r;
}

static int
check_audit(const struct session *session, struct enter_error *ret_error)
{
	int r;

	if (!(session->login->grant.flags & GRANT_FLAG_AUDIT_REQUIRED))
		return 0;
	if (session->audit_fd < 0) {
		*ret_error = (struct enter_error){ "audit-open",
			session->audit_error };
		return session->audit_error;
	}
	if (!has_login_uid_of_its_own(session->request->service))
		return 0;
	r = check_login_uid();
	if (r < 0)
		*ret_error = (struct enter_error){ "login-uid", r };
	return r;
}

/* Everything up to the first irreversible step. */
static int
prepare(struct session *session, struct enter_error *ret_error)
{
	struct audit_origin origin = { .tty = session->request->tty,
		.rhost = session->request->rhost };
	const struct grant *grant = &session->login->grant;
	int r;

	r = check_audit(session, ret_error);
	if (r < 0)
		return r;
	r = jail_audit_text_enter(grant, session->request->service, &origin,
	    session->record);
	if (r == 0)
		r = jail_audit_text_leave(grant, session->request->service,
		    &origin, session->leave_record);
	if (r < 0) {
		*ret_error = (struct enter_error){ "audit-text", r };
		return r;
	}
	r = nss_freeze();
	if (r < 0) {
		*ret_error = (struct enter_error){ "nss-freeze", r };
		return r;
	}
	r = jail_entry_prepare(grant, session->login->fds, &session->entry,
	    ret_error);
	if (r < 0)
		return r;
	r = settle_login_uid(session->uid);
	if (r < 0)
		*ret_error = (struct enter_error){ "login-uid", r };
	return r;
}

/* From inside: no descriptor of the jail is kept, the record is sent, jaild
 * makes the session live. */
static void
settle(struct session *session)
{
	struct jaild_login *login = session->login;
	int r = -EBADF;

	for (size_t i = 0; i < GRANT_FD_COUNT; i++)
		close_fd(&login->fds[i]);
	jail_entry_close(&session->entry);
	if (session->audit_fd >= 0)
		r = jail_audit_send(session->audit_fd, session->record,
		    login->deadline_ms);
	if (r < 0 && login->grant.flags & GRANT_FLAG_AUDIT_REQUIRED)
		give_up(session, "audit", r);
	close_fd(&session->audit_fd);
	r = jaild_login_entered(login);
	if (r < 0)
		give_up(session, "confirm", r);
}

static int
enter(struct session *session, struct session_refusal *ret_refusal)
{
	struct enter_error error = { 0 };
	bool point_of_no_return = false;
	char what[128];
	int r;

	r = prepare(session, &error);
	if (r == 0)
		r = jail_enter(&session->entry, &point_of_no_return, &error);
	if (r == 0) {
		settle(session);
		return 0;
	}
	if (point_of_no_return)
		give_up(session, error.step, error.error);
	jaild_login_failed(session->login, error.step, -error.error);
	snprintf(what, sizeof(what), "entering the jail failed at step %s",
	    error.step);
	return refuse(session, ret_refusal, PUBLIC_UNAVAILABLE, what,
	    r == -EACCES ? -EPERM : r);
}

int
jail_session_open(const char *socket_path,
    const struct login_request *request, uid_t uid, uint32_t timeout_ms,
    struct jaild_login **ret, char leave_record[JAIL_AUDIT_TEXT_MAX],
    struct session_refusal *ret_refusal)
{
	_cleanup_(session_close) struct session session = {
		.request = request, .uid = uid, .leave_record = leave_record,
		.entry = { .init_fd = -1, .ruleset_fd = -1 },
	};
	int r;

	session.audit_fd = jail_audit_open();
	if (session.audit_fd < 0)
		session.audit_error = session.audit_fd;
	session.login = jaild_login_new();
	if (session.login == NULL)
		return refuse(&session, ret_refusal, PUBLIC_UNAVAILABLE,
		    "no memory for a login", -ENOMEM);
	r = ask(&session, socket_path, timeout_ms, ret_refusal);
	if (r == 0)
		r = enter(&session, ret_refusal);
	if (r == 0)
		*ret = steal_ptr(session.login);
	return r;
}

void
jail_session_leave(int fd, const char *leave_record)
{
	_cleanup_fd_ int audit_fd = jail_audit_open();

	if (audit_fd >= 0)
		jail_audit_send(audit_fd, leave_record,
		    deadline_after(LEAVE_TIMEOUT_MS));
	jaild_leave(fd);
}

#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/login_uid.h"
#include "common/packet.h"
#include "jaild/audit.h"
#include "jaild/cgroup.h"
#include "jaild/close.h"
#include "jaild/confine.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/process.h"

/* One end being made.  Sessions and jails are named, not pointed to: the
 * jail may end before its session's end is through. */
struct closer {
	struct closer *next;
	struct daemon *daemon;
	pid_t pid;
	char uuid[PROTOCOL_UUID_MAX];
	uint64_t session_id;		/* 0: the whole jail */
	char reason[32];
	void (*run)(const struct closer *closer, struct live_jail *jail);
	void (*done)(struct live_jail *jail, const struct closer *closer);
};

static struct live_jail *
find_jail(const struct closer *closer)
{
	for (struct live_jail *at = closer->daemon->jails; at != NULL;
	    at = at->next)
		if (strcmp(at->facts.uuid, closer->uuid) == 0)
			return at;
	return NULL;
}

static struct session *
find_session(struct live_jail *jail, uint64_t id)
{
	for (struct session *at = jail->sessions; at != NULL; at = at->next)
		if (at->facts.id == id)
			return at;
	return NULL;
}

static struct audit_jail
audit_of(const struct live_jail *jail)
{
	return (struct audit_jail){ .account = jail->key.account,
		.vm = jail->vm, .uuid = jail->facts.uuid,
		.tier = jail->key.tier,
		.policy_sha256 = jail->key.policy_sha256 };
}

static uint64_t
deadline_of(const struct closer *closer)
{
	return deadline_after(closer->daemon->config->close_timeout_ms);
}

/* What is marked as closing and not as ending is found by
 * closers_retry(). */
static void
set_ending(const struct closer *closer, struct live_jail *jail, bool ending)
{
	struct session *session = find_session(jail, closer->session_id);

	if (closer->session_id == 0)
		jail->ending = ending;
	else if (session != NULL)
		session->ending = ending;
	if (!ending)
		retry_later(closer->daemon);
}

static void
closer_free(struct closer *closer)
{
	for (struct closer **at = &closer->daemon->closers; *at != NULL;
	    at = &(*at)->next)
		if (*at == closer) {
			*at = closer->next;
			break;
		}
	free(closer);
}

bool
is_closer(const struct daemon *daemon, pid_t pid)
{
	for (const struct closer *at = daemon->closers; at != NULL;
	    at = at->next)
		if (at->pid == pid)
			return true;
	return false;
}

static int
on_closed(sd_event_source *source, const siginfo_t *info, void *object)
{
	struct closer *closer = object;
	struct live_jail *jail = find_jail(closer);

	sd_event_source_disable_unref(source);
	if (jail != NULL && (info->si_code != CLD_EXITED ||
	    info->si_status != 0)) {
		log_error("ending %s%s did not come to its end in %u ms; "
		    "trying again", closer->session_id != 0 ?
		    "a session of jail " : "jail ", jail->vm,
		    closer->daemon->config->close_timeout_ms);
		set_ending(closer, jail, false);
	} else if (jail != NULL) {
		closer->done(jail, closer);
	}
	closer_free(closer);
	return 0;
}

static void
start(const struct closer *closer, struct live_jail *jail)
{
	struct closer *copy = malloc(sizeof(*copy));
	sd_event_source *source;
	pid_t pid;
	int r;

	if (copy == NULL) {
		set_ending(closer, jail, false);
		return;
	}
	set_ending(closer, jail, true);
	*copy = *closer;
	pid = fork();
	if (pid == 0) {
		const struct session *session = find_session(jail,
		    closer->session_id);
		int a = jail->init_pidfd;
		int b = session == NULL ? -1 : session->pidfd;
		int keep[] = { a < b ? a : b, a < b ? b : a };

		process_after_fork(keep, 2);
		log_open(closer->daemon->foreground,
		    closer->daemon->config->log_level);
		if (confine(PART_CLOSER) < 0)
			_exit(1);
		closer->run(closer, jail);
		_exit(1);
	}
	copy->pid = pid;
	r = pid < 0 ? -errno : sd_event_add_child(closer->daemon->event,
	    &source, pid, WEXITED, on_closed, copy);
	if (r < 0) {
		log_error("no process to end jail %s: %s", jail->vm,
		    strerrordesc_np(-r));
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
		free(copy);
		set_ending(closer, jail, false);
		return;
	}
	copy->next = closer->daemon->closers;
	closer->daemon->closers = copy;
}

static void
send_leave(const struct closer *closer, const struct live_jail *jail,
    const struct session *session)
{
	struct audit_jail audit = audit_of(jail);
	char id[32];

	snprintf(id, sizeof(id), "%llu",
	    (unsigned long long)session->facts.id);
	audit_session_leave(&audit, session->facts.service, id,
	    closer->reason);
}

/* A record's auid is its sender's, and a process can take one only once. So
 * each session that cannot speak for itself any more gets a process that
 * takes its auid; the kernel gives that a ses of its own. */
static void
record_leave(const struct closer *closer, const struct live_jail *jail,
    const struct session *session)
{
	pid_t pid = fork();

	if (pid > 0) {
		waitpid(pid, NULL, 0);
		return;
	}
	if (pid == 0)
		login_uid_take(session->facts.auid);
	send_leave(closer, jail, session);
	if (pid == 0)
		_exit(0);
}

/* The login program itself may have work left on the host (the record of the
 * logout, its exit status), so it leaves the leaf before that ends. */
static void
let_go(const struct closer *closer, const struct session *session)
{
	int r = cgroup_let_go(closer->daemon->cgroup_base,
	    session->facts.origin_path, session->facts.pid);

	if (r < 0 && r != -ESRCH)
		log_warning("session %llu: process %d cannot leave the "
		    "session's cgroup and ends with it: %s",
		    (unsigned long long)session->facts.id,
		    (int)session->facts.pid, strerrordesc_np(-r));
}

static void
run_session(const struct closer *closer, struct live_jail *jail)
{
	struct session *session = find_session(jail, closer->session_id);
	int r;

	if (session == NULL)
		_exit(0);
	if (session->left && !process_ended(session->pidfd))
		let_go(closer, session);
	r = cgroup_end(session->facts.leaf_path, deadline_of(closer));
	if (r < 0)
		_exit(1);
	/* A session that closed has said so itself, with its own auid and
	 * ses. */
	if (!session->left)
		record_leave(closer, jail, session);
	_exit(0);
}

static void
done_session(struct live_jail *jail, const struct closer *closer)
{
	struct session *session = find_session(jail, closer->session_id);

	if (session != NULL) {
		log_note("session %llu of jail %s ended: %s",
		    (unsigned long long)session->facts.id, jail->vm,
		    closer->reason);
		session_forget(session);
	}
	if (jail->state == JAIL_LIVE)
		state_save(jail);
	jail_check(jail);
}

static void
end_session(struct session *session)
{
	struct closer closer = { .daemon = session->jail->daemon,
		.session_id = session->facts.id, .run = run_session,
		.done = done_session };

	snprintf(closer.uuid, sizeof(closer.uuid), "%s",
	    session->jail->facts.uuid);
	snprintf(closer.reason, sizeof(closer.reason), "%s",
	    session->close_reason);
	start(&closer, session->jail);
}

void
close_session(struct session *session, const char *reason)
{
	if (session->closing || session->jail->state != JAIL_LIVE)
		return;
	session->closing = true;
	session->close_reason = reason;
	end_session(session);
}

static void
run_leaf(const struct closer *closer, struct live_jail *jail)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/session-%llu",
	    jail->facts.cgroup_path, (unsigned long long)closer->session_id) >=
	    PATH_MAX)
		_exit(0);
	_exit(cgroup_end(path, deadline_of(closer)) < 0);
}

static void
done_leaf(struct live_jail *jail, const struct closer *closer)
{
	(void)closer;
	jail_check(jail);
}

void
close_leaf(struct live_jail *jail, uint64_t session_id)
{
	struct closer closer = { .daemon = jail->daemon,
		.session_id = session_id, .run = run_leaf,
		.done = done_leaf };

	snprintf(closer.uuid, sizeof(closer.uuid), "%s", jail->facts.uuid);
	start(&closer, jail);
}

static void
run_jail(const struct closer *closer, struct live_jail *jail)
{
	struct audit_jail audit = audit_of(jail);
	int r = jail_demolish(jail->facts.cgroup_path, jail->init_pidfd,
	    jail->daemon->config->state_dir, jail->facts.uuid,
	    deadline_of(closer));

	/* As long as its cgroup is there, it may hold a process. */
	if (r < 0)
		log_error("ending jail %s: %s", jail->vm,
		    strerrordesc_np(-r));
	if (r < 0 && access(jail->facts.cgroup_path, F_OK) == 0)
		_exit(1);
	for (struct session *at = jail->sessions; at != NULL; at = at->next)
		record_leave(closer, jail, at);
	audit_jail_control(&audit, "stop", closer->reason,
	    jail->facts.init_pid, true);
	_exit(0);
}

static void
done_jail(struct live_jail *jail, const struct closer *closer)
{
	struct daemon *daemon = jail->daemon;

	log_note("jail %s, uuid %s ended: %s", jail->vm, jail->facts.uuid,
	    closer->reason);
	/* As its reaper, where a worker of ours had started it. */
	if (jail->facts.init_pid > 0)
		waitpid(jail->facts.init_pid, NULL, WNOHANG);
	jail_forget(jail);
	workers_retry(daemon);
	retry_later(daemon);
}

static void
end_jail(struct live_jail *jail)
{
	struct closer closer = { .daemon = jail->daemon, .run = run_jail,
		.done = done_jail };

	snprintf(closer.uuid, sizeof(closer.uuid), "%s", jail->facts.uuid);
	snprintf(closer.reason, sizeof(closer.reason), "%s",
	    jail->close_reason);
	start(&closer, jail);
}

void
close_jail(struct live_jail *jail, const char *reason)
{
	jail->close_reason = reason;
	end_jail(jail);
}

static void
retry_jail(struct live_jail *jail)
{
	if (jail->state == JAIL_CLOSING && !jail->ending)
		end_jail(jail);
	if (jail->state != JAIL_LIVE)
		return;
	for (struct session *at = jail->sessions; at != NULL; at = at->next)
		if (at->closing && !at->ending)
			end_session(at);
	jail_check(jail);
}

void
closers_retry(struct daemon *daemon)
{
	for (struct live_jail *at = daemon->jails; at != NULL; at = at->next)
		retry_jail(at);
}

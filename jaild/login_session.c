#include "config.h"

#include <sys/resource.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/packet.h"
#include "jaild/cgroup.h"
#include "jaild/door.h"
#include "jaild/log.h"
#include "jaild/login.h"
#include "jaild/process.h"

static void
add_rlimit(struct grant *grant, uint32_t resource, uint64_t value)
{
	grant->rlimits[grant->n_rlimits++] = (struct grant_rlimit){
		.resource = resource, .soft = value, .hard = value };
}

/* A core dump of the agent's would be handled outside, by a program of
 * root's.  A limit of 0 does not keep the kernel from starting that; the
 * limit of 1 does (core(5)), and the filters keep it there. */
static void
set_rlimits(const struct jail *jail, struct grant *grant)
{
	add_rlimit(grant, RLIMIT_CORE, 1);
	if (jail->limits[LIMIT_TASKS].set)
		add_rlimit(grant, RLIMIT_NPROC,
		    jail->limits[LIMIT_TASKS].value);
	if (jail->limits[LIMIT_OPEN_FILES].set)
		add_rlimit(grant, RLIMIT_NOFILE,
		    jail->limits[LIMIT_OPEN_FILES].value);
}

static void
fill_grant(const struct login *login, struct grant *grant)
{
	const struct jail *jail = login->decision.jail;

	*grant = (struct grant){ .namespaces = login->jail.namespaces,
		.root_dev = login->jail.root_dev,
		.root_ino = login->jail.root_ino,
		.capabilities = door_capabilities(login->service),
		.umask = jail->umask, .n_filters = login->jail.n_filters,
		.account = login->key.account, .jail = login->key.jail,
		.vm = login->vm, .tier = login->key.tier,
		.uuid = login->jail.uuid,
		.policy_sha256 = login->key.policy_sha256 };
	memcpy(grant->filters, login->jail.filters, sizeof(grant->filters));
	if (login->daemon->config->audit_required)
		grant->flags |= GRANT_FLAG_AUDIT_REQUIRED;
	if (login_gets_scope(login))
		grant->flags |= GRANT_FLAG_SCOPE_ABSTRACT;
	set_rlimits(jail, grant);
	for (size_t i = 0; i < login->plan->n_environment &&
	    i < PROTOCOL_ENVIRONMENT_MAX; i++)
		grant->environment[grant->n_environment++] =
		    login->plan->environment[i];
}

int
login_send_grant(struct login *login)
{
	static char bytes[PROTOCOL_MESSAGE_MAX];
	int fds[GRANT_FD_COUNT] = { [GRANT_FD_INIT] = login->init_pidfd,
		[GRANT_FD_FILTERS] = login->filters_fd };
	struct grant grant;
	int r;

	fill_grant(login, &grant);
	if (login->plan->n_environment > PROTOCOL_ENVIRONMENT_MAX)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the jail sets more than %d variables",
		    PROTOCOL_ENVIRONMENT_MAX);
	r = grant_encode(&grant, bytes, sizeof(bytes));
	if (r > 0)
		r = packet_send(login->connection_fd, bytes, (size_t)r, fds,
		    GRANT_FD_COUNT, login->deadline_ms);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the grant cannot be sent: %s", strerrordesc_np(-r));
	return 0;
}

int
login_await_entered(struct login *login)
{
	char bytes[4096];
	struct enter_failure failure;
	ssize_t length = login_receive(login, bytes, sizeof(bytes));

	if (length < 0) {
		login->dead = true;
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the login program did not enter the jail: %s",
		    strerrordesc_np((int)-length));
	}
	if (plain_message_decode(MESSAGE_ENTERED, bytes, (size_t)length) == 0)
		return 0;
	login->dead = true;
	if (enter_failure_decode(bytes, (size_t)length, &failure) == 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "entering the jail failed at step %s: %s", failure.step,
		    strerrordesc_np(failure.error));
	return login_refuse(login, PUBLIC_UNAVAILABLE, "the login program sent "
	    "something else than \"entered\"");
}

/* The record of the entry is in the trail, and nothing was lost. */
int
login_check_audit(struct login *login)
{
	struct audit_state now;

	if (!login->daemon->config->audit_required)
		return 0;
	if (audit_state_get(&now) < 0 || now.enabled == 0 ||
	    now.daemon_pid == 0 || now.lost != login->audit.lost)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "audit is required, but the trail broke off during the "
		    "login");
	return 0;
}

/* Into a cgroup of its own, before anything of the agent's runs. */
static int
move_process(struct login *login, struct session_facts *session)
{
	char origin[PATH_MAX];
	int r = cgroup_of(login->daemon->cgroup_base, login->pid, origin);

	if (r == 0 && strlen(origin) >= sizeof(session->origin_path))
		r = -ENAMETOOLONG;
	if (r == 0)
		strcpy(session->origin_path, origin);
	if (r == 0 && (size_t)snprintf(session->leaf_path,
	    sizeof(session->leaf_path), "%s/session-%llu",
	    login->jail.cgroup_path, (unsigned long long)login->session_id) >=
	    sizeof(session->leaf_path))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = cgroup_make(session->leaf_path);
	if (r == 0)
		r = cgroup_enter(session->leaf_path, login->pid);
	/* The number may have been somebody else's by then. */
	if (r == 0 && process_ended(login->pidfd)) {
		cgroup_let_go(login->daemon->cgroup_base,
		    session->origin_path, login->pid);
		r = -ESRCH;
	}
	return r;
}

/* What PAM says of a session, for tables and JSON: printable ASCII. */
static void
copy_word(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
	for (char *p = to; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			*p = '?';
}

int
login_go_live(struct login *login)
{
	struct channel_message message = { .op = CHANNEL_LIVE };
	struct session_facts *session = &message.session;
	int fds[2] = { login->connection_fd, login->pidfd }, r;

	session->id = login->session_id;
	session->pid = login->pid;
	copy_word(session->service, sizeof(session->service),
	    login->request.service);
	copy_word(session->tty, sizeof(session->tty), login->request.tty);
	copy_word(session->rhost, sizeof(session->rhost),
	    login->request.rhost);
	r = move_process(login, session);
	if (r == 0)
		r = process_start_time(login->pid, &session->start);
	if (r == 0)
		r = process_login_uid(login->pid, &session->auid);
	if (r == 0)
		r = channel_send(login->channel_fd, &message, fds, 2);
	if (r == 0)
		r = login_await_go(login);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the session cannot go live: %s", strerrordesc_np(-r));
	return 0;
}

int
login_confirm(struct login *login)
{
	char bytes[64];
	int length = plain_message_encode(MESSAGE_CONFIRMED, bytes,
	    sizeof(bytes));

	if (length < 0)
		return length;
	log_note("session %llu: account %s, service %s, jail %s, uuid %s, "
	    "pid %d", (unsigned long long)login->session_id,
	    login->key.account, login->request.service, login->vm,
	    login->jail.uuid, (int)login->pid);
	return packet_send(login->connection_fd, bytes, (size_t)length, NULL,
	    0, login->deadline_ms);
}


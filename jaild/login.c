#include "config.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "common/service.h"
#include "jaild/account.h"
#include "jaild/admit.h"
#include "jaild/audit.h"
#include "jaild/cgroup.h"
#include "jaild/daemon.h"
#include "jaild/door.h"
#include "jaild/filter.h"
#include "jaild/log.h"
#include "jaild/process.h"
#include "lang/decide.h"
#include "lang/dump.h"

#define PUBLIC_UNAVAILABLE "no jail is available now; ask the administrator"
#define LANDLOCK_ABI_SCOPES 6
#define FEATURE_SCOPE "landlock-scopes"

/* One login on its way through this process. */
struct login {
	const struct daemon *daemon;
	int channel_fd, connection_fd;
	uint64_t deadline_ms;
	char request_bytes[PROTOCOL_MESSAGE_MAX];
	struct login_request request;
	enum service_class service;
	pid_t pid;			/* of the login program */
	int pidfd;
	struct account *account;
	struct decision decision;
	struct plan *plan;
	char vm[2 * PROTOCOL_NAME_MAX];
	struct jail_key key;
	struct jail_facts jail;
	uint64_t session_id;
	int init_pidfd, filters_fd;
	struct audit_state audit;
	bool dead;			/* nobody to answer to */
};

static void
login_close(struct login *login)
{
	close_fd(&login->pidfd);
	close_fd(&login->init_pidfd);
	close_fd(&login->filters_fd);
	plan_free(login->plan);
	account_free(login->account);
}

/* Tells the module why not, and logs it in full.  Returns -EACCES. */
__attribute__((format(printf, 3, 4)))
static int
refuse(struct login *login, const char *public_reason, const char *format,
    ...)
{
	char full[PROTOCOL_REASON_MAX], bytes[4 * PROTOCOL_REASON_MAX];
	struct refusal refusal = { .full_reason = full };
	char public[PROTOCOL_REASON_MAX];
	va_list arguments;
	int length;

	va_start(arguments, format);
	vsnprintf(full, sizeof(full), format, arguments);
	va_end(arguments);
	snprintf(public, sizeof(public), "%s", public_reason);
	refusal.public_reason = public;
	log_note("refused: account %s, service %s: %s",
	    login->request.user != NULL ? login->request.user : "?",
	    login->request.service != NULL ? login->request.service : "?",
	    full);
	length = refusal_encode(&refusal, bytes, sizeof(bytes));
	if (length > 0 && !login->dead)
		packet_send(login->connection_fd, bytes, (size_t)length, NULL,
		    0, login->deadline_ms);
	return -EACCES;
}

static ssize_t
receive(struct login *login, void *buffer, size_t size)
{
	int fds[PACKET_FDS_MAX];
	size_t n_fds = 0;
	ssize_t length = packet_receive(login->connection_fd, buffer, size,
	    fds, &n_fds, login->deadline_ms);

	if (length >= 0 && n_fds > 0) {
		while (n_fds > 0)
			close_fd(&fds[--n_fds]);
		return -EBADMSG;
	}
	return length;
}

static int
take_request(struct login *login)
{
	ssize_t length = receive(login, login->request_bytes,
	    sizeof(login->request_bytes));
	int r;

	if (length < 0) {
		login->dead = length == -ECONNRESET;
		return refuse(login, PUBLIC_UNAVAILABLE, "no request came: "
		    "%s", strerrordesc_np((int)-length));
	}
	r = login_request_decode(login->request_bytes, (size_t)length,
	    &login->request);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "the login program "
		    "sent something that is no request");
	login->service = service_class_of(login->request.service);
	if (!service_class_open(login->service))
		return refuse(login, "agents may not log in through this "
		    "service", "service %s is no door for agents in this "
		    "version", login->request.service);
	login->pidfd = process_open_peer(login->connection_fd, &login->pid);
	if (login->pidfd < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "the login program "
		    "cannot be held: %s", strerrordesc_np(-login->pidfd));
	return 0;
}

static int
decide(struct login *login)
{
	const struct admit_request request = { .user = login->request.user,
		.rhost = login->request.rhost, .service = login->service,
		.agents_group = login->daemon->config->agents_group,
		.policy = login->daemon->policy };
	struct admission admission;
	int r = admit(&request, &admission);

	login->account = admission.account;
	login->decision = admission.decision;
	return r == 0 ? 0 : refuse(login, admission.public_reason != NULL ?
	    admission.public_reason : PUBLIC_UNAVAILABLE, "%s",
	    admission.reason);
}

/* FNV-1a: two jails with one fingerprint have the same settings for the same
 * account.  Policies are root's, so nobody looks for collisions. */
static uint64_t
hash(uint64_t value, const void *bytes, size_t length)
{
	for (const unsigned char *p = bytes; length > 0; p++, length--)
		value = (value ^ *p) * UINT64_C(0x100000001b3);
	return value;
}

static int
fingerprint(const struct login *login, uint64_t *ret)
{
	_cleanup_free_ char *text = NULL;
	const struct account *account = login->account;
	uint64_t value = UINT64_C(0xcbf29ce484222325);
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int failed;

	if (out == NULL)
		return -ENOMEM;
	jail_explain(out, login->decision.jail);
	fprintf(out, "%u %u %s %s\n", account->uid, account->gid,
	    account->home, account->shell);
	for (size_t i = 0; i < account->n_groups; i++)
		fprintf(out, "%u %s\n", account->groups[i].gid,
		    account->groups[i].name);
	failed = ferror(out);
	if (fclose(out) != 0 || failed)
		return -ENOMEM;
	*ret = hash(value, text, length);
	return 0;
}

static int
make_plan(struct login *login, const char *uuid)
{
	_cleanup_free_ char *reason = NULL;
	struct plan *plan = NULL;
	int r = plan_make(login->decision.jail, login->account,
	    &login->daemon->place, uuid, &plan, &reason);

	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "%s",
		    reason != NULL ? reason : strerrordesc_np(-r));
	plan_free(login->plan);
	login->plan = plan;
	return 0;
}

static int
make_key(struct login *login)
{
	const struct jail *jail = login->decision.jail;
	struct jail_key *key = &login->key;
	int r = make_plan(login, "");

	if (r < 0)
		return r;
	snprintf(key->account, sizeof(key->account), "%s",
	    login->account->name);
	snprintf(key->jail, sizeof(key->jail), "%s", jail->name);
	snprintf(key->tier, sizeof(key->tier), "%s", tier_name(jail->tier));
	snprintf(key->policy_sha256, sizeof(key->policy_sha256), "%s",
	    login->daemon->policy->sha256);
	snprintf(login->vm, sizeof(login->vm), "%s/%s", key->account,
	    key->jail);
	key->uid = login->account->uid;
	for (size_t i = 0; i < login->plan->n_steps; i++)
		if (login->plan->steps[i].kind == STEP_OVERLAY &&
		    !(login->plan->steps[i].flags & STEP_FLAG_FRESH))
			key->keeps_layers = true;
	r = fingerprint(login, &key->fingerprint);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "no memory");
	return 0;
}

static bool
tolerates(const struct jail *jail, const char *feature)
{
	for (size_t i = 0; i < jail->n_tolerated; i++)
		if (strcmp(jail->tolerated[i].name, feature) == 0)
			return true;
	return false;
}

static bool
wants_scope(const struct login *login)
{
	return login->decision.jail->network == NETWORK_HOST;
}

static bool
kernel_has_scope(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >=
	    LANDLOCK_ABI_SCOPES;
}

/* What the kernel and the host have to provide for this jail. */
static int
check_host(struct login *login)
{
	const struct jail *jail = login->decision.jail;
	int r;

	if (wants_scope(login) && !kernel_has_scope() &&
	    !tolerates(jail, FEATURE_SCOPE))
		return refuse(login, PUBLIC_UNAVAILABLE, "the kernel cannot "
		    "keep abstract sockets of the host out of jail %s "
		    "(Landlock of Linux 6.12); `tolerate missing %s` lets it "
		    "be", jail->name, FEATURE_SCOPE);
	if (!login->daemon->config->audit_required)
		return 0;
	r = audit_state_get(&login->audit);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "the kernel does not "
		    "answer about its audit trail: %s", strerrordesc_np(-r));
	if (login->audit.enabled == 0 || login->audit.daemon_pid == 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "audit is required, "
		    "but %s (see audit_required in jaild.conf(5))",
		    login->audit.enabled == 0 ? "the kernel's audit is off" :
		    "no auditd is running");
	return 0;
}

static void
audit_build(const struct login *login, const struct built_jail *built)
{
	const struct audit_jail jail = { .account = login->key.account,
		.vm = login->vm, .uuid = login->jail.uuid,
		.tier = login->key.tier,
		.policy_sha256 = login->key.policy_sha256 };

	/* auvirt(8) takes an identity for the beginning of what follows. */
	audit_jail_identity(&jail, built->init_pid);
	audit_jail_control(&jail, "start", "login", built->init_pid, true);
	audit_jail_resource(&jail, "cgroup", built->cgroup_path);
	audit_jail_resource(&jail, "net", network_mode_name(
	    login->decision.jail->network));
	audit_jail_resource(&jail, "seccomp", syscall_profile_name(
	    login->decision.jail->syscalls));
	for (size_t i = 0; i < login->plan->n_steps; i++) {
		const struct plan_step *step = &login->plan->steps[i];
		char text[1024];

		if (!(step->flags & STEP_FLAG_RECORD))
			continue;
		plan_step_describe(step, text, sizeof(text));
		audit_jail_resource(&jail, "mount", text);
	}
}

static int
report_failed_build(struct login *login, const char *text)
{
	const struct audit_jail jail = { .account = login->key.account,
		.vm = login->vm, .uuid = login->jail.uuid,
		.tier = login->key.tier,
		.policy_sha256 = login->key.policy_sha256 };
	struct channel_message message = { .op = CHANNEL_BUILD_FAILED };

	audit_jail_control(&jail, "start", "failed", 0, false);
	snprintf(message.text, sizeof(message.text), "%s", text);
	channel_send(login->channel_fd, &message, NULL, 0);
	return refuse(login, PUBLIC_UNAVAILABLE, "jail %s cannot be built: "
	    "%s", login->vm, text);
}

static int
run_plan(struct login *login, int log_directory_fd,
    const struct filter_set *shell, struct built_jail *ret,
    struct build_failure *failure)
{
	uint64_t limit =
	    deadline_after(login->daemon->config->build_timeout_ms);
	struct build_input input = { .application_pidfd = login->pidfd,
		.init_fd = login->daemon->init_fd,
		.log_directory_fd = log_directory_fd,
		.shell_filters = shell,
		.cgroup_base = login->daemon->cgroup_base,
		.deadline_ms = limit < login->deadline_ms ? limit :
		    login->deadline_ms,
		.fault = fault_read() };

	return jail_build(login->plan, &input, ret, failure);
}

static int
await_go(struct login *login)
{
	struct channel_message message;
	size_t n_fds = 0;
	int r = channel_receive(login->channel_fd, &message, NULL, 0, &n_fds,
	    login->deadline_ms);

	if (r == 0 && message.op != CHANNEL_GO)
		r = -EBADMSG;
	return r;
}

static int
report_built(struct login *login, const struct built_jail *built,
    const struct filter_set *door)
{
	struct channel_message message = { .op = CHANNEL_BUILT };
	int fds[2] = { built->init_pidfd, door->memfd }, r;

	login->jail.init_pid = built->init_pid;
	login->jail.namespaces = built->namespaces;
	login->jail.root_dev = built->root_dev;
	login->jail.root_ino = built->root_ino;
	snprintf(login->jail.cgroup_path, sizeof(login->jail.cgroup_path),
	    "%s", built->cgroup_path);
	login->jail.n_filters = door->n_filters;
	memcpy(login->jail.filters, door->filters,
	    sizeof(login->jail.filters));
	r = process_start_time(built->init_pid, &login->jail.init_start);
	message.jail = login->jail;
	if (r == 0)
		r = channel_send(login->channel_fd, &message, fds, 2);
	return r < 0 ? r : await_go(login);
}

static int
compile(struct login *login, enum filter_stage stage, struct filter_set *ret)
{
	const char *call = NULL;
	char text[512];
	int r = filters_compile(login->decision.jail, stage, ret, &call);

	if (r == 0)
		return 0;
	snprintf(text, sizeof(text), "the system call rules%s%s cannot be "
	    "compiled: %s", call != NULL ? " for " : "",
	    call != NULL ? call : "", strerrordesc_np(-r));
	return report_failed_build(login, text);
}

static int
build(struct login *login, int log_directory_fd)
{
	_cleanup_(filter_set_close) struct filter_set shell = { .memfd = -1 };
	_cleanup_(filter_set_close) struct filter_set door = { .memfd = -1 };
	struct build_failure failure;
	struct built_jail built;
	int r = make_plan(login, login->jail.uuid);

	if (r == 0)
		r = compile(login, FILTER_SHELL, &shell);
	if (r == 0)
		r = compile(login, FILTER_DOOR, &door);
	if (r < 0)
		return r;
	r = run_plan(login, log_directory_fd, &shell, &built, &failure);
	if (r < 0)
		return report_failed_build(login, failure.text);
	login->init_pidfd = built.init_pidfd;
	audit_build(login, &built);
	r = report_built(login, &built, &door);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "jaild could not "
		    "take the new jail: %s", strerrordesc_np(-r));
	login->filters_fd = steal_fd(&door.memfd);
	return 0;
}

/* Asks main, and builds when main says so. */
static int
get_jail(struct login *login)
{
	struct channel_message message = { .op = CHANNEL_WANT,
		.key = login->key };
	int fds[2] = { -1, -1 }, r;
	size_t n_fds = 0;

	r = channel_send(login->channel_fd, &message, NULL, 0);
	if (r == 0)
		r = channel_receive(login->channel_fd, &message, fds, 2,
		    &n_fds, login->deadline_ms);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "jaild gave no "
		    "jail: %s", strerrordesc_np(-r));
	login->jail = message.jail;
	login->session_id = message.session.id;
	if (message.op == CHANNEL_JOIN && n_fds == 2) {
		login->init_pidfd = fds[0];
		login->filters_fd = fds[1];
		return 0;
	}
	if (message.op == CHANNEL_BUILD && n_fds == 1) {
		r = build(login, fds[0]);
		close_fd(&fds[0]);
		return r;
	}
	return refuse(login, PUBLIC_UNAVAILABLE, "%s",
	    message.op == CHANNEL_DENY ? message.text :
	    "jaild gave a wrong answer to its worker");
}

static void
add_rlimit(struct grant *grant, uint32_t resource, uint64_t value)
{
	grant->rlimits[grant->n_rlimits++] = (struct grant_rlimit){
		.resource = resource, .soft = value, .hard = value };
}

/* A core dump of the agent's would be handled outside, by root. */
static void
set_rlimits(const struct jail *jail, struct grant *grant)
{
	add_rlimit(grant, RLIMIT_CORE, 0);
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
	if (wants_scope(login) && kernel_has_scope())
		grant->flags |= GRANT_FLAG_SCOPE_ABSTRACT;
	set_rlimits(jail, grant);
	for (size_t i = 0; i < login->plan->n_environment &&
	    i < PROTOCOL_ENVIRONMENT_MAX; i++)
		grant->environment[grant->n_environment++] =
		    login->plan->environment[i];
}

static int
send_grant(struct login *login)
{
	static char bytes[PROTOCOL_MESSAGE_MAX];
	int fds[GRANT_FD_COUNT] = { [GRANT_FD_INIT] = login->init_pidfd,
		[GRANT_FD_FILTERS] = login->filters_fd };
	struct grant grant;
	int r;

	fill_grant(login, &grant);
	if (login->plan->n_environment > PROTOCOL_ENVIRONMENT_MAX)
		return refuse(login, PUBLIC_UNAVAILABLE, "the jail sets more "
		    "than %d variables", PROTOCOL_ENVIRONMENT_MAX);
	r = grant_encode(&grant, bytes, sizeof(bytes));
	if (r > 0)
		r = packet_send(login->connection_fd, bytes, (size_t)r, fds,
		    GRANT_FD_COUNT, login->deadline_ms);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "the grant cannot "
		    "be sent: %s", strerrordesc_np(-r));
	return 0;
}

static int
await_entered(struct login *login)
{
	char bytes[4096];
	struct enter_failure failure;
	ssize_t length = receive(login, bytes, sizeof(bytes));

	if (length < 0) {
		login->dead = true;
		return refuse(login, PUBLIC_UNAVAILABLE, "the login program "
		    "did not enter the jail: %s",
		    strerrordesc_np((int)-length));
	}
	if (plain_message_decode(MESSAGE_ENTERED, bytes, (size_t)length) == 0)
		return 0;
	login->dead = true;
	if (enter_failure_decode(bytes, (size_t)length, &failure) == 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "entering the jail "
		    "failed at step %s: %s", failure.step,
		    strerrordesc_np(failure.error));
	return refuse(login, PUBLIC_UNAVAILABLE, "the login program sent "
	    "something else than \"entered\"");
}

/* The record of the entry is in the trail, and nothing was lost. */
static int
check_audit(struct login *login)
{
	struct audit_state now;

	if (!login->daemon->config->audit_required)
		return 0;
	if (audit_state_get(&now) < 0 || now.enabled == 0 ||
	    now.daemon_pid == 0 || now.lost != login->audit.lost)
		return refuse(login, PUBLIC_UNAVAILABLE, "audit is required, "
		    "but the trail broke off during the login");
	return 0;
}

/* Into a cgroup of its own, before anything of the agent's runs. */
static int
move_process(struct login *login, struct session_facts *session)
{
	int r = cgroup_of(login->daemon->cgroup_base, login->pid,
	    session->origin_path);

	if (r == 0 && (size_t)snprintf(session->leaf_path,
	    sizeof(session->leaf_path), "%s/session-%llu",
	    login->jail.cgroup_path, (unsigned long long)login->session_id) >=
	    sizeof(session->leaf_path))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = cgroup_make(session->leaf_path);
	if (r == 0)
		r = cgroup_enter(session->leaf_path, login->pid);
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

static int
go_live(struct login *login)
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
		r = channel_send(login->channel_fd, &message, fds, 2);
	if (r == 0)
		r = await_go(login);
	if (r < 0)
		return refuse(login, PUBLIC_UNAVAILABLE, "the session cannot "
		    "go live: %s", strerrordesc_np(-r));
	return 0;
}

static int
confirm(struct login *login)
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

/* One login, in order.  Each row returns 0, or has refused. */
static int (*const steps[])(struct login *login) = {
	take_request,
	decide,
	make_key,
	check_host,
	get_jail,
	send_grant,
	await_entered,
	check_audit,
	go_live,
	confirm,
};

int
login_run(const struct daemon *daemon, int channel_fd, int connection_fd)
{
	static struct login login;
	int r = 0;

	login = (struct login){ .daemon = daemon, .channel_fd = channel_fd,
		.connection_fd = connection_fd, .pidfd = -1,
		.init_pidfd = -1, .filters_fd = -1 };
	login.deadline_ms = deadline_after(daemon->config->login_timeout_ms);
	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(steps); i++)
		r = steps[i](&login);
	login_close(&login);
	return r == 0 ? 0 : 1;
}

#include "config.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "common/service.h"
#include "common/trusted.h"
#include "jaild/account.h"
#include "jaild/admit.h"
#include "jaild/audit.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/login.h"
#include "jaild/process.h"
#include "lang/decide.h"
#include "lang/dump.h"

#define KEEP_LIST_MAX 65536
#define LANDLOCK_ABI_SCOPES 6
#define FEATURE_SCOPE "landlock-scopes"

static void
login_close(struct login *login)
{
	close_fd(&login->pidfd);
	close_fd(&login->init_pidfd);
	close_fd(&login->filters_fd);
	plan_free(login->plan);
	account_free(login->account);
}

int
login_refuse(struct login *login, const char *public_reason, const char *format,
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

ssize_t
login_receive(struct login *login, void *buffer, size_t size)
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
	ssize_t length = login_receive(login, login->request_bytes,
	    sizeof(login->request_bytes));
	int r;

	if (length < 0) {
		login->dead = length == -ECONNRESET;
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "no request came: %s", strerrordesc_np((int)-length));
	}
	r = login_request_decode(login->request_bytes, (size_t)length,
	    &login->request);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the login program sent something that is no request");
	login->service = service_class_of(login->request.service);
	if (!service_class_open(login->service))
		return login_refuse(login, "agents may not log in through this "
		    "service", "service %s is no door for agents: %s",
		    login->request.service,
		    service_closed(login->request.service)->reason);
	login->pidfd = process_open_peer(login->connection_fd, &login->pid);
	if (login->pidfd < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the login program cannot be held: %s",
		    strerrordesc_np(-login->pidfd));
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
	if (r == 0)
		return 0;
	return login_refuse(login, admission.public_reason != NULL ?
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

/* Without it no jail is built; then there is none to be joined either. */
static void
print_keep_list(FILE *out, const char *path)
{
	_cleanup_free_ char *list = NULL;
	_cleanup_fd_ int fd = -1;
	enum trust trust = TRUST_NO;
	size_t length;

	fd = trusted_open(AT_FDCWD, path, 0, &trust);
	if (fd >= 0 && read_all(fd, KEEP_LIST_MAX, &list, &length) == 0)
		fwrite(list, 1, length, out);
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
	/* A jaild of another version may build other walls. */
	fprintf(out, "%s\n", PACKAGE_VERSION);
	jail_explain(out, login->decision.jail);
	plan_print(out, login->plan);
	print_keep_list(out, login->daemon->place.keep_list);
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

int
login_plan(struct login *login, const char *uuid)
{
	_cleanup_free_ char *reason = NULL;
	struct plan *plan = NULL;
	int r = plan_make(login->decision.jail, login->account,
	    &login->daemon->place, uuid, &plan, &reason);

	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE, "%s",
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
	int r = login_plan(login, "");

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
		return login_refuse(login, PUBLIC_UNAVAILABLE, "no memory");
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

bool
login_gets_scope(const struct login *login)
{
	return wants_scope(login) && kernel_has_scope();
}

/* What the kernel and the host have to provide for this jail. */
static int
check_host(struct login *login)
{
	const struct jail *jail = login->decision.jail;
	int r;

	if (wants_scope(login) && !kernel_has_scope() &&
	    !tolerates(jail, FEATURE_SCOPE))
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the kernel cannot keep abstract sockets of the host out "
		    "of jail %s (Landlock of Linux 6.12); `tolerate missing "
		    "%s` lets it be", jail->name, FEATURE_SCOPE);
	if (!login->daemon->config->audit_required)
		return 0;
	r = audit_state_get(&login->audit);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "the kernel does not answer about its audit trail: %s",
		    strerrordesc_np(-r));
	if (login->audit.enabled == 0 || login->audit.daemon_pid == 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "audit is required, but %s (see audit_required in "
		    "jaild.conf(5))",
		    login->audit.enabled == 0 ? "the kernel's audit is off" :
		    "no auditd is running");
	return 0;
}

/* One login, in order.  Each row returns 0, or has refused. */
static int (*const steps[])(struct login *login) = {
	take_request,
	decide,
	make_key,
	check_host,
	login_get_jail,
	login_send_grant,
	login_await_entered,
	login_check_audit,
	login_go_live,
	login_confirm,
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

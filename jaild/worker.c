#include "config.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/close.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/process.h"

#define GRACE_MS 3000	/* what a worker may take beyond its own deadline */

static void
worker_free(struct worker *worker)
{
	struct daemon *daemon = worker->daemon;

	for (struct worker **at = &daemon->workers; *at != NULL;
	    at = &(*at)->next)
		if (*at == worker) {
			*at = worker->next;
			daemon->n_workers--;
			break;
		}
	sd_event_source_disable_unref(worker->channel_source);
	sd_event_source_disable_unref(worker->child_source);
	sd_event_source_disable_unref(worker->timer_source);
	close_fd(&worker->channel_fd);
	free(worker);
}

static int
answer(struct worker *worker, const struct channel_message *message,
    const int *fds, size_t n_fds)
{
	int r = channel_send(worker->channel_fd, message, fds, n_fds);

	if (r < 0)
		log_warning("a worker (pid %d) cannot be answered: %s",
		    (int)worker->pid, strerrordesc_np(-r));
	return r;
}

__attribute__((format(printf, 2, 3)))
static void
deny(struct worker *worker, const char *format, ...)
{
	struct channel_message message = { .op = CHANNEL_DENY };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message.text, sizeof(message.text), format, arguments);
	va_end(arguments);
	worker->waiting = false;
	answer(worker, &message, NULL, 0);
}

static void
join(struct worker *worker, struct live_jail *jail)
{
	struct channel_message message = { .op = CHANNEL_JOIN,
		.jail = jail->facts,
		.session = { .id = worker->daemon->next_session++ } };
	int fds[2] = { jail->init_pidfd, jail->filters_fd };

	worker->waiting = false;
	worker->session_id = message.session.id;
	if (answer(worker, &message, fds, 2) == 0) {
		worker->jail = jail;
		jail->references++;
	}
}

static void
let_build(struct worker *worker)
{
	struct channel_message message = { .op = CHANNEL_BUILD,
		.session = { .id = worker->daemon->next_session++ } };
	struct live_jail *jail = jail_new(worker->daemon, &worker->want);
	_cleanup_fd_ int directory = -1;
	int r;

	if (jail == NULL) {
		deny(worker, "there is no memory for another jail");
		return;
	}
	r = log_socket_open(jail, &directory);
	if (r == 0)
		r = login_records_open(jail);
	if (r < 0) {
		deny(worker, "the log socket and login records of a new "
		    "jail: %s",
		    strerrordesc_np(-r));
		jail_forget(jail);
		return;
	}
	message.jail = jail->facts;
	worker->waiting = false;
	worker->session_id = message.session.id;
	worker->jail = jail;
	worker->building = true;
	jail->references++;
	answer(worker, &message, &directory, 1);
}

/* What one account holds must not be all that jaild has. */
static bool
has_too_many(const struct worker *worker)
{
	const char *account = worker->want.account;
	unsigned n = 0;

	for (const struct live_jail *jail = worker->daemon->jails;
	    jail != NULL; jail = jail->next) {
		if (strcmp(jail->key.account, account) != 0)
			continue;
		n += jail->references;
		for (const struct session *at = jail->sessions; at != NULL;
		    at = at->next)
			n++;
	}
	for (const struct worker *at = worker->daemon->workers; at != NULL;
	    at = at->next)
		n += at != worker && at->waiting &&
		    strcmp(at->want.account, account) == 0;
	return n >= worker->daemon->config->account_sessions_max;
}

/* Join, build, wait or deny: depends on what the table has under this
 * account and jail.  A jail that is closing is in nobody's way, unless layers
 * that are kept would be mounted twice. */
static void
answer_want(struct worker *worker)
{
	struct live_jail *same = jail_find(worker->daemon, &worker->want);
	struct live_jail *any = jail_find_any(worker->daemon, &worker->want);

	bool layers = any != NULL && (any->key.keeps_layers ||
	    worker->want.keeps_layers);

	worker->waiting = true;
	if (same != NULL && same->state == JAIL_LIVE)
		join(worker, same);
	else if (same != NULL || (layers && any->state == JAIL_CLOSING))
		return;
	else if (layers)
		deny(worker, "jail %s is live with other settings and its "
		    "kept data cannot be used twice; `jailctl stop %s` ends "
		    "it", any->vm, any->vm);
	else
		let_build(worker);
}

void
workers_retry(struct daemon *daemon)
{
	for (struct worker *at = daemon->workers; at != NULL; at = at->next)
		if (at->waiting)
			answer_want(at);
}

static void
on_want(struct worker *worker, const struct channel_message *message,
    int *fds, size_t n_fds)
{
	(void)fds;
	if (n_fds != 0 || worker->jail != NULL)
		return;
	worker->want = message->key;
	if (has_too_many(worker))
		deny(worker, "account %s has %u sessions already (see "
		    "account_sessions_max in jaild.conf(5))",
		    worker->want.account,
		    worker->daemon->config->account_sessions_max);
	else
		answer_want(worker);
}

static void
on_built(struct worker *worker, const struct channel_message *message,
    int *fds, size_t n_fds)
{
	struct channel_message go = { .op = CHANNEL_GO };
	struct live_jail *jail = worker->jail;
	int r;

	if (n_fds != 2 || !worker->building)
		return;
	r = jail_set_live(jail, &message->jail, steal_fd(&fds[0]),
	    steal_fd(&fds[1]));
	worker->building = false;
	if (r < 0) {
		log_error("jail %s cannot be kept: %s", jail->vm,
		    strerrordesc_np(-r));
		deny(worker, "the jail cannot be kept");
		jail_close(jail, "failed");
		return;
	}
	answer(worker, &go, NULL, 0);
	workers_retry(worker->daemon);
}

/* What the worker could not remove of a build that failed. */
static bool
has_remains(const struct live_jail *jail)
{
	char fresh[PATH_MAX];

	if (access(jail->facts.cgroup_path, F_OK) == 0)
		return true;
	return snprintf(fresh, sizeof(fresh), "%s/fresh/%s",
	    jail->daemon->config->state_dir, jail->facts.uuid) < PATH_MAX &&
	    access(fresh, F_OK) == 0;
}

/* Whoever waited for this build would meet the same failure. */
static void
on_build_failed(struct worker *worker, const struct channel_message *message,
    int *fds, size_t n_fds)
{
	struct live_jail *jail = worker->jail;

	(void)fds;
	(void)n_fds;
	if (!worker->building)
		return;
	worker->building = false;
	worker->jail = NULL;
	for (struct worker *at = worker->daemon->workers; at != NULL;
	    at = at->next)
		if (at->waiting && jail_find(worker->daemon, &at->want) ==
		    jail)
			deny(at, "jail %s cannot be built: %s", jail->vm,
			    message->text);
	if (has_remains(jail)) {
		jail_close(jail, "failed");
		return;
	}
	jail_forget(jail);
	workers_retry(worker->daemon);
}

static void
on_live(struct worker *worker, const struct channel_message *message,
    int *fds, size_t n_fds)
{
	struct channel_message go = { .op = CHANNEL_GO };
	struct live_jail *jail = worker->jail;

	if (n_fds != 2 || worker->building || jail == NULL ||
	    jail->state != JAIL_LIVE)
		return;
	if (session_add(jail, &message->session, steal_fd(&fds[0]),
	    steal_fd(&fds[1])) < 0) {
		deny(worker, "the session cannot be kept");
		return;
	}
	worker->jail = NULL;
	jail->references--;
	answer(worker, &go, NULL, 0);
}

static const struct {
	enum channel_op op;
	void (*handle)(struct worker *worker,
	    const struct channel_message *message, int *fds, size_t n_fds);
} handlers[] = {
	{ CHANNEL_WANT, on_want },
	{ CHANNEL_BUILT, on_built },
	{ CHANNEL_BUILD_FAILED, on_build_failed },
	{ CHANNEL_LIVE, on_live },
};

static int
on_channel(sd_event_source *source, int fd, uint32_t events, void *object)
{
	static struct channel_message message;
	struct worker *worker = object;
	int fds[2] = { -1, -1 };
	size_t n_fds = 0;
	int r = channel_receive(fd, &message, fds, 2, &n_fds,
	    deadline_after(0));

	(void)events;
	if (r < 0) {
		/* Its end is seen by its exit; a message that cannot be
		 * taken would leave it waiting. */
		if (r != -ETIMEDOUT)
			sd_event_source_set_enabled(source, SD_EVENT_OFF);
		if (r != -ETIMEDOUT && r != -ECONNRESET) {
			log_error("a message of a worker (pid %d): %s",
			    (int)worker->pid, strerrordesc_np(-r));
			kill(worker->pid, SIGKILL);
		}
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(handlers); i++)
		if (handlers[i].op == message.op) {
			handlers[i].handle(worker, &message, fds, n_fds);
			break;
		}
	close_fd(&fds[0]);
	close_fd(&fds[1]);
	return 0;
}

/* A worker that ended with its reference still held brought no session into
 * the table: whatever it had begun is ended. */
static int
on_worker_exit(sd_event_source *source, const siginfo_t *info, void *object)
{
	struct worker *worker = object;
	struct daemon *daemon = worker->daemon;
	struct live_jail *jail = worker->jail;
	bool building = worker->building;
	uint64_t id = worker->session_id;

	(void)source;
	if (info->si_code != CLD_EXITED)
		log_error("a worker (pid %d) was ended by signal %d",
		    (int)worker->pid, info->si_status);
	worker_free(worker);
	listener_resume(daemon);
	retry_later(daemon);
	if (jail == NULL)
		return 0;
	jail->references--;
	if (building && jail->state == JAIL_BUILDING)
		jail_close(jail, "failed");
	else if (jail->state == JAIL_LIVE)
		close_leaf(jail, id);
	return 0;
}

static int
on_timeout(sd_event_source *source, uint64_t usec, void *object)
{
	struct worker *worker = object;

	(void)source;
	(void)usec;
	log_error("a worker (pid %d) is over its deadline and is ended",
	    (int)worker->pid);
	kill(worker->pid, SIGKILL);
	return 0;
}

void
process_after_fork(const int *keep, size_t n_keep)
{
	sigset_t none;
	unsigned low = 3;

	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Or the C library would go on writing to whatever gets its number. */
	closelog();
	/* keep is in ascending order. */
	for (size_t i = 0; i < n_keep; i++) {
		if (keep[i] < 0)
			continue;
		if ((unsigned)keep[i] > low)
			close_range(low, (unsigned)keep[i] - 1, 0);
		low = (unsigned)keep[i] + 1;
	}
	close_range(low, ~0u, 0);
}

static int
compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static _Noreturn void
run_worker(const struct daemon *daemon, int channel_fd, int connection_fd)
{
	int keep[] = { channel_fd, connection_fd, daemon->init_fd };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	qsort(keep, ARRAY_LENGTH(keep), sizeof(*keep), compare_ints);
	process_after_fork(keep, ARRAY_LENGTH(keep));
	log_open(daemon->foreground, daemon->config->log_level);
	_exit(login_run(daemon, channel_fd, connection_fd));
}

static int
watch(struct worker *worker)
{
	struct daemon *daemon = worker->daemon;
	uint64_t limit_usec = ((uint64_t)daemon->config->login_timeout_ms +
	    GRACE_MS) * 1000;
	int r = sd_event_add_io(daemon->event, &worker->channel_source,
	    worker->channel_fd, EPOLLIN, on_channel, worker);

	if (r >= 0)
		r = sd_event_add_child(daemon->event, &worker->child_source,
		    worker->pid, WEXITED, on_worker_exit, worker);
	if (r >= 0)
		r = sd_event_add_time_relative(daemon->event,
		    &worker->timer_source, CLOCK_MONOTONIC, limit_usec, 0,
		    on_timeout, worker);
	/* Messages before exits: the last word counts. */
	if (r >= 0)
		r = sd_event_source_set_priority(worker->child_source,
		    SD_EVENT_PRIORITY_NORMAL + 10);
	return r;
}

void
worker_start(struct daemon *daemon, int connection_fd)
{
	_cleanup_fd_ int connection = connection_fd;
	struct worker *worker = calloc(1, sizeof(*worker));
	int pair[2] = { -1, -1 }, r;

	if (worker == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET |
	    SOCK_CLOEXEC, 0, pair) < 0) {
		log_error("no worker for a login: %s", strerror(errno));
		free(worker);
		return;
	}
	worker->daemon = daemon;
	worker->channel_fd = pair[0];
	worker->pid = fork();
	if (worker->pid == 0)
		run_worker(daemon, pair[1], connection);
	close(pair[1]);
	worker->next = daemon->workers;
	daemon->workers = worker;
	daemon->n_workers++;
	r = worker->pid < 0 ? -errno : watch(worker);
	if (r < 0) {
		log_error("no worker for a login: %s", strerrordesc_np(-r));
		if (worker->pid > 0) {
			kill(worker->pid, SIGKILL);
			waitpid(worker->pid, NULL, 0);
		}
		worker_free(worker);
	}
}

#include "config.h"

#include <sys/socket.h>

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/audit.h"
#include "jaild/log.h"
#include "jaild/process.h"
#include "jaild/sweep.h"

#define SEEN_MAX 4096		/* processes that stay where they are */
#define WAITING_MAX 256		/* young ones that are looked at again */
#define GRACED_MAX 64		/* of them in ten seconds; then none */
#define GRACE_WINDOW_MS 10000
#define STORM_MS 2000		/* of passes without a rest */
#define STORM_REST_MS 1000
#define ALERT_MS 10000		/* after one was ended */
#define RECORDS_MAX 20		/* in ten seconds */
#define RECORDS_WINDOW_MS 10000
#define WATCHDOG_S 60		/* of one round: the name service hangs */
#define EVENTS_AT_ONCE 4096

/* A process known again by its start. */
struct seen {
	pid_t pid;
	uint64_t start;
	uint64_t pass;		/* that found it last */
};

/* So many at once, and as many in each window after that. */
struct limit {
	uint64_t since_ms;	/* of what has been given back */
	uint64_t spent;
	unsigned dropped;
	uint64_t dropped_ms;	/* since when */
};

struct sweep {
	const struct config *config;
	int channel_fd, events_fd;
	struct sweep_agents *agents;
	struct sweep_jail *jails;
	size_t n_jails;
	struct seen seen[SEEN_MAX];
	size_t n_seen;
	struct seen waiting[WAITING_MAX];
	size_t n_waiting;
	uint64_t pass;
	uint64_t scan_ms, wake_ms;	/* when; 0: not at all */
	uint64_t forks_ms;		/* until then forks are listened to */
	uint64_t strict_ms;		/* until then nobody is waited for */
	struct limit records, graced;
};

static bool
within_limit(struct limit *limit, unsigned max, uint64_t window_ms)
{
	uint64_t now_ms = deadline_after(0);
	uint64_t back = (now_ms - limit->since_ms) * max / window_ms;

	if (back > 0) {
		limit->spent -= back < limit->spent ? back : limit->spent;
		limit->since_ms = now_ms;
	}
	if (limit->spent < max) {
		limit->spent++;
		return true;
	}
	if (limit->dropped++ == 0)
		limit->dropped_ms = now_ms;
	return false;
}

static void
take_jail(struct sweep *sweep, const struct sweep_message *message)
{
	const struct sweep_jail *jail = &message->jail;
	struct sweep_jail *more;

	if (message->there) {
		more = reallocarray(sweep->jails, sweep->n_jails + 1,
		    sizeof(*more));
		/* Without it the jail's processes would be ended. */
		if (more == NULL)
			_exit(1);
		sweep->jails = more;
		sweep->jails[sweep->n_jails++] = *jail;
		return;
	}
	for (size_t i = 0; i < sweep->n_jails; i++)
		if (sweep->jails[i].uid == jail->uid &&
		    sweep->jails[i].pid_namespace == jail->pid_namespace) {
			sweep->jails[i] = sweep->jails[--sweep->n_jails];
			return;
		}
}

/* False when main is gone. */
static bool
hear_main(struct sweep *sweep)
{
	for (;;) {
		struct sweep_message message;
		ssize_t n = recv(sweep->channel_fd, &message, sizeof(message),
		    MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		if (n != sizeof(message))
			return false;
		take_jail(sweep, &message);
	}
}

/* The account whose id the process has; NULL: no agent's. */
static const char *
agent_of(struct sweep *sweep, const struct sweep_process *process, uid_t *ret)
{
	for (size_t i = 0; i < ARRAY_LENGTH(process->uids); i++) {
		const char *name;

		if (i > 0 && process->uids[i] == process->uids[i - 1])
			continue;
		name = sweep_agents_name(sweep->agents, process->uids[i]);
		*ret = process->uids[i];
		if (name != NULL)
			return name;
	}
	return NULL;
}

/* Main speaks of a jail before anybody enters it, so that its word is there
 * when one of its processes has been seen. */
static bool
is_inside(struct sweep *sweep, const struct sweep_process *process, uid_t uid)
{
	if (!hear_main(sweep))
		_exit(0);
	for (size_t i = 0; i < sweep->n_jails; i++)
		if (sweep->jails[i].pid_namespace == process->pid_namespace &&
		    sweep->jails[i].uid == uid)
			return true;
	return false;
}

static bool
was_seen(struct sweep *sweep, const struct sweep_process *process)
{
	for (size_t i = 0; i < sweep->n_seen; i++)
		if (sweep->seen[i].pid == process->pid &&
		    sweep->seen[i].start == process->start) {
			sweep->seen[i].pass = sweep->pass;
			return true;
		}
	if (sweep->n_seen < SEEN_MAX)
		sweep->seen[sweep->n_seen++] = (struct seen){
			process->pid, process->start, sweep->pass };
	return false;
}

/* Those that a whole pass has not met have ended. */
static void
forget_seen(struct sweep *sweep)
{
	size_t kept = 0;

	for (size_t i = 0; i < sweep->n_seen; i++)
		if (sweep->seen[i].pass == sweep->pass)
			sweep->seen[kept++] = sweep->seen[i];
	sweep->n_seen = kept;
}

static void
report(struct sweep *sweep, const struct sweep_process *process,
    const char *account, bool end, int error)
{
	const struct audit_outside outside = { .account = account,
		.pid = process->pid, .uid = process->uids[0],
		.login_uid = process->login_uid, .session = process->session,
		.comm = process->comm, .path = process->path };

	if (!within_limit(&sweep->records, RECORDS_MAX, RECORDS_WINDOW_MS))
		return;
	audit_outside_found(&outside);
	if (end)
		audit_outside_ended(&outside, error == 0);
	log_warning("process %d (%s) of agent %s is outside of its jail: %s%s",
	    (int)process->pid, process->path[0] != '\0' ? process->path :
	    process->comm, account, end ? "ended" : "recorded",
	    error != 0 ? ", which failed" : "");
}

static void
report_dropped(struct sweep *sweep)
{
	if (sweep->records.dropped == 0 || deadline_after(0) -
	    sweep->records.dropped_ms <= RECORDS_WINDOW_MS)
		return;
	log_warning("%u more processes of agents were outside of their "
	    "jails; they are not on record", sweep->records.dropped);
	sweep->records.dropped = 0;
}

static bool
is_waiting(const struct sweep *sweep, const struct sweep_process *process)
{
	for (size_t i = 0; i < sweep->n_waiting; i++)
		if (sweep->waiting[i].pid == process->pid &&
		    sweep->waiting[i].start == process->start)
			return true;
	return false;
}

static bool
is_strict(const struct sweep *sweep)
{
	return deadline_after(0) < sweep->strict_ms;
}

/* A login program's child may have a word for the client yet; where many
 * come, or others are outside as well, none does. */
static bool
may_wait(struct sweep *sweep, const struct sweep_process *process)
{
	uint64_t age_ms = sweep_process_age_ms(process), at_ms;

	if (age_ms >= SWEEP_GRACE_MS || is_strict(sweep) ||
	    !sweep_process_is_of_login(process))
		return false;
	if (is_waiting(sweep, process))
		return true;
	if (sweep->n_waiting == WAITING_MAX || !within_limit(&sweep->graced,
	    GRACED_MAX, GRACE_WINDOW_MS))
		return false;
	sweep->waiting[sweep->n_waiting++] = (struct seen){
		.pid = process->pid, .start = process->start };
	at_ms = deadline_after((uint32_t)(SWEEP_GRACE_MS - age_ms) + 1);
	if (sweep->wake_ms == 0 || at_ms < sweep->wake_ms)
		sweep->wake_ms = at_ms;
	return true;
}

/* Where one was, are more: /proc is read at once, and forks are listened to,
 * since who forks faster than that can only be met at birth.  What a login
 * program forked tells nothing of others. */
static void
become_alert(struct sweep *sweep, bool of_login)
{
	if (sweep->events_fd >= 0 && sweep->forks_ms == 0)
		sweep_events_set_forks(sweep->events_fd, true);
	sweep->forks_ms = deadline_after(ALERT_MS);
	sweep->scan_ms = deadline_after(0);
	if (!of_login)
		sweep->strict_ms = sweep->forks_ms;
}

/* The account whose id the process has, and *ret of it; NULL: none, or it
 * has ended. */
static const char *
agent_at(struct sweep *sweep, pid_t pid, struct sweep_process *ret,
    uid_t *ret_uid)
{
	if (sweep_process_read(pid, ret) < 0 || ret->state == 'Z' ||
	    ret->state == 'X' || sweep_process_is_root(ret))
		return NULL;
	return agent_of(sweep, ret, ret_uid);
}

/* Ends and reports; every microsecond before the signal is one in which it
 * may fork.  True when there was something to end. */
static bool
take_action(struct sweep *sweep, struct sweep_process *process, int pidfd,
    const char *account)
{
	bool end = sweep->config->outside_processes == OUTSIDE_END &&
	    !process->contained;
	bool of_login = false, seen;
	int r = 0;

	if (!is_strict(sweep)) {
		of_login = sweep_process_is_of_login(process);
		sweep_process_describe(process);
	}
	if (end) {
		r = process_signal(pidfd, SIGKILL);
		become_alert(sweep, of_login);
	}
	seen = was_seen(sweep, process);
	if (!seen)
		report(sweep, process, account, end, r);
	return end;
}

/* MUST:
 *  1. the process is held before it is judged, and it has not ended after
 *     that: what was seen is then true of what is held;
 *  2. only what is held gets the signal;
 *  3. a container's processes, which root has put there, are only recorded.
 *
 * True when there was something to end. */
static bool
look_at(struct sweep *sweep, pid_t pid)
{
	struct sweep_process process;
	_cleanup_fd_ int pidfd = -1;
	const char *account;
	uid_t uid;

	if (agent_at(sweep, pid, &process, &uid) == NULL)
		return false;
	pidfd = process_open(pid);
	if (pidfd < 0)
		return false;
	account = agent_at(sweep, pid, &process, &uid);
	if (account == NULL || sweep_process_place(&process) < 0 ||
	    is_inside(sweep, &process, uid) || process_ended(pidfd) ||
	    may_wait(sweep, &process))
		return false;
	return take_action(sweep, &process, pidfd, account);
}

/* Every process there is.  True when one of them was to be ended. */
static bool
pass(struct sweep *sweep)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	bool any = false;

	if (directory == NULL)
		return false;
	sweep->pass++;
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
		    look_at(sweep, atoi(entry->d_name)))
			any = true;
	closedir(directory);
	forget_seen(sweep);
	return any;
}

static void
hear_kernel(struct sweep *sweep)
{
	for (int i = 0; i < EVENTS_AT_ONCE; i++) {
		uid_t uids[2];
		bool fork;
		pid_t pid;
		int r = sweep_events_next(sweep->events_fd, &pid, uids, &fork);

		if (r == 0)
			return;
		if (r < 0) {
			/* Some were lost, or all are: /proc has it. */
			if (r != -ENOBUFS) {
				sweep_events_close(sweep->events_fd);
				sweep->events_fd = -1;
			}
			sweep->scan_ms = deadline_after(0);
			return;
		}
		/* Nearly all changes of ids are those of root's programs. */
		if (fork || (uids[0] != 0 && uids[1] != 0))
			look_at(sweep, pid);
	}
}

/* Until a pass finds nothing, or for a while: the host has other work too. */
static void
scan(struct sweep *sweep)
{
	uint64_t until_ms = deadline_after(STORM_MS);
	bool any = pass(sweep);

	while (any && deadline_after(0) < until_ms) {
		if (sweep->events_fd >= 0)
			hear_kernel(sweep);
		any = pass(sweep);
	}
	if (any)
		log_error("agents start processes outside of their jails "
		    "faster than they are ended; see jaild(8)");
	sweep->scan_ms = deadline_after(any ? STORM_REST_MS :
	    sweep->events_fd >= 0 ? SWEEP_BACKSTOP_MS : SWEEP_INTERVAL_MS);
}

/* Those that were young. */
static void
look_again(struct sweep *sweep)
{
	struct seen waiting[WAITING_MAX];
	size_t n = sweep->n_waiting;

	memcpy(waiting, sweep->waiting, sizeof(waiting));
	sweep->n_waiting = 0;
	sweep->wake_ms = 0;
	for (size_t i = 0; i < n; i++)
		look_at(sweep, waiting[i].pid);
}

static int
time_to_next(const struct sweep *sweep)
{
	uint64_t now_ms = deadline_after(0), next_ms = sweep->scan_ms;

	if (sweep->wake_ms != 0 && sweep->wake_ms < next_ms)
		next_ms = sweep->wake_ms;
	if (sweep->forks_ms != 0 && sweep->forks_ms < next_ms)
		next_ms = sweep->forks_ms;
	return next_ms > now_ms ? (int)(next_ms - now_ms) : 0;
}

static void
do_what_is_due(struct sweep *sweep)
{
	uint64_t now_ms = deadline_after(0);

	if (sweep->wake_ms != 0 && sweep->wake_ms <= now_ms)
		look_again(sweep);
	if (sweep->scan_ms <= now_ms)
		scan(sweep);
	if (sweep->forks_ms != 0 && sweep->forks_ms <= now_ms) {
		sweep->forks_ms = 0;
		if (sweep->events_fd >= 0)
			sweep_events_set_forks(sweep->events_fd, false);
	}
	report_dropped(sweep);
}

static void
run(struct sweep *sweep)
{
	struct pollfd pollfds[2] = {
		{ .fd = sweep->channel_fd, .events = POLLIN },
		{ .fd = sweep->events_fd, .events = POLLIN } };

	for (;;) {
		pollfds[1].fd = sweep->events_fd;
		alarm(0);
		if (poll(pollfds, 2, time_to_next(sweep)) < 0 &&
		    errno != EINTR)
			return;
		/* A round that hangs ends this process, and main starts
		 * another one. */
		alarm(WATCHDOG_S);
		if (!hear_main(sweep))
			return;
		if (pollfds[1].revents != 0)
			hear_kernel(sweep);
		do_what_is_due(sweep);
	}
}

void
sweep_run(const struct config *config, int channel_fd,
    const struct sweep_jail *jails, size_t n_jails)
{
	static struct sweep sweep;

	signal(SIGALRM, SIG_DFL);
	sweep = (struct sweep){ .config = config, .channel_fd = channel_fd };
	sweep.agents = sweep_agents_new(config->agents_group);
	sweep.jails = calloc(n_jails + 1, sizeof(*jails));
	if (sweep.agents == NULL || sweep.jails == NULL)
		return;
	for (size_t i = 0; i < n_jails; i++)
		sweep.jails[sweep.n_jails++] = jails[i];
	sweep.events_fd = sweep_events_open();
	if (sweep.events_fd < 0)
		log_note("the kernel does not tell of processes (%s): /proc "
		    "is read every %d ms", strerrordesc_np(-sweep.events_fd),
		    SWEEP_INTERVAL_MS);
	sweep.scan_ms = deadline_after(0);
	run(&sweep);
	sweep_events_close(sweep.events_fd);
	sweep_agents_free(sweep.agents);
	free(sweep.jails);
}

#include "config.h"

#include <sys/wait.h>

#include "jaild/daemon.h"

#define RETRY_USEC 1000000

/* Those that the loop has started wait for it. */
static bool
is_ours(const struct daemon *daemon, pid_t pid)
{
	for (const struct worker *at = daemon->workers; at != NULL;
	    at = at->next)
		if (at->pid == pid)
			return true;
	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		if (at->log_pid == pid)
			return true;
	return pid == daemon->record_copier ||
	    pid == daemon->sweeper.pid || is_closer(daemon, pid);
}

/* The first process of a jail becomes our child when its worker ends. */
static void
reap_orphans(struct daemon *daemon)
{
	siginfo_t info = { 0 };

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid != 0) {
		if (is_ours(daemon, info.si_pid)) {
			retry_later(daemon);
			return;
		}
		waitpid(info.si_pid, NULL, WNOHANG);
		info.si_pid = 0;
	}
}

/* Each of these does nothing where nothing is left to do. */
static int
on_retry(sd_event_source *source, uint64_t usec, void *object)
{
	struct daemon *daemon = object;

	(void)source;
	(void)usec;
	listener_resume(daemon);
	control_resume(daemon);
	closers_retry(daemon);
	login_records_flush(daemon);
	if (sweeper_start(daemon) < 0)
		retry_later(daemon);
	reap_orphans(daemon);
	return 0;
}

int
retry_open(struct daemon *daemon)
{
	int r = sd_event_add_time_relative(daemon->event,
	    &daemon->retry_source, CLOCK_MONOTONIC, RETRY_USEC, 0, on_retry,
	    daemon);

	if (r < 0)
		return r;
	return sd_event_source_set_enabled(daemon->retry_source,
	    SD_EVENT_OFF);
}

void
retry_later(struct daemon *daemon)
{
	int enabled = SD_EVENT_OFF;

	sd_event_source_get_enabled(daemon->retry_source, &enabled);
	if (enabled != SD_EVENT_OFF)
		return;
	sd_event_source_set_time_relative(daemon->retry_source, RETRY_USEC);
	sd_event_source_set_enabled(daemon->retry_source, SD_EVENT_ONESHOT);
}

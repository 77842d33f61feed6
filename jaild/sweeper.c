#include "config.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/close.h"
#include "jaild/confine.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/process.h"
#include "jaild/sweep.h"

static struct sweep_jail
sweep_jail_of(const struct live_jail *jail)
{
	return (struct sweep_jail){ .pid_namespace = jail->pid_namespace,
		.uid = jail->key.uid };
}

static _Noreturn void
run_sweeper(const struct daemon *daemon, int channel_fd)
{
	struct sweep_jail *jails;
	size_t n = 0;

	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		n++;
	jails = calloc(n + 1, sizeof(*jails));
	if (jails == NULL)
		_exit(1);
	n = 0;
	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		if (at->pid_namespace != 0)
			jails[n++] = sweep_jail_of(at);
	prctl(PR_SET_NAME, "jaild-sweep");
	process_after_fork(&channel_fd, 1);
	if (confine(PART_SWEEPER) < 0)
		_exit(1);
	log_open(daemon->foreground, daemon->config->log_level);
	sweep_run(daemon->config, channel_fd, jails, n);
	_exit(0);
}

static int
on_end(sd_event_source *source, const siginfo_t *info, void *object)
{
	struct daemon *daemon = object;
	struct sweeper *sweeper = &daemon->sweeper;

	sd_event_source_disable_unref(source);
	/* What was asked to end has closed its side as asked. */
	if (sweeper->fd >= 0)
		log_error("the process that looks for agents outside of "
		    "their jails (pid %d) ended by %s %d; another one begins",
		    (int)info->si_pid, info->si_code == CLD_EXITED ?
		    "exit status" : "signal", info->si_status);
	close_fd(&sweeper->fd);
	sweeper->pid = 0;
	retry_later(daemon);
	return 0;
}

int
sweeper_start(struct daemon *daemon)
{
	struct sweeper *sweeper = &daemon->sweeper;
	sd_event_source *source;
	int pair[2], r;

	if (sweeper->pid > 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	sweeper->pid = fork();
	if (sweeper->pid == 0)
		run_sweeper(daemon, pair[1]);
	close(pair[1]);
	r = sweeper->pid < 0 ? -errno : sd_event_add_child(daemon->event,
	    &source, sweeper->pid, WEXITED, on_end, daemon);
	if (r < 0) {
		close(pair[0]);
		if (sweeper->pid > 0) {
			kill(sweeper->pid, SIGKILL);
			waitpid(sweeper->pid, NULL, 0);
		}
		sweeper->pid = 0;
		return r;
	}
	sweeper->fd = pair[0];
	return 0;
}

void
sweeper_restart(struct daemon *daemon)
{
	close_fd(&daemon->sweeper.fd);
}

/* Who does not hear of a jail must not judge its processes. */
static void
tell(struct daemon *daemon, const struct live_jail *jail, bool there)
{
	struct sweep_message message = { .there = there,
		.jail = sweep_jail_of(jail) };

	if (daemon->sweeper.pid <= 0)
		return;
	if (daemon->sweeper.fd >= 0 && send(daemon->sweeper.fd, &message,
	    sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(message))
		return;
	kill(daemon->sweeper.pid, SIGKILL);
}

int
sweeper_add(struct live_jail *jail)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid",
	    (int)jail->facts.init_pid);
	if (stat(path, &status) < 0)
		return -errno;
	if (process_ended(jail->init_pidfd))
		return -ESRCH;
	jail->pid_namespace = status.st_ino;
	tell(jail->daemon, jail, true);
	return 0;
}

void
sweeper_remove(struct live_jail *jail)
{
	if (jail->pid_namespace != 0)
		tell(jail->daemon, jail, false);
}

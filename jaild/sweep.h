/* The process that looks for agents outside of their jails, and ends them.
 *
 * A door without PAM (sshd with UsePAM no, a unit with User=, mail delivery)
 * lets an agent's code run where no jail is.  The kernel tells of every
 * change of ids (the process connector); where it cannot, and once in a while
 * anyway, /proc is read.  All of it happens in a process of its own, which
 * may wait for the name service; main tells it of jails that come and go. */
#ifndef JAILD_SWEEP_H
#define JAILD_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/config.h"

/* A jail's processes are those of its PID namespace: nobody leaves one. */
struct sweep_jail {
	uint64_t pid_namespace;		/* its inode */
	uid_t uid;
};

/* What main says: one message for each jail that comes or goes. */
struct sweep_message {
	bool there;
	struct sweep_jail jail;
};

/* How fast it is; the sum is how long an agent's process may be outside. */
#define SWEEP_INTERVAL_MS 2000		/* reading all of /proc, without events */
#define SWEEP_BACKSTOP_MS 30000		/* the same, with events */
#define SWEEP_GRACE_MS 2000		/* for a login program's own child */

/* Looks until channel_fd is closed by main; then returns. */
void sweep_run(const struct config *config, int channel_fd,
    const struct sweep_jail *jails, size_t n_jails);

/* sweep_process.c: one process, as /proc shows it. */
struct sweep_process {
	pid_t pid, parent;
	uid_t uids[4];		/* real, effective, saved, file system */
	char state;
	uint64_t start;		/* clock ticks after boot */
	uint64_t pid_namespace;
	bool contained;		/* in a PID namespace that root made */
	char comm[64], path[512];
	uint32_t login_uid, session;
};

/* Reads state, parent, uids and name: what decides for nearly all.  0;
 * -ESRCH when there is no such process; -errno. */
int sweep_process_read(pid_t pid, struct sweep_process *ret);

/* Reads where the process is, and since when.  0, -ESRCH, -errno. */
int sweep_process_place(struct sweep_process *process);

/* Reads the rest, as far as it is there: path, login uid and session. */
void sweep_process_describe(struct sweep_process *process);

/* True for a process that a login program has forked, and that has executed
 * nothing since. */
bool sweep_process_is_of_login(const struct sweep_process *process);

/* True for a process that can become root again, and so is a program of the
 * host's that has put on an agent's ids for a moment. */
bool sweep_process_is_root(const struct sweep_process *process);

/* Milliseconds since the process began. */
uint64_t sweep_process_age_ms(const struct sweep_process *process);

/* sweep_agents.c: which uids are agents'. */
struct sweep_agents;

/* group is that of jaild.conf; sweep_agents_free(), or NULL without memory. */
struct sweep_agents *sweep_agents_new(const char *group);

void sweep_agents_free(struct sweep_agents *agents);

/* The account's name when uid is an agent's, else NULL.  Asks the name
 * service at most once a minute for a uid, and again when /etc/passwd or
 * /etc/group has changed; where it does not answer, what it said last
 * stands. */
const char *sweep_agents_name(struct sweep_agents *agents, uid_t uid);

/* sweep_events.c: the kernel's process connector. */

/* A socket on which the kernel tells of changed ids; -errno where it does
 * not.  Source: linux/cn_proc.h, linux/connector.h. */
int sweep_events_open(void);

/* Whether it tells of forks as well.  0 or -errno. */
int sweep_events_set_forks(int fd, bool forks);

/* The next process that the kernel tells of, with the real and effective
 * uid that it has now (0 and 0 for a fork: not told).  1; 0: nothing more;
 * -ENOBUFS: some were lost; -errno. */
int sweep_events_next(int fd, pid_t *ret_pid, uid_t ret_uids[2],
    bool *ret_fork);

void sweep_events_close(int fd);

#endif

/* jaild's main process: what it knows, and who changes it.
 *
 * Everything here lives in one event loop that never blocks.  Workers are
 * forked from it, one a login; closers are forked to end things. */
#ifndef JAILD_DAEMON_H
#define JAILD_DAEMON_H

#include <sys/types.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "config/config.h"
#include "jaild/channel.h"
#include "jaild/plan.h"
#include "lang/policy.h"

/* absent (not in the table) -> building -> live -> closing */
enum jail_state {
	JAIL_ABSENT = 0,
	JAIL_BUILDING,
	JAIL_LIVE,
	JAIL_CLOSING,
};

struct daemon;
struct live_jail;
struct pending;
struct closer;
struct login_record;

/* One session inside a live jail. */
struct session {
	struct session *next;
	struct live_jail *jail;
	struct session_facts facts;
	time_t since;
	bool closing;
	bool ending;		/* a closer is at it */
	const char *close_reason;
	bool left;		/* said LEAVING, its process lives on */
	int connection_fd;	/* -1 after an adoption */
	int pidfd;
	sd_event_source *connection_source, *pidfd_source;
};

/* What is known of a jail's log lines. */
struct log_relay {
	char vm[2 * PROTOCOL_NAME_MAX];
	uint64_t window_ms;		/* of the rate limit */
	unsigned lines;
};

struct live_jail {
	struct live_jail *next;
	struct daemon *daemon;
	enum jail_state state;
	struct jail_key key;
	struct jail_facts facts;
	char vm[2 * PROTOCOL_NAME_MAX];	/* ACCOUNT/JAIL */
	time_t since;
	int init_pidfd;
	uint64_t pid_namespace;		/* its inode; 0: not known */
	int filters_fd;			/* the door's programs, sealed */
	int log_fd;			/* its /dev/log */
	sd_event_source *init_source, *log_source;
	sd_event_source *records_source, *terminals_source;
	uint64_t records_copied;	/* of its wtmp */
	unsigned references;		/* logins on their way in */
	struct session *sessions;
	bool ending;			/* a closer is at it */
	const char *close_reason;
	struct log_relay log;
	pid_t log_pid;			/* takes the records; 0: jaild does */
};

/* One login being worked on. */
struct worker {
	struct worker *next;
	struct daemon *daemon;
	pid_t pid;
	int channel_fd;
	sd_event_source *channel_source, *child_source, *timer_source;
	struct live_jail *jail;		/* holds a reference; NULL: none */
	bool building;			/* jail is built by this worker */
	bool waiting;			/* for want's jail to change state */
	uint64_t session_id;		/* what main gave it */
	struct jail_key want;
};

/* The process of sweep.h; its end of the channel is closed to end it. */
struct sweeper {
	pid_t pid;			/* 0: none */
	int fd;
};

struct daemon {
	struct config *config;
	const char *config_path;
	struct policy *policy;
	struct plan_place place;
	char host_name[65];
	char cgroup_base[PATH_MAX];
	sd_event *event;
	int login_fd, control_fd, init_fd;
	sd_event_source *login_source, *control_source, *retry_source;
	struct pending *pending;	/* connected, nothing said yet */
	unsigned n_pending;
	struct live_jail *jails;
	struct worker *workers;
	unsigned n_workers;
	struct closer *closers;
	struct login_record *records;	/* for the host's utmp and wtmp */
	size_t records_taken;		/* of them, by the copier */
	pid_t record_copier;		/* 0: none */
	struct sweeper sweeper;
	uint64_t next_session;
	bool foreground;
};

/* listener.c: the login socket.  0 or -errno. */
int listener_open(struct daemon *daemon);
/* Goes on after there were too many workers, connections or descriptors. */
void listener_resume(struct daemon *daemon);
/* A listening socket at run_dir/name, 0600, made anew. */
int listen_at(const struct daemon *daemon, const char *name, int type,
    int *ret_fd);

/* worker.c: forks a worker for an accepted connection, which it takes. */
void worker_start(struct daemon *daemon, int connection_fd);
/* Answers all logins that wait for a jail's state to change. */
void workers_retry(struct daemon *daemon);

/* login.c: all that a worker does; returns its exit status. */
int login_run(const struct daemon *daemon, int channel_fd,
    int connection_fd);

/* jails.c: the table. */
struct live_jail *jail_new(struct daemon *daemon, const struct jail_key *key);
struct live_jail *jail_find(struct daemon *daemon,
    const struct jail_key *key);
struct live_jail *jail_find_any(struct daemon *daemon,
    const struct jail_key *key);
/* The jail is built: takes both descriptors.  0 or -errno. */
int jail_set_live(struct live_jail *jail, const struct jail_facts *facts,
    int init_pidfd, int filters_fd);
/* Ends the jail if nothing needs it any more. */
void jail_check(struct live_jail *jail);
/* Ends the jail with all its sessions; reason is one word that outlives
 * the jail. */
void jail_close(struct live_jail *jail, const char *reason);
void jail_forget(struct live_jail *jail);
const char *jail_state_name(enum jail_state state);

/* sessions.c */
int session_add(struct live_jail *jail, const struct session_facts *facts,
    int connection_fd, int pidfd);
void session_forget(struct session *session);

/* close.c: a process that ends something, and what is done after it.  The
 * reason is one word that outlives the session or jail. */
void close_session(struct session *session, const char *reason);
void close_jail(struct live_jail *jail, const char *reason);
/* Tries again what could not be begun or did not come to its end. */
void closers_retry(struct daemon *daemon);
bool is_closer(const struct daemon *daemon, pid_t pid);

/* retry.c: what the host had no room for is tried again a second later, and
 * what a worker left behind as a child of ours is reaped. */
int retry_open(struct daemon *daemon);
void retry_later(struct daemon *daemon);

/* syslog_relay.c: the jail's /dev/log.  *ret_directory_fd: the directory to
 * be bound into the jail. */
int log_socket_open(struct live_jail *jail, int *ret_directory_fd);

/* login_records.c: the jail's own utmp and wtmp, which are made in its log
 * directory.  0 or -errno. */
int login_records_open(struct live_jail *jail);
/* Takes what is new in the jail's wtmp. */
void login_records_collect(struct live_jail *jail);
/* Has what was taken written to the host's files. */
void login_records_flush(struct daemon *daemon);

/* state.c: what a restarted jaild needs to know of its jails. */
int state_save(const struct live_jail *jail);
void state_remove(const struct daemon *daemon, const char *uuid);
/* Takes over the jails of an earlier run; ends what cannot be. */
void state_adopt(struct daemon *daemon);
/* run_dir/jails/UUID, made with its parents. */
int state_directory(const struct daemon *daemon, const char *uuid,
    char ret_path[PATH_MAX]);

/* jail_filters.c: the door's programs of a jail, kept in its run-time
 * directory and, where another live jail has the same, in the same file and
 * memfd as there.  0 or -errno. */
int jail_filters_save(struct live_jail *jail);
int jail_filters_load(struct live_jail *jail, const char *directory);

/* sweeper.c: the process that looks for agents outside of their jails.  Does
 * nothing where it is there; -errno. */
int sweeper_start(struct daemon *daemon);
/* It ends, and another one begins, with what is configured by then. */
void sweeper_restart(struct daemon *daemon);
/* A jail is there: before anybody enters it.  0 or -errno. */
int sweeper_add(struct live_jail *jail);
/* A jail is gone: after its last process. */
void sweeper_remove(struct live_jail *jail);

/* control.c: the socket of jailctl. */
int control_open(struct daemon *daemon);
/* Accepts again after there were too many descriptors. */
void control_resume(struct daemon *daemon);

/* control_answer.c: does what one request, without its newline, asks for.
 * The answer, a line that ends with a newline and is the caller's to free;
 * NULL for want of memory.  Source: PROTOCOL.md. */
char *control_answer(struct daemon *daemon, const char *request);

/* main.c: loads config and policy anew; both or none.  *ret_diagnostics
 * (free()) says what was wrong. */
int daemon_reload(struct daemon *daemon, char **ret_diagnostics);

#endif

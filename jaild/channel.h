/* What a worker and main say to each other, over a SOCK_SEQPACKET pair.
 *
 *	worker -> main	WANT		a jail for this login
 *	main -> worker	BUILD | JOIN | DENY
 *	worker -> main	BUILT (pidfd, filters) | BUILD_FAILED
 *	main -> worker	GO		the jail is in the table
 *	worker -> main	LIVE (connection, pidfd of the login program)
 *	main -> worker	GO		the session is in the table
 *
 * Both ends are the same program: the structs are sent as they are. */
#ifndef JAILD_CHANNEL_H
#define JAILD_CHANNEL_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/protocol.h"
#include "jaild/build.h"
#include "jaild/cgroup.h"

enum channel_op {
	CHANNEL_NONE = 0,
	CHANNEL_WANT,
	CHANNEL_BUILD,
	CHANNEL_JOIN,
	CHANNEL_DENY,
	CHANNEL_BUILT,
	CHANNEL_BUILD_FAILED,
	CHANNEL_LIVE,
	CHANNEL_GO,
};

/* Which jail a login wants; jails with the same key are shared. */
struct jail_key {
	char account[PROTOCOL_NAME_MAX];
	char jail[PROTOCOL_NAME_MAX];
	char tier[32];
	char policy_sha256[PROTOCOL_SHA256_MAX];
	uint64_t fingerprint;	/* of all settings and the account */
	bool keeps_layers;	/* has an overlay whose data is kept */
	uid_t uid;
};

/* A jail as it is joined.  Descriptors travel beside it. */
struct jail_facts {
	char uuid[PROTOCOL_UUID_MAX];
	pid_t init_pid;
	uint64_t init_start;	/* field 22 of /proc/PID/stat */
	uint32_t namespaces;
	uint64_t root_dev, root_ino;
	char cgroup_path[CGROUP_PATH_BYTES];
	uint32_t n_filters;	/* of the door */
	struct grant_filter filters[PROTOCOL_FILTERS_MAX];
};

struct session_facts {
	uint64_t id;
	pid_t pid;		/* of the login program */
	uint64_t start;		/* its start time */
	uid_t auid;		/* its audit login uid; (uid_t)-1: none */
	char service[PROTOCOL_NAME_MAX];
	char tty[PROTOCOL_NAME_MAX];
	char rhost[PROTOCOL_HOST_MAX];
	char leaf_path[CGROUP_PATH_BYTES];
	char origin_path[CGROUP_PATH_BYTES];	/* the cgroup it came from */
};

struct channel_message {
	enum channel_op op;
	struct jail_key key;		/* WANT */
	struct jail_facts jail;		/* JOIN, BUILT; BUILD: the uuid */
	struct session_facts session;	/* LIVE; BUILD, JOIN: the id */
	char text[1024];		/* DENY, BUILD_FAILED */
};

/* 0; -ECONNRESET when the other side is gone; -errno.  Received descriptors
 * must be exactly n_fds. */
int channel_send(int fd, const struct channel_message *message,
    const int *fds, size_t n_fds);
int channel_receive(int fd, struct channel_message *ret, int *fds,
    size_t n_fds_max, size_t *ret_n_fds, uint64_t deadline_ms);

#endif

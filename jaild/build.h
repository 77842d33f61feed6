/* Runs a plan: a complete jail with its PID 1, or nothing at all. */
#ifndef JAILD_BUILD_H
#define JAILD_BUILD_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

#include "jaild/fault.h"
#include "jaild/filter.h"
#include "jaild/plan.h"

/* What the builder takes from outside the plan; descriptors stay the
 * caller's. */
struct build_input {
	int application_pidfd;	/* the PAM application: whose mount namespace
				 * the jail is made of; -1: our own */
	int init_fd;		/* jail-init, opened for reading */
	int log_directory_fd;	/* directory that holds the jail's "log"
				 * datagram socket and the directory
				 * "records"; -1: none */
	const struct filter_set *shell_filters;	/* for jail-shell */
	const char *cgroup_base;	/* jaild's directory of cgroup v2 */
	uint64_t deadline_ms;	/* packet.h: deadline_after() */
	struct fault fault;	/* what is to go wrong, in tests */
};

/* A live jail, as the table of jails keeps it. */
struct built_jail {
	pid_t init_pid;
	int init_pidfd;			/* owned */
	uint32_t namespaces;		/* CLONE_NEW* mask to join */
	uint64_t root_dev, root_ino;
	char cgroup_path[PATH_MAX];	/* the jail's cgroup directory */
};

struct build_failure {
	int error;		/* errno */
	size_t step;		/* from 1; 0: before or after the steps */
	char text[1024];	/* a whole sentence naming the thing */
};

/* Builds in a child that becomes the jail's PID 1; on any failure (and past
 * the deadline) that child is killed and reaped and what was made outside it
 * (cgroup, storage of fresh mounts) is removed.  May be called from a worker
 * only: it forks and waits.  0 and *ret; -errno and *ret_failure. */
int jail_build(const struct plan *plan, const struct build_input *input,
    struct built_jail *ret, struct build_failure *ret_failure);

/* Ends a jail: kills its PID 1 and whatever is in its cgroup, waits for
 * both, removes the cgroup and the storage of fresh mounts.  Idempotent;
 * init_pidfd may be -1.  Blocks for up to the deadline: worker only.
 * 0; -ETIMEDOUT; -errno, the first one. */
int jail_demolish(const char *cgroup_path, int init_pidfd,
    const char *state_dir, const char *uuid, uint64_t deadline_ms);

#endif

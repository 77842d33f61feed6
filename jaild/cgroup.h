/* The cgroup v2 directories of jails and sessions.
 *
 *	BASE/UUID		one jail
 *	BASE/UUID/init		its PID 1
 *	BASE/UUID/session-ID	the processes of one session
 *	BASE/leaving		login programs behind the end of their session
 *
 * They serve to find and end processes; no controller is needed. */
#ifndef JAILD_CGROUP_H
#define JAILD_CGROUP_H

#include <limits.h>
#include <stdint.h>
#include <sys/types.h>

/* Of the path of a jail's or session's cgroup.  Main keeps three of them for
 * a jail with one session. */
#define CGROUP_PATH_BYTES 1024
#define CGROUP_BASE_BYTES (CGROUP_PATH_BYTES - 128)

/* Makes the directory below which jails are put: configured, when it is not
 * ""; else what JAILD_CGROUP_DIR of the environment names; else `jaild` in
 * the first cgroup v2 mount.  0 and ret_path[PATH_MAX]; -ENOENT when no
 * cgroup v2 is mounted; -EINVAL when the path is not absolute; -ENAMETOOLONG
 * above CGROUP_BASE_BYTES; -errno.
 * Source: cgroups(7), proc(5) mountinfo. */
int cgroup_base_make(const char *configured, char *ret_path);

/* mkdir of path; 0 also when it exists. */
int cgroup_make(const char *path);

/* Moves pid into the directory. */
int cgroup_enter(const char *path, pid_t pid);

/* Takes pid out of its session's cgroup: back to origin or, where that is gone
 * or may not be entered, to BASE/leaving.  0; -ESRCH: it has ended; -errno. */
int cgroup_let_go(const char *base, const char *origin, pid_t pid);

/* The v2 cgroup directory that pid is in, below the mount that base lies on:
 * ret_path[PATH_MAX].  -ESRCH, -errno. */
int cgroup_of(const char *base, pid_t pid, char *ret_path);

/* Kills everything in path and below (cgroup.kill), waits for "populated 0"
 * and removes path with its children.  Nothing there: 0.  -ETIMEDOUT. */
int cgroup_end(const char *path, uint64_t deadline_ms);

/* Calls visit for each process in path itself.  0 or -errno. */
int cgroup_pids(const char *path, void (*visit)(pid_t pid, void *object),
    void *object);

#endif

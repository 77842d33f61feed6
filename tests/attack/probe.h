/* What tries to get out of a jail.  One attack is one row of a table; each
 * theme has a file with its table and the attacks of more than one call. */
#ifndef TESTS_ATTACK_PROBE_H
#define TESTS_ATTACK_PROBE_H

#include <sys/types.h>

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#define OUTSIDE_MAX 5

enum place { OUTSIDE, CHROOT, NAMESPACE, OTHER, PLACES };

enum row_flag {
	AS_AGENT = 1,	/* outside as the agent's uid, not as root */
	I386 = 2,	/* through the 32-bit entry of the kernel */
	X32 = 4,	/* with the x32 bit in the number */
	FIRST = 8,	/* outside of the target: /proc/1 may be guarded */
	READS = 16,	/* what is empty says ENODATA */
	CREATES = 32,	/* is taken away again */
	ABSENT = 64,	/* where outside has none, inside says ENOENT */
	LISTS = 128,	/* a directory; an empty one says ENODATA */
	PARENT = 256,	/* /proc/PARENT/... of what started the probe */
	NATIVE = 512,	/* numbers that a program of i386 has otherwise */
	SSHD_ONLY = 1024, /* only where the parent is sshd's */
	BY_SHELL = 2048, /* what jail-shell loads refuses it, and no other */
	CONNECTS = 4096, /* the path is a stream socket's */
	ROUTED = 8192,	/* ABSENT where outside has no route */
	SCOPED = 16384,	/* Landlock's scopes refuse it, where there are any */
};

struct row {
	const char *name;
	unsigned flags;
	/* Either a function or a system call.  A function returns 0 when the
	 * attack succeeded, or its -errno.  Each runs in a process of its
	 * own, so it need not undo anything of it. */
	int (*attack)(void);
	int number;
	long arguments[6];
	/* 0 is success; ENOSYS outside: this kernel has none of it. */
	int outside[OUTSIDE_MAX];
	size_t n_outside;
	int chroot, namespace;
};

struct row_table {
	const char *title;
	const struct row *rows;
	size_t n_rows;
};

extern const struct row_table tree_rows, namespace_rows, process_rows,
    kernel_rows, socket_rows, terminal_rows, file_rows, privilege_rows,
    abi_rows;

#define ROW_TABLE(title, rows) \
	{ (title), (rows), sizeof(rows) / sizeof((rows)[0]) }
#define P(string) (long)(uintptr_t)(string)
#define CALL(number, ...) NULL, (number), { __VA_ARGS__ }
#define FUNCTION(function) (function), 0, { 0 }
#define AFTER(...) { __VA_ARGS__ }, \
	sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)
#define BOTH(error) (error), (error)
#define CONNECT(path) OPEN(path, 0)
#define OPEN(path, flags) CALL(SYS_openat, AT_FDCWD, P(path), (flags))

/* What the host prepared to be found or hurt; from the command line. */
struct host_target {
	pid_t pid;		/* a process of the agent's uid */
	int shm_id;		/* a System V segment that it may attach */
	int shm_key;
	int semaphore_key, queue_key; /* of others like it */
	int tcp_port;		/* of a listener on 127.0.0.1 */
	const char *socket;	/* the name of an abstract listener */
	const char *datagram;	/* the name of an abstract datagram socket */
	const char *setuid;	/* a copy of the probe, mode 4755, root's */
	long extra_fds;		/* what the shell gave beyond 0 to 2 */
	enum place place;
};

extern struct host_target host_target;

static inline int
result_of(long returned)
{
	return returned < 0 ? -errno : 0;
}

/* Connects to a path, or to an abstract name when it begins with '@'. */
int probe_connect(const char *name, int type);

#endif

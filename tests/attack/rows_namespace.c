/* Other namespaces. */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "tests/attack/probe.h"

/* Linux 6.11: a descriptor of a process's mount namespace. */
#define PIDFD_MOUNT_NAMESPACE _IO(0xff, 3)

/* The raw call: the C library's has a stack to be given. */
static int
clone_with(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL,
	    NULL);

	if (pid == 0)
		_exit(0);
	return result_of(pid);
}

static int
attack_clone_user(void)
{
	return clone_with(CLONE_NEWUSER);
}

static int
attack_clone_mount(void)
{
	return clone_with(CLONE_NEWNS);
}

static int
attack_clone_network(void)
{
	return clone_with(CLONE_NEWNET);
}

static int
attack_clone3(void)
{
	struct clone_args arguments = { .flags = CLONE_NEWUSER,
		.exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid == 0)
		_exit(0);
	return result_of(pid);
}

static int
attack_setns_self(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	return fd < 0 ? -ENOENT : result_of(setns(fd, 0));
}

static int
attack_setns_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	return fd < 0 ? -ENOENT : result_of(setns(fd, CLONE_NEWUTS));
}

static int
attack_ns_ioctl(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	return fd < 0 ? -ENOENT : result_of(ioctl(fd, NS_GET_USERNS));
}

/* It gives what setns() would take; that is where it ends. */
static int
attack_pidfd_namespace(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	int fd = ioctl(pidfd, PIDFD_MOUNT_NAMESPACE, 0);

	/* An older kernel. */
	if (fd < 0)
		fd = open("/proc/self/ns/mnt", O_RDONLY);
	return fd < 0 ? -ENOENT : result_of(setns(fd, CLONE_NEWNS));
}

#define UNSHARE(flag) CALL(SYS_unshare, (flag)), AFTER(0), BOTH(EPERM)

static const struct row rows[] = {
	{ "unshare-user", AS_AGENT, UNSHARE(CLONE_NEWUSER) },
	{ "unshare-user-all", AS_AGENT, UNSHARE(CLONE_NEWUSER | CLONE_NEWNS |
	    CLONE_NEWNET | CLONE_NEWPID) },
	{ "unshare-mount", 0, UNSHARE(CLONE_NEWNS) },
	{ "unshare-pid", 0, UNSHARE(CLONE_NEWPID) },
	{ "unshare-network", 0, UNSHARE(CLONE_NEWNET) },
	{ "unshare-ipc", 0, UNSHARE(CLONE_NEWIPC) },
	{ "unshare-uts", 0, UNSHARE(CLONE_NEWUTS) },
	{ "unshare-cgroup", 0, UNSHARE(CLONE_NEWCGROUP) },
	{ "unshare-time", 0, UNSHARE(CLONE_NEWTIME) },
	{ "clone-user", AS_AGENT, FUNCTION(attack_clone_user), AFTER(0),
	    BOTH(EPERM) },
	{ "clone-mount", 0, FUNCTION(attack_clone_mount), AFTER(0),
	    BOTH(EPERM) },
	{ "clone-network", 0, FUNCTION(attack_clone_network), AFTER(0),
	    BOTH(EPERM) },
	{ "clone3", AS_AGENT, FUNCTION(attack_clone3), AFTER(0),
	    BOTH(ENOSYS) },
	{ "setns-first-process", FIRST, OPEN("/proc/1/ns/mnt", O_RDONLY),
	    AFTER(0), BOTH(EACCES) },
	{ "setns-self", 0, FUNCTION(attack_setns_self), AFTER(0),
	    BOTH(EPERM) },
	{ "setns-pidfd", 0, FUNCTION(attack_setns_pidfd), AFTER(0),
	    BOTH(EPERM) },
	{ "pidfd-namespace", 0, FUNCTION(attack_pidfd_namespace), AFTER(0),
	    BOTH(EPERM) },
	{ "namespace-ioctl", 0, FUNCTION(attack_ns_ioctl), AFTER(0, ENOTTY),
	    BOTH(EPERM) },
};

const struct row_table namespace_rows = ROW_TABLE("Other namespaces", rows);

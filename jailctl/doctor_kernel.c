#include "config.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"

/* Numbers that may be newer than the build host's headers. */
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#define CLONE_INTO_CGROUP_FLAG UINT64_C(0x200000000)
#define LANDLOCK_ABI_SCOPES 6
#define FIX_KERNEL "run a kernel of 5.14 or later"
#define FIX_CGROUP "mount -t cgroup2 cgroup2 /sys/fs/cgroup"

/* struct clone_args of Linux 5.7. */
struct clone_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack,
	    stack_size, tls, set_tid, set_tid_size, cgroup;
};

static bool
has_pidfd(void)
{
	_cleanup_fd_ int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	return fd >= 0;
}

/* A descriptor that is no cgroup's is refused by a kernel that looks. */
static bool
has_clone_into_cgroup(void)
{
	_cleanup_fd_ int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct clone_arguments arguments = { .flags = CLONE_INTO_CGROUP_FLAG,
		.exit_signal = SIGCHLD, .cgroup = (uint64_t)fd };
	long r = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (r == 0)
		_exit(0);
	return r < 0 && errno == EBADF;
}

static bool
has_openat2(void)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = { .flags = O_PATH | O_CLOEXEC };
	_cleanup_fd_ int fd = (int)syscall(SYS_openat2, AT_FDCWD, "/", &how,
	    sizeof(how));

	return fd >= 0;
}

/* Of the mount interfaces on descriptors the last that came. */
static bool
has_mount_api(void)
{
	syscall(SYS_mount_setattr, -1, "", 0, NULL, 0);
	return errno != ENOSYS;
}

static bool
has_seccomp(void)
{
	uint32_t action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ==
	    0;
}

static bool
has_namespaces(void)
{
	static const char *const names[] = { "cgroup", "ipc", "mnt", "net",
		"pid", "uts" };
	char path[64];

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		if (access(path, F_OK) != 0)
			return false;
	}
	return true;
}

static bool
has_cgroup2(void)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[4096];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strstr(line, " - cgroup2 ") != NULL)
			return true;
	return false;
}

/* RHEL 9 and Debian 12 have none yet: no warning for them alone. */
static bool
has_landlock_scopes(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >=
	    LANDLOCK_ABI_SCOPES;
}

static const struct {
	bool (*probe)(void);
	enum severity severity;	/* when it is missing */
	const char *words, *means, *fix;
} features[] = {
	{ has_namespaces, SEVERITY_ERROR, "namespaces", "no jail can be made",
	    FIX_KERNEL },
	{ has_pidfd, SEVERITY_ERROR, "descriptors of processes",
	    "no jail can be held", FIX_KERNEL },
	{ has_openat2, SEVERITY_ERROR, "openat2",
	    "no path can be opened safely", FIX_KERNEL },
	{ has_mount_api, SEVERITY_ERROR, "mounts by descriptor",
	    "no jail can be made", FIX_KERNEL },
	{ has_seccomp, SEVERITY_ERROR, "system call filters",
	    "no jail can be entered", FIX_KERNEL },
	{ has_cgroup2, SEVERITY_ERROR, "cgroup v2",
	    "the processes of a session cannot be found and ended",
	    FIX_CGROUP },
	{ has_clone_into_cgroup, SEVERITY_ERROR, "clone into a cgroup",
	    "no jail can be made", FIX_KERNEL },
	{ has_landlock_scopes, SEVERITY_NOTE, "Landlock scopes (Linux 6.12)",
	    "jails with `network host` need `tolerate missing "
	    "landlock-scopes`, and reach abstract sockets of the host",
	    "run a kernel of 6.12 or later with landlock in "
	    "/sys/kernel/security/lsm" },
};

void
doctor_kernel(struct doctor *doctor)
{
	size_t missing = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(features); i++) {
		if (features[i].probe())
			continue;
		missing++;
		doctor_report(doctor, features[i].severity, features[i].fix,
		    "%s: missing here; %s", features[i].words,
		    features[i].means);
	}
	doctor_report(doctor, SEVERITY_OK, "", "has %zu of the %zu features "
	    "that jails use", ARRAY_LENGTH(features) - missing,
	    ARRAY_LENGTH(features));
}

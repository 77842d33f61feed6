#include "config.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
#define NAMESPACES_ENOUGH 16
#define NAMESPACES_USUAL 4096
#define FIX_KERNEL "run a kernel of 5.14 or later"

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

/* RHEL 9 and Debian 12 have none yet: no warning for them alone. */
static bool
has_landlock_scopes(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >=
	    LANDLOCK_ABI_SCOPES;
}

static const struct {
	bool (*probe)(void);
	enum finding finding;	/* when it is missing */
	const char *words, *means, *fix;
} features[] = {
	{ has_namespaces, FINDING_KERNEL_FEATURE, "namespaces",
	    "no jail can be made", FIX_KERNEL },
	{ has_pidfd, FINDING_KERNEL_FEATURE, "descriptors of processes",
	    "no jail can be held", FIX_KERNEL },
	{ has_openat2, FINDING_KERNEL_FEATURE, "openat2",
	    "no path can be opened safely", FIX_KERNEL },
	{ has_mount_api, FINDING_KERNEL_FEATURE, "mounts by descriptor",
	    "no jail can be made", FIX_KERNEL },
	{ has_seccomp, FINDING_KERNEL_FEATURE, "system call filters",
	    "no jail can be entered", FIX_KERNEL },
	{ has_clone_into_cgroup, FINDING_KERNEL_FEATURE,
	    "clone into a cgroup", "no jail can be made", FIX_KERNEL },
	{ has_landlock_scopes, FINDING_LANDLOCK_SCOPES,
	    "Landlock scopes (Linux 6.12)",
	    "jails with `network host` need `tolerate missing "
	    "landlock-scopes`, and reach abstract sockets of the host",
	    "run a kernel of 6.12 or later with landlock in "
	    "/sys/kernel/security/lsm" },
};

/* The first cgroup v2 mount of mountinfo (proc(5)): its place and the
 * options of its file system.  False: there is none. */
static bool
find_cgroup2(char place[PATH_MAX], char options[PATH_MAX])
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	char line[2 * PATH_MAX];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		const char *type = strstr(line, " - cgroup2 ");

		if (type != NULL && sscanf(line, "%*s %*s %*s %*s %4095s",
		    place) == 1 && sscanf(type, " - cgroup2 %*s %4095s",
		    options) == 1)
			return true;
	}
	return false;
}

/* What limits of jails need; they may belong to version 1. */
static void
check_controllers(struct doctor *doctor, const char *place)
{
	static const char *const wanted[] = { "cpu", "io", "memory", "pids" };
	char path[PATH_MAX + 32], says[512] = " ", missing[64] = "";
	_cleanup_file_ FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/cgroup.controllers", place);
	file = fopen(path, "re");
	if (file == NULL || fgets(says + 1, sizeof(says) - 2, file) == NULL)
		says[1] = '\0';
	says[strcspn(says, "\n")] = '\0';
	strcat(says, " ");
	for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
		char word[16];

		snprintf(word, sizeof(word), " %s ", wanted[i]);
		if (strstr(says, word) == NULL)
			strcat(strcat(missing, *missing != '\0' ? ", " : ""),
			    wanted[i]);
	}
	if (*missing != '\0')
		doctor_report(doctor, FINDING_CGROUP_CONTROLLERS, place,
		    "start the kernel with cgroup_no_v1=all", "%s has no "
		    "controller for: %s; a jail with such a limit is not "
		    "made", place, missing);
}

static void
check_cgroup2(struct doctor *doctor)
{
	char place[PATH_MAX], options[PATH_MAX];

	if (!find_cgroup2(place, options)) {
		doctor_report(doctor, FINDING_CGROUP2_MISSING, "",
		    "mount -t cgroup2 cgroup2 /sys/fs/cgroup", "cgroup v2: "
		    "not mounted here; the processes of a session cannot be "
		    "found and ended");
		return;
	}
	check_controllers(doctor, place);
	if (strstr(options, "favordynmods") == NULL)
		doctor_report(doctor, FINDING_CGROUP_SLOW, place,
		    "write cgroup_favordynmods = true; into "
		    JAILD_SYSCONFDIR "/jaild.conf, and restart jaild",
		    "%s is mounted without favordynmods: each login "
		    "waits 6 to 12 ms for the kernel (with it, forks on the "
		    "whole host get a little slower)", place);
}

/* Each jail has one of each; 0 is how hardening guides forbid them. */
static void
check_namespace_limits(struct doctor *doctor)
{
	static const char *const kinds[] = { "cgroup", "ipc", "mnt", "net",
		"pid", "uts" };

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		char path[64], text[FIX_MAX];
		_cleanup_file_ FILE *file = NULL;
		unsigned long limit;

		snprintf(path, sizeof(path), "/proc/sys/user/max_%s_"
		    "namespaces", kinds[i]);
		file = fopen(path, "re");
		if (file == NULL || fscanf(file, "%lu", &limit) != 1 ||
		    limit >= NAMESPACES_ENOUGH)
			continue;
		doctor_report(doctor, FINDING_NAMESPACE_LIMIT, kinds[i],
		    doctor_fix(text, "sysctl -w user.max_%s_namespaces=%d",
		    kinds[i], NAMESPACES_USUAL), "user.max_%s_namespaces is "
		    "%lu: so few jails, and whatever else has namespaces, "
		    "can be made", kinds[i], limit);
	}
}

void
doctor_kernel(struct doctor *doctor)
{
	size_t missing = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(features); i++) {
		if (features[i].probe())
			continue;
		missing++;
		doctor_report(doctor, features[i].finding, features[i].words,
		    features[i].fix, "%s: missing here; %s",
		    features[i].words, features[i].means);
	}
	check_cgroup2(doctor);
	check_namespace_limits(doctor);
	doctor_fine(doctor, "has %zu of the %zu features that jails use",
	    ARRAY_LENGTH(features) - missing, ARRAY_LENGTH(features));
}

/* The way in, in its one order. */
#include "config.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "pam_module/jail_enter.h"

/* Kernel interfaces that may be newer than the build host's headers. */
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

/* The working directory, root and umask become this process's own: setns()
 * refuses a mount namespace while they are shared. */
static int
step_unshare(const struct jail_entry *entry)
{
	(void)entry;
	return unshare(CLONE_FS) < 0 ? -errno : 0;
}

/* All namespaces are joined, or none (setns(2)). */
static int
step_setns(const struct jail_entry *entry)
{
	if (setns(entry->init_fd, (int)entry->grant->namespaces) < 0)
		return -errno;
	return 0;
}

static int
step_root(const struct jail_entry *entry)
{
	struct stat status;

	if (stat("/", &status) < 0)
		return -errno;
	if (status.st_dev != entry->grant->root_dev ||
	    status.st_ino != entry->grant->root_ino)
		return -EXDEV;
	return 0;
}

static int
step_chdir(const struct jail_entry *entry)
{
	(void)entry;
	return chdir("/") < 0 ? -errno : 0;
}

static int
step_umask(const struct jail_entry *entry)
{
	umask((mode_t)entry->grant->umask);
	return 0;
}

static int
step_rlimits(const struct jail_entry *entry)
{
	for (uint32_t i = 0; i < entry->grant->n_rlimits; i++) {
		const struct grant_rlimit *rlimit = &entry->grant->rlimits[i];
		struct rlimit64 value = { .rlim_cur = rlimit->soft,
			.rlim_max = rlimit->hard };

		if (prlimit64(0, (enum __rlimit_resource)rlimit->resource,
		    &value, NULL) < 0)
			return -errno;
	}
	return 0;
}

static int
step_bounding(const struct jail_entry *entry)
{
	(void)entry;
	for (unsigned long cap = 0; cap < 64; cap++) {
		int held = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (held < 0)
			return errno == EINVAL && cap > 0 ? 0 : -errno;
		if (held && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	}
	return 0;
}

static int
step_ambient(const struct jail_entry *entry)
{
	(void)entry;
	return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ?
	    -errno : 0;
}

static int
step_capabilities(const struct jail_entry *entry)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	for (size_t i = 0; i < 2; i++) {
		words[i].permitted =
		    (uint32_t)(entry->grant->capabilities >> (32 * i));
		words[i].effective = words[i].permitted;
	}
	return syscall(SYS_capset, &header, words) < 0 ? -errno : 0;
}

static int
step_no_new_privs(const struct jail_entry *entry)
{
	(void)entry;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

static int
step_landlock(const struct jail_entry *entry)
{
	if (entry->ruleset_fd < 0)
		return 0;
	return syscall(SYS_landlock_restrict_self, entry->ruleset_fd,
	    entry->ruleset_flags) < 0 ? -errno : 0;
}

static int
step_seccomp(const struct jail_entry *entry)
{
	struct sock_filter *next = entry->instructions;

	for (uint32_t i = 0; i < entry->grant->n_filters; i++) {
		const struct grant_filter *filter = &entry->grant->filters[i];
		struct sock_fprog program = {
			.len = (unsigned short)filter->instructions,
			.filter = next };

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    filter->flags, &program) != 0)
			return -errno;
		next += filter->instructions;
	}
	return 0;
}

/* MUST be done in this order:
 *  1. file system attributes of our own, then all namespaces at once;
 *  2. nothing is looked up before "/" is known to be the jail's;
 *  3. limits while the capability to raise them is still there;
 *  4. the bounding set before the capabilities that it takes to empty it;
 *  5. no_new_privs before Landlock and seccomp, which need it then;
 *  6. seccomp last, since it may refuse the calls above. */
static const struct {
	const char *step;
	int (*run)(const struct jail_entry *entry);
	bool leaves_host;	/* success is the point of no return */
} steps[] = {
	{ "unshare", step_unshare, false },
	{ "setns", step_setns, true },
	{ "root", step_root, false },
	{ "chdir", step_chdir, false },
	{ "umask", step_umask, false },
	{ "rlimits", step_rlimits, false },
	{ "bounding", step_bounding, false },
	{ "ambient", step_ambient, false },
	{ "capabilities", step_capabilities, false },
	{ "no-new-privs", step_no_new_privs, false },
	{ "landlock", step_landlock, false },
	{ "seccomp", step_seccomp, false },
};

int
jail_enter(const struct jail_entry *entry, bool *ret_point_of_no_return,
    struct enter_error *ret_error)
{
	*ret_point_of_no_return = false;
	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		int r = steps[i].run(entry);

		if (r < 0)
			return enter_fail(ret_error, steps[i].step, r);
		if (steps[i].leaves_host)
			*ret_point_of_no_return = true;
	}
	return 0;
}

_Noreturn void
enter_die(void)
{
	/* SIGKILL cannot be blocked; a filter that refuses kill(2) to the
	 * caller itself still leaves the loop without a way out. */
	for (;;)
		kill(getpid(), SIGKILL);
}

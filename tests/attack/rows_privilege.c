/* Privileges. */
#include "config.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/attack/probe.h"

static int
attack_setuid(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execl(host_target.setuid, "probe", "euid", NULL);
		_exit(ENOENT);
	}
	if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -EINTR;
	return -WEXITSTATUS(status);
}

static int
attack_set_ids(void)
{
	return result_of(setresuid(0, 0, 0));
}

static int
attack_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	words[0].permitted = 1 << CAP_CHOWN;
	words[0].inheritable = 1 << CAP_CHOWN;
	return result_of(syscall(SYS_capset, &header, words));
}

static int
attack_ambient(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	if (syscall(SYS_capget, &header, words) < 0)
		return -errno;
	words[0].inheritable = words[0].permitted;
	if (syscall(SYS_capset, &header, words) < 0)
		return -errno;
	return result_of(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
	    CAP_CHOWN, 0, 0));
}

/* Any that is left could come back with a file of root's. */
static int
attack_bounding(void)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1)
			return 0;
	return -EPERM;
}

static int
attack_secure_bits(void)
{
	return result_of(prctl(PR_SET_SECUREBITS, SECBIT_KEEP_CAPS, 0, 0, 0));
}

static int
attack_memory_map(void)
{
	return result_of(prctl(PR_SET_MM, PR_SET_MM_BRK, sbrk(0), 0, 0));
}

static int
attack_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -EPERM : 0;
}

static int
attack_loginuid(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY);

	if (fd < 0)
		return -errno;
	return result_of(write(fd, "4294967295", 10));
}

/* Under any other limit than 1 a crash starts the program that core_pattern
 * names: outside, as root.  It must stay 1, whatever a call says. */
static int
attack_core(void)
{
	static const struct rlimit none = { 0, 0 },
	    all = { RLIM_INFINITY, RLIM_INFINITY };
	struct rlimit limit;

	setrlimit(RLIMIT_CORE, &all);
	syscall(SYS_prlimit64, 0, RLIMIT_CORE, &none, NULL);
	syscall(SYS_setrlimit, RLIMIT_CORE, &none);
	if (getrlimit(RLIMIT_CORE, &limit) < 0)
		return -errno;
	return limit.rlim_cur == 1 && limit.rlim_max == 1 ? -EPERM : 0;
}

static int
attack_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) < 0)
		return -errno;
	if (host_target.place == OUTSIDE)
		limit.rlim_cur = limit.rlim_max = 1;
	if (setrlimit(RLIMIT_NPROC, &limit) < 0)
		return -errno;
	limit.rlim_max = RLIM_INFINITY;
	return result_of(setrlimit(RLIMIT_NPROC, &limit));
}

static int
attack_descriptors(void)
{
	return host_target.extra_fds > 0 ? 0 : -EBADF;
}

/* A file of one's own. */
static int
own_file(void)
{
	int fd = open("probe-own", O_RDWR | O_CREAT, 0700);

	unlink("probe-own");
	return fd;
}

static int
attack_chown(void)
{
	return result_of(fchown(own_file(), 0, 0));
}

static int
attack_file_capability(void)
{
	struct vfs_cap_data data = { .magic_etc = VFS_CAP_REVISION_2 };

	return result_of(fsetxattr(own_file(), "security.capability", &data,
	    sizeof(data), 0));
}

static int
attack_trusted_attribute(void)
{
	return result_of(fsetxattr(own_file(), "trusted.overlay.opaque", "y",
	    1, 0));
}

/* New ids may come from a helper that is setuid, which none is in here. */
static int
attack_subordinate_ids(void)
{
	return result_of(open("/etc/subuid", O_RDONLY));
}

/* Where root itself lacks CAP_SYS_RESOURCE, two rows show nothing. */
static const struct row rows[] = {
	{ "setuid-file", AS_AGENT, FUNCTION(attack_setuid), AFTER(0),
	    BOTH(EPERM) },
	{ "setuid", 0, CALL(SYS_setuid, 0), AFTER(0), BOTH(EPERM) },
	{ "setgid", 0, CALL(SYS_setgid, 0), AFTER(0), BOTH(EPERM) },
	{ "setresuid", 0, FUNCTION(attack_set_ids), AFTER(0), BOTH(EPERM) },
	{ "setgroups", 0, CALL(SYS_setgroups, 0, 0), AFTER(0), BOTH(EPERM) },
	{ "capset", 0, FUNCTION(attack_capabilities), AFTER(0),
	    BOTH(EPERM) },
	{ "ambient", 0, FUNCTION(attack_ambient), AFTER(0), BOTH(EPERM) },
	{ "bounding", 0, FUNCTION(attack_bounding), AFTER(0), BOTH(EPERM) },
	{ "secure-bits", 0, FUNCTION(attack_secure_bits), AFTER(0),
	    BOTH(EPERM) },
	{ "memory-map", 0, FUNCTION(attack_memory_map), AFTER(0, EPERM),
	    BOTH(EPERM) },
	{ "no_new_privs", 0, FUNCTION(attack_privileges), AFTER(0),
	    BOTH(EPERM) },
	{ "loginuid", 0, FUNCTION(attack_loginuid), AFTER(0), BOTH(EPERM) },
	{ "core-limit", 0, FUNCTION(attack_core), AFTER(0), BOTH(EPERM) },
	{ "raise-limit", 0, FUNCTION(attack_raise_limit), AFTER(0, EPERM),
	    BOTH(EPERM) },
	{ "descriptors", 0, FUNCTION(attack_descriptors), AFTER(0),
	    BOTH(EBADF) },
	{ "chown", 0, FUNCTION(attack_chown), AFTER(0), BOTH(EPERM) },
	{ "file-capability", 0, FUNCTION(attack_file_capability), AFTER(0),
	    BOTH(EPERM) },
	{ "trusted-attribute", 0, FUNCTION(attack_trusted_attribute),
	    AFTER(0), BOTH(EPERM) },
	{ "subordinate-ids", ABSENT, FUNCTION(attack_subordinate_ids),
	    AFTER(0, ENOENT), BOTH(ENOENT) },
};

const struct row_table privilege_rows = ROW_TABLE("Privileges", rows);

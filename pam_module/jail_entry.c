/* What was granted is looked at and read, completely. */
#include "config.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "pam_module/jail_enter.h"

/* Kernel interfaces that may be newer than the build host's headers. */
#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif
#define LANDLOCK_VERSION_FLAG 1u	/* LANDLOCK_CREATE_RULESET_VERSION */
#define LANDLOCK_ABI_SCOPES 6		/* Linux 6.12 */
#define LANDLOCK_ABI_LOGS 7	/* Linux 6.15 */
#define LANDLOCK_LOG_NEW_EXEC 2u /* LANDLOCK_RESTRICT_SELF_LOG_NEW_EXEC_ON */
#define LANDLOCK_ABSTRACT_SOCKETS 1u	/* LANDLOCK_SCOPE_ABSTRACT_UNIX_... */

/* struct landlock_ruleset_attr as of ABI 6. */
struct ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

/* What one setns() may join.  Not CLONE_NEWUSER: from another user namespace
 * every audit record of the login program would be lost silently. */
#define NAMESPACES_ALLOWED \
	((uint32_t)(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | \
	CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME))
#define NAMESPACES_REQUIRED ((uint32_t)(CLONE_NEWNS | CLONE_NEWPID))
#define GRANT_FLAGS_KNOWN \
	(GRANT_FLAG_AUDIT_REQUIRED | GRANT_FLAG_SCOPE_ABSTRACT)
#define FILTER_SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

/* Inode numbers of the first namespaces: linux/proc_ns.h of the kernel. */
static const struct {
	const char *path;
	ino_t inode;
} first_namespaces[] = {
	{ "/proc/self/ns/user", 0xEFFFFFFD },
	{ "/proc/self/ns/pid", 0xEFFFFFFC },
	{ "/proc/self/ns/pid_for_children", 0xEFFFFFFC },
};

int
host_check(void)
{
	if (geteuid() != 0)
		return -EPERM;
	for (size_t i = 0; i < ARRAY_LENGTH(first_namespaces); i++) {
		struct stat status;

		if (stat(first_namespaces[i].path, &status) < 0)
			return -errno;
		if (status.st_ino != first_namespaces[i].inode)
			return -EPERM;
	}
	return 0;
}

/* setns(), capabilities and seccomp act on the calling thread alone: another
 * thread would stay outside.  /proc/self/task has one directory for each. */
static int
check_threads(const struct grant *grant, const int *fds)
{
	struct stat status;

	(void)grant;
	(void)fds;
	if (stat("/proc/self/task", &status) < 0)
		return -errno;
	return status.st_nlink == 3 ? 0 : -EBUSY;
}

static int
check_flags(const struct grant *grant, const int *fds)
{
	(void)fds;
	return grant->flags & ~GRANT_FLAGS_KNOWN ? -EINVAL : 0;
}

static int
check_namespaces(const struct grant *grant, const int *fds)
{
	(void)fds;
	if (grant->namespaces & ~NAMESPACES_ALLOWED)
		return -EINVAL;
	if ((grant->namespaces & NAMESPACES_REQUIRED) != NAMESPACES_REQUIRED)
		return -EINVAL;
	return 0;
}

static int
check_umask(const struct grant *grant, const int *fds)
{
	(void)fds;
	return grant->umask > 0777 ? -EINVAL : 0;
}

static int
check_rlimits(const struct grant *grant, const int *fds)
{
	uint32_t seen = 0;

	(void)fds;
	if (grant->n_rlimits > PROTOCOL_RLIMITS_MAX)
		return -EINVAL;
	for (uint32_t i = 0; i < grant->n_rlimits; i++) {
		uint32_t resource = grant->rlimits[i].resource;

		if (resource >= RLIMIT_NLIMITS || seen & 1u << resource ||
		    grant->rlimits[i].soft > grant->rlimits[i].hard)
			return -EINVAL;
		seen |= 1u << resource;
	}
	return 0;
}

static int
capabilities_get(uint64_t *ret_permitted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	if (syscall(SYS_capget, &header, words) < 0)
		return -errno;
	*ret_permitted = words[0].permitted |
	    (uint64_t)words[1].permitted << 32;
	return 0;
}

/* A record that has to be sent from inside needs CAP_AUDIT_WRITE there. */
static int
check_capabilities(const struct grant *grant, const int *fds)
{
	uint64_t permitted = 0;
	int r = capabilities_get(&permitted);

	(void)fds;
	if (r < 0)
		return r;
	if (grant->capabilities & ~permitted)
		return -EPERM;
	if (grant->flags & GRANT_FLAG_AUDIT_REQUIRED &&
	    !(grant->capabilities & UINT64_C(1) << CAP_AUDIT_WRITE))
		return -EINVAL;
	return 0;
}

/* Signal 0: is it a pidfd, of a process that still lives? */
static int
check_init(const struct grant *grant, const int *fds)
{
	(void)grant;
	if (syscall(SYS_pidfd_send_signal, fds[GRANT_FD_INIT], 0, NULL, 0) < 0)
		return -errno;
	return 0;
}

static size_t
filters_size(const struct grant *grant)
{
	size_t instructions = 0;

	for (uint32_t i = 0; i < grant->n_filters; i++)
		instructions += grant->filters[i].instructions;
	return instructions * sizeof(struct sock_filter);
}

static int
check_filters(const struct grant *grant, const int *fds)
{
	struct stat status;
	int seals;

	if (grant->n_filters > PROTOCOL_FILTERS_MAX)
		return -EINVAL;
	for (uint32_t i = 0; i < grant->n_filters; i++)
		if (grant->filters[i].instructions < 1 ||
		    grant->filters[i].instructions >
		    PROTOCOL_FILTER_INSTRUCTIONS_MAX ||
		    grant->filters[i].flags & ~PROTOCOL_FILTER_FLAGS)
			return -EINVAL;
	seals = fcntl(fds[GRANT_FD_FILTERS], F_GET_SEALS);
	if (seals < 0)
		return -errno;
	if ((seals & FILTER_SEALS) != FILTER_SEALS)
		return -EPERM;
	if (fstat(fds[GRANT_FD_FILTERS], &status) < 0)
		return -errno;
	return (uint64_t)status.st_size == filters_size(grant) ? 0 : -EBADMSG;
}

/* MUST hold before anything irreversible, in this order. */
static const struct {
	const char *step;
	int (*check)(const struct grant *grant, const int *fds);
} checks[] = {
	{ "check-flags", check_flags },
	{ "check-namespaces", check_namespaces },
	{ "check-umask", check_umask },
	{ "check-rlimits", check_rlimits },
	{ "check-capabilities", check_capabilities },
	{ "check-init", check_init },
	{ "check-filters", check_filters },
	{ "check-threads", check_threads },
};

static int
read_filters(const struct grant *grant, int fd, struct sock_filter **ret)
{
	size_t size = filters_size(grant), at = 0;
	_cleanup_free_ char *bytes = malloc(size + 1);

	if (bytes == NULL)
		return -ENOMEM;
	while (at < size) {
		ssize_t n = pread(fd, bytes + at, size - at, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		at += (size_t)n;
	}
	*ret = (struct sock_filter *)(void *)steal_ptr(bytes);
	return 0;
}

/* By itself the kernel records only what is denied to this program, and not
 * what is denied to those that it will start. */
static int
create_ruleset(const struct grant *grant, int *ret_fd, unsigned *ret_flags)
{
	struct ruleset_attr attr = { .scoped = LANDLOCK_ABSTRACT_SOCKETS };
	long abi, fd;

	*ret_fd = -1;
	if (!(grant->flags & GRANT_FLAG_SCOPE_ABSTRACT))
		return 0;
	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_VERSION_FLAG);
	if (abi < LANDLOCK_ABI_SCOPES)
		return -EOPNOTSUPP;
	fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (fd < 0)
		return -errno;
	*ret_fd = (int)fd;	/* always close-on-exec */
	*ret_flags = abi < LANDLOCK_ABI_LOGS ? 0 : LANDLOCK_LOG_NEW_EXEC;
	return 0;
}

int
enter_fail(struct enter_error *ret_error, const char *step, int error)
{
	ret_error->step = step;
	ret_error->error = error;
	return error;
}

int
jail_entry_prepare(const struct grant *grant, const int *fds,
    struct jail_entry *ret, struct enter_error *ret_error)
{
	struct jail_entry entry = { .grant = grant,
		.init_fd = fds[GRANT_FD_INIT], .ruleset_fd = -1 };
	int r;

	for (size_t i = 0; i < ARRAY_LENGTH(checks); i++) {
		r = checks[i].check(grant, fds);
		if (r < 0)
			return enter_fail(ret_error, checks[i].step, r);
	}
	r = read_filters(grant, fds[GRANT_FD_FILTERS], &entry.instructions);
	if (r < 0)
		return enter_fail(ret_error, "read-filters", r);
	r = create_ruleset(grant, &entry.ruleset_fd, &entry.ruleset_flags);
	if (r < 0) {
		jail_entry_close(&entry);
		return enter_fail(ret_error, "landlock-ruleset", r);
	}
	*ret = entry;
	return 0;
}

void
jail_entry_close(struct jail_entry *entry)
{
	close_fd(&entry->ruleset_fd);
	free(entry->instructions);
	entry->instructions = NULL;
}

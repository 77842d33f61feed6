#include "config.h"

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "tests/unit/pam_trial_jail.h"

#define JAIL_NAMESPACES \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET)
#define GRANTED (1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_AUDIT_WRITE)

static _Noreturn void
run_init(int ready, const char *root)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The pipe that ends the application must have no other writer. */
	ready = dup2(ready, 3);
	close_range(4, ~0u, 0);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("jail", root, "tmpfs", 0, "mode=755") < 0 ||
	    chdir(root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0 ||
	    write(ready, "r", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int
filters_memfd(bool sealed)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K,
	    SECCOMP_RET_ALLOW);
	int fd = memfd_create("filters", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, &allow, sizeof(allow)), sizeof(allow));
	if (sealed)
		assert_int_equal(fcntl(fd, F_ADD_SEALS,
		    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW), 0);
	return fd;
}

struct jail
jail_make(const char *directory, bool sealed)
{
	struct jail jail = { 0 };
	char root[PATH_MAX], byte;
	int ready[2];

	snprintf(root, sizeof(root), "%s/root", directory);
	mkdir(root, 0755);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	jail.pid = (pid_t)syscall(SYS_clone, JAIL_NAMESPACES | SIGCHLD, NULL,
	    NULL, NULL, NULL);
	assert_true(jail.pid >= 0);
	if (jail.pid == 0)
		run_init(ready[1], root);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	snprintf(root, sizeof(root), "/proc/%d/root/.", jail.pid);
	assert_int_equal(stat(root, &jail.root), 0);
	jail.pidfd = (int)syscall(SYS_pidfd_open, jail.pid, 0);
	assert_true(jail.pidfd >= 0);
	jail.filters = filters_memfd(sealed);
	return jail;
}

void
jail_end(struct jail *jail)
{
	kill(jail->pid, SIGKILL);
	waitpid(jail->pid, NULL, 0);
	close(jail->pidfd);
	close(jail->filters);
}

struct grant
jail_grant(const struct jail *jail, const char *account)
{
	return (struct grant){
		.namespaces = JAIL_NAMESPACES,
		.root_dev = jail->root.st_dev, .root_ino = jail->root.st_ino,
		.capabilities = GRANTED, .umask = 027,
		.n_rlimits = 1, .rlimits = { { RLIMIT_NOFILE, 100, 200 } },
		.n_environment = 1, .environment = { "JAIL=trial" },
		.n_filters = 1, .filters = { { 0, 1 } },
		.account = account, .jail = "trial", .vm = "agent/trial",
		.tier = "namespace", .policy_sha256 = "00",
		.uuid = "6f0f0a4e-2f2e-4b1a-9d70-3a1a5d0b7c11",
	};
}

void
jail_send_grant(const struct jail *jail, int fd, const struct grant *grant)
{
	static char message[PROTOCOL_MESSAGE_MAX];
	int fds[] = { jail->pidfd, jail->filters };
	int length = grant_encode(grant, message, sizeof(message));

	assert_true(length > 0);
	assert_int_equal(packet_send(fd, message, (size_t)length, fds, 2,
	    deadline_after(1000)), 0);
}

/* "Key:\tvalue" of /proc/PID/status. */
static void
assert_status(pid_t pid, const char *key, const char *expected)
{
	char path[64], line[256];
	_cleanup_file_ FILE *file = NULL;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, key, strlen(key)) == 0 &&
		    line[strlen(key)] == ':') {
			assert_string_equal(line + strlen(key) + 2, expected);
			return;
		}
	}
	fail();
}

static ino_t
namespace_of(pid_t pid, const char *name)
{
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	assert_int_equal(stat(path, &status), 0);
	return status.st_ino;
}

/* One socket (to jaild), and no descriptor of the jail. */
static void
assert_descriptors(pid_t pid)
{
	int sockets = 0;

	for (int fd = 3; fd < 200; fd++) {
		char path[64], target[PATH_MAX];
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
		n = readlink(path, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		assert_null(strstr(target, "memfd"));
		assert_null(strstr(target, "pidfd"));
		assert_null(strstr(target, "mnt:"));
		sockets += strncmp(target, "socket:", 7) == 0;
	}
	assert_int_equal(sockets, 1);
}

void
assert_entered(pid_t pid, const struct jail *jail)
{
	static const char *const joined[] = { "mnt", "ipc", "uts", "net" };
	struct rlimit limit;
	char expected[32];

	for (size_t i = 0; i < ARRAY_LENGTH(joined); i++)
		assert_int_equal(namespace_of(pid, joined[i]),
		    namespace_of(jail->pid, joined[i]));
	assert_int_equal(namespace_of(pid, "pid_for_children"),
	    namespace_of(jail->pid, "pid"));
	snprintf(expected, sizeof(expected), "%016x", GRANTED);
	assert_status(pid, "CapPrm", expected);
	assert_status(pid, "CapEff", expected);
	assert_status(pid, "CapInh", "0000000000000000");
	assert_status(pid, "CapBnd", "0000000000000000");
	assert_status(pid, "CapAmb", "0000000000000000");
	assert_status(pid, "NoNewPrivs", "1");
	assert_status(pid, "Seccomp", "2");
	assert_status(pid, "Umask", "0027");
	assert_int_equal(prlimit(pid, RLIMIT_NOFILE, NULL, &limit), 0);
	assert_int_equal(limit.rlim_cur, 100);
	assert_int_equal(limit.rlim_max, 200);
	assert_descriptors(pid);
}

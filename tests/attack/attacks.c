/* The attacks that are more than one system call. */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/io_uring.h>
#include <linux/nsfs.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/attack/probe.h"

static int
result_of(long returned)
{
	return returned < 0 ? -errno : 0;
}

/* Keeps the old root by its working directory, and climbs. */
int
attack_chroot_escape(void)
{
	if (mkdir("probe-root", 0700) < 0 && errno != EEXIST)
		return -errno;
	if (chroot("probe-root") < 0)
		return -errno;
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			return -errno;
	return result_of(chroot("."));
}

/* The raw call: the C library's has a stack to be given. */
int
attack_clone_user(void)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL,
	    NULL, NULL);

	if (pid == 0)
		_exit(0);
	return result_of(pid);
}

int
attack_clone3(void)
{
	struct clone_args arguments = { .flags = CLONE_NEWUSER,
		.exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid == 0)
		_exit(0);
	return result_of(pid);
}

int
attack_setns_self(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	return fd < 0 ? -ENOENT : result_of(setns(fd, 0));
}

int
attack_ns_ioctl(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	return fd < 0 ? -ENOENT : result_of(ioctl(fd, NS_GET_USERNS));
}

static int
trace(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return -errno;
	return 0;
}

int
attack_ptrace_target(void)
{
	return trace(host_target.pid);
}

/* What the process was started by; inside, sshd's child. */
int
attack_ptrace_parent(void)
{
	return trace(getppid());
}

/* Address 0 is nobody's: EFAULT comes after the permission. */
int
attack_vm_read(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { NULL, 1 };

	return result_of(process_vm_readv(host_target.pid, &here, 1, &there,
	    1, 0));
}

/* Of a child, so that nothing but the call itself stands in the way. */
int
attack_pidfd_getfd(void)
{
	pid_t child = fork();
	int pidfd, r;

	if (child == 0) {
		pause();
		_exit(0);
	}
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	r = result_of(syscall(SYS_pidfd_getfd, pidfd, 0, 0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return r;
}

int
attack_kill(void)
{
	return result_of(kill(host_target.pid, 0));
}

int
attack_proc_target(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd", host_target.pid);
	return result_of(open(path, O_RDONLY | O_DIRECTORY));
}

/* A handle that the kernel itself gave, where it gives one. */
int
attack_handle(void)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} buffer = { .handle = { .handle_bytes = MAX_HANDLE_SZ } };
	int mount_id, fd = open("/dev/shm", O_RDONLY | O_DIRECTORY);

	if (name_to_handle_at(AT_FDCWD, "/dev/shm", &buffer.handle,
	    &mount_id, 0) < 0)
		buffer.handle.handle_bytes = 12;
	return result_of(open_by_handle_at(fd, &buffer.handle, O_RDONLY));
}

int
attack_bpf(void)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = 4;
	attr.value_size = 4;
	attr.max_entries = 1;
	return result_of(syscall(SYS_bpf, BPF_MAP_CREATE, &attr,
	    sizeof(attr)));
}

int
attack_perf(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK };

	return result_of(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

int
attack_io_uring(void)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	return result_of(syscall(SYS_io_uring_setup, 1, &parameters));
}

/* The process's controlling terminal: on another one the kernel itself would
 * refuse. */
static int
open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 || setsid() < 0)
		return -1;
	return open(ptsname(fd), O_RDWR);
}

/* The kernel looks at the lower 32 bits of the request; a filter that looks
 * at all of them can be passed by. */
static int
terminal_call(unsigned long request, const void *argument)
{
	int fd = open_terminal();

	if (fd < 0)
		return -EBADF;
	return result_of(syscall(SYS_ioctl, fd, request, argument));
}

int
attack_sticky_input(void)
{
	return terminal_call(TIOCSTI, "x");
}

int
attack_sticky_input_upper(void)
{
	return terminal_call(TIOCSTI | 1ul << 32, "x");
}

int
attack_console(void)
{
	return terminal_call(TIOCLINUX, "\3");
}

int
attack_console_upper(void)
{
	return terminal_call(TIOCLINUX | 1ul << 63, "\3");
}

int
attack_line_discipline(void)
{
	static const int discipline;

	return terminal_call(TIOCSETD, &discipline);
}

static int
connect_to(const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);
	int fd = socket(AF_UNIX, type, 0);

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path, path, length);
	if (address.sun_path[0] == '@')
		address.sun_path[0] = '\0';
	return result_of(connect(fd, (struct sockaddr *)&address,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)));
}

int
attack_abstract(void)
{
	if (host_target.socket == NULL)
		return -EINVAL;
	return connect_to(host_target.socket, SOCK_STREAM);
}

int
attack_login_socket(void)
{
	return connect_to("/run/jaild/login.sock", SOCK_SEQPACKET);
}

int
attack_control_socket(void)
{
	return connect_to("/run/jaild/control.sock", SOCK_STREAM);
}

int
attack_shm_get(void)
{
	return result_of(shmget(host_target.shm_key, 0, 0));
}

int
attack_shm_attach(void)
{
	void *at = shmat(host_target.shm_id, NULL, SHM_RDONLY);

	return at == (void *)-1 ? -errno : 0;
}

int
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

int
attack_set_ids(void)
{
	return result_of(setresuid(0, 0, 0));
}

int
attack_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	words[0].permitted = 1 << CAP_CHOWN;
	words[0].inheritable = 1 << CAP_CHOWN;
	return result_of(syscall(SYS_capset, &header, words));
}

int
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

int
attack_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -EPERM : 0;
}

int
attack_loginuid(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY);

	if (fd < 0)
		return -errno;
	return result_of(write(fd, "4294967295", 10));
}

/* Under any other limit than 1 a crash starts the program that core_pattern
 * names: outside, as root.  It must stay 1, whatever a call says. */
int
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

int
attack_descriptors(void)
{
	return host_target.extra_fds > 0 ? 0 : -EBADF;
}

/* The programs in a real kernel: exact errors, and real programs that have
 * to run.  Each case has a child of its own, and the same probe runs without
 * a filter, where it must end otherwise. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/filter.h"

#define SKIPPED 77
#define NOT_FOUND 127
#define CANNOT_LOAD 126

/* Loads what jaild would send: 0 or -errno. */
static int
load_set(const struct filter_set *set)
{
	off_t at = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (uint32_t i = 0; i < set->n_filters; i++) {
		static struct sock_filter code[BPF_MAXINSNS];
		size_t size = set->filters[i].instructions * sizeof(code[0]);
		struct sock_fprog program = { .filter = code,
			.len = (unsigned short)set->filters[i].instructions };

		if (pread(set->memfd, code, size, at) != (ssize_t)size)
			return -EIO;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    set->filters[i].flags, &program) != 0)
			return -errno;
		at += (off_t)size;
	}
	return 0;
}

/* The door's programs and, for a shell, its own on top; jaild makes both
 * before either is in force. */
static int
confine(enum syscall_profile profile, enum filter_stage stage)
{
	struct jail jail = { .root = ROOT_HOST, .syscalls = profile };
	struct filter_set sets[2];
	const char *call = NULL;
	int r = filters_compile(&jail, FILTER_DOOR, &sets[0], &call);

	if (r == 0)
		r = filters_compile(&jail, stage, &sets[1], &call);
	for (int i = 0; r == 0 && i < 2; i++)
		r = load_set(&sets[i]);
	return r;
}

struct probe {
	const char *what;
	long number;
	uint64_t arguments[6];
	int error;		/* inside; 0: it works */
	bool also_outside;	/* the kernel may refuse it alike */
};

static int
run_probe(const struct probe *probe)
{
	const uint64_t *a = probe->arguments;
	long r = syscall(probe->number, a[0], a[1], a[2], a[3], a[4], a[5]);

	if (r == 0 && (probe->number == SYS_clone))
		_exit(0);	/* the probe's own child */
	return r < 0 ? errno : 0;
}

/* The error of the probe in a child; 255 when the child died. */
static int
probe_in_child(const struct probe *probe, bool confined,
    enum syscall_profile profile, enum filter_stage stage)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		if (confined && confine(profile, stage) < 0)
			_exit(CANNOT_LOAD);
		_exit(run_probe(probe));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

#define HIGH (UINT64_C(1) << 32)
#define BAD UINT64_MAX	/* no descriptor */

static const struct probe shell_probes[] = {
	{ "getpid", SYS_getpid, { 0 }, 0, true },
	{ "mount", SYS_mount, { 0 }, EPERM, false },
	{ "fsopen", 430, { 0 }, EPERM, false },
	{ "open_tree", 428, { BAD, 0, 99 }, EPERM, false },
	{ "setns", SYS_setns, { BAD }, EPERM, false },
	{ "unshare user", SYS_unshare, { CLONE_NEWUSER }, EPERM, false },
	{ "unshare mount", SYS_unshare, { CLONE_NEWNS }, EPERM, false },
	{ "unshare files", SYS_unshare, { CLONE_FILES }, 0, true },
	{ "clone user", SYS_clone, { CLONE_NEWUSER | SIGCHLD }, EPERM,
	    false },
	{ "clone", SYS_clone, { SIGCHLD }, 0, true },
	{ "clone3", 435, { 0 }, ENOSYS, false },
	{ "ptrace", SYS_ptrace, { PTRACE_TRACEME }, EPERM, false },
	{ "process_vm_readv", SYS_process_vm_readv, { 1, 0, 0, 0, 0, 1 },
	    EPERM, false },
	{ "pidfd_getfd", 438, { BAD }, EPERM, false },
	{ "bpf", SYS_bpf, { 9999 }, EPERM, false },
	{ "perf_event_open", SYS_perf_event_open, { 0 }, EPERM, false },
	{ "userfaultfd", SYS_userfaultfd, { 0xf0000 }, EPERM, true },
	{ "io_uring_setup", 425, { 0 }, ENOSYS, true },
	{ "add_key", SYS_add_key, { 0 }, EPERM, true },
	{ "keyctl", SYS_keyctl, { 9999 }, EPERM, true },
	{ "open_by_handle_at", SYS_open_by_handle_at, { BAD }, EPERM,
	    false },
	{ "chroot", SYS_chroot, { 0 }, EPERM, false },
	{ "init_module", SYS_init_module, { 0 }, EPERM, false },
	{ "kexec_load", SYS_kexec_load, { 0, 99 }, EPERM, true },
	{ "reboot", SYS_reboot, { 0 }, EPERM, false },
	{ "swapon", SYS_swapon, { 0 }, EPERM, false },
	{ "settimeofday", SYS_settimeofday, { 1 }, EPERM, false },
	{ "TIOCSTI", SYS_ioctl, { BAD, TIOCSTI }, EPERM, false },
	{ "TIOCSTI, upper bits", SYS_ioctl, { BAD, HIGH | TIOCSTI }, EPERM,
	    false },
	{ "TIOCLINUX", SYS_ioctl, { BAD, HIGH << 9 | TIOCLINUX }, EPERM,
	    false },
	{ "TCGETS", SYS_ioctl, { BAD, TCGETS }, EBADF, true },
	{ "NS_GET_PARENT", SYS_ioctl, { BAD, 0xb702 }, EPERM, false },
	{ "AF_ALG", SYS_socket, { AF_ALG, SOCK_SEQPACKET }, EPERM, false },
	{ "AF_ALG, upper bits", SYS_socket, { HIGH | AF_ALG, SOCK_SEQPACKET },
	    EPERM, false },
	{ "AF_PACKET", SYS_socket, { AF_PACKET, SOCK_RAW, 3 }, EPERM, false },
	{ "AF_VSOCK", SYS_socket, { AF_VSOCK, SOCK_STREAM }, EPERM, false },
	{ "NETLINK_NETFILTER", SYS_socket,
	    { AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER }, EPERM, false },
	{ "NETLINK_ROUTE", SYS_socket,
	    { AF_NETLINK, SOCK_RAW, NETLINK_ROUTE }, 0, true },
	{ "AF_UNIX", SYS_socket, { AF_UNIX, SOCK_STREAM }, 0, true },
	{ "AF_INET", SYS_socket, { AF_INET, SOCK_STREAM }, 0, true },
	{ "unknown", 999, { 0 }, ENOSYS, true },
	{ "none", -1, { 0 }, ENOSYS, true },
#ifdef __x86_64__
	{ "x32 getpid", 0x40000000 | SYS_getpid, { 0 }, EPERM, true },
#endif
};

static const struct probe door_probes[] = {
	{ "setgroups", SYS_setgroups, { 0 }, 0, true },
	{ "setresuid", SYS_setresuid, { BAD, BAD, BAD }, 0, true },
	{ "chroot", SYS_chroot, { 0 }, EFAULT, true },
	{ "NETLINK_AUDIT", SYS_socket,
	    { AF_NETLINK, SOCK_RAW, NETLINK_AUDIT }, 0, true },
	{ "seccomp", SYS_seccomp, { SECCOMP_GET_NOTIF_SIZES, 0, 0 }, EFAULT,
	    true },
	{ "AF_ALG", SYS_socket, { AF_ALG, SOCK_SEQPACKET }, EPERM, false },
	{ "unshare user", SYS_unshare, { CLONE_NEWUSER }, EPERM, false },
	{ "mount", SYS_mount, { 0 }, EPERM, false },
};

/* Whether the controls mean anything: elsewhere they are refused, too. */
static bool
is_privileged(void)
{
	static const struct probe probe = { .number = SYS_unshare,
		.arguments = { CLONE_NEWNS } };

	return probe_in_child(&probe, false, 0, FILTER_SHELL) == 0;
}

static void
run_probes(const struct probe *probes, size_t n, enum filter_stage stage)
{
	bool privileged = is_privileged();

	for (size_t i = 0; i < n; i++) {
		const struct probe *probe = &probes[i];
		int inside, outside;

		inside = probe_in_child(probe, true, SYSCALLS_DEFAULT, stage);
		outside = probe_in_child(probe, false, 0, stage);
		print_message("%s: %d inside, %d outside\n", probe->what,
		    inside, outside);
		assert_int_equal(inside, probe->error);
		if (!probe->also_outside && privileged)
			assert_int_not_equal(outside, probe->error);
	}
}

static void
test_shell(void **state)
{
	(void)state;
	run_probes(shell_probes, ARRAY_LENGTH(shell_probes), FILTER_SHELL);
}

static void
test_door(void **state)
{
	(void)state;
	if (!is_privileged()) {
		print_message("the door's probes need root\n");
		skip();
	}
	run_probes(door_probes, ARRAY_LENGTH(door_probes), FILTER_DOOR);
}

#ifdef __x86_64__
/* A call of the i386 ABI from this program: its pointers have 32 bits. */
static long
call_i386(long number, long first, const void *second)
{
	long r;

	__asm__ volatile("int $0x80" : "=a"(r) : "0"(number), "b"(first),
	    "c"(second), "d"(0L) : "memory", "r8", "r9", "r10", "r11");
	return (int)r;
}

static int
in_child(long (*run)(void *), void *argument, bool confined)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		long r;

		if (confined && confine(SYSCALLS_DEFAULT, FILTER_SHELL) < 0)
			_exit(CANNOT_LOAD);
		r = run(argument);
		_exit(r < 0 ? (int)-r : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static long
i386_getpid(void *argument)
{
	(void)argument;
	return call_i386(20, 0, NULL);
}

static long
i386_socketcall(void *argument)
{
	return call_i386(102, 1, argument);
}

static long
i386_tiocsti(void *argument)
{
	(void)argument;
	return call_i386(54, -1, (void *)TIOCSTI);
}

static void
test_i386(void **state)
{
	uint32_t *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	(void)state;
	assert_ptr_not_equal(words, MAP_FAILED);
	if (in_child(i386_getpid, NULL, false) != 0) {
		print_message("the kernel runs no i386 calls\n");
		skip();
	}
	words[0] = AF_ALG;
	words[1] = SOCK_SEQPACKET;
	assert_int_equal(in_child(i386_getpid, NULL, true), 0);
	assert_int_equal(in_child(i386_socketcall, words, true), EPERM);
	assert_int_not_equal(in_child(i386_socketcall, words, false), EPERM);
	assert_int_equal(in_child(i386_tiocsti, words, true), EPERM);
	assert_int_equal(in_child(i386_tiocsti, words, false), EBADF);
	munmap(words, 4096);
}
#endif

/* What people run; each has to end with 0. */
static const struct {
	enum syscall_profile profile;
	const char *argv[4];
} programs[] = {
	{ SYSCALLS_DEFAULT, { "/bin/sh", "-c",
	    "echo a | cat | grep -q a && (sleep 0 & wait)" } },
	{ SYSCALLS_DEFAULT, { "python3", "-c",
	    "import socket, subprocess, threading, tempfile, asyncio\n"
	    "subprocess.check_call(['true'])\n"
	    "t = threading.Thread(target=print); t.start(); t.join()\n"
	    "socket.socketpair(); socket.getaddrinfo('127.0.0.1', 80)\n"
	    "asyncio.run(asyncio.sleep(0))\n"
	    "import multiprocessing as m; m.Lock()\n" } },
	{ SYSCALLS_DEFAULT, { "git", "--version" } },
	{ SYSCALLS_DEFAULT, { "/bin/sh", "-c",
	    "command -v git >/dev/null || exit 127; d=$(mktemp -d) &&"
	    " cd \"$d\" && git -c init.defaultBranch=m init -q &&"
	    " echo a >a && git add a && git -c user.name=a"
	    " -c user.email=a@example.org commit -qm a && git gc -q &&"
	    " git log --oneline && cd / && rm -rf \"$d\"" } },
	{ SYSCALLS_DEFAULT, { "/bin/sh", "-c",
	    "command -v gcc >/dev/null || exit 127; d=$(mktemp -d) &&"
	    " echo 'int main(void){return 0;}' | gcc -x c -o $d/a - &&"
	    " $d/a && rm -rf $d" } },
	{ SYSCALLS_DEFAULT, { "node", "-e",
	    "require('fs').readFileSync('/etc/passwd');"
	    "require('child_process').execSync('true');"
	    "require('net').createServer().listen(0, '127.0.0.1',"
	    " function () { this.close(); });" } },
	{ SYSCALLS_DEFAULT, { "cargo", "--version" } },
	{ SYSCALLS_DEFAULT, { "perl", "-e", "system('true') == 0 or die" } },
	{ SYSCALLS_DEFAULT, { "ssh", "-V" } },
	{ SYSCALLS_DEFAULT, { "/bin/sh", "-c",
	    "command -v tmux >/dev/null || exit 127; d=$(mktemp -d) &&"
	    " tmux -f /dev/null -S $d/s new-session -d 'sleep 60' &&"
	    " tmux -S $d/s list-sessions && tmux -S $d/s kill-server;"
	    " r=$?; rm -rf $d; exit $r" } },
	{ SYSCALLS_DEFAULT, { "curl", "--version" } },
	{ SYSCALLS_DEFAULT, { "tar", "-cf", "/dev/null", "/etc/passwd" } },
	{ SYSCALLS_STRICT, { "/bin/sh", "-c",
	    "d=$(mktemp -d) && ls -l / >$d/a && cp -p $d/a $d/b &&"
	    " mv $d/b $d/c && grep -q . $d/c && sort $d/c | head -n 1 &&"
	    " id && date && ln -s a $d/l && touch $d/a && chmod 600 $d/a &&"
	    " find $d -type f | wc -l && du -s $d && rm -r $d" } },
	{ SYSCALLS_STRICT, { "/bin/sh", "-c",
	    "[ -x /usr/lib/openssh/sftp-server ] || exit 127;"
	    " /usr/lib/openssh/sftp-server </dev/null" } },
};

static int
run_program(enum syscall_profile profile, const char *const *argv,
    bool confined)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		if (confined && confine(profile, FILTER_SHELL) < 0)
			_exit(CANNOT_LOAD);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(NOT_FOUND);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void
test_programs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(programs); i++) {
		const char *const *argv = programs[i].argv;
		int outside = run_program(programs[i].profile, argv, false);

		if (outside != 0) {
			print_message("%s: not here (%d)\n", argv[0],
			    outside);
			continue;
		}
		print_message("%s %s\n", argv[0], argv[1]);
		assert_int_equal(run_program(programs[i].profile, argv, true),
		    0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shell),
		cmocka_unit_test(test_door),
#ifdef __x86_64__
		cmocka_unit_test(test_i386),
#endif
		cmocka_unit_test(test_programs),
	};
	const struct probe getpid_probe = { .number = SYS_getpid };

	if (getenv("JAILD_SKIP_LIVE") != NULL) {
		puts("SKIP: live tests are turned off");
		return SKIPPED;
	}
	if (probe_in_child(&getpid_probe, true, SYSCALLS_DEFAULT,
	    FILTER_SHELL) == CANNOT_LOAD) {
		puts("SKIP: no seccomp filter can be loaded here");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

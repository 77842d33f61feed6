/* Tries to get out of a jail, a row of the table an attack.
 *
 * usage: probe outside|chroot|namespace [NAME=VALUE ...]
 *
 * Prints what each attack met and, where that is not what the table says,
 * "WRONG" with what it should have been; the exit status is 1 then.  Outside
 * it runs as root, and most rows have to succeed there, or to fail behind the
 * check that stops them inside: else the row would show nothing.
 *
 * It is static and linked to low addresses, so that the rows marked I386 can
 * pass their pointers through the 32-bit entry of the kernel. */
#include "config.h"

#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/attack/probe.h"

/* The kernel may be newer than the C library's names. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define SIGNALED 200		/* + signal number: how a row's process ended */
#define OUTSIDE_MAX 4

enum place { OUTSIDE, CHROOT, NAMESPACE, PLACES };

enum row_flag {
	AS_AGENT = 1,	/* outside as the agent's uid, not as root */
	I386 = 2,	/* through the 32-bit entry of the kernel */
	X32 = 4,	/* with the x32 bit in the number */
	FIRST = 8,	/* outside of the target: /proc/1 may be guarded */
	READS = 16,	/* what is empty says ENODATA */
	CREATES = 32,	/* is taken away again */
	ABSENT = 64,	/* where outside has none, inside says ENOENT */
};

struct row {
	const char *name;
	unsigned flags;
	/* Either a function or a system call. */
	int (*attack)(void);
	int number;
	long arguments[6];
	/* 0 is success; ENOSYS outside: this kernel has none of it. */
	int outside[OUTSIDE_MAX];
	size_t n_outside;
	int chroot, namespace;
};

struct host_target host_target;
static uid_t agent_uid;
static gid_t agent_gid;
static const char *absent = "";

#define P(string) (long)(uintptr_t)(string)
#define CALL(number, ...) NULL, (number), { __VA_ARGS__ }
#define FUNCTION(function) (function), 0, { 0 }
#define AFTER(...) { __VA_ARGS__ }, \
	sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)
#define BOTH(error) (error), (error)
#define OPEN(path, flags) CALL(SYS_openat, AT_FDCWD, P(path), (flags))
#define SOCKET(family, type, protocol) \
	CALL(SYS_socket, (family), (type), (protocol))
/* What a socket call says where the kernel was built without the family. */
#define SOCKET_WORKS AFTER(0, EAFNOSUPPORT, EPROTONOSUPPORT)

/* On i386 (asm/unistd_32.h); the numbers never change. */
#define I386_ptrace 26
#define I386_mount 21
#define I386_ioctl 54
#define I386_chroot 61
#define I386_socketcall 102
#define I386_clone 120
#define I386_keyctl 288
#define I386_unshare 310
#define I386_setns 346
#define I386_bpf 357
#define I386_socket 359

/* A time that no clock can be set to. */
static const long no_time[] = { 0, -1 };
static uint32_t socket_arguments[] = { AF_ALG, SOCK_SEQPACKET, 0 };

static const struct row rows[] = {
	/* Another root, another tree. */
	{ "chroot", 0, CALL(SYS_chroot, P("/tmp")), AFTER(0), BOTH(EPERM) },
	{ "chroot-escape", 0, FUNCTION(attack_chroot_escape), AFTER(0),
	    BOTH(EPERM) },
	{ "pivot_root", 0, CALL(SYS_pivot_root, P("/nowhere"), P("/nowhere")),
	    AFTER(ENOENT), BOTH(EPERM) },
	{ "mount", 0, CALL(SYS_mount, P("x"), P("/mnt"), P("tmpfs")),
	    AFTER(0), BOTH(EPERM) },
	{ "remount", 0, CALL(SYS_mount, 0, P("/"), 0,
	    MS_REMOUNT | MS_BIND), AFTER(0), BOTH(EPERM) },
	{ "umount", 0, CALL(SYS_umount2, P("/proc"), MNT_DETACH), AFTER(0),
	    BOTH(EPERM) },
	{ "fsopen", 0, CALL(SYS_fsopen, P("tmpfs"), 0), AFTER(0),
	    BOTH(EPERM) },
	{ "fsconfig", 0, CALL(SYS_fsconfig, -1, 6, 0, 0, 0),
	    AFTER(EBADF, EINVAL), BOTH(EPERM) },
	{ "fsmount", 0, CALL(SYS_fsmount, -1, 0, 0), AFTER(EBADF),
	    BOTH(EPERM) },
	{ "fspick", 0, CALL(SYS_fspick, AT_FDCWD, P("/"), 0), AFTER(0),
	    BOTH(EPERM) },
	{ "open_tree", 0, CALL(SYS_open_tree, AT_FDCWD, P("/"), 1), AFTER(0),
	    BOTH(EPERM) },
	{ "move_mount", 0, CALL(SYS_move_mount, -1, P("x"), -1, P("y"), 0),
	    AFTER(EBADF), BOTH(EPERM) },
	{ "mount_setattr", 0, CALL(SYS_mount_setattr, AT_FDCWD, P("/"), 0, 0,
	    0), AFTER(EINVAL), BOTH(EPERM) },
	{ "mknod-block", 0, CALL(SYS_mknodat, AT_FDCWD, P("probe-block"),
	    S_IFBLK | 0600, 0x800), AFTER(0), BOTH(EPERM) },
	{ "mknod-char", 0, CALL(SYS_mknodat, AT_FDCWD, P("probe-char"),
	    S_IFCHR | 0600, 0x101), AFTER(0), BOTH(EPERM) },

	/* Other namespaces. */
	{ "unshare-user", AS_AGENT, CALL(SYS_unshare, CLONE_NEWUSER),
	    AFTER(0), BOTH(EPERM) },
	{ "unshare-mount", 0, CALL(SYS_unshare, CLONE_NEWNS), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-pid", 0, CALL(SYS_unshare, CLONE_NEWPID), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-network", 0, CALL(SYS_unshare, CLONE_NEWNET), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-ipc", 0, CALL(SYS_unshare, CLONE_NEWIPC), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-uts", 0, CALL(SYS_unshare, CLONE_NEWUTS), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-cgroup", 0, CALL(SYS_unshare, CLONE_NEWCGROUP), AFTER(0),
	    BOTH(EPERM) },
	{ "unshare-time", 0, CALL(SYS_unshare, CLONE_NEWTIME), AFTER(0),
	    BOTH(EPERM) },
	{ "clone-user", AS_AGENT, FUNCTION(attack_clone_user), AFTER(0),
	    BOTH(EPERM) },
	{ "clone3", AS_AGENT, FUNCTION(attack_clone3), AFTER(0),
	    BOTH(ENOSYS) },
	{ "setns-first-process", FIRST, OPEN("/proc/1/ns/mnt", O_RDONLY),
	    AFTER(0), BOTH(EACCES) },
	{ "setns-self", 0, FUNCTION(attack_setns_self), AFTER(0),
	    BOTH(EPERM) },
	{ "namespace-ioctl", 0, FUNCTION(attack_ns_ioctl), AFTER(0),
	    BOTH(EPERM) },

	/* Other processes. */
	{ "ptrace-attach", AS_AGENT, FUNCTION(attack_ptrace_target),
	    AFTER(0), BOTH(EPERM) },
	{ "ptrace-parent", 0, FUNCTION(attack_ptrace_parent), AFTER(0),
	    BOTH(EPERM) },
	{ "ptrace-me", AS_AGENT, CALL(SYS_ptrace, PTRACE_TRACEME), AFTER(0),
	    BOTH(EPERM) },
	{ "process_vm_readv", AS_AGENT, FUNCTION(attack_vm_read),
	    AFTER(EFAULT), BOTH(EPERM) },
	{ "pidfd_getfd", AS_AGENT, FUNCTION(attack_pidfd_getfd), AFTER(0),
	    BOTH(EPERM) },
	{ "kill-host", AS_AGENT, FUNCTION(attack_kill), AFTER(0),
	    BOTH(ESRCH) },
	{ "kill-first-process", 0, CALL(SYS_kill, 1, 0), AFTER(0),
	    BOTH(EPERM) },
	{ "proc-host", AS_AGENT, FUNCTION(attack_proc_target), AFTER(0),
	    BOTH(ENOENT) },
	{ "proc-1-root", FIRST, OPEN("/proc/1/root", O_PATH), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-cwd", FIRST, OPEN("/proc/1/cwd", O_PATH), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-exe", FIRST, OPEN("/proc/1/exe", O_WRONLY), AFTER(ETXTBSY),
	    BOTH(EACCES) },
	{ "proc-1-mem", FIRST, OPEN("/proc/1/mem", O_RDWR), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-environ", FIRST, OPEN("/proc/1/environ", O_RDONLY), AFTER(0),
	    BOTH(EACCES) },

	/* The kernel. */
	{ "open_by_handle_at", 0, FUNCTION(attack_handle), AFTER(0),
	    BOTH(EPERM) },
	{ "bpf", 0, FUNCTION(attack_bpf), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "perf_event_open", 0, FUNCTION(attack_perf), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "userfaultfd", 0, CALL(SYS_userfaultfd, 1), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "io_uring_setup", AS_AGENT, FUNCTION(attack_io_uring),
	    AFTER(0, ENOSYS, EPERM), BOTH(ENOSYS) },
	{ "keyctl", AS_AGENT, CALL(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_USER_KEYRING, 1), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "add_key", AS_AGENT, CALL(SYS_add_key, P("user"), P("probe"),
	    P("x"), 1, KEY_SPEC_PROCESS_KEYRING), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "request_key", AS_AGENT, CALL(SYS_request_key, P("user"),
	    P("probe"), 0, KEY_SPEC_PROCESS_KEYRING), AFTER(ENOKEY, ENOSYS),
	    BOTH(EPERM) },
	{ "kexec_load", 0, CALL(SYS_kexec_load, 0, 0, 0, -1),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
	{ "kexec_file_load", 0, CALL(SYS_kexec_file_load, -1, -1, 0, 0, -1),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
	{ "init_module", 0, CALL(SYS_init_module, 0, 0, P("")),
	    AFTER(ENOEXEC, EFAULT, ENOSYS), BOTH(EPERM) },
	{ "finit_module", 0, CALL(SYS_finit_module, -1, P(""), 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "delete_module", 0, CALL(SYS_delete_module, P("probe-none"), 0),
	    AFTER(ENOENT, ENOSYS), BOTH(EPERM) },
	{ "swapon", 0, CALL(SYS_swapon, P("/nowhere"), 0),
	    AFTER(ENOENT, ENOSYS), BOTH(EPERM) },
	{ "swapoff", 0, CALL(SYS_swapoff, P("/nowhere")),
	    AFTER(ENOENT, ENOSYS), BOTH(EPERM) },
	/* Without its magic numbers: refused behind the privilege's check. */
	{ "reboot", 0, CALL(SYS_reboot, 0, 0, 0, 0), AFTER(EINVAL),
	    BOTH(EPERM) },
	{ "settimeofday", 0, CALL(SYS_settimeofday, P(no_time), 0), AFTER(EINVAL), BOTH(EPERM) },
	{ "clock_settime", 0, CALL(SYS_clock_settime, 0, P(no_time)),
	    AFTER(EINVAL), BOTH(EPERM) },
	{ "sethostname", 0, CALL(SYS_sethostname, P("x"), -1), AFTER(EINVAL),
	    BOTH(EPERM) },
	{ "syslog", 0, CALL(SYS_syslog, 10, 0, 0), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "quotactl", 0, CALL(SYS_quotactl, -1, P("/nowhere"), 0, 0),
	    AFTER(EINVAL, ENOENT, ENOSYS), BOTH(EPERM) },
	{ "acct", 0, CALL(SYS_acct, P("/nowhere")), AFTER(ENOENT, ENOSYS),
	    BOTH(EPERM) },
	{ "iopl", 0, CALL(SYS_iopl, 3), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "ioperm", 0, CALL(SYS_ioperm, 0x80, 1, 1), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "modify_ldt", AS_AGENT, CALL(SYS_modify_ldt, 0, 0, 0),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "personality", AS_AGENT, CALL(SYS_personality, READ_IMPLIES_EXEC),
	    AFTER(0), BOTH(EPERM) },
	{ "unknown-call", 0, CALL(5000, 0), AFTER(ENOSYS), BOTH(ENOSYS) },

	/* Sockets. */
	{ "af-alg", AS_AGENT, SOCKET(AF_ALG, SOCK_SEQPACKET, 0),
	    SOCKET_WORKS, BOTH(EPERM) },
	{ "af-packet", 0, SOCKET(AF_PACKET, SOCK_RAW, 0), SOCKET_WORKS,
	    BOTH(EPERM) },
	{ "af-vsock", AS_AGENT, SOCKET(AF_VSOCK, SOCK_STREAM, 0),
	    SOCKET_WORKS, BOTH(EPERM) },
	{ "af-key", 0, SOCKET(AF_KEY, SOCK_RAW, 2), SOCKET_WORKS,
	    BOTH(EPERM) },
	{ "raw", 0, SOCKET(AF_INET, SOCK_RAW, 255), SOCKET_WORKS,
	    BOTH(EPERM) },
	{ "netlink-xfrm", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_XFRM), SOCKET_WORKS, BOTH(EPERM) },
	{ "netlink-netfilter", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_NETFILTER), SOCKET_WORKS, BOTH(EPERM) },
	{ "netlink-audit", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_AUDIT), SOCKET_WORKS, BOTH(EPERM) },
	{ "netlink-uevent", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_KOBJECT_UEVENT), SOCKET_WORKS, BOTH(EPERM) },
	{ "netlink-diag", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_SOCK_DIAG), SOCKET_WORKS, BOTH(EPERM) },
	{ "netlink-generic", AS_AGENT, SOCKET(AF_NETLINK, SOCK_RAW,
	    NETLINK_GENERIC), SOCKET_WORKS, BOTH(EPERM) },
	/* The host's network, but Landlock keeps abstract names apart; or
	 * another network, where nobody has that name. */
	{ "abstract-socket", AS_AGENT, FUNCTION(attack_abstract), AFTER(0),
	    EPERM, ECONNREFUSED },
	{ "login-socket", 0, FUNCTION(attack_login_socket), AFTER(0),
	    BOTH(ENOENT) },
	{ "control-socket", 0, FUNCTION(attack_control_socket),
	    AFTER(0, ENOENT), BOTH(ENOENT) },

	/* Terminals. */
	{ "tiocsti", 0, FUNCTION(attack_sticky_input), AFTER(0),
	    BOTH(EPERM) },
	{ "tiocsti-upper", 0, FUNCTION(attack_sticky_input_upper), AFTER(0),
	    BOTH(EPERM) },
	{ "tioclinux", 0, FUNCTION(attack_console), AFTER(ENOTTY),
	    BOTH(EPERM) },
	{ "tioclinux-upper", 0, FUNCTION(attack_console_upper),
	    AFTER(ENOTTY), BOTH(EPERM) },
	{ "line-discipline", 0, FUNCTION(attack_line_discipline), AFTER(0),
	    BOTH(EPERM) },

	/* Files of the kernel's and the host's; they are opened only. */
	{ "core_pattern", 0, OPEN("/proc/sys/kernel/core_pattern", O_WRONLY),
	    AFTER(0), BOTH(EACCES) },
	{ "modprobe", ABSENT, OPEN("/proc/sys/kernel/modprobe", O_WRONLY),
	    AFTER(0, ENOENT), BOTH(EACCES) },
	{ "sysrq-trigger", ABSENT, OPEN("/proc/sysrq-trigger", O_WRONLY),
	    AFTER(0, ENOENT), BOTH(EACCES) },
	{ "kcore", ABSENT | READS, OPEN("/proc/kcore", O_RDONLY),
	    AFTER(0, ENOENT), BOTH(ENODATA) },
	{ "kmsg", 0, OPEN("/dev/kmsg", O_RDONLY), AFTER(0), BOTH(ENOENT) },
	{ "proc-kmsg", READS, OPEN("/proc/kmsg", O_RDONLY | O_NONBLOCK),
	    AFTER(0, EAGAIN), BOTH(ENODATA) },
	{ "proc-keys", ABSENT | READS, OPEN("/proc/keys", O_RDONLY),
	    AFTER(0, ENOENT), BOTH(ENODATA) },
	{ "memory", 0, OPEN("/dev/mem", O_RDONLY), AFTER(0, ENOENT),
	    BOTH(ENOENT) },
	{ "uevent_helper", 0, OPEN("/sys/kernel/uevent_helper", O_WRONLY),
	    AFTER(0, ENOENT), BOTH(ENOENT) },
	{ "uevent_seqnum", 0, OPEN("/sys/kernel/uevent_seqnum", O_RDONLY),
	    AFTER(0), BOTH(ENOENT) },
	{ "cgroup", 0, OPEN("/sys/fs/cgroup", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "binfmt", 0, OPEN("/proc/sys/fs/binfmt_misc/register", O_WRONLY),
	    AFTER(0, ENOENT), BOTH(ENOENT) },
	{ "write-usr", CREATES, OPEN("/usr/probe", O_WRONLY | O_CREAT), AFTER(0),
	    BOTH(EROFS) },
	{ "write-etc", CREATES, OPEN("/etc/probe", O_WRONLY | O_CREAT), AFTER(0),
	    BOTH(EROFS) },
	{ "write-root", CREATES, OPEN("/probe", O_WRONLY | O_CREAT), AFTER(0),
	    BOTH(EROFS) },
	{ "write-dev", CREATES, OPEN("/dev/probe", O_WRONLY | O_CREAT), AFTER(0),
	    BOTH(EROFS) },
	{ "write-passwd", 0, OPEN("/etc/passwd", O_WRONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "shadow", 0, OPEN("/etc/shadow", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "host-keys", 0, OPEN("/etc/ssh/ssh_host_ed25519_key", O_RDONLY),
	    AFTER(0), BOTH(ENOENT) },
	{ "policy", 0, OPEN("/etc/jaild/policy.jail", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "utmp", 0, OPEN("/run/utmp", O_WRONLY), AFTER(0), BOTH(EACCES) },
	{ "side-room", 0, OPEN("/run/host", O_RDONLY), AFTER(ENOENT),
	    BOTH(EACCES) },
	{ "host-shm", 0, OPEN("/dev/shm/probe", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "host-tmp", 0, OPEN("/tmp/probe-of-host", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "other-home", 0, OPEN("/home/plain", O_PATH), AFTER(0),
	    BOTH(ENOENT) },
	{ "shmget", AS_AGENT, FUNCTION(attack_shm_get), AFTER(0),
	    BOTH(ENOENT) },
	{ "shmat", AS_AGENT, FUNCTION(attack_shm_attach), AFTER(0),
	    BOTH(EINVAL) },

	/* Privileges. */
	{ "setuid-file", AS_AGENT, FUNCTION(attack_setuid), AFTER(0),
	    BOTH(EPERM) },
	{ "setuid", 0, CALL(SYS_setuid, 0), AFTER(0), BOTH(EPERM) },
	{ "setresuid", 0, FUNCTION(attack_set_ids), AFTER(0), BOTH(EPERM) },
	{ "setgroups", 0, CALL(SYS_setgroups, 0, 0), AFTER(0), BOTH(EPERM) },
	{ "capset", 0, FUNCTION(attack_capabilities), AFTER(0),
	    BOTH(EPERM) },
	{ "ambient", 0, FUNCTION(attack_ambient), AFTER(0), BOTH(EPERM) },
	{ "no_new_privs", 0, FUNCTION(attack_privileges), AFTER(0),
	    BOTH(EPERM) },
	{ "loginuid", 0, FUNCTION(attack_loginuid), AFTER(0), BOTH(EPERM) },
	{ "core-limit", 0, FUNCTION(attack_core), AFTER(0), BOTH(EPERM) },
	{ "descriptors", 0, FUNCTION(attack_descriptors), AFTER(0),
	    BOTH(EBADF) },

	/* The same through the other doors of the kernel. */
	{ "i386-mount", I386, CALL(I386_mount, P("x"), P("/mnt"),
	    P("tmpfs")), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-chroot", I386, CALL(I386_chroot, P("/tmp")),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-ptrace", I386, CALL(I386_ptrace, PTRACE_TRACEME),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-unshare", I386, CALL(I386_unshare, CLONE_NEWUSER),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-clone", I386, CALL(I386_clone, CLONE_NEWUSER | CLONE_FS),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
	{ "i386-setns", I386, CALL(I386_setns, -1, 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "i386-keyctl", I386, CALL(I386_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_USER_KEYRING, 1), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-bpf", I386, CALL(I386_bpf, -1, 0, 0),
	    AFTER(EINVAL, EFAULT, ENOSYS), BOTH(EPERM) },
	{ "i386-ioctl", I386, CALL(I386_ioctl, -1, 0x5412, 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "i386-socket", I386, CALL(I386_socket, AF_ALG, SOCK_SEQPACKET, 0),
	    AFTER(0, EAFNOSUPPORT, ENOSYS), BOTH(EPERM) },
	{ "i386-socketcall", I386, CALL(I386_socketcall, SYS_SOCKET,
	    P(socket_arguments)), AFTER(0, EAFNOSUPPORT, ENOSYS),
	    BOTH(EPERM) },
	{ "x32-unshare", X32, CALL(SYS_unshare, CLONE_NEWUSER),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "x32-mount", X32, CALL(SYS_mount, P("x"), P("/mnt"), P("tmpfs")),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
};

/* The kernel's entry for programs of i386: 0x80 is there for them, and
 * 64-bit programs may use it. */
static long
call_i386(const struct row *row)
{
#ifdef __x86_64__
	long result;

	__asm__ volatile("int $0x80" : "=a" (result) : "a" (row->number),
	    "b" (row->arguments[0]), "c" (row->arguments[1]),
	    "d" (row->arguments[2]), "S" (row->arguments[3]),
	    "D" (row->arguments[4]) :
	    "memory", "r8", "r9", "r10", "r11");
	return (int)result;
#else
	(void)row;
	return -ENOSYS;
#endif
}

/* A row whose call is openat. */
static int
try_open(const struct row *row, enum place place)
{
	const char *path = (const char *)(uintptr_t)row->arguments[1];
	char other[64], byte;
	ssize_t n;
	int fd;

	if (place == OUTSIDE && row->flags & FIRST) {
		snprintf(other, sizeof(other), "/proc/%d%s", host_target.pid,
		    path + strlen("/proc/1"));
		path = other;
	}
	fd = openat(AT_FDCWD, path, (int)row->arguments[2], 0600);
	if (fd < 0)
		return errno;
	if (row->flags & CREATES)
		return unlink(path) < 0 ? errno : 0;
	if (!(row->flags & READS))
		return 0;
	n = read(fd, &byte, 1);
	return n < 0 ? errno : n == 0 ? ENODATA : 0;
}

static int
try(const struct row *row, enum place place)
{
	const long *a = row->arguments;
	long result, number = row->number;

	if (row->attack != NULL)
		return -row->attack();
	if (number == SYS_openat)
		return try_open(row, place);
	if (row->flags & I386) {
		result = call_i386(row);
		return result < 0 ? (int)-result : 0;
	}
	if (row->flags & X32)
		number |= 0x40000000;
	result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	return result < 0 ? errno : 0;
}

static int
become_agent(void)
{
	if (syscall(SYS_setgroups, 0, NULL) < 0 ||
	    setresgid(agent_gid, agent_gid, agent_gid) < 0 ||
	    setresuid(agent_uid, agent_uid, agent_uid) < 0)
		return -errno;
	/* Else /proc/self is root's. */
	return prctl(PR_SET_DUMPABLE, 1) < 0 ? -errno : 0;
}

/* In a process of its own: an attack may change it, or end it. */
static int
run(const struct row *row, enum place place)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return errno;
	if (pid == 0) {
		if (place == OUTSIDE && unshare(CLONE_NEWNS) < 0)
			_exit(255);
		if (place == OUTSIDE && row->flags & AS_AGENT &&
		    become_agent() < 0)
			_exit(255);
		_exit(try(row, place) & 0xff);
	}
	if (waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    SIGNALED + WTERMSIG(status);
}

static const char *
name_of(int error)
{
	static char text[32];

	if (error == 0)
		return "done";
	if (error > SIGNALED)
		snprintf(text, sizeof(text), "SIG%s",
		    sigabbrev_np(error - SIGNALED));
	else if (strerrorname_np(error) != NULL)
		return strerrorname_np(error);
	else
		snprintf(text, sizeof(text), "%d", error);
	return text;
}

/* Outside said ENOENT: the case passes on the names. */
static bool
is_absent(const struct row *row)
{
	size_t length = strlen(row->name);
	const char *at = absent;

	if (!(row->flags & ABSENT))
		return false;
	while ((at = strstr(at, row->name)) != NULL) {
		if ((at == absent || at[-1] == ',') &&
		    (at[length] == ',' || at[length] == '\0'))
			return true;
		at += length;
	}
	return false;
}

static int
expected(const struct row *row, enum place place)
{
	if (place == OUTSIDE)
		return row->outside[0];
	if (is_absent(row))
		return ENOENT;
	return place == CHROOT ? row->chroot : row->namespace;
}

static bool
is_right(const struct row *row, enum place place, int error)
{
	if (place != OUTSIDE)
		return error == expected(row, place);
	for (size_t i = 0; i < row->n_outside; i++)
		if (row->outside[i] == error)
			return true;
	return false;
}

static bool
report(const struct row *row, enum place place)
{
	int error = run(row, place);
	bool right = is_right(row, place, error);

	printf("%-22s %s", row->name, name_of(error));
	if (!right)
		printf(" WRONG, not %s", name_of(expected(row, place)));
	putchar('\n');
	return right;
}

static const struct {
	const char *name;
	int *number;
	const char **text;
} words[] = {
	{ "pid", &host_target.pid, NULL },
	{ "shm-id", &host_target.shm_id, NULL },
	{ "shm-key", &host_target.shm_key, NULL },
	{ "socket", NULL, &host_target.socket },
	{ "setuid", NULL, &host_target.setuid },
	{ "uid", (int *)&agent_uid, NULL },
	{ "gid", (int *)&agent_gid, NULL },
	{ "absent", NULL, &absent },
};

static bool
take_word(const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		if (word[length] != '=' || strlen(words[i].name) != length ||
		    strncmp(words[i].name, word, length) != 0)
			continue;
		if (words[i].number != NULL)
			*words[i].number = atoi(word + length + 1);
		else
			*words[i].text = word + length + 1;
		return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	static const char *const places[PLACES] = { "outside", "chroot",
		"namespace" };
	size_t place = 0;
	int wrong = 0;

	/* As the setuid file of its own row. */
	if (argc == 2 && strcmp(argv[1], "euid") == 0)
		return geteuid() == 0 ? 0 : EPERM;
	for (int fd = 3; fd < 4096; fd++)
		host_target.extra_fds += fcntl(fd, F_GETFD) >= 0;
	while (place < PLACES && (argc < 2 ||
	    strcmp(argv[1], places[place]) != 0))
		place++;
	for (int i = 2; i < argc; i++)
		if (!take_word(argv[i]))
			place = PLACES;
	if (place == PLACES) {
		fprintf(stderr, "usage: probe outside|chroot|namespace "
		    "[NAME=VALUE ...]\n");
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		wrong += !report(&rows[i], (enum place)place);
	printf("%zu attacks, %d wrong\n", ARRAY_LENGTH(rows), wrong);
	return wrong > 0;
}

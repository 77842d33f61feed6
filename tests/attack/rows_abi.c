/* The same through the other doors of the kernel. */
#include "config.h"

#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/keyctl.h>
#include <linux/net.h>
#include <sched.h>

#include "tests/attack/probe.h"

/* On i386 (asm/unistd_32.h); the numbers never change. */
#define I386_mount 21
#define I386_umount 22
#define I386_stime 25
#define I386_ptrace 26
#define I386_ioctl 54
#define I386_chroot 61
#define I386_settimeofday 79
#define I386_socketcall 102
#define I386_iopl 110
#define I386_ipc 117
#define I386_clone 120
#define I386_personality 136
#define I386_pivot_root 217
#define I386_keyctl 288
#define I386_unshare 310
#define I386_open_by_handle_at 342
#define I386_setns 346
#define I386_bpf 357
#define I386_socket 359
#define I386_io_uring_setup 425

/* Calls that x32 has numbers of its own for, all above 511. */
#define X32_ioctl 514
#define X32_ptrace 521
#define X32_process_vm_readv 539

static uint32_t alg_socket[] = { AF_ALG, SOCK_SEQPACKET, 0 };
static uint32_t packet_socket[] = { AF_PACKET, SOCK_RAW, 0 };
static const int no_time32[] = { 0, -1 };

static const struct row rows[] = {
	{ "i386-mount", I386, CALL(I386_mount, P("x"), P("/mnt"),
	    P("tmpfs")), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-umount", I386, CALL(I386_umount, P("/nowhere")),
	    AFTER(ENOENT, ENOSYS), BOTH(EPERM) },
	{ "i386-pivot_root", I386, CALL(I386_pivot_root, P("/nowhere"),
	    P("/nowhere")), AFTER(ENOENT, ENOSYS), BOTH(EPERM) },
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
	{ "i386-open_by_handle", I386, CALL(I386_open_by_handle_at, -1, 0, 0),
	    AFTER(EFAULT, EBADF, ENOSYS), BOTH(EPERM) },
	{ "i386-keyctl", I386, CALL(I386_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_USER_KEYRING, 1), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-bpf", I386, CALL(I386_bpf, -1, 0, 0),
	    AFTER(EINVAL, EFAULT, ENOSYS), BOTH(EPERM) },
	{ "i386-io_uring", I386, CALL(I386_io_uring_setup, 0, 0),
	    AFTER(EFAULT, EINVAL, ENOSYS), BOTH(ENOSYS) },
	{ "i386-iopl", I386, CALL(I386_iopl, 3), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "i386-settimeofday", I386, CALL(I386_settimeofday, P(no_time32),
	    0), AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
	{ "i386-stime", I386, CALL(I386_stime, -1), AFTER(EFAULT, ENOSYS),
	    BOTH(EPERM) },
	{ "i386-personality", I386, CALL(I386_personality, 0x400000),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "i386-ioctl", I386, CALL(I386_ioctl, -1, 0x5412, 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "i386-socket", I386, CALL(I386_socket, AF_ALG, SOCK_SEQPACKET, 0),
	    AFTER(0, EAFNOSUPPORT, ENOSYS), BOTH(EPERM) },
	{ "i386-socketcall", I386, CALL(I386_socketcall, SYS_SOCKET,
	    P(alg_socket)), AFTER(0, EAFNOSUPPORT, ENOSYS),
	    BOTH(EPERM) },
	{ "i386-socketcall-raw", I386, CALL(I386_socketcall, SYS_SOCKET,
	    P(packet_socket)), AFTER(0, EAFNOSUPPORT, ENOSYS),
	    BOTH(EPERM) },
	{ "x32-unshare", X32, CALL(SYS_unshare, CLONE_NEWUSER),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "x32-mount", X32, CALL(SYS_mount, P("x"), P("/mnt"), P("tmpfs")),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "x32-socket", X32, CALL(SYS_socket, AF_ALG, SOCK_SEQPACKET, 0),
	    AFTER(0, EAFNOSUPPORT, ENOSYS), BOTH(EPERM) },
	{ "x32-ioctl", X32, CALL(X32_ioctl, -1, 0x5412, 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "x32-ptrace", X32, CALL(X32_ptrace, PTRACE_TRACEME),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	/* Without the bit: some kernels took them from 64-bit programs. */
	{ "x32-ptrace-bare", NATIVE, CALL(X32_ptrace, PTRACE_TRACEME),
	    AFTER(0, ENOSYS), BOTH(ENOSYS) },
	{ "x32-vm-bare", NATIVE, CALL(X32_process_vm_readv, 1, 0, 0, 0, 0, 0),
	    AFTER(ENOSYS, 0), BOTH(ENOSYS) },
};

const struct row_table abi_rows = ROW_TABLE(
    "The same through the kernel's other entries", rows);

/* The kernel's own calls. */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <string.h>
#include <unistd.h>

#include "tests/attack/probe.h"

#ifndef SYS_quotactl_fd
#define SYS_quotactl_fd 443
#endif
#ifndef SYS_lsm_set_self_attr
#define SYS_lsm_set_self_attr 460
#endif

#ifndef SYS_listns
#define SYS_listns 470
#endif

/* A handle that the kernel itself gave, where it gives one. */
static int
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

static int
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

/* return 0, as a socket filter: the kind that agents were once allowed. */
static int
attack_bpf_program(void)
{
	static const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0 },
		{ .code = BPF_JMP | BPF_EXIT } };
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = (uintptr_t)program;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t)"GPL";
	return result_of(syscall(SYS_bpf, BPF_PROG_LOAD, &attr,
	    sizeof(attr)));
}

static int
attack_perf(void)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr), .config = PERF_COUNT_SW_CPU_CLOCK };

	return result_of(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

static int
attack_io_uring(void)
{
	struct io_uring_params parameters;

	memset(&parameters, 0, sizeof(parameters));
	return result_of(syscall(SYS_io_uring_setup, 1, &parameters));
}

/* Of a file system that cannot be frozen: that comes after the privilege. */
static int
attack_freeze(void)
{
	int fd = open("/proc", O_RDONLY);
	struct statfs status;

	if (fstatfs(fd, &status) < 0 || status.f_type != PROC_SUPER_MAGIC)
		return -EXDEV;
	return result_of(ioctl(fd, FIFREEZE, 0));
}

/* A time that no clock can be set to. */
static const long no_time[] = { 0, -1 };
static char no_timex[512];

static const struct row rows[] = {
	{ "open_by_handle_at", 0, FUNCTION(attack_handle), AFTER(0),
	    BOTH(EPERM) },
	{ "bpf", 0, FUNCTION(attack_bpf), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "bpf-program", 0, FUNCTION(attack_bpf_program), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "perf_event_open", 0, FUNCTION(attack_perf), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "userfaultfd", 0, CALL(SYS_userfaultfd, 1), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "io_uring_setup", AS_AGENT, FUNCTION(attack_io_uring),
	    AFTER(0, ENOSYS, EPERM), BOTH(ENOSYS) },
	{ "io_uring_enter", AS_AGENT, CALL(SYS_io_uring_enter, -1, 0, 0, 0, 0),
	    AFTER(EBADF, ENOSYS), BOTH(ENOSYS) },
	{ "io_uring_register", AS_AGENT, CALL(SYS_io_uring_register, -1, 0, 0,
	    0), AFTER(EBADF, EINVAL, ENOSYS), BOTH(ENOSYS) },
	{ "keyctl", AS_AGENT, CALL(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_USER_KEYRING, 1), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "keyctl-session", AS_AGENT, CALL(SYS_keyctl,
	    KEYCTL_JOIN_SESSION_KEYRING, 0), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "add_key", AS_AGENT, CALL(SYS_add_key, P("user"), P("probe"),
	    P("x"), 1, KEY_SPEC_PROCESS_KEYRING), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "request_key", AS_AGENT, CALL(SYS_request_key, P("user"),
	    P("probe"), 0, KEY_SPEC_PROCESS_KEYRING), AFTER(ENOKEY, ENOSYS),
	    BOTH(EPERM) },
	{ "kexec_load", 0, CALL(SYS_kexec_load, 0, 0, 0, -1),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
#ifdef SYS_kexec_file_load
	{ "kexec_file_load", 0, CALL(SYS_kexec_file_load, -1, -1, 0, 0, -1),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
#endif
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
	{ "settimeofday", 0, CALL(SYS_settimeofday, P(no_time), 0),
	    AFTER(EINVAL), BOTH(EPERM) },
	{ "clock_settime", 0, CALL(SYS_clock_settime, 0, P(no_time)),
	    AFTER(EINVAL), BOTH(EPERM) },
	{ "adjtimex", 0, CALL(SYS_adjtimex, P(no_timex)), AFTER(0),
	    BOTH(EPERM) },
	{ "clock_adjtime", 0, CALL(SYS_clock_adjtime, 0, P(no_timex)),
	    AFTER(0), BOTH(EPERM) },
	{ "sethostname", 0, CALL(SYS_sethostname, P("x"), -1), AFTER(EINVAL),
	    BOTH(EPERM) },
	{ "setdomainname", 0, CALL(SYS_setdomainname, P("x"), -1),
	    AFTER(EINVAL), BOTH(EPERM) },
	{ "syslog", 0, CALL(SYS_syslog, 10, 0, 0), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "quotactl", 0, CALL(SYS_quotactl, -1, P("/nowhere"), 0, 0),
	    AFTER(EINVAL, ENOENT, ENOSYS), BOTH(EPERM) },
	{ "quotactl_fd", 0, CALL(SYS_quotactl_fd, -1, -1, 0, 0),
	    AFTER(EBADF, ENOSYS), BOTH(EPERM) },
	{ "acct", 0, CALL(SYS_acct, P("/nowhere")), AFTER(ENOENT, ENOSYS),
	    BOTH(EPERM) },
	{ "fanotify_init", 0, CALL(SYS_fanotify_init, 0, 0),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "lookup_dcookie", 0, CALL(SYS_lookup_dcookie, 0, 0, 0),
	    AFTER(EINVAL, ENOSYS), BOTH(EPERM) },
	{ "lsm_set_self_attr", AS_AGENT, CALL(SYS_lsm_set_self_attr, 0, 0, 0,
	    1), AFTER(EINVAL, EOPNOTSUPP, ENOSYS), BOTH(EPERM) },
	{ "iopl", 0, CALL(SYS_iopl, 3), AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "ioperm", 0, CALL(SYS_ioperm, 0x80, 1, 1), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "modify_ldt", AS_AGENT, CALL(SYS_modify_ldt, 0, 0, 0),
	    AFTER(0, ENOSYS), BOTH(EPERM) },
	{ "personality", AS_AGENT, CALL(SYS_personality, READ_IMPLIES_EXEC),
	    AFTER(0), BOTH(EPERM) },
	{ "vhangup", 0, CALL(SYS_vhangup), AFTER(0), BOTH(EPERM) },
	{ "freeze", 0, FUNCTION(attack_freeze), AFTER(EOPNOTSUPP),
	    BOTH(EPERM) },
	{ "listns", 0, CALL(SYS_listns, 0, 0, 0, 0),
	    AFTER(EFAULT, EINVAL, ENOSYS), BOTH(ENOSYS) },
	{ "unknown-call", 0, CALL(5000, 0), AFTER(ENOSYS), BOTH(ENOSYS) },
};

const struct row_table kernel_rows = ROW_TABLE("The kernel", rows);

#include "config.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/confine.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* Ends others' processes, writes to their cgroups, and removes what an
 * account left in storage that is thrown away. */
#define CAPS_CLOSER (CAP(KILL) | CAP(AUDIT_WRITE) | CAP(DAC_OVERRIDE) | \
	CAP(DAC_READ_SEARCH) | CAP(FOWNER))

/* Looks at everybody's processes, hears of their ids, and ends some. */
#define CAPS_SWEEPER (CAP(KILL) | CAP(AUDIT_WRITE) | CAP(SYS_PTRACE) | \
	CAP(DAC_READ_SEARCH) | CAP(NET_ADMIN))

/* Why each is needed stands in packaging/systemd/jaild.service.in, which
 * leaves the same. */
#define CAPS_DAEMON (CAPS_CLOSER | CAP(SYS_ADMIN) | CAP(SYS_CHROOT) | \
	CAP(SYS_PTRACE) | CAP(CHOWN) | CAP(FSETID) | CAP(MKNOD) | \
	CAP(NET_ADMIN) | CAP(SETUID) | CAP(SETGID) | CAP(SETPCAP) | \
	CAP(SYS_RESOURCE) | CAP(AUDIT_CONTROL))

/* No part of jaild has a use for these.  It is no list of what is allowed:
 * modules of the name service run in workers. */
#define CALLS_DAEMON "acct add_key adjtimex afs_syscall bpf clock_adjtime" \
	" clock_settime create_module delete_module fanotify_init" \
	" finit_module init_module io_uring_enter io_uring_register" \
	" io_uring_setup ioperm iopl kcmp kexec_file_load kexec_load keyctl" \
	" lookup_dcookie lsm_set_self_attr modify_ldt nfsservctl" \
	" open_by_handle_at perf_event_open personality pidfd_getfd" \
	" process_vm_readv process_vm_writev ptrace quotactl quotactl_fd" \
	" reboot request_key settimeofday swapoff swapon sysfs syslog" \
	" uselib userfaultfd vhangup"

/* Builds nothing and starts nothing. */
#define CALLS_CLOSER CALLS_DAEMON " chroot execve execveat fsconfig fsmount" \
	" fsopen fspick mknod mknodat mount mount_setattr move_mount" \
	" open_tree open_tree_attr pivot_root setdomainname sethostname" \
	" setns umount2 unshare"

/* Reads what agents send. */
#define CALLS_RELAY CALLS_CLOSER " accept accept4 bind chmod chown fchmod" \
	" fchmodat fchown fchownat kill link linkat listen mkdir mkdirat" \
	" pidfd_open pidfd_send_signal rename renameat renameat2 rmdir" \
	" rt_sigqueueinfo symlink symlinkat tgkill tkill truncate unlink" \
	" unlinkat"

static const struct {
	uint64_t capabilities;
	const char *calls;
} parts[PARTS] = {
	[PART_RELAY] = { 0, CALLS_RELAY },
	[PART_RECORDER] = { 0, CALLS_CLOSER },
	[PART_SWEEPER] = { CAPS_SWEEPER, CALLS_CLOSER },
	[PART_CLOSER] = { CAPS_CLOSER, CALLS_CLOSER },
	[PART_DAEMON] = { CAPS_DAEMON, CALLS_DAEMON },
};

#define NUMBERS_MAX 128
#define X32_FIRST 0x40000000

static int
confine_capabilities(uint64_t wanted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };

	/* From the bounding set first: it takes CAP_SETPCAP. */
	for (unsigned long cap = 0; cap < 64; cap++) {
		int held = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (held < 0)
			break;
		if (held && !(wanted >> cap & 1) &&
		    prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return -errno;
	}
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    syscall(SYS_capget, &header, words) < 0)
		return -errno;
	for (size_t i = 0; i < 2; i++) {
		words[i].permitted &= (uint32_t)(wanted >> (32 * i));
		words[i].effective = words[i].permitted;
		words[i].inheritable = 0;
	}
	return syscall(SYS_capset, &header, words) < 0 ? -errno : 0;
}

/* The numbers of the calls that this machine knows. */
static size_t
resolve(const char *calls, uint32_t *ret_numbers)
{
	char name[64];
	size_t n = 0;

	while (*calls != '\0') {
		size_t length = strcspn(calls, " ");
		int number;

		memcpy(name, calls, length);
		name[length] = '\0';
		number = seccomp_syscall_resolve_name(name);
		if (number >= 0)
			ret_numbers[n++] = (uint32_t)number;
		calls += length + strspn(calls + length, " ");
	}
	return n;
}

#define REFUSE (SECCOMP_RET_ERRNO | EPERM)

static int
confine_calls(const char *calls)
{
	uint32_t numbers[NUMBERS_MAX];
	struct sock_filter filter[2 * NUMBERS_MAX + 8] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_FIRST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, REFUSE),
	};
	struct sock_fprog program = { .filter = filter, .len = 6 };
	size_t n = resolve(calls, numbers);

	filter[1].k = seccomp_arch_native();
	for (size_t i = 0; i < n; i++) {
		filter[program.len++] = (struct sock_filter)BPF_JUMP(
		    BPF_JMP | BPF_JEQ | BPF_K, numbers[i], 0, 1);
		filter[program.len++] = (struct sock_filter)BPF_STMT(
		    BPF_RET | BPF_K, REFUSE);
	}
	filter[program.len++] = (struct sock_filter)BPF_STMT(
	    BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ?
	    -errno : 0;
}

int
confine(enum part part)
{
	int r = confine_capabilities(parts[part].capabilities);

	if (r == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		r = -errno;
	return r < 0 ? r : confine_calls(parts[part].calls);
}

/* The profiles, what nothing may lift, and what login programs need.
 *
 * Each line of a table is one action for many calls: names and @groups
 * separated by blanks.  A line with conditions names one call.  Order is the
 * order of decision, so the exceptions of a group stand above it. */
#include "config.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "common/cleanup.h"
#include "lang/syscall_table.h"

#define LINE_CONDITIONS_MAX 2

struct line {
	enum syscall_action action;
	bool quiet;
	int error;
	const char *calls;
	struct syscall_condition conditions[LINE_CONDITIONS_MAX];
};

/* A line's last fields: one argument of 32 bits, masked and compared. */
#define WHERE(argument, mask, compare, value) \
	{ (argument), 32, (compare), (mask), (uint32_t)(value) }
#define IS(argument, value) WHERE(argument, UINT32_MAX, COMPARE_EQ, value)

#define NOT_NULL(argument) { (argument), 64, COMPARE_NE, UINT64_MAX, 0 }

#define DENY SYSCALL_DENY, false, EPERM
#define DENY_QUIETLY SYSCALL_DENY, true, EPERM
#define UNKNOWN SYSCALL_DENY, true, ENOSYS
#define IGNORED SYSCALL_DENY, true, 0
#define ALLOW SYSCALL_ALLOW, false, 0

/* All but CLONE_NEWTIME, whose bit is part of the exit signal in clone(2). */
#define CLONE_NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | \
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define UNSHARE_NAMESPACES (CLONE_NAMESPACES | CLONE_NEWTIME)

/* The ioctl type of nsfs, which gives descriptors of other namespaces. */
#define NSFS_IOCTL_TYPE 0xb700
#define IOCTL_TYPE_MASK 0xff00

static const struct line never[] = {
	{ DENY, "mount umount2 pivot_root fsopen fsconfig fsmount fspick"
	    " move_mount open_tree open_tree_attr mount_setattr setns" },
	{ DENY, "kexec_load kexec_file_load create_module init_module"
	    " finit_module delete_module bpf iopl ioperm reboot swapon"
	    " swapoff open_by_handle_at" },
	/* Its flags are behind a pointer; every libc goes on with clone. */
	{ UNKNOWN, "clone3" },
	{ DENY, "clone", { WHERE(0, CLONE_NAMESPACES, COMPARE_NE, 0) } },
	{ DENY, "unshare", { WHERE(0, UNSHARE_NAMESPACES, COMPARE_NE, 0) } },
	/* The limit of 1 keeps root's core dump handler away; whoever sets
	 * another is told that it was done. */
	{ IGNORED, "setrlimit", { IS(0, RLIMIT_CORE) } },
	{ IGNORED, "prlimit64", { IS(1, RLIMIT_CORE), NOT_NULL(2) } },
	{ DENY, "ioctl", { IS(1, TIOCSTI) } },
	{ DENY, "ioctl", { IS(1, TIOCLINUX) } },
	{ DENY, "ioctl",
	    { WHERE(1, IOCTL_TYPE_MASK, COMPARE_EQ, NSFS_IOCTL_TYPE) } },
};

/* Attempts to see or move what is not the caller's.  ptrace and its kin
 * would be bounded by the PID namespace, but a debugger also reads what the
 * jail gave to one process alone (secrets, an agent socket), so a policy has
 * to say `allow ptrace` itself. */
static const struct line intrusion[] = {
	{ DENY, "ptrace process_vm_readv process_vm_writev pidfd_getfd"
	    " perf_event_open userfaultfd @keyring" },
	{ DENY, "@clock acct chroot fanotify_init fanotify_mark"
	    " lookup_dcookie lsm_set_self_attr modify_ldt nfsservctl"
	    " quotactl quotactl_fd sethostname setdomainname syslog uselib"
	    " vhangup vm86 vm86old" },
	{ DENY_QUIETLY, "kcmp" },
	/* Runtimes ask for it and go on with epoll; it would pass by every
	 * rule about the calls that it carries out. */
	{ UNKNOWN, "io_uring_setup io_uring_enter io_uring_register" },
	{ DENY, "ioctl", { IS(1, TIOCSETD) } },
	{ DENY, "mknod", { WHERE(1, S_IFMT, COMPARE_EQ, S_IFBLK) } },
	{ DENY, "mknod", { WHERE(1, S_IFMT, COMPARE_EQ, S_IFCHR) } },
	{ DENY, "mknodat", { WHERE(2, S_IFMT, COMPARE_EQ, S_IFBLK) } },
	{ DENY, "mknodat", { WHERE(2, S_IFMT, COMPARE_EQ, S_IFCHR) } },
	{ ALLOW, "socketpair", { IS(0, AF_UNIX) } },
	{ DENY, "socketpair" },
	{ ALLOW, "socket", { IS(0, AF_UNIX) } },
};

#define PERSONALITY_HARMLESS (PER_LINUX32 | UNAME26 | ADDR_NO_RANDOMIZE)
#define INTERNET(protocol) \
	{ ALLOW, "socket", { IS(0, AF_INET), IS(2, protocol) } }, \
	{ ALLOW, "socket", { IS(0, AF_INET6), IS(2, protocol) } }

/* Streams and datagrams are 1 and 2; from 4 on are the kinds of protocols that
 * nobody asked for, and the kernel loads a module that is missing (SCTP, DCCP)
 * also where the protocol is 0. */
#define SOCKET_KIND 0xf
#define SOCKET_KINDS_OTHER 0xc

static const struct line ordinary[] = {
	{ DENY, "socket", { WHERE(1, SOCKET_KINDS_OTHER, COMPARE_NE, 0) } },
	{ ALLOW, "socket", { IS(0, AF_NETLINK), IS(2, NETLINK_ROUTE) } },
	{ DENY, "socket", { WHERE(1, SOCKET_KIND, COMPARE_EQ, SOCK_RAW) } },
	INTERNET(IPPROTO_IP),
	INTERNET(IPPROTO_TCP),
	INTERNET(IPPROTO_UDP),
	INTERNET(IPPROTO_ICMP),
	INTERNET(IPPROTO_ICMPV6),
	INTERNET(IPPROTO_MPTCP),
	INTERNET(IPPROTO_UDPLITE),
	{ DENY, "socket" },
	{ ALLOW, "personality",
	    { WHERE(0, ~PERSONALITY_HARMLESS, COMPARE_EQ, 0) } },
	{ ALLOW, "personality", { IS(0, UINT32_MAX) } },
	{ DENY, "personality" },
	{ ALLOW, "@system-service @pkey cachestat lsm_get_self_attr"
	    " lsm_list_modules map_shadow_stack mincore process_mrelease"
	    " sync_file_range" },
};

static const struct line small[] = {
	{ DENY, "socket" },
	{ ALLOW, "personality", { IS(0, UINT32_MAX) } },
	{ DENY, "personality" },
	{ DENY, "process_madvise" },
	{ ALLOW, "@default @basic-io @chown @file-system @io-event @signal"
	    " @sync @timer capget clone connect copy_file_range execveat"
	    " fadvise64 arm_fadvise64_64 flock fork getcpu getpeername"
	    " getpriority getrusage getsockname getsockopt ioctl kill"
	    " madvise mremap pipe pipe2 prctl readahead readdir recv"
	    " recvfrom recvmsg sched_getparam sched_getscheduler send"
	    " sendfile sendmsg sendto setpgid setrlimit setsid setsockopt"
	    " shutdown socketcall splice sysinfo tee tgkill tkill umask"
	    " uname vfork wait4 waitid" },
};

static const struct line anything[] = {
	{ ALLOW, "@known" },
};

/* What sshd, login, su and cron do as root behind the module, what
 * jail-shell does to load its filter, and what no process lives without. */
static const struct line login[] = {
	{ ALLOW, "socket", { IS(0, AF_NETLINK), IS(2, NETLINK_AUDIT) } },
	{ ALLOW, "socket", { IS(0, AF_NETLINK), IS(2, NETLINK_ROUTE) } },
	{ ALLOW, "socket", { IS(0, AF_UNIX) } },
	{ ALLOW, "socketpair", { IS(0, AF_UNIX) } },
	/* pam_keyinit, when the session ends. */
	{ ALLOW, "keyctl", { IS(0, KEYCTL_REVOKE) } },
	{ ALLOW, "@default @basic-io @io-event @setuid @sandbox @signal"
	    " setfsuid setfsgid capget capset prctl setrlimit" },
	{ ALLOW, "clone fork vfork execveat kill tgkill tkill wait4 waitid"
	    " setsid setpgid setpriority getpriority umask uname pipe pipe2"
	    " alarm setitimer getitimer timerfd_create timerfd_settime"
	    " timerfd_gettime" },
	{ ALLOW, "@chown access chdir chmod chroot faccessat faccessat2"
	    " fchdir fchmod fchmodat fchmodat2 fcntl flock fstat fstatfs"
	    " getcwd getdents getdents64 ioctl lstat madvise mremap"
	    " newfstatat open openat openat2 readlink readlinkat stat"
	    " statfs statx vhangup" },
	{ ALLOW, "connect getpeername getsockname getsockopt recv recvfrom"
	    " recvmsg send sendmsg sendto setsockopt shutdown" },
};

struct rules {
	struct syscall_rule *rules;
	size_t n;
};

/* All of the following: 0 or -ENOMEM.  Half a table would be a hole, so a
 * table that is not whole is not used at all. */
static int
add_rule(struct rules *to, const struct line *line, const char *call)
{
	struct syscall_rule rule = { .action = line->action,
		.quiet = line->quiet, .error = line->error, .call = call };
	struct syscall_rule *rules = reallocarray(to->rules, to->n + 1,
	    sizeof(*rules));

	if (rules == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < LINE_CONDITIONS_MAX; i++)
		if (line->conditions[i].width_bits != 0)
			rule.conditions[rule.n_conditions++] =
			    line->conditions[i];
	rules[to->n++] = rule;
	to->rules = rules;
	return 0;
}

static int
add_group(struct rules *to, const struct line *line, const char *group)
{
	const char *const *members = syscall_group_members(group);
	int r = members != NULL ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && members[i] != NULL; i++)
		r = add_rule(to, line, members[i]);
	return r;
}

/* Names live as long as the process, as the tables do. */
static int
add_line(struct rules *to, const struct line *line)
{
	const char *at = line->calls;
	int r = 0;

	while (r == 0 && *at != '\0') {
		size_t length = strcspn(at, " ");
		char *name = strndup(at, length);

		if (name == NULL)
			return -ENOMEM;
		if (name[0] == '@') {
			r = add_group(to, line, name + 1);
			free(name);
		} else {
			r = add_rule(to, line, name);
		}
		at += length + strspn(at + length, " ");
	}
	return r;
}

struct table {
	const struct line *lines;
	size_t n;
};

#define TABLE(lines) { (lines), ARRAY_LENGTH(lines) }
#define TABLES_MAX 3

static int
add_tables(struct rules *to, const struct table *tables)
{
	int r = 0;

	for (size_t i = 0; i < TABLES_MAX; i++)
		for (size_t j = 0; r == 0 && j < tables[i].n; j++)
			r = add_line(to, &tables[i].lines[j]);
	return r;
}

static const struct syscall_rule *
build(struct rules *cached, const struct table *tables, size_t *ret_count)
{
	if (cached->n == 0) {
		struct rules made = { 0 };

		if (add_tables(&made, tables) < 0) {
			free(made.rules);
			return NULL;
		}
		*cached = made;
	}
	*ret_count = cached->n;
	return cached->rules;
}

static const struct table profiles[][TABLES_MAX] = {
	[SYSCALLS_STRICT] = { TABLE(never), TABLE(intrusion), TABLE(small) },
	[SYSCALLS_DEFAULT] = { TABLE(never), TABLE(intrusion),
		TABLE(ordinary) },
	[SYSCALLS_OFF] = { TABLE(never), TABLE(anything) },
};

const struct syscall_rule *
syscall_profile_rules(enum syscall_profile profile, size_t *ret_count)
{
	static struct rules cache[ARRAY_LENGTH(profiles)];
	size_t i = (size_t)profile < ARRAY_LENGTH(profiles) ?
	    (size_t)profile : SYSCALLS_STRICT;

	return build(&cache[i], profiles[i], ret_count);
}

const struct syscall_rule *
syscall_never_rules(size_t *ret_count)
{
	static const struct table tables[TABLES_MAX] = { TABLE(never) };
	static struct rules cache;

	return build(&cache, tables, ret_count);
}

const struct syscall_rule *
syscall_login_rules(size_t *ret_count)
{
	static const struct table tables[TABLES_MAX] = { TABLE(login) };
	static struct rules cache;

	return build(&cache, tables, ret_count);
}

/* A rule without conditions for the call or the call it is a variant of. */
static bool
has_plain_rule(const struct syscall_rule *rules, size_t n, const char *call)
{
	const char *base = syscall_base_name(call);

	for (size_t i = 0; i < n; i++)
		if (rules[i].n_conditions == 0 &&
		    (strcmp(rules[i].call, call) == 0 ||
		    (base != NULL && strcmp(rules[i].call, base) == 0)))
			return true;
	return false;
}

bool
syscall_needed_by_login(const char *call)
{
	size_t n;
	const struct syscall_rule *rules = syscall_login_rules(&n);

	return rules == NULL || has_plain_rule(rules, n, call);
}

bool
syscall_never_allowed(const char *call)
{
	size_t n;
	const struct syscall_rule *rules = syscall_never_rules(&n);

	return rules == NULL || has_plain_rule(rules, n, call);
}

bool
syscall_profile_allows(enum syscall_profile profile, const char *call)
{
	size_t n = 0;
	const struct syscall_rule *rules = syscall_profile_rules(profile, &n);
	const char *base = syscall_base_name(call);

	for (size_t i = 0; rules != NULL && i < n; i++) {
		if (strcmp(rules[i].call, call) != 0 &&
		    (base == NULL || strcmp(rules[i].call, base) != 0))
			continue;
		if (rules[i].action < SYSCALL_LOG)
			return false;
		if (rules[i].n_conditions == 0)
			return true;
	}
	return false;
}

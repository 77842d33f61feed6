/* The tables of system calls, and decisions made from them. */
#include "config.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/syscall_table.h"

static bool
listed(const char *const *names, const char *name)
{
	for (size_t i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
test_names(void **state)
{
	const char *const *names = syscall_names();

	(void)state;
	assert_true(syscall_known("mount"));
	assert_true(syscall_known("socketcall"));
	assert_true(syscall_known("mseal"));
	assert_false(syscall_known("ptrac"));
	assert_false(syscall_known(""));
	assert_true(listed(names, "ptrace"));
	assert_true(listed(names, "socketcall"));
	assert_true(listed(names, "mseal"));
	for (size_t i = 1; names[i] != NULL; i++)
		assert_true(strcmp(names[i - 1], names[i]) < 0);
	for (size_t i = 0; names[i] != NULL; i++)
		assert_true(syscall_known(names[i]));
}

static const char *
entry_name(uint32_t abi, uint32_t number)
{
	size_t n;
	const struct syscall_entry *entries = syscall_abi_entries(abi, &n);

	assert_non_null(entries);
	for (size_t i = 0; i < n; i++)
		if (entries[i].number == number)
			return entries[i].name;
	return NULL;
}

static void
test_numbers(void **state)
{
	size_t n;

	(void)state;
	assert_string_equal(entry_name(SCMP_ARCH_X86_64, 41), "socket");
	assert_string_equal(entry_name(SCMP_ARCH_X86, 359), "socket");
	assert_string_equal(entry_name(SCMP_ARCH_X86, 102), "socketcall");
	assert_string_equal(entry_name(SCMP_ARCH_X86, 395), "shmget");
	assert_string_equal(entry_name(SCMP_ARCH_X86_64, 462), "mseal");
	assert_null(entry_name(SCMP_ARCH_X86_64, 1000));
	assert_null(syscall_abi_entries(1, &n));
}

static void
test_base_names(void **state)
{
	(void)state;
	assert_string_equal(syscall_base_name("setuid32"), "setuid");
	assert_string_equal(syscall_base_name("umount"), "umount2");
	assert_null(syscall_base_name("setuid"));
}

static void
test_groups(void **state)
{
	const char *const *names = syscall_group_names();

	(void)state;
	for (size_t i = 0; names[i] != NULL; i++) {
		const char *const *members = syscall_group_members(names[i]);

		assert_non_null(members);
		assert_non_null(members[0]);
		for (size_t j = 0; members[j] != NULL; j++) {
			assert_true(syscall_known(members[j]));
			assert_false(listed(members + j + 1, members[j]));
		}
	}
	assert_true(listed(syscall_group_members("mount"), "fsopen"));
	assert_true(listed(syscall_group_members("privileged"), "chown"));
	assert_true(listed(syscall_group_members("system-service"), "futex"));
	assert_true(listed(syscall_group_members("known"), "vm86"));
	assert_null(syscall_group_members("nosuch"));
}

static const struct {
	const char *call, *argument;
	bool found;
	struct syscall_argument is;
} argument_rows[] = {
	{ "socket", "domain", true, { 0, 32, false } },
	{ "socket", "family", true, { 0, 32, false } },
	{ "socket", "protocol", true, { 2, 32, false } },
	{ "socket", "proto", false, { 0, 0, false } },
	{ "ioctl", "request", true, { 1, 32, false } },
	{ "ptrace", "request", true, { 0, 64, false } },
	{ "openat", "pathname", true, { 1, 64, true } },
	{ "mmap", "prot", true, { 2, 32, false } },
	{ "mmap2", "prot", true, { 2, 32, false } },
	{ "setuid32", "uid", true, { 0, 32, false } },
	{ "clone", "flags", true, { 0, 32, false } },
	{ "getpid", "arg5", true, { 5, 64, false } },
	{ "getpid", "arg6", false, { 0, 0, false } },
	{ "getpid", "arg", false, { 0, 0, false } },
	{ "prctl", "arg2", true, { 1, 64, false } },
	{ "prctl", "arg1", false, { 0, 0, false } },
	{ "prctl", "option", true, { 0, 32, false } },
};

static void
test_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(argument_rows); i++) {
		struct syscall_argument got = { 0 };

		print_message("%s %s\n", argument_rows[i].call,
		    argument_rows[i].argument);
		assert_int_equal(syscall_argument_find(argument_rows[i].call,
		    argument_rows[i].argument, &got), argument_rows[i].found);
		assert_int_equal(got.index, argument_rows[i].is.index);
		assert_int_equal(got.width_bits,
		    argument_rows[i].is.width_bits);
		assert_int_equal(got.pointer, argument_rows[i].is.pointer);
	}
	assert_true(listed(syscall_argument_names("socket"), "type"));
	assert_null(syscall_argument_names("getpid")[0]);
}

/* Every name of a signature is found at its own place. */
static void
test_argument_names(void **state)
{
	const char *const *calls = syscall_names();

	(void)state;
	for (size_t i = 0; calls[i] != NULL; i++) {
		const char *const *names = syscall_argument_names(calls[i]);

		for (unsigned j = 0; names[j] != NULL; j++) {
			struct syscall_argument got;

			assert_true(j < 6);
			assert_true(syscall_argument_find(calls[i], names[j],
			    &got));
			assert_int_equal(got.index, j);
		}
	}
}

static void
test_constants(void **state)
{
	uint64_t value = 7;

	(void)state;
	assert_true(syscall_constant_find("AF_PACKET", &value));
	assert_int_equal(value, AF_PACKET);
	assert_true(syscall_constant_find("TIOCSTI", &value));
	assert_int_equal(value, TIOCSTI);
	assert_true(syscall_constant_find("CLONE_NEWUSER", &value));
	assert_int_equal(value, CLONE_NEWUSER);
	assert_false(syscall_constant_find("AF_PACKED", &value));
	assert_int_equal(value, CLONE_NEWUSER);
}

static void
test_errors(void **state)
{
	int error = 0;

	(void)state;
	assert_true(syscall_errno_find("EPERM", &error));
	assert_int_equal(error, EPERM);
	assert_true(syscall_errno_find("ENOTSUP", &error));
	assert_int_equal(error, EOPNOTSUPP);
	assert_true(syscall_errno_find("EWOULDBLOCK", &error));
	assert_int_equal(error, EAGAIN);
	assert_false(syscall_errno_find("EWRONG", &error));
	assert_string_equal(syscall_errno_name(ENOSYS), "ENOSYS");
	assert_null(syscall_errno_name(0));
	assert_null(syscall_errno_name(100000));
}

static void
test_login_and_never(void **state)
{
	static const char *const needed[] = { "setuid", "setgroups",
		"seccomp", "capset", "execve", "openat", "fchown",
		"setuid32" };
	static const char *const never[] = { "mount", "umount", "setns",
		"clone3", "init_module", "open_by_handle_at", "bpf" };
	static const char *const neither[] = { "ptrace", "unshare",
		"socket", "rename", "perf_event_open", "nosuch" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(needed); i++)
		assert_true(syscall_needed_by_login(needed[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(never); i++)
		assert_true(syscall_never_allowed(never[i]));
	for (size_t i = 0; i < ARRAY_LENGTH(neither); i++) {
		assert_false(syscall_needed_by_login(neither[i]));
		assert_false(syscall_never_allowed(neither[i]));
	}
}

#define S SYSCALLS_STRICT
#define D SYSCALLS_DEFAULT
#define O SYSCALLS_OFF

/* error 0: allowed. */
static const struct {
	enum syscall_profile profile;
	const char *call;
	uint64_t arguments[6];
	int error;
} decisions[] = {
	{ D, "read", { 0 }, 0 },
	{ D, "setuid32", { 0 }, 0 },
	{ D, "mount", { 0 }, EPERM },
	{ D, "umount", { 0 }, EPERM },
	{ D, "fsopen", { 0 }, EPERM },
	{ D, "ptrace", { 0 }, EPERM },
	{ D, "process_vm_readv", { 0 }, EPERM },
	{ D, "bpf", { 0 }, EPERM },
	{ D, "keyctl", { 0 }, EPERM },
	{ D, "chroot", { 0 }, EPERM },
	{ D, "syslog", { 0 }, EPERM },
	{ D, "open_by_handle_at", { 0 }, EPERM },
	{ D, "io_uring_setup", { 0 }, ENOSYS },
	{ D, "clone3", { 0 }, ENOSYS },
	{ D, "nosuch", { 0 }, ENOSYS },
	{ D, "clone", { CLONE_VM | SIGCHLD }, 0 },
	{ D, "clone", { CLONE_NEWUSER | SIGCHLD }, EPERM },
	{ D, "clone", { CLONE_NEWNET }, EPERM },
	{ D, "unshare", { CLONE_FS }, 0 },
	{ D, "unshare", { CLONE_NEWNS }, EPERM },
	{ D, "unshare", { 0x80 }, EPERM },
	{ D, "ioctl", { 0, TCGETS }, 0 },
	{ D, "ioctl", { 0, TIOCSTI }, EPERM },
	{ D, "ioctl", { 0, TIOCSTI | UINT64_C(1) << 32 }, EPERM },
	{ D, "ioctl", { 0, TIOCLINUX | UINT64_C(5) << 40 }, EPERM },
	{ D, "ioctl", { 0, TIOCSETD }, EPERM },
	{ D, "ioctl", { 0, 0xb701 }, EPERM },
	{ D, "socket", { AF_UNIX, SOCK_STREAM }, 0 },
	{ D, "socket", { AF_INET, SOCK_STREAM, IPPROTO_TCP }, 0 },
	{ D, "socket", { AF_INET6, SOCK_DGRAM }, 0 },
	{ D, "socket", { AF_INET, SOCK_STREAM, 132 }, EPERM },
	{ D, "socket", { AF_INET, SOCK_SEQPACKET }, EPERM },
	{ D, "socket", { AF_INET6, SOCK_DCCP | SOCK_CLOEXEC }, EPERM },
	{ D, "socket", { AF_INET, SOCK_PACKET }, EPERM },
	{ D, "socket", { AF_INET, SOCK_RAW, IPPROTO_ICMP }, EPERM },
	{ D, "socket", { AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_ICMP },
	    0 },
	{ D, "socket", { AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC }, 0 },
	{ D, "socket", { AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0 }, 0 },
	{ D, "socket", { AF_NETLINK, SOCK_RAW, NETLINK_ROUTE }, 0 },
	{ D, "socket", { AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER }, EPERM },
	{ D, "socket", { AF_NETLINK, SOCK_RAW, NETLINK_AUDIT }, EPERM },
	{ D, "socket", { AF_ALG, SOCK_SEQPACKET }, EPERM },
	{ D, "socket", { AF_ALG | UINT64_C(1) << 32 }, EPERM },
	{ D, "socket", { AF_INET | UINT64_C(1) << 32 }, 0 },
	{ D, "socket", { AF_PACKET, SOCK_RAW }, EPERM },
	{ D, "socket", { AF_VSOCK, SOCK_STREAM }, EPERM },
	{ D, "socketpair", { AF_UNIX }, 0 },
	{ D, "socketpair", { AF_TIPC }, EPERM },
	{ D, "mknod", { 0, S_IFIFO | 0600 }, 0 },
	{ D, "mknodat", { 0, 0, S_IFBLK | 0600 }, EPERM },
	{ D, "personality", { 0xffffffff }, 0 },
	{ D, "personality", { 0x0400000 }, EPERM },
	{ D, "personality", { 0x0040000 }, 0 },
	{ S, "read", { 0 }, 0 },
	{ S, "socket", { AF_INET, SOCK_STREAM }, EPERM },
	{ S, "socket", { AF_UNIX, SOCK_STREAM }, 0 },
	{ S, "shmget", { 0 }, ENOSYS },
	{ S, "ptrace", { 0 }, EPERM },
	{ S, "setuid", { 0 }, ENOSYS },
	{ S, "clone", { CLONE_NEWUSER }, EPERM },
	{ O, "ptrace", { 0 }, 0 },
	{ O, "socket", { AF_ALG }, 0 },
	{ O, "io_uring_setup", { 0 }, 0 },
	{ O, "setns", { 0 }, EPERM },
	{ O, "clone", { CLONE_NEWUSER }, EPERM },
	{ O, "nosuch", { 0 }, ENOSYS },
};

static void
test_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(decisions); i++) {
		struct jail jail = { .syscalls = decisions[i].profile };
		const struct syscall_rule *rule;
		enum syscall_action action;
		int error = -1;

		print_message("%s %s %#llx\n",
		    syscall_profile_name(decisions[i].profile),
		    decisions[i].call,
		    (unsigned long long)decisions[i].arguments[0]);
		action = decide_syscall(&jail, decisions[i].call,
		    decisions[i].arguments, &rule, &error);
		assert_null(rule);
		assert_int_equal(action, decisions[i].error == 0 ?
		    SYSCALL_ALLOW : SYSCALL_DENY);
		assert_int_equal(error, decisions[i].error);
	}
}

/* First match wins; a jail's denial of what nothing may lift is kept, its
 * permission is not. */
static void
test_jail_rules(void **state)
{
	static const struct syscall_rule rules[] = {
		{ .call = "ptrace", .action = SYSCALL_LOG, .n_conditions = 1,
		    .conditions = { { 0, 64, COMPARE_EQ, UINT64_MAX, 0 } } },
		{ .call = "ptrace", .action = SYSCALL_DENY, .error = EACCES },
		{ .call = "bpf", .action = SYSCALL_KILL },
		{ .call = "mount", .action = SYSCALL_ALLOW },
		{ .call = "setuid", .action = SYSCALL_DENY, .error = EIO },
	};
	struct jail jail = { .syscalls = D, .syscall_rules = rules,
		.n_syscall_rules = ARRAY_LENGTH(rules) };
	const struct syscall_rule *rule;
	uint64_t arguments[6] = { 0 };
	int error;

	(void)state;
	assert_int_equal(decide_syscall(&jail, "ptrace", arguments, &rule,
	    &error), SYSCALL_LOG);
	assert_ptr_equal(rule, &rules[0]);
	arguments[0] = 1;
	assert_int_equal(decide_syscall(&jail, "ptrace", arguments, &rule,
	    &error), SYSCALL_DENY);
	assert_ptr_equal(rule, &rules[1]);
	assert_int_equal(error, EACCES);
	assert_int_equal(decide_syscall(&jail, "bpf", arguments, &rule,
	    &error), SYSCALL_KILL);
	assert_ptr_equal(rule, &rules[2]);
	assert_int_equal(decide_syscall(&jail, "mount", arguments, &rule,
	    &error), SYSCALL_DENY);
	assert_null(rule);
	assert_int_equal(error, EPERM);
	assert_int_equal(decide_syscall(&jail, "setuid32", arguments, &rule,
	    &error), SYSCALL_DENY);
	assert_int_equal(error, EIO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_base_names),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_argument_names),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_login_and_never),
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_jail_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

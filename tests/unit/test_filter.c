/* What the compiled programs say, in the simulator. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
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
#include <sys/socket.h>
#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/filter.h"
#include "lang/decide.h"
#include "lang/syscall_table.h"
#include "tests/unit/bpf_simulator.h"

#define X64 AUDIT_ARCH_X86_64
#define I386 AUDIT_ARCH_I386
#define X32 0x40000000u
#define RULES_MAX 12

static int
skip_elsewhere(void **state)
{
	(void)state;
#ifndef __x86_64__
	print_message("the expected numbers are those of x86_64\n");
	skip();
#endif
	return 0;
}

struct loaded {
	struct filter_set set;
	struct sock_filter *instructions;
	struct bpf_program programs[PROTOCOL_FILTERS_MAX];
};

static void
load(const struct jail *jail, enum filter_stage stage, struct loaded *ret)
{
	const char *call = NULL;
	size_t at = 0, size;

	assert_int_equal(filters_compile(jail, stage, &ret->set, &call), 0);
	size = (size_t)lseek(ret->set.memfd, 0, SEEK_END);
	ret->instructions = malloc(size);
	assert_non_null(ret->instructions);
	assert_int_equal(pread(ret->set.memfd, ret->instructions, size, 0),
	    size);
	for (uint32_t i = 0; i < ret->set.n_filters; i++) {
		const struct grant_filter *filter = &ret->set.filters[i];

		ret->programs[i] = (struct bpf_program){
			.instructions = ret->instructions + at,
			.n = filter->instructions,
			.log = filter->flags & SECCOMP_FILTER_FLAG_LOG };
		at += filter->instructions;
	}
	assert_int_equal(at * sizeof(struct sock_filter), size);
}

static void
unload(struct loaded *loaded)
{
	free(loaded->instructions);
	filter_set_close(&loaded->set);
}

static uint32_t
run(const struct loaded *loaded, uint32_t abi, uint32_t number,
    const uint64_t arguments[6], bool *ret_logged)
{
	struct seccomp_data data = { .nr = (int)number, .arch = abi };
	uint32_t verdict = 0;

	memcpy(data.args, arguments, sizeof(data.args));
	assert_int_equal(bpf_simulate_stack(loaded->programs,
	    loaded->set.n_filters, &data, &verdict, ret_logged), 0);
	return verdict;
}

static uint32_t
number_of(uint32_t abi, const char *call)
{
	size_t n;
	const struct syscall_entry *entries = syscall_abi_entries(abi, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(entries[i].name, call) == 0)
			return entries[i].number;
	fail_msg("no number of %s", call);
	return 0;
}

#define ERRNO(error) (SECCOMP_RET_ERRNO | (error))
#define ALLOW SECCOMP_RET_ALLOW
#define KILL SECCOMP_RET_KILL_PROCESS
#define LOG SECCOMP_RET_LOG
#define LOUD ERRNO(EPERM), true
#define NOSYS ERRNO(ENOSYS), false
#define QUIET(error) ERRNO(error), false
#define YES ALLOW, false

#define HIGH (UINT64_C(1) << 32)
#define S SYSCALLS_STRICT
#define D SYSCALLS_DEFAULT
#define O SYSCALLS_OFF
#define SHELL FILTER_SHELL
#define DOOR FILTER_DOOR

/* By number: libseccomp's tables are not asked here. */
static const struct {
	enum syscall_profile profile;
	enum filter_stage stage;
	uint32_t abi, number;
	uint64_t arguments[6];
	uint32_t verdict;
	bool logged;
} profile_rows[] = {
	{ D, SHELL, X64, 0, { 0 }, YES },			/* read */
	{ D, SHELL, X64, 165, { 0 }, LOUD },			/* mount */
	{ D, SHELL, X64, 430, { 0 }, LOUD },			/* fsopen */
	{ D, SHELL, X64, 101, { 0 }, LOUD },			/* ptrace */
	{ D, SHELL, X64, 321, { 0 }, LOUD },			/* bpf */
	{ D, SHELL, X64, 298, { 0 }, LOUD },		/* perf_event_open */
	{ D, SHELL, X64, 323, { 0 }, LOUD },		/* userfaultfd */
	{ D, SHELL, X64, 425, { 0 }, NOSYS },		/* io_uring_setup */
	{ D, SHELL, X64, 435, { 0 }, NOSYS },			/* clone3 */
	{ D, SHELL, X64, 467, { 0 }, LOUD },		/* open_tree_attr */
	{ D, SHELL, X64, 700, { 0 }, NOSYS },
	{ D, SHELL, X64, 0xffffffff, { 0 }, NOSYS },
	{ D, SHELL, X64, 56, { SIGCHLD }, YES },		/* clone */
	{ D, SHELL, X64, 56, { CLONE_NEWUSER | SIGCHLD }, LOUD },
	{ D, SHELL, X64, 56, { CLONE_NEWNS | CLONE_VM }, LOUD },
	{ D, SHELL, X64, 272, { CLONE_FILES }, YES },		/* unshare */
	{ D, SHELL, X64, 272, { CLONE_NEWUSER }, LOUD },
	{ D, SHELL, X64, 308, { 3 }, LOUD },			/* setns */
	{ D, SHELL, X64, 41, { AF_INET, SOCK_STREAM }, YES },	/* socket */
	{ D, SHELL, X64, 41, { AF_INET, SOCK_SEQPACKET }, LOUD },
	{ D, SHELL, X64, 41, { AF_INET6, SOCK_DCCP }, LOUD },
	{ D, SHELL, I386, 359, { AF_INET, SOCK_RAW, IPPROTO_UDP }, LOUD },
	{ D, DOOR, X64, 41, { AF_INET, SOCK_SEQPACKET }, LOUD },
	{ D, SHELL, X64, 41, { AF_INET6, 2, IPPROTO_UDP }, YES },
	{ D, SHELL, X64, 41, { AF_ALG, 5 }, LOUD },
	{ D, SHELL, X64, 41, { UINT64_C(1) << 32 | AF_ALG }, LOUD },
	{ D, SHELL, X64, 41, { AF_PACKET, 3, 3 }, LOUD },
	{ D, SHELL, X64, 41, { AF_VSOCK, 1 }, LOUD },
	{ D, SHELL, X64, 41, { AF_NETLINK, 3, NETLINK_ROUTE }, YES },
	{ D, SHELL, X64, 41, { AF_NETLINK, 3, NETLINK_NETFILTER }, LOUD },
	{ D, SHELL, X64, 41, { AF_NETLINK, 3, NETLINK_XFRM }, LOUD },
	{ D, SHELL, X64, 41, { AF_NETLINK, 3, NETLINK_AUDIT }, LOUD },
	{ D, SHELL, X64, 16, { 0, TCGETS }, YES },		/* ioctl */
	{ D, SHELL, X64, 16, { 0, TIOCSTI }, LOUD },
	{ D, SHELL, X64, 16, { 0, UINT64_C(1) << 32 | TIOCSTI }, LOUD },
	{ D, SHELL, X64, 16, { 0, UINT64_C(9) << 60 | TIOCLINUX }, LOUD },
	{ D, SHELL, X64, 16, { 0, 0xb701 }, LOUD },
	{ D, SHELL, X64, X32 | 0, { 0 }, LOUD },
	{ D, SHELL, X64, X32 | 41, { AF_INET }, LOUD },
	{ D, SHELL, X64, X32 | 512, { 0 }, LOUD },
	{ D, SHELL, AUDIT_ARCH_AARCH64, 63, { 0 }, KILL, false },
	{ D, SHELL, I386, 3, { 0 }, YES },			/* read */
	{ D, SHELL, I386, 21, { 0 }, LOUD },			/* mount */
	{ D, SHELL, I386, 22, { 0 }, LOUD },			/* umount */
	{ D, SHELL, I386, 52, { 0 }, LOUD },			/* umount2 */
	{ D, SHELL, I386, 25, { 0 }, LOUD },			/* stime */
	{ D, SHELL, I386, 26, { 0 }, LOUD },			/* ptrace */
	{ D, SHELL, I386, 192, { 0 }, YES },			/* mmap2 */
	{ D, SHELL, I386, 90, { 0 }, YES },			/* mmap */
	{ D, SHELL, I386, 213, { 0 }, YES },			/* setuid32 */
	{ D, SHELL, I386, 120, { CLONE_NEWUSER }, LOUD },	/* clone */
	{ D, SHELL, I386, 120, { SIGCHLD }, YES },
	{ D, SHELL, I386, 359, { AF_ALG }, LOUD },		/* socket */
	{ D, SHELL, I386, 359, { AF_INET }, YES },
	{ D, SHELL, I386, 102, { 1 }, LOUD },	/* socketcall: socket */
	{ D, SHELL, I386, 102, { 8 }, LOUD },	/* socketpair */
	{ D, SHELL, I386, 102, { 3 }, YES },	/* connect */
	{ D, SHELL, I386, 102, { 9 }, YES },	/* send */
	{ D, SHELL, I386, 102, { 77 }, NOSYS },
	{ D, SHELL, I386, 117, { 21 }, YES },	/* ipc: shmat */
	{ D, SHELL, I386, 117, { 0x10000 | 21 }, YES },
	{ D, SHELL, I386, 117, { 5 }, NOSYS },
	{ D, SHELL, I386, 54, { 0, TIOCSTI }, LOUD },		/* ioctl */
	{ D, SHELL, I386, 135, { 0 }, NOSYS },		/* sysfs */
	{ D, SHELL, I386, 166, { 0 }, LOUD },			/* vm86 */
	{ D, SHELL, I386, 113, { 0 }, LOUD },			/* vm86old */
	{ S, SHELL, X64, 0, { 0 }, YES },
	{ S, SHELL, X64, 101, { 0 }, LOUD },
	{ S, SHELL, X64, 41, { AF_INET, SOCK_STREAM }, LOUD },
	{ S, SHELL, X64, 317, { 1 }, YES },			/* seccomp */
	{ S, SHELL, X64, 161, { 0 }, LOUD },			/* chroot */
	{ S, SHELL, X64, 116, { 0 }, NOSYS },			/* setgroups */
	{ S, SHELL, I386, 102, { 1 }, LOUD },
	{ S, SHELL, I386, 102, { 3 }, YES },
	{ S, SHELL, I386, 117, { 21 }, NOSYS },
	{ O, SHELL, X64, 101, { 0 }, YES },
	{ O, SHELL, X64, 41, { AF_ALG }, YES },
	{ O, SHELL, X64, 165, { 0 }, LOUD },
	{ O, SHELL, X64, 56, { CLONE_NEWUSER }, LOUD },
	{ O, SHELL, X64, 700, { 0 }, NOSYS },
	{ O, SHELL, I386, 102, { 1 }, YES },
	{ O, SHELL, X64, X32 | 0, { 0 }, LOUD },
	{ D, DOOR, X64, 161, { 0 }, YES },			/* chroot */
	{ D, DOOR, X64, 153, { 0 }, YES },			/* vhangup */
	{ D, DOOR, X64, 317, { 1 }, YES },			/* seccomp */
	{ D, DOOR, X64, 41, { AF_NETLINK, 3, NETLINK_AUDIT }, YES },
	{ D, DOOR, X64, 41, { AF_NETLINK, 3, NETLINK_XFRM }, LOUD },
	{ D, DOOR, X64, 41, { AF_ALG, 5 }, LOUD },
	{ D, DOOR, X64, 56, { CLONE_NEWUSER }, LOUD },
	{ D, DOOR, X64, 16, { 0, TIOCSTI }, LOUD },
	{ D, DOOR, X64, 308, { 0 }, LOUD },
	{ D, DOOR, X64, 435, { 0 }, NOSYS },
	{ D, DOOR, X64, 250, { 3 }, YES },	/* keyctl: revoke */
	{ D, DOOR, X64, 250, { 1 }, LOUD },
	{ D, SHELL, X64, 250, { 3 }, LOUD },
	{ D, DOOR, X64, 101, { 0 }, LOUD },
	{ S, DOOR, X64, 116, { 0 }, YES },
	{ S, DOOR, X64, 117, { 0 }, YES },			/* setresuid */
	{ S, DOOR, X64, 41, { AF_INET, SOCK_STREAM }, LOUD },
	{ D, DOOR, X64, 16, { 0, TCSETS }, YES },
	{ D, DOOR, X64, 16, { 0, TIOCSETD }, LOUD },
	{ D, DOOR, X64, 16, { 0, HIGH | TIOCSETD }, LOUD },
	{ S, DOOR, X64, 16, { 0, TIOCSETD }, LOUD },
	{ SYSCALLS_OFF, DOOR, X64, 16, { 0, TIOCSETD }, YES },
};

static void
test_profiles(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(profile_rows); i++) {
		struct jail jail = { .root = ROOT_HOST,
			.syscalls = profile_rows[i].profile };
		struct loaded loaded;
		bool logged;
		uint32_t verdict;

		load(&jail, profile_rows[i].stage, &loaded);
		verdict = run(&loaded, profile_rows[i].abi,
		    profile_rows[i].number, profile_rows[i].arguments,
		    &logged);
		unload(&loaded);
		print_message("row %zu: %#x number %u: %#x\n", i,
		    profile_rows[i].abi, profile_rows[i].number, verdict);
		assert_int_equal(verdict, profile_rows[i].verdict);
		assert_int_equal(logged, profile_rows[i].logged);
	}
}

static struct syscall_condition
where(unsigned argument, unsigned width_bits, uint64_t mask,
    enum compare compare, uint64_t value)
{
	return (struct syscall_condition){ .argument = argument,
		.width_bits = width_bits, .mask = mask, .compare = compare,
		.value = value };
}

#define COND(...) .n_conditions = 1, .conditions = { __VA_ARGS__ }

/* One jail for the rows below. */
static const struct syscall_rule own_rules[] = {
	{ .call = "ptrace", .action = SYSCALL_LOG,
	    COND({ 0, 64, COMPARE_EQ, UINT64_MAX, 0 }) },
	{ .call = "ptrace", .action = SYSCALL_DENY, .error = EACCES },
	{ .call = "bpf", .action = SYSCALL_KILL },
	{ .call = "perf_event_open", .action = SYSCALL_ALLOW },
	{ .call = "io_uring_setup", .action = SYSCALL_DENY, .quiet = true },
	{ .call = "mount", .action = SYSCALL_ALLOW },
	{ .call = "umount2", .action = SYSCALL_LOG },
	{ .call = "clone", .action = SYSCALL_ALLOW },
	{ .call = "unshare", .action = SYSCALL_LOG },
	{ .call = "ioctl", .action = SYSCALL_ALLOW,
	    COND({ 0, 32, COMPARE_EQ, UINT32_MAX, 7 }) },
	{ .call = "socket", .action = SYSCALL_ALLOW,
	    COND({ 0, 32, COMPARE_EQ, UINT32_MAX, AF_PACKET }) },
	{ .call = "mmap", .action = SYSCALL_DENY, .error = EACCES,
	    COND({ 2, 32, COMPARE_EQ, PROT_WRITE | PROT_EXEC,
	    PROT_WRITE | PROT_EXEC }) },
	{ .call = "setuid", .action = SYSCALL_DENY, .error = EIO },
	{ .call = "prctl", .action = SYSCALL_DENY, .error = EIO,
	    COND({ 0, 32, COMPARE_EQ, UINT32_MAX, 35 }) },
	{ .call = "keyctl", .action = SYSCALL_ALLOW,
	    COND({ 1, 64, COMPARE_EQ, UINT64_MAX, (uint64_t)-3 }) },
	{ .call = "pread64", .action = SYSCALL_DENY, .error = EIO,
	    COND({ 3, 64, COMPARE_GT, UINT64_MAX, 100 }) },
	{ .call = "connect", .action = SYSCALL_DENY, .error = EACCES },
	{ .call = "socketcall", .action = SYSCALL_DENY, .error = ENOENT,
	    COND({ 0, 32, COMPARE_EQ, UINT32_MAX, 4 }) },
	{ .call = "execve", .action = SYSCALL_LOG },
};

static const struct {
	enum jail_mode mode;
	enum filter_stage stage;
	uint32_t abi, number;
	uint64_t arguments[6];
	uint32_t verdict;
	bool logged;
} own_rows[] = {
	{ 0, SHELL, X64, 101, { 0 }, LOG, false },
	{ 0, SHELL, X64, 101, { 1 }, ERRNO(EACCES), true },
	{ 0, SHELL, X64, 101, { HIGH }, ERRNO(EACCES), true },
	{ 0, SHELL, I386, 26, { 0 }, LOG, false },
	{ 0, SHELL, X64, 321, { 0 }, KILL, false },
	{ 0, SHELL, X64, 298, { 0 }, YES },
	{ 0, SHELL, X64, 425, { 0 }, QUIET(EPERM) },
	{ 0, SHELL, X64, 165, { 0 }, LOUD },
	{ 0, SHELL, X64, 166, { 0 }, LOUD },
	{ 0, SHELL, I386, 22, { 0 }, LOUD },
	{ 0, SHELL, X64, 56, { CLONE_VM }, YES },
	{ 0, SHELL, X64, 56, { CLONE_NEWPID }, LOUD },
	{ 0, SHELL, X64, 272, { CLONE_FS }, LOG, false },
	{ 0, SHELL, X64, 272, { CLONE_NEWNET }, LOUD },
	{ 0, SHELL, X64, 16, { 7, TCGETS }, YES },
	{ 0, SHELL, X64, 16, { 7, TIOCSTI }, LOUD },
	{ 0, SHELL, X64, 16, { 7, TIOCSETD }, YES },
	{ 0, SHELL, X64, 16, { 8, TIOCSETD }, LOUD },
	{ 0, SHELL, X64, 41, { AF_PACKET }, YES },
	{ 0, SHELL, X64, 41, { AF_ALG }, LOUD },
	{ 0, SHELL, I386, 102, { 1 }, LOUD },
	{ 0, SHELL, X64, 9, { 0, 0, 7 }, ERRNO(EACCES), true },	/* mmap */
	{ 0, SHELL, X64, 9, { 0, 0, HIGH | 6 }, ERRNO(EACCES), true },
	{ 0, SHELL, X64, 9, { 0, 0, 5 }, YES },
	{ 0, SHELL, I386, 192, { 0, 0, 7 }, ERRNO(EACCES), true },
	{ 0, SHELL, I386, 192, { 0, 0, 5 }, YES },
	{ 0, SHELL, I386, 90, { 0 }, ERRNO(EACCES), true },
	{ 0, SHELL, I386, 213, { 0 }, ERRNO(EIO), true },
	{ 0, SHELL, I386, 23, { 0 }, ERRNO(EIO), true },
	{ 0, SHELL, X64, 250, { 0, (uint64_t)-3 }, YES },	/* keyctl */
	{ 0, SHELL, X64, 250, { 0, (uint32_t)-3 }, LOUD },
	{ 0, SHELL, I386, 288, { 0, (uint32_t)-3 }, YES },
	{ 0, SHELL, X64, 17, { 0, 0, 0, 100 }, YES },		/* pread64 */
	{ 0, SHELL, X64, 17, { 0, 0, 0, HIGH }, ERRNO(EIO), true },
	{ 0, SHELL, I386, 180, { 0 }, ERRNO(EIO), true },
	{ 0, SHELL, I386, 102, { 3 }, ERRNO(EACCES), true },
	{ 0, SHELL, I386, 102, { 4 }, ERRNO(ENOENT), true },
	{ 0, SHELL, I386, 102, { 2 }, YES },
	{ 0, SHELL, X64, 59, { 0 }, LOG, false },
	{ 0, DOOR, X64, 59, { 0 }, LOG, false },
	{ 0, DOOR, X64, 105, { 0 }, YES },			/* setuid */
	{ 0, DOOR, X64, 16, { 7, TIOCSETD }, YES },
	{ 0, DOOR, X64, 16, { 8, TIOCSETD }, LOUD },
	{ 0, DOOR, X64, 157, { 35 }, ERRNO(EIO), true },	/* prctl */
	{ 0, DOOR, X64, 157, { 22 }, YES },
	{ 0, DOOR, X64, 101, { 1 }, ERRNO(EACCES), true },
	{ MODE_COMPLAIN, SHELL, X64, 105, { 0 }, LOG, false },
	{ MODE_COMPLAIN, SHELL, X64, 101, { 1 }, LOG, false },
	{ MODE_COMPLAIN, SHELL, X64, 321, { 0 }, LOUD },
	{ MODE_COMPLAIN, SHELL, X64, 165, { 0 }, LOUD },
	{ MODE_COMPLAIN, SHELL, X64, 41, { AF_ALG }, LOUD },
	{ MODE_COMPLAIN, SHELL, I386, 102, { 4 }, LOG, false },
};

static void
test_own_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(own_rows); i++) {
		struct jail jail = { .root = ROOT_HOST, .syscalls = D,
			.mode = own_rows[i].mode, .syscall_rules = own_rules,
			.n_syscall_rules = ARRAY_LENGTH(own_rules) };
		struct loaded loaded;
		bool logged;
		uint32_t verdict;

		load(&jail, own_rows[i].stage, &loaded);
		verdict = run(&loaded, own_rows[i].abi, own_rows[i].number,
		    own_rows[i].arguments, &logged);
		unload(&loaded);
		print_message("row %zu: number %u: %#x\n", i,
		    own_rows[i].number, verdict);
		assert_int_equal(verdict, own_rows[i].verdict);
		assert_int_equal(logged, own_rows[i].logged);
	}
}

/* With a root of its own the door lets jail-shell join it; the shell's
 * filter does not. */
static void
test_inner_root(void **state)
{
	struct jail jail = { .root = ROOT_IMAGE, .syscalls = D };
	uint64_t arguments[6] = { 0 };
	struct loaded loaded;
	bool logged;

	(void)state;
	load(&jail, FILTER_DOOR, &loaded);
	assert_int_equal(run(&loaded, X64, 308, arguments, &logged), ALLOW);
	unload(&loaded);
	load(&jail, FILTER_SHELL, &loaded);
	assert_int_equal(run(&loaded, X64, 308, arguments, &logged),
	    ERRNO(EPERM));
	unload(&loaded);
}

static void
test_sealed(void **state)
{
	struct jail jail = { .root = ROOT_HOST, .syscalls = D };
	const char *call = NULL;
	struct filter_set set;
	int seals;

	(void)state;
	assert_int_equal(filters_compile(&jail, SHELL, &set, &call), 0);
	seals = fcntl(set.memfd, F_GET_SEALS);
	assert_int_equal(seals & (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW),
	    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW);
	assert_true(fcntl(set.memfd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(set.n_filters, 2);
	assert_int_equal(set.filters[0].flags, 0);
	assert_int_equal(set.filters[1].flags, SECCOMP_FILTER_FLAG_LOG);
	filter_set_close(&set);
	assert_int_equal(set.memfd, -1);
}

static void
test_refused(void **state)
{
	static const struct syscall_rule wrong[] = {
		{ .call = "nosuch", .action = SYSCALL_DENY },
		{ .call = "read", .action = SYSCALL_DENY, .error = 4096 },
		{ .call = "read", .action = SYSCALL_DENY, .error = -1 },
		{ .call = "read", .action = (enum syscall_action)9 },
		{ .call = "read", COND({ 6, 32, COMPARE_EQ, 1, 1 }) },
		{ .call = "read", COND({ 0, 16, COMPARE_EQ, 1, 1 }) },
		{ .call = "read", COND({ 0, 32, (enum compare)9, 1, 1 }) },
		{ .call = "read", .n_conditions = 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
		struct jail jail = { .syscalls = D, .n_syscall_rules = 1,
			.syscall_rules = &wrong[i] };
		struct filter_set set;
		const char *call = NULL;

		assert_int_equal(filters_compile(&jail, SHELL, &set, &call),
		    -EINVAL);
		assert_ptr_equal(call, wrong[i].call);
	}
}

/* Also a program so long that its jumps need help. */
static void
test_sizes(void **state)
{
	static struct syscall_rule many[700];
	struct jail jail = { .root = ROOT_HOST, .syscalls = D,
		.syscall_rules = many };
	uint64_t arguments[6] = { 0 };
	struct filter_set set;
	struct loaded loaded;
	const char *call;
	bool logged;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(many); i++)
		many[i] = (struct syscall_rule){ .call = "getpid",
			.action = SYSCALL_DENY, .error = 1 + (int)i,
			COND({ 1, 32, COMPARE_EQ, UINT32_MAX, i }) };
	jail.n_syscall_rules = 300;
	load(&jail, SHELL, &loaded);
	for (uint32_t i = 0; i < 300; i++) {
		arguments[1] = i;
		assert_int_equal(run(&loaded, X64, 39, arguments, &logged),
		    ERRNO(1 + i));
		assert_int_equal(run(&loaded, I386, 20, arguments, &logged),
		    ERRNO(1 + i));
	}
	assert_int_equal(run(&loaded, X64, 0, arguments, &logged), ALLOW);
	unload(&loaded);
	jail.n_syscall_rules = ARRAY_LENGTH(many);
	assert_int_equal(filters_compile(&jail, SHELL, &set, &call), -E2BIG);
}

static const char *const random_calls[] = {
	"socket", "ioctl", "clone", "personality", "openat", "mount",
	"getpid", "unshare", "mprotect", "io_uring_setup", "setns", "kill",
	"clone3", "keyctl", "mknodat", "semget",
};

static const uint64_t random_values[] = {
	0, 1, 2, 3, 7, 0x10000000, 0x5412, AF_ALG, 0x7fffffff, 0x80000000,
	0xffffffff, HIGH, HIGH | 1, HIGH | 0x5412, UINT64_MAX - 1, UINT64_MAX,
};

static uint64_t
pick_value(void)
{
	return random_values[(size_t)rand() % ARRAY_LENGTH(random_values)];
}

static struct syscall_condition
pick_condition(void)
{
	unsigned width = rand() % 2 ? 32 : 64;
	uint64_t whole = width == 32 ? UINT32_MAX : UINT64_MAX;

	return where((unsigned)rand() % 3, width,
	    rand() % 2 ? whole : pick_value(),
	    (enum compare)(rand() % (COMPARE_GE + 1)), pick_value());
}

static size_t
pick_rules(struct syscall_rule *rules)
{
	size_t n = (size_t)rand() % (RULES_MAX + 1);

	for (size_t i = 0; i < n; i++) {
		rules[i] = (struct syscall_rule){
			.call = random_calls[(size_t)rand() %
			    ARRAY_LENGTH(random_calls)],
			.action = (enum syscall_action)(rand() %
			    (SYSCALL_ALLOW + 1)),
			.quiet = rand() % 2, .error = 1 + rand() % 100,
			.n_conditions = (size_t)rand() % 4 };
		for (size_t j = 0; j < rules[i].n_conditions; j++)
			rules[i].conditions[j] = pick_condition();
	}
	return n;
}

static uint32_t
expected_verdict(enum syscall_action action, int error)
{
	switch (action) {
	case SYSCALL_ALLOW:
		return SECCOMP_RET_ALLOW;
	case SYSCALL_LOG:
		return SECCOMP_RET_LOG;
	case SYSCALL_DENY:
		return SECCOMP_RET_ERRNO | (uint32_t)error;
	case SYSCALL_KILL:
		break;
	}
	return SECCOMP_RET_KILL_PROCESS;
}

/* Below 32 bits the two ABIs have to agree, too; a negative number is the
 * one thing that a narrow register shows otherwise. */
static bool
has_wide_value(const struct jail *jail)
{
	for (size_t i = 0; i < jail->n_syscall_rules; i++)
		for (size_t j = 0; j < jail->syscall_rules[i].n_conditions;
		    j++)
			if (jail->syscall_rules[i].conditions[j].value >> 32)
				return true;
	return false;
}

static bool
is_denial(uint32_t verdict)
{
	return verdict != SECCOMP_RET_ALLOW && verdict != SECCOMP_RET_LOG;
}

/* The door differs from the shell's filter by what it allows, and by what
 * nothing may lift, where the shell's has another denial. */
static void
compare_one(const struct jail *jail, const struct loaded *shell,
    const struct loaded *door, uint32_t abi)
{
	const char *call = random_calls[(size_t)rand() %
	    ARRAY_LENGTH(random_calls)];
	uint64_t arguments[6], mask = abi == I386 ? UINT32_MAX : UINT64_MAX;
	const struct syscall_rule *rule;
	enum syscall_action action;
	uint32_t expected, got, at_door;
	bool logged;
	int error;

	for (size_t i = 0; i < ARRAY_LENGTH(arguments); i++)
		arguments[i] = pick_value() & mask;
	action = decide_syscall(jail, call, arguments, &rule, &error);
	expected = expected_verdict(action, error);
	got = run(shell, abi, number_of(abi, call), arguments, &logged);
	if (got != expected)
		fail_msg("%s(%#llx, %#llx, %#llx): %#x, decided %#x", call,
		    (unsigned long long)arguments[0],
		    (unsigned long long)arguments[1],
		    (unsigned long long)arguments[2], got, expected);
	if (rule != NULL && action == SYSCALL_DENY)
		assert_int_equal(logged, !rule->quiet);
	at_door = run(door, abi, number_of(abi, call), arguments, &logged);
	if (at_door != got)
		assert_true(at_door == SECCOMP_RET_ALLOW || is_denial(got));
}

static void
test_random(void **state)
{
	struct syscall_rule rules[RULES_MAX];

	(void)state;
	srand(20);
	for (int i = 0; i < 120; i++) {
		struct jail jail = { .root = ROOT_HOST,
			.syscalls = (enum syscall_profile)(rand() % 3),
			.syscall_rules = rules };
		struct loaded shell, door;

		jail.n_syscall_rules = pick_rules(rules);
		load(&jail, FILTER_SHELL, &shell);
		load(&jail, FILTER_DOOR, &door);
		for (int j = 0; j < 500; j++)
			compare_one(&jail, &shell, &door, X64);
		for (int j = 0; j < 200 && !has_wide_value(&jail); j++)
			compare_one(&jail, &shell, &door, I386);
		unload(&shell);
		unload(&door);
	}
}

static void
check_unknown(const struct loaded *loaded, uint32_t abi)
{
	uint64_t arguments[6] = { 0 };
	const struct syscall_entry *entries;
	bool logged;
	size_t n, next = 0;

	entries = syscall_abi_entries(abi, &n);
	for (uint32_t i = 0; i < 1100; i++) {
		if (next < n && entries[next].number == i) {
			next++;
			continue;
		}
		assert_int_equal(run(loaded, abi, i, arguments, &logged),
		    ERRNO(ENOSYS));
		assert_false(logged);
	}
}

/* Whatever the profile: each call as decided, each other number unknown. */
static void
test_every_call(void **state)
{
	(void)state;
	for (int profile = S; profile <= O; profile++) {
		struct jail jail = { .root = ROOT_HOST,
			.syscalls = (enum syscall_profile)profile };
		uint64_t arguments[6] = { 0 };
		const struct syscall_entry *entries;
		struct loaded loaded;
		size_t n;

		load(&jail, FILTER_SHELL, &loaded);
		entries = syscall_abi_entries(X64, &n);
		for (size_t i = 0; i < n; i++) {
			const struct syscall_rule *rule;
			bool logged;
			int error;
			enum syscall_action action = decide_syscall(&jail,
			    entries[i].name, arguments, &rule, &error);

			assert_int_equal(run(&loaded, X64, entries[i].number,
			    arguments, &logged),
			    expected_verdict(action, error));
		}
		check_unknown(&loaded, X64);
		check_unknown(&loaded, I386);
		unload(&loaded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_profiles, skip_elsewhere),
		cmocka_unit_test_setup(test_own_rules, skip_elsewhere),
		cmocka_unit_test_setup(test_inner_root, skip_elsewhere),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test_setup(test_sizes, skip_elsewhere),
		cmocka_unit_test_setup(test_random, skip_elsewhere),
		cmocka_unit_test_setup(test_every_call, skip_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

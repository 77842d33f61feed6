/* One function decides: what decide_action() says is held against what is
 * made of the same jail, the programs of the filter (in a simulator, and in a
 * child of this test) and the steps of the plan, with random rules, mounts
 * and actions.  JAILD_SEED chooses others. */
#include "config.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/filter.h"
#include "jaild/plan.h"
#include "lang/base_tree.h"
#include "lang/decide.h"
#include "lang/syscall_table.h"
#include "tests/unit/bpf_simulator.h"

#define RULES_MAX 8
#define MOUNTS_MAX 6
#define UUID "11111111-2222-4333-8444-555555555555"

static int
setup(void **state)
{
	const char *seed = getenv("JAILD_SEED");

	(void)state;
#ifndef __x86_64__
	print_message("the numbers are those of x86_64\n");
	skip();
#endif
	srand(seed == NULL ? 7 : (unsigned)strtoul(seed, NULL, 10));
	return 0;
}

static size_t
pick(size_t n)
{
	return (size_t)rand() % n;
}

/* Calls whose real ones, with a descriptor that is none or a number that is
 * nobody's, do nothing. */
static const struct {
	const char *name;
	long number;
	int first;		/* the first argument of a live call */
} calls[] = {
	{ "fcntl", SYS_fcntl, -1 }, { "ioctl", SYS_ioctl, -1 },
	{ "lseek", SYS_lseek, -1 }, { "getpriority", SYS_getpriority, 77 },
	{ "flock", SYS_flock, -1 }, { "semget", SYS_semget, 0 },
	{ "ptrace", SYS_ptrace, 77 }, { "kcmp", SYS_kcmp, 0x7ffffff0 },
	{ "mount", SYS_mount, 0 }, { "keyctl", SYS_keyctl, 7777 },
};

static const uint64_t values[] = {
	0, 1, 2, 5, 7, 8, 77, 0x5412, 0x80000000, UINT32_MAX,
	UINT64_C(1) << 32, UINT64_MAX,
};

static uint64_t
pick_value(void)
{
	return values[pick(ARRAY_LENGTH(values))];
}

static size_t
pick_rules(struct syscall_rule *rules)
{
	size_t n = pick(RULES_MAX + 1);

	for (size_t i = 0; i < n; i++) {
		struct syscall_rule *rule = &rules[i];

		*rule = (struct syscall_rule) {
			.call = calls[pick(ARRAY_LENGTH(calls))].name,
			.action = (enum syscall_action)(1 + pick(3)),
			.firm = pick(4) == 0, .error = 100 + (int)pick(20),
			.n_conditions = pick(3) };
		for (size_t k = 0; k < rule->n_conditions; k++) {
			bool wide = pick(2) == 0;

			rule->conditions[k] = (struct syscall_condition) {
				.argument = (uint8_t)pick(3),
				.width_bits = wide ? 64 : 32,
				.compare = (enum compare)pick(6),
				.mask = pick(2) == 0 ? pick_value() :
				    wide ? UINT64_MAX : UINT32_MAX,
				.value = pick_value() };
			if (!wide)
				rule->conditions[k].value &= UINT32_MAX;
			if (!wide)
				rule->conditions[k].mask &= UINT32_MAX;
		}
	}
	return n;
}

struct loaded {
	struct filter_set set;
	struct sock_filter *instructions;
	struct bpf_program programs[PROTOCOL_FILTERS_MAX];
};

static void
load(const struct jail *jail, struct loaded *ret)
{
	const char *call = NULL;
	size_t at = 0, size;

	assert_int_equal(filters_compile(jail, FILTER_SHELL, &ret->set,
	    &call), 0);
	size = (size_t)lseek(ret->set.memfd, 0, SEEK_END);
	ret->instructions = malloc(size);
	assert_non_null(ret->instructions);
	assert_int_equal(pread(ret->set.memfd, ret->instructions, size, 0),
	    size);
	for (uint32_t i = 0; i < ret->set.n_filters; i++) {
		ret->programs[i] = (struct bpf_program) {
			ret->instructions + at,
			ret->set.filters[i].instructions,
			ret->set.filters[i].flags & SECCOMP_FILTER_FLAG_LOG };
		at += ret->set.filters[i].instructions;
	}
}

static void
unload(struct loaded *loaded)
{
	free(loaded->instructions);
	filter_set_close(&loaded->set);
}

/* What the programs make of the call with all of its arguments. */
static enum answer
simulate(const struct loaded *loaded, long number,
    const uint64_t arguments[6], int *ret_error)
{
	struct seccomp_data data = { .nr = (int)number,
		.arch = AUDIT_ARCH_X86_64 };
	uint32_t verdict = 0;
	bool logged;

	memcpy(data.args, arguments, sizeof(data.args));
	assert_int_equal(bpf_simulate_stack(loaded->programs,
	    loaded->set.n_filters, &data, &verdict, &logged), 0);
	*ret_error = (int)(verdict & SECCOMP_RET_DATA);
	if (verdict == SECCOMP_RET_ALLOW)
		return ANSWER_ALLOW;
	return verdict == SECCOMP_RET_LOG ? ANSWER_LOG : ANSWER_DENY;
}

/* Fills in what the action leaves open. */
static void
complete(const struct action *action, uint64_t arguments[6])
{
	for (unsigned i = 0; i < 6; i++)
		arguments[i] = action->arguments[i] |
		    (pick_value() & ~action->known[i]);
}

static void
compare_call(const struct jail *jail, const struct loaded *loaded, bool whole)
{
	size_t which = pick(ARRAY_LENGTH(calls));
	struct action action = { .kind = ACTION_SYSCALL,
		.text = calls[which].name };
	struct action_decision decision;
	uint64_t arguments[6];
	int error;

	for (unsigned i = 0; i < 6; i++) {
		action.known[i] = whole ? UINT64_MAX : pick(2) == 0 ? 0 :
		    pick(2) == 0 ? UINT64_MAX : pick_value();
		action.arguments[i] = pick_value() & action.known[i];
	}
	decide_action(jail, NULL, &action, &decision);
	if (whole)
		assert_int_not_equal(decision.answer, ANSWER_DEPENDS);
	for (int i = 0; i < (whole ? 1 : 20); i++) {
		enum answer got;

		complete(&action, arguments);
		got = simulate(loaded, calls[which].number, arguments, &error);
		if (decision.answer != ANSWER_DEPENDS &&
		    got != decision.answer)
			fail_msg("%s(%#llx, %#llx, %#llx): decided %s, the "
			    "filter says %s", action.text,
			    (unsigned long long)arguments[0],
			    (unsigned long long)arguments[1],
			    (unsigned long long)arguments[2],
			    answer_name(decision.answer), answer_name(got));
		if (whole && got == ANSWER_DENY)
			assert_int_equal(error, decision.error);
	}
}

static struct jail
pick_jail(struct syscall_rule *rules)
{
	return (struct jail) { .root = ROOT_HOST,
		.mode = (enum jail_mode)pick(2),
		.syscalls = (enum syscall_profile)pick(3),
		.syscall_rules = rules,
		.n_syscall_rules = pick_rules(rules) };
}

static void
test_simulated(void **state)
{
	struct syscall_rule rules[RULES_MAX];

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct jail jail = pick_jail(rules);
		struct loaded loaded;

		load(&jail, &loaded);
		for (int k = 0; k < 200; k++)
			compare_call(&jail, &loaded, k % 2 == 0);
		unload(&loaded);
	}
}

static int
confine(const struct loaded *loaded)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	for (uint32_t i = 0; i < loaded->set.n_filters; i++) {
		struct sock_fprog program = {
			.len = (unsigned short)loaded->programs[i].n,
			.filter = (struct sock_filter *)
			    (uintptr_t)loaded->programs[i].instructions };

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    loaded->set.filters[i].flags, &program) != 0)
			return -errno;
	}
	return 0;
}

/* In the child: the kernel's own errors are others than the rules'. */
static int
try_live(const struct jail *jail)
{
	size_t which = pick(ARRAY_LENGTH(calls));
	struct action action = { .kind = ACTION_SYSCALL,
		.text = calls[which].name };
	struct action_decision decision;
	uint64_t *a = action.arguments;
	bool denied;
	long r;

	for (unsigned i = 0; i < 6; i++) {
		action.known[i] = UINT64_MAX;
		a[i] = i == 0 ? (uint64_t)(int64_t)calls[which].first :
		    i < 3 ? pick_value() : 0;
	}
	decide_action(jail, NULL, &action, &decision);
	errno = 0;
	r = syscall(calls[which].number, a[0], a[1], a[2], a[3], a[4], a[5]);
	denied = decision.answer == ANSWER_DENY;
	if (denied && (r != -1 || errno != decision.error))
		return 1;
	return !denied && r == -1 && errno >= 100 && errno < 120;
}

static void
test_live(void **state)
{
	struct syscall_rule rules[RULES_MAX];
	uint32_t killing = SECCOMP_RET_KILL_PROCESS;

	(void)state;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &killing) < 0) {
		print_message("needs seccomp(2), which is not there, or not "
		    "under this tool: %s\n", strerrordesc_np(errno));
		skip();
	}
	for (int i = 0; i < 25; i++) {
		struct jail jail = pick_jail(rules);
		struct loaded loaded;
		int status = -1;
		pid_t child;

		load(&jail, &loaded);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			int wrong = confine(&loaded) < 0 ? 2 : 0;

			for (int k = 0; wrong == 0 && k < 200; k++)
				wrong = try_live(&jail);
			_exit(wrong);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		unload(&loaded);
	}
}

static const char *const targets[] = {
	"/work", "/work/a", "/work/a/b", "/usr/share/doc", "/usr/src/linux",
	"/var/log", "/home/claude/x", "/home", "/opt/tool", "/tmp/t",
	"/sys/class/net", "/dev/shm", "/etc/ssl", "/mnt/x", "/var/lib/a",
};
static const char *const sources[] = {
	"/srv", "/srv/a", "/srv/${user}", "/var/log", "/data", "/data/x",
};
static const char *const denied[] = {
	"/srv/a/secret", "/usr/share", "/data", "/srv/claude/k", "/home/claude",
};
static const char *const paths[] = {
	"/", "/work", "/work/a", "/work/a/b", "/work/a/b/c", "/work/z",
	"/usr/share/doc/x", "/usr/bin/env", "/usr/src/linux/x", "/usr/src",
	"/var/log/wtmp", "/var/log/x", "/var/lib/a/b", "/var/lib/b", "/var",
	"/home/claude", "/home/claude/x/y", "/home/claude/z", "/home/other",
	"/opt/tool/x", "/opt", "/tmp/t/x", "/tmp/y", "/var/tmp/x",
	"/sys/class/net/lo", "/sys/fs/cgroup", "/sys/kernel/x", "/sys/block",
	"/dev/shm/x", "/dev/null", "/dev/sda", "/dev/pts/0", "/dev/mqueue/x",
	"/etc/passwd", "/etc/hosts", "/etc/ssl/x", "/mnt/x/y", "/mnt",
	"/proc/1/status", "/proc/sys/x", "/proc/kcore", "/proc/kmsg",
	"/run/host/utmp", "/run/jail/x", "/run/lock", "/srv", "/boot/x",
	"/work/secret", "/work/a/secret", "/lib/x", "/work/k", "/root",
};

/* What a step's place lets one do; and whether it is a mount. */
static const struct {
	unsigned rights;
	bool mount;
} places[STEP_KINDS] = {
	[STEP_BIND] = { 7, true }, [STEP_HOME] = { 7, true },
	[STEP_STORAGE] = { 7, true }, [STEP_OVERLAY] = { 7, true },
	[STEP_TMPFS] = { 7, true }, [STEP_SCRATCH_DIRECTORY] = { 7, true },
	[STEP_SYSTEM] = { PATH_READ | PATH_EXECUTE, true },
	[STEP_PROC] = { PATH_READ | PATH_WRITE, true },
	[STEP_SYSFS] = { PATH_READ, true }, [STEP_HIDE] = { 0, true },
	[STEP_READ_ONLY] = { PATH_READ, true },
	[STEP_MQUEUE] = { PATH_READ | PATH_WRITE, true },
	[STEP_DEVPTS] = { PATH_READ | PATH_WRITE | PATH_DEVICE, true },
	[STEP_NODE] = { PATH_READ | PATH_WRITE | PATH_DEVICE, true },
	[STEP_LOG] = { PATH_READ, true },
	[STEP_FILTERS] = { PATH_READ, true },
	[STEP_FILE] = { PATH_READ, true },
	[STEP_DIRECTORY] = { PATH_READ, false },
};

/* What the plan makes of a path: the last mount that holds it is on top, and
 * what is no mount is only there where none is. */
static unsigned
rights_by_plan(const struct plan *plan, const char *path)
{
	unsigned rights = 0;
	bool some = false, mounted = false;

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];
		const char *target = step->kind == STEP_SYSTEM ? step->source :
		    step->target;
		unsigned granted = places[step->kind].rights;

		if (target == NULL || strcmp(target, "/") == 0 ||
		    strcmp(target, "/dev") == 0 ||
		    step->kind == STEP_SYMLINK)
			continue;
		if (step->flags & STEP_FLAG_READ_ONLY)
			granted &= ~PATH_WRITE;
		if (step->flags & STEP_FLAG_NOEXEC)
			granted &= ~PATH_EXECUTE;
		if (places[step->kind].mount && path_is_within(path, target)) {
			rights = granted;
			some = mounted = true;
		} else if (!mounted && path_is_within(target, path)) {
			rights = PATH_READ;	/* a folder on the way */
			some = true;
		}
	}
	/* /run/host is a directory of mode 0700. */
	if (path_is_within(path, "/run/host"))
		return 0;
	return some || strcmp(path, "/") == 0 || strcmp(path, "/dev") == 0 ?
	    some ? rights : PATH_READ : 0;
}

static unsigned
rights_by_decision(const struct jail *jail, const struct decide_facts *facts,
    const char *path)
{
	static const struct {
		enum action_kind kind;
		unsigned right;
	} kinds[] = {
		{ ACTION_READ, PATH_READ }, { ACTION_WRITE, PATH_WRITE },
		{ ACTION_EXECUTE, PATH_EXECUTE },
		{ ACTION_DEVICE, PATH_DEVICE },
	};
	unsigned rights = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct action action = { .kind = kinds[i].kind,
			.text = path };
		struct action_decision decision;

		decide_action(jail, facts, &action, &decision);
		assert_int_not_equal(decision.answer, ANSWER_DEPENDS);
		if (decision.answer == ANSWER_ALLOW)
			rights |= kinds[i].right;
	}
	return rights;
}

static size_t
pick_mounts(struct policy_mount *mounts)
{
	size_t n = pick(MOUNTS_MAX + 1);

	for (size_t i = 0; i < n; i++) {
		struct policy_mount *mount = &mounts[i];

		*mount = (struct policy_mount) {
			.mode = (enum mount_mode)pick(5),
			.target = targets[pick(ARRAY_LENGTH(targets))],
			.noexec = pick(3) == 0, .size_bytes = 1 << 20,
			.permissions = 01777 };
		if (mount->mode == MOUNT_HIDDEN)
			mount->noexec = false;
		else if (mount->mode != MOUNT_TMPFS)
			mount->source = sources[pick(ARRAY_LENGTH(sources))];
	}
	return n;
}

static const struct plan_place place = { .state_dir = "/var/lib/jaild",
	.run_dir = "/run/jaild", .jail_shell = "/usr/libexec/jail-shell",
	.keep_list = "/etc/jaild/etc-keep.conf", .host_name = "build7" };

static void
compare_path(const struct jail *jail, const struct decide_facts *facts,
    const struct plan *plan, const char *path)
{
	unsigned made = rights_by_plan(plan, path);
	unsigned decided = rights_by_decision(jail, facts, path);

	if (made == decided)
		return;
	plan_print(stderr, plan);
	fail_msg("%s: decided %#x, the plan gives %#x", path, decided, made);
}

/* Plans the jail and compares; false: no plan can be made of it. */
static bool
compare_paths(const struct jail *jail)
{
	static char name[] = "claude", home[] = "/home/claude",
	    shell[] = "/bin/bash", gecos[] = "";
	static struct account_group group = { 1001, name };
	static const struct account account = { .name = name, .uid = 1001,
		.gid = 1001, .home = home, .shell = shell, .gecos = gecos,
		.groups = &group, .n_groups = 1 };
	const struct template_values mine = { .user = name, .uid = "1001",
		.gid = "1001", .group = name, .home = home, .host = "build7" };
	static const char *const nothing[] = { NULL };
	const struct decide_facts facts = { .account = &mine,
		.kept = nothing };
	_cleanup_free_ char *reason = NULL;
	struct plan *plan = NULL;
	bool planned;

	planned = plan_make(jail, &account, &place, UUID, &plan, &reason) == 0;
	for (size_t i = 0; planned && i < ARRAY_LENGTH(paths); i++)
		compare_path(jail, &facts, plan, paths[i]);
	for (size_t i = 0; planned && i < plan->n_steps; i++)
		if (plan->steps[i].target != NULL &&
		    plan->steps[i].kind != STEP_SYMLINK &&
		    plan->steps[i].kind != STEP_KEEP)
			compare_path(jail, &facts, plan,
			    plan->steps[i].target);
	plan_free(plan);
	return planned;
}

static void
test_planned(void **state)
{
	struct policy_mount mounts[MOUNTS_MAX];
	int planned = 0;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct policy_bound bound = { .kind = BOUND_MOUNT_DENY,
			.texts = &denied[pick(ARRAY_LENGTH(denied))],
			.n_texts = 1 };
		const struct policy_ceiling ceiling = { .bounds = &bound,
			.n_bounds = 1 };
		const struct policy_ceiling *const ceilings[] = { &ceiling };
		struct jail jail = { .name = "j", .tier = TIER_NAMESPACE,
			.root = ROOT_HOST, .workdir = "/",
			.home = (enum home_mode)pick(5), .mounts = mounts,
			.n_mounts = pick_mounts(mounts), .ceilings = ceilings,
			.n_ceilings = pick(2) };

		planned += compare_paths(&jail);
	}
	assert_true(planned > 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_simulated, setup),
		cmocka_unit_test_setup(test_live, setup),
		cmocka_unit_test_setup(test_planned, setup),
	};

	return cmocka_run_group_tests_name("decide_property", tests, NULL,
	    NULL);
}

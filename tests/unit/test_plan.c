/* Which steps make a jail, and which jails cannot be planned. */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/plan.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define AT(number) .origin = { "/p.jail", number, 2, NULL }
#define ALWAYS (CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC)

static const struct plan_place place = { .state_dir = "/var/lib/jaild",
	.run_dir = "/run/jaild", .jail_shell = "/usr/libexec/jail-shell",
	.keep_list = "/etc/jaild/etc-keep.conf", .host_name = "build7",
	.tty_gid = 5 };

static char name[] = "claude", home[] = "/home/claude",
    shell[] = "/usr/libexec/jail-shell", gecos[] = "an agent",
    agents[] = "agents";
static struct account_group groups[] = { { 1001, name }, { 2000, agents } };
static const struct account claude = { .name = name, .uid = 1001,
	.gid = 1001, .home = home, .shell = shell, .gecos = gecos,
	.groups = groups, .n_groups = ARRAY_LENGTH(groups) };

static const struct jail plain = { .name = "plain",
	.tier = TIER_NAMESPACE, .root = ROOT_HOST, .home = HOME_READ_WRITE,
	.umask = 077 };

static void
release_plan(struct plan **plan)
{
	plan_free(*plan);
}
#define _cleanup_plan_ _cleanup_(release_plan)

static int
make(const struct jail *jail, const struct account *account,
    struct plan **ret, char **ret_reason)
{
	return plan_make(jail, account, &place, UUID, ret, ret_reason);
}

static struct plan *
plan_of(const struct jail *jail)
{
	char *reason = NULL;
	struct plan *plan = NULL;
	int r = make(jail, &claude, &plan, &reason);

	if (r < 0)
		print_error("%s\n", reason);
	assert_int_equal(r, 0);
	return plan;
}

/* The number of the step, from 1; 0: there is none. */
static size_t
find(const struct plan *plan, enum step_kind kind, const char *target)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].kind == kind && (target == NULL ||
		    (plan->steps[i].target != NULL &&
		    strcmp(plan->steps[i].target, target) == 0)))
			return i + 1;
	return 0;
}

static void
assert_refused(const struct jail *jail, const struct account *account,
    int error, const char *words)
{
	_cleanup_free_ char *reason = NULL;
	struct plan *plan = NULL;

	assert_int_equal(make(jail, account, &plan, &reason), error);
	assert_null(plan);
	assert_non_null(reason);
	if (strstr(reason, words) == NULL)
		print_error("\"%s\" is not in: %s\n", words, reason);
	assert_non_null(strstr(reason, words));
}

static void
test_targets(void **state)
{
	static const struct {
		const char *target;
		bool reading, writing;	/* allowed with that mode */
	} rows[] = {
		{ "/workspace", true, true },
		{ "/home/other", true, true },
		{ "/dev/shm", false, false },
		{ "/usr/local", true, false },
		{ "/usr/local/lib", true, false },
		{ "/usr/src/linux", true, true },
		{ "/procession", true, true },
		{ "/etcetera", true, true },
		{ "/tmp/..x", true, true },
		{ "/usr/share/doc", true, false },
		{ "/usr/localities", true, false },
		{ "/etc/ssl", true, false },
		{ "/bin", true, false },
		{ "/lib64/x", true, false },
		{ "/", false, false },
		{ "/etc", false, false },
		{ "/usr", false, false },
		{ "/run", false, false },
		{ "/var", false, false },
		{ "/sys", false, false },
		{ "/proc", false, false },
		{ "/proc/1/root", false, false },
		{ "/dev", false, false },
		{ "/dev/sda", false, false },
		{ "/dev/shm/x", false, false },
		{ "/run/jail", false, false },
		{ "/run/jail/log", false, false },
		{ "/run/host/records", false, false },
		{ "/var/run/jail/session", false, false },
		{ "/var/run/host", false, false },
		{ "workspace", false, false },
		{ "", false, false },
		{ "/a//b", false, false },
		{ "/a/", false, false },
		{ "/a/./b", false, false },
		{ "/a/../etc", false, false },
		{ "/..", false, false },
		{ "/a\nb", false, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		for (int writing = 0; writing < 2; writing++) {
			struct policy_mount mount = { .source = "/srv/x",
				.mode = writing ? MOUNT_READ_WRITE :
				    MOUNT_READ_ONLY, .target = rows[i].target,
				AT(7) };
			struct jail jail = plain;
			_cleanup_plan_ struct plan *plan = NULL;
			_cleanup_free_ char *reason = NULL;
			int r, expected = (writing ? rows[i].writing :
			    rows[i].reading) ? 0 : -EINVAL;

			jail.mounts = &mount;
			jail.n_mounts = 1;
			r = make(&jail, &claude, &plan, &reason);
			if (r != expected)
				print_error("%s %s\n", rows[i].target,
				    writing ? "read-write" : "read-only");
			assert_int_equal(r, expected);
			if (r < 0)
				assert_int_equal(strncmp(reason,
				    "/p.jail:7:2: ", 13), 0);
			else
				assert_int_not_equal(find(plan, STEP_BIND,
				    rows[i].target), 0);
		}
}

/* A parent is mounted before what lies in it, in whatever order they were
 * written; what is built in comes before, and the end is the end. */
static void
test_order(void **state)
{
	static const struct policy_mount mounts[] = {
		{ .mode = MOUNT_READ_WRITE, .source = "/s", .target = "/w/a/b",
		    AT(1) },
		{ .mode = MOUNT_READ_ONLY, .source = "/s",
		    .target = "/home/claude/ref", AT(2) },
		{ .mode = MOUNT_TMPFS, .target = "/w", AT(3) },
		{ .mode = MOUNT_HIDDEN, .target = "/w/a/b/secret", AT(4) },
		{ .mode = MOUNT_READ_ONLY, .source = "/s", .target = "/w/a",
		    AT(5) },
		{ .mode = MOUNT_READ_ONLY, .source = "/s", .target = "/w-a",
		    AT(6) },
	};
	_cleanup_plan_ struct plan *plan = NULL;
	struct jail jail = plain;

	(void)state;
	jail.mounts = mounts;
	jail.n_mounts = ARRAY_LENGTH(mounts);
	plan = plan_of(&jail);
	assert_int_equal(plan->steps[0].kind, STEP_ROOT);
	assert_true(find(plan, STEP_FILTERS, NULL) <
	    find(plan, STEP_HOME, home));
	assert_true(find(plan, STEP_HOME, home) <
	    find(plan, STEP_BIND, "/home/claude/ref"));
	assert_true(find(plan, STEP_TMPFS, "/w") <
	    find(plan, STEP_BIND, "/w/a"));
	assert_true(find(plan, STEP_BIND, "/w/a") <
	    find(plan, STEP_BIND, "/w/a/b"));
	assert_true(find(plan, STEP_BIND, "/w/a/b") <
	    find(plan, STEP_HIDE, "/w/a/b/secret"));
	assert_true(find(plan, STEP_HIDE, "/w/a/b/secret") <
	    find(plan, STEP_READ_ONLY, "/"));
	assert_int_equal(find(plan, STEP_READ_ONLY, "/"), plan->n_steps - 1);
	assert_int_equal(find(plan, STEP_PIVOT, NULL), plan->n_steps);
}

/* What becomes the same only for one account. */
static void
test_duplicates(void **state)
{
	static const struct policy_mount mounts[] = {
		{ .mode = MOUNT_READ_ONLY, .source = "/s",
		    .target = "/w/${user}", AT(1) },
		{ .mode = MOUNT_READ_ONLY, .source = "/t",
		    .target = "/w/claude", AT(2) },
	};
	static const struct policy_mount over_home = {
		.mode = MOUNT_READ_WRITE, .source = "/s",
		.target = "/home/${user}", AT(3) };
	_cleanup_plan_ struct plan *plan = NULL;
	static char other[] = "other";
	struct account account = claude;
	struct jail jail = plain;
	char *reason = NULL;

	(void)state;
	jail.mounts = mounts;
	jail.n_mounts = 2;
	assert_refused(&jail, &claude, -EINVAL, "/w/claude is given twice");
	account.name = other;
	assert_int_equal(make(&jail, &account, &plan, &reason), 0);
	assert_int_not_equal(find(plan, STEP_BIND, "/w/other"), 0);
	jail.mounts = &over_home;
	jail.n_mounts = 1;
	assert_refused(&jail, &claude, -EINVAL, "is given twice");
}

static void
test_namespaces(void **state)
{
	static const struct {
		enum tier tier;
		enum network_mode network;
		uint32_t namespaces;
	} rows[] = {
		{ TIER_CHROOT, NETWORK_HOST, ALWAYS },
		{ TIER_CHROOT, NETWORK_NONE, ALWAYS | CLONE_NEWNET },
		{ TIER_NAMESPACE, NETWORK_HOST,
		    ALWAYS | CLONE_NEWUTS | CLONE_NEWCGROUP },
		{ TIER_NAMESPACE, NETWORK_NONE,
		    ALWAYS | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWNET },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		_cleanup_plan_ struct plan *plan = NULL;
		struct jail jail = plain;

		jail.tier = rows[i].tier;
		jail.network = rows[i].network;
		plan = plan_of(&jail);
		assert_int_equal(plan->namespaces, rows[i].namespaces);
		assert_int_equal(find(plan, STEP_HOSTNAME, NULL) != 0,
		    (rows[i].namespaces & CLONE_NEWUTS) != 0);
		assert_int_equal(find(plan, STEP_LOOPBACK, NULL) != 0,
		    (rows[i].namespaces & CLONE_NEWNET) != 0);
		/* Names are resolved with the host's resolv.conf only where
		 * its servers can be reached. */
		assert_int_equal(find(plan, STEP_COPY, "/etc/resolv.conf") !=
		    0, rows[i].network == NETWORK_HOST);
	}
}

static void
test_homes(void **state)
{
	static const struct {
		enum home_mode mode;
		bool fresh;
		enum step_kind kind;
		unsigned flags;
		const char *storage;
	} rows[] = {
		{ HOME_NONE, false, STEP_DIRECTORY, 0, NULL },
		{ HOME_READ_ONLY, false, STEP_HOME, STEP_FLAG_READ_ONLY,
		    NULL },
		{ HOME_READ_WRITE, false, STEP_HOME, 0, NULL },
		{ HOME_PRIVATE, false, STEP_STORAGE, 0,
		    "storage/claude/plain/home%2Fclaude" },
		{ HOME_PRIVATE, true, STEP_STORAGE, STEP_FLAG_FRESH,
		    "fresh/" UUID "/home%2Fclaude" },
		{ HOME_COPY_ON_WRITE, false, STEP_OVERLAY, STEP_FLAG_OWN,
		    "storage/claude/plain/home%2Fclaude" },
		{ HOME_COPY_ON_WRITE, true, STEP_OVERLAY,
		    STEP_FLAG_FRESH | STEP_FLAG_OWN,
		    "fresh/" UUID "/home%2Fclaude" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		_cleanup_plan_ struct plan *plan = NULL;
		const struct plan_step *step;
		struct jail jail = plain;
		size_t number;

		jail.home = rows[i].mode;
		jail.home_fresh = rows[i].fresh;
		plan = plan_of(&jail);
		number = find(plan, rows[i].kind, home);
		assert_int_not_equal(number, 0);
		step = &plan->steps[number - 1];
		assert_int_equal(step->flags, rows[i].flags |
		    STEP_FLAG_RECORD);
		if (rows[i].storage == NULL)
			assert_null(step->storage);
		else
			assert_string_equal(step->storage, rows[i].storage);
		if (rows[i].kind == STEP_STORAGE)
			assert_int_equal(step->uid, 1001);
	}
}

static void
test_accounts(void **state)
{
	static const struct {
		const char *name, *home, *shell, *group;
		const char *words;
	} rows[] = {
		{ "a/b", NULL, NULL, NULL, "account's name" },
		{ "..", NULL, NULL, NULL, "account's name" },
		{ "a:b", NULL, NULL, NULL, "account's name" },
		{ "a\nb", NULL, NULL, NULL, "account's name" },
		{ "", NULL, NULL, NULL, "account's name" },
		{ NULL, "", NULL, NULL, "no plain absolute path" },
		{ NULL, "home", NULL, NULL, "no plain absolute path" },
		{ NULL, "/", NULL, NULL, "no plain absolute path" },
		{ NULL, "/home/../etc", NULL, NULL,
		    "no plain absolute path" },
		{ NULL, "/home/a\nroot::0:0", NULL, NULL,
		    "no plain absolute path" },
		{ NULL, "/home/a:b", NULL, NULL, "no plain absolute path" },
		{ NULL, "/etc", NULL, NULL, "is no target" },
		{ NULL, "/usr/share/claude", NULL, NULL,
		    "cannot be writable" },
		{ NULL, "/proc/self", NULL, NULL, "is no target" },
		{ NULL, NULL, "/bin/sh\nuid=0", NULL, "shell of claude" },
		{ NULL, NULL, NULL, "g:x:0:", "a group of claude" },
		{ NULL, NULL, NULL, "g\nroot", "a group of claude" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct account account = claude;
		struct account_group group = { 1001, groups[0].name };

		if (rows[i].name != NULL)
			account.name = (char *)(uintptr_t)rows[i].name;
		if (rows[i].home != NULL)
			account.home = (char *)(uintptr_t)rows[i].home;
		if (rows[i].shell != NULL)
			account.shell = (char *)(uintptr_t)rows[i].shell;
		if (rows[i].group != NULL)
			group.name = (char *)(uintptr_t)rows[i].group;
		account.groups = &group;
		account.n_groups = 1;
		assert_refused(&plain, &account, -EINVAL, rows[i].words);
	}
}

/* What a ceiling denies is hidden wherever its source appears, and a source
 * that is within it once its variables are known is refused. */
static void
test_ceiling(void **state)
{
	static const char *const denied[] = { "/srv/x/secret", "/usr/src",
		"/home/claude/.ssh", "/srv/claude" };
	static const struct policy_bound bound = { .kind = BOUND_MOUNT_DENY,
		.texts = denied, .n_texts = 3, AT(3) };
	static const struct policy_bound more = { .kind = BOUND_MOUNT_DENY,
		.texts = denied, .n_texts = 4, AT(4) };
	static const struct policy_bound only = {
		.kind = BOUND_MOUNT_WRITE_ONLY, .texts = denied + 3,
		.n_texts = 1, AT(5) };
	static const struct policy_ceiling ceiling = { .bounds = &bound,
		.n_bounds = 1 }, strict = { .bounds = &more, .n_bounds = 1 },
	    narrow = { .bounds = &only, .n_bounds = 1 };
	static const struct policy_ceiling *const ceilings[] = { &ceiling },
	    *const stricts[] = { &strict }, *const narrows[] = { &narrow };
	static const struct policy_mount mounts[] = {
		{ .mode = MOUNT_READ_ONLY, .source = "/srv", .target = "/v" },
		{ .mode = MOUNT_READ_WRITE, .source = "/srv/${user}",
		    .target = "/w", AT(6) },
		{ .mode = MOUNT_HIDDEN, .target = "/v/x/secret" },
	};
	struct jail jail = plain;
	struct plan *plan;

	(void)state;
	jail.mounts = mounts;
	jail.n_mounts = 3;
	jail.ceilings = ceilings;
	jail.n_ceilings = 1;
	plan = plan_of(&jail);
	assert_true(find(plan, STEP_HIDE, "/usr/src") >
	    find(plan, STEP_BIND, "/usr"));
	assert_true(find(plan, STEP_HIDE, "/v/x/secret") >
	    find(plan, STEP_BIND, "/v"));
	assert_true(find(plan, STEP_HIDE, "/home/claude/.ssh") >
	    find(plan, STEP_HOME, "/home/claude"));
	plan_free(plan);
	jail.ceilings = stricts;
	assert_refused(&jail, &claude, -EINVAL, "/p.jail:4:2: this ceiling "
	    "forbids to mount \"/srv/claude\"");
	jail.ceilings = narrows;
	plan_free(plan_of(&jail));
	jail.n_mounts = 1;
	plan_free(plan_of(&jail));
}

static void
test_not_in_this_build(void **state)
{
	const struct policy_secret secret = { .name = "s", .source = "/s",
		.target = "/run/s", AT(9) };
	struct jail jail = plain;

	(void)state;
	jail.tier = TIER_VM;
	jail.tier_origin = (struct origin){ "/p.jail", 4, 2, NULL };
	assert_refused(&jail, &claude, -ENOTSUP, "/p.jail:4:2: this build "
	    "cannot enforce tier vm");
	jail.tier = TIER_CONTAINER;
	assert_refused(&jail, &claude, -ENOTSUP, "tier container");
	jail = plain;
	jail.root = ROOT_EMPTY;
	assert_refused(&jail, &claude, -ENOTSUP, "root empty");
	jail = plain;
	jail.network = NETWORK_FILTERED;
	assert_refused(&jail, &claude, -ENOTSUP, "network filtered");
	jail = plain;
	jail.root_copy_on_write = true;
	assert_refused(&jail, &claude, -ENOTSUP, "root host copy-on-write");
	jail = plain;
	jail.capabilities = 1;
	assert_refused(&jail, &claude, -ENOTSUP, "capabilities");
	jail = plain;
	jail.persist_seconds = 1;
	assert_refused(&jail, &claude, -ENOTSUP, "persist");
	jail = plain;
	jail.secrets = &secret;
	jail.n_secrets = 1;
	assert_refused(&jail, &claude, -ENOTSUP, "/p.jail:9:2: this build "
	    "cannot enforce a secret");
	for (int i = 0; i < LIMIT_KINDS; i++) {
		bool known = i == LIMIT_TASKS || i == LIMIT_OPEN_FILES;

		jail = plain;
		jail.limits[i].set = true;
		jail.limits[i].value = 100;
		if (known)
			plan_free(plan_of(&jail));
		else
			assert_refused(&jail, &claude, -ENOTSUP, "limit ");
	}
}

static void
test_texts(void **state)
{
	static const struct policy_variable variables[] = {
		{ .name = "WHO", .value = "${user}@${host}", AT(1) },
		{ .name = "EMPTY", .value = "", AT(2) } };
	static const struct policy_variable newline = { .name = "X",
		.value = "a\nroot=1", AT(3) };
	_cleanup_plan_ struct plan *plan = NULL;
	struct jail jail = plain;

	(void)state;
	jail.environment = variables;
	jail.n_environment = 2;
	jail.workdir = "/srv/${user}";
	jail.hostname = "${jail}-${host}";
	plan = plan_of(&jail);
	assert_int_equal(plan->n_environment, 2);
	assert_string_equal(plan->environment[0], "WHO=claude@build7");
	assert_string_equal(plan->environment[1], "EMPTY=");
	assert_string_equal(plan->workdir, "/srv/claude");
	/* jail-shell would start itself for ever. */
	assert_string_equal(plan->shell, "/bin/bash");
	assert_string_equal(plan->steps[find(plan, STEP_HOSTNAME, NULL) -
	    1].source, "plain-build7");
	jail.environment = &newline;
	jail.n_environment = 1;
	assert_refused(&jail, &claude, -EINVAL, "newline");
	jail = plain;
	jail.hostname = "two words";
	assert_refused(&jail, &claude, -EINVAL, "no host name");
}

static void
test_devices(void **state)
{
	static const struct policy_device good = { .path = "/dev/nvidia*",
		.optional = true, AT(1) };
	static const struct policy_device bad[] = {
		{ .path = "/etc/shadow", AT(2) },
		{ .path = "/dev/../etc", AT(3) },
		{ .path = "/dev", AT(4) } };
	_cleanup_plan_ struct plan *plan = NULL;
	struct jail jail = plain;

	(void)state;
	jail.n_devices = 1;
	jail.devices = &good;
	plan = plan_of(&jail);
	assert_true(find(plan, STEP_DEVICE, NULL) <
	    find(plan, STEP_READ_ONLY, "/dev"));
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		jail.devices = &bad[i];
		assert_refused(&jail, &claude, -EINVAL, "not below /dev");
	}
}

static char *
print(const struct plan *plan)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(plan_print(out, plan), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

/* The same plan is the same text; each step has its own line and words. */
static void
test_print(void **state)
{
	static const struct policy_mount mounts[] = {
		{ .mode = MOUNT_COPY_ON_WRITE, .source = "/srv/ref",
		    .target = "/ref", .fresh = true, .noexec = true, AT(5) },
		{ .mode = MOUNT_READ_ONLY, .source = "/srv/x",
		    .target = "/x", .optional = true, AT(6) },
	};
	_cleanup_plan_ struct plan *one = NULL, *other = NULL;
	_cleanup_free_ char *text = NULL, *again = NULL;
	struct jail jail = plain;
	size_t n_lines = 0;

	(void)state;
	jail.mounts = mounts;
	jail.n_mounts = 2;
	one = plan_of(&jail);
	other = plan_of(&jail);
	text = print(one);
	again = print(other);
	assert_string_equal(text, again);
	assert_int_equal(strncmp(text, "  1 an empty tmpfs as /\n", 24), 0);
	assert_non_null(strstr(text, " overlay of /srv/ref at /ref noexec "
	    "fresh  # /p.jail:5:2\n"));
	assert_non_null(strstr(text, " bind /srv/x at /x read-only optional"
	    "  # /p.jail:6:2\n"));
	assert_non_null(strstr(text, " the tree becomes /\n"));
	assert_null(strstr(text, "unknown step"));
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		n_lines++;
	assert_int_equal(n_lines, one->n_steps);
}

/* No step kind is without words; an unknown one does not crash. */
static void
test_describe(void **state)
{
	(void)state;
	for (int kind = 0; kind <= STEP_KINDS; kind++) {
		struct plan_step step = { .kind = (enum step_kind)kind };
		char text[64], small[4];

		plan_step_describe(&step, text, sizeof(text));
		plan_step_describe(&step, small, sizeof(small));
		assert_int_not_equal(text[0], '\0');
		assert_int_equal(strncmp(text, "unknown step", 12) == 0,
		    kind == STEP_INVALID || kind == STEP_KINDS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_namespaces),
		cmocka_unit_test(test_homes),
		cmocka_unit_test(test_accounts),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_not_in_this_build),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_describe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

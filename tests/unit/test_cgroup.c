/* The directories of jails in cgroup v2, on a real hierarchy. */
#include "config.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/cgroup.h"
#include "jaild/cgroup_favor.h"

#define TIMEOUT_MS 10000

static char base[PATH_MAX];

/* A process that only waits for its end, in path. */
static pid_t
start_in(const char *path)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		for (;;)
			pause();
	assert_int_equal(cgroup_enter(path, pid), 0);
	return pid;
}

static void
assert_killed(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static const char *
below(const char *name)
{
	static char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/%s", base, name);
	return path;
}

static void
test_make(void **state)
{
	char wanted[PATH_MAX + 64], found[PATH_MAX];

	(void)state;
	assert_int_equal(cgroup_make(below("jail")), 0);
	assert_int_equal(cgroup_make(below("jail")), 0);
	assert_int_equal(cgroup_make(below("no/such")), -ENOENT);
	snprintf(wanted, sizeof(wanted), "%s/wanted", base);
	assert_int_equal(cgroup_base_make(wanted, found), 0);
	assert_string_equal(found, wanted);
	assert_int_equal(rmdir(wanted), 0);
	/* A directory that is no cgroup is none for jails. */
	assert_int_not_equal(cgroup_base_make("/tmp", found), 0);
}

/* What the service manager delegates is taken unless the administrator said
 * otherwise. */
static void
test_delegated(void **state)
{
	char delegated[PATH_MAX + 64], wanted[PATH_MAX + 64], found[PATH_MAX];

	(void)state;
	snprintf(delegated, sizeof(delegated), "%s/delegated", base);
	snprintf(wanted, sizeof(wanted), "%s/wanted", base);
	setenv("JAILD_CGROUP_DIR", delegated, 1);
	assert_int_equal(cgroup_base_make("", found), 0);
	assert_string_equal(found, delegated);
	assert_int_equal(cgroup_base_make(wanted, found), 0);
	assert_string_equal(found, wanted);
	setenv("JAILD_CGROUP_DIR", "delegated", 1);
	assert_int_equal(cgroup_base_make("", found), -EINVAL);
	unsetenv("JAILD_CGROUP_DIR");
	assert_int_equal(rmdir(delegated), 0);
	assert_int_equal(rmdir(wanted), 0);
}

static void
count(pid_t pid, void *object)
{
	pid_t *pids = object;

	if (pids[0] == 0)
		pids[0] = pid;
	else
		pids[1] = pid;
}

static void
test_processes(void **state)
{
	char path[PATH_MAX], leaf[PATH_MAX + 64];
	pid_t pids[2] = { 0 }, pid;

	(void)state;
	assert_int_equal(cgroup_make(below("jail")), 0);
	assert_int_equal(cgroup_make(below("jail/leaf")), 0);
	strcpy(leaf, below("jail/leaf"));
	pid = start_in(leaf);
	assert_int_equal(cgroup_of(base, pid, path), 0);
	assert_string_equal(path, leaf);
	assert_int_equal(cgroup_pids(leaf, count, pids), 0);
	assert_int_equal(pids[0], pid);
	assert_int_equal(pids[1], 0);
	/* Only those of the directory itself. */
	pids[0] = 0;
	assert_int_equal(cgroup_pids(below("jail"), count, pids), 0);
	assert_int_equal(pids[0], 0);
	assert_int_equal(cgroup_end(below("jail"),
	    deadline_after(TIMEOUT_MS)), 0);
	assert_killed(pid);
	assert_int_equal(access(below("jail"), F_OK), -1);
}

static void
test_end_of_one_leaf(void **state)
{
	pid_t one, other;

	(void)state;
	assert_int_equal(cgroup_make(below("jail")), 0);
	assert_int_equal(cgroup_make(below("jail/one")), 0);
	assert_int_equal(cgroup_make(below("jail/other")), 0);
	one = start_in(below("jail/one"));
	other = start_in(below("jail/other"));
	assert_int_equal(cgroup_end(below("jail/one"),
	    deadline_after(TIMEOUT_MS)), 0);
	assert_killed(one);
	assert_int_equal(waitpid(other, NULL, WNOHANG), 0);
	assert_int_equal(access(below("jail/one"), F_OK), -1);
	assert_int_equal(cgroup_end(below("jail"),
	    deadline_after(TIMEOUT_MS)), 0);
	assert_killed(other);
}

/* Back to where it came from, or to a place for those who cannot. */
static void
test_let_go(void **state)
{
	char path[PATH_MAX], origin[PATH_MAX + 64], leaving[PATH_MAX + 64];
	pid_t pid;

	(void)state;
	assert_int_equal(cgroup_make(below("leaf")), 0);
	assert_int_equal(cgroup_make(below("origin")), 0);
	strcpy(origin, below("origin"));
	strcpy(leaving, below("leaving"));
	pid = start_in(below("leaf"));
	assert_int_equal(cgroup_let_go(base, origin, pid), 0);
	assert_int_equal(cgroup_of(base, pid, path), 0);
	assert_string_equal(path, origin);
	assert_int_equal(cgroup_enter(below("leaf"), pid), 0);
	assert_int_equal(rmdir(origin), 0);
	assert_int_equal(cgroup_let_go(base, origin, pid), 0);
	assert_int_equal(cgroup_of(base, pid, path), 0);
	assert_string_equal(path, leaving);
	assert_int_equal(cgroup_end(leaving, deadline_after(TIMEOUT_MS)), 0);
	assert_killed(pid);
	assert_int_equal(cgroup_let_go(base, below("leaf"), pid), -ESRCH);
	assert_int_equal(rmdir(below("leaf")), 0);
}

static void
test_nothing(void **state)
{
	char path[PATH_MAX];
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(cgroup_of(base, pid, path), -ESRCH);
	assert_int_equal(cgroup_end(below("never"),
	    deadline_after(TIMEOUT_MS)), 0);
	assert_int_equal(cgroup_enter(below("never"), getpid()), -ENOENT);
	assert_int_equal(cgroup_pids(below("never"), count, NULL), -ENOENT);
}

/* Beside a jaild that may run on this host. */
static int
make_base(void)
{
	char found[PATH_MAX], own[PATH_MAX];
	int r = cgroup_of("", getpid(), own);

	if (r < 0)
		return r;
	if (snprintf(base, sizeof(base), "%.*s/jaild-test-%d", PATH_MAX - 64,
	    own, (int)getpid()) >= PATH_MAX)
		return -ENAMETOOLONG;
	return cgroup_base_make(base, found);
}

#define LINE(point, options) \
	"35 24 0:30 / " point " rw,nosuid shared:9 - cgroup2 cgroup2 " options \
	"\n"

static const struct {
	const char *mountinfo;
	int r;
} mounts[] = {
	{ "24 1 8:1 / / rw - ext4 /dev/sda1 rw,favordynmods\n", -ENOENT },
	{ LINE("/nowhere", "rw,nsdelegate,favordynmods"), 0 },
	{ "24 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
	    LINE("/nowhere", "rw,favordynmods"), 0 },
	{ LINE("/nowhere", "rw,favordynmodsx"), -ENOENT },
	{ LINE("/nowhere", "rw,favor"), -ENOENT },
	{ LINE("/proc", "rw,future=1"), -EOPNOTSUPP },
	/* no cgroup2 at all: this file system does not know the option */
	{ LINE("/proc", "rw"), -EINVAL },
	/* only the first one counts */
	{ LINE("/nowhere", "rw,favordynmods") LINE("/proc", "rw"), 0 },
};

static void
test_favor(void **state)
{
	char path[] = "/tmp/test_cgroup.XXXXXX";
	int fd;

	(void)state;
	if (fspick(-1, "", 0) < 0 && errno == ENOSYS) {
		print_message("needs fspick(2), which is not there, or not "
		    "under this tool\n");
		skip();
	}
	fd = mkstemp(path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < ARRAY_LENGTH(mounts); i++) {
		size_t length = strlen(mounts[i].mountinfo);

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, mounts[i].mountinfo, length, 0),
		    length);
		assert_int_equal(cgroup_favor_dynmods(path), mounts[i].r);
	}
	close(fd);
	unlink(path);
	assert_int_equal(cgroup_favor_dynmods(path), -ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_delegated),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_end_of_one_leaf),
		cmocka_unit_test(test_let_go),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_favor),
	};
	int r, failed;

	if (geteuid() != 0) {
		puts("skipped: only root can make cgroups");
		return 77;
	}
	r = make_base();
	if (r < 0) {
		printf("skipped: no cgroup can be made here: %s\n",
		    strerrordesc_np(-r));
		return 77;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	cgroup_end(base, deadline_after(TIMEOUT_MS));
	return failed;
}

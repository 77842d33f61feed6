/* What decides whether a process is an agent's outside of its jail, read of
 * real processes. */
#include "config.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/sweep.h"

#define SOMEBODY 54321

/* A child that waits in what prepare() made of it. */
static pid_t
start(void (*prepare)(void))
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prepare();
		if (write(ready[1], "r", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
need_root(void)
{
	struct stat user;

	if (geteuid() != 0 || stat("/proc/self/ns/user", &user) < 0 ||
	    user.st_ino != 0xEFFFFFFD) {
		print_message("needs root in the first user namespace\n");
		skip();
	}
}

static void
nothing(void)
{
}

static void
rename_oddly(void)
{
	prctl(PR_SET_NAME, "a\nUid:\t7 7 7 7");
}

static void
test_process(void **state)
{
	struct sweep_process process;
	pid_t pid = start(rename_oddly);

	(void)state;
	assert_int_equal(sweep_process_read(pid, &process), 0);
	assert_int_equal(process.pid, pid);
	assert_int_equal(process.parent, getpid());
	for (size_t i = 0; i < ARRAY_LENGTH(process.uids); i++)
		assert_int_equal(process.uids[i], getuid());
	assert_string_equal(process.comm, "a\\nUid:\t7 7 7 7");
	assert_true(process.state == 'S' || process.state == 'R');
	assert_int_equal(sweep_process_place(&process), 0);
	assert_false(process.contained);
	assert_true(process.pid_namespace != 0);
	sweep_process_describe(&process);
	assert_true(process.path[0] == '/');
	assert_true(sweep_process_age_ms(&process) < 60000);
	kill(pid, SIGKILL);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT),
	    0);
	assert_int_equal(sweep_process_read(pid, &process), 0);
	assert_int_equal(process.state, 'Z');
	waitpid(pid, NULL, 0);
	assert_int_equal(sweep_process_read(pid, &process), -ESRCH);
}

static void
become_real(void)
{
	if (setresuid(SOMEBODY, 0, 0) < 0)
		_exit(1);
}

static void
become_effective(void)
{
	if (setresuid(0, SOMEBODY, SOMEBODY) < 0)
		_exit(1);
}

static void
become_all(void)
{
	if (setresuid(SOMEBODY, SOMEBODY, SOMEBODY) < 0)
		_exit(1);
}

static void
become_saved(void)
{
	if (setresuid(SOMEBODY + 1, SOMEBODY + 1, SOMEBODY) < 0)
		_exit(1);
}

/* Whoever can be root again is root's program. */
static void
test_root(void **state)
{
	static const struct {
		void (*prepare)(void);
		bool root;
		size_t at;	/* where the id stands */
	} rows[] = {
		{ become_real, true, 0 }, { become_effective, true, 1 },
		{ become_all, false, 0 }, { become_saved, false, 2 },
	};

	(void)state;
	need_root();
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct sweep_process process;
		pid_t pid = start(rows[i].prepare);

		assert_int_equal(sweep_process_read(pid, &process), 0);
		assert_int_equal(process.uids[rows[i].at], SOMEBODY);
		assert_int_equal(sweep_process_is_root(&process),
		    rows[i].root);
		end(pid);
	}
}

static pid_t inner;

/* Becomes the parent of the first process of another PID namespace. */
static pid_t
start_in_namespace(int flags)
{
	int report[2];
	pid_t pid;

	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(flags) < 0)
			_exit(1);
		inner = fork();
		if (inner == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		if (write(report[1], &inner, sizeof(inner)) != sizeof(inner))
			_exit(1);
		for (;;)
			pause();
	}
	close(report[1]);
	inner = 0;
	if (read(report[0], &inner, sizeof(inner)) != sizeof(inner))
		inner = 0;
	close(report[0]);
	return pid;
}

/* A container is what the host's root has made; what somebody has made with
 * a user namespace hides nobody. */
static void
test_contained(void **state)
{
	struct sweep_process process, outer;
	pid_t pid;

	(void)state;
	need_root();
	assert_int_equal(sweep_process_read(getpid(), &outer), 0);
	assert_int_equal(sweep_process_place(&outer), 0);
	pid = start_in_namespace(CLONE_NEWPID);
	assert_int_equal(sweep_process_read(inner, &process), 0);
	assert_int_equal(sweep_process_place(&process), 0);
	assert_true(process.contained);
	assert_true(process.pid_namespace != outer.pid_namespace);
	assert_false(outer.contained);
	end(pid);
	pid = start_in_namespace(CLONE_NEWUSER | CLONE_NEWPID);
	if (inner != 0) {
		assert_int_equal(sweep_process_read(inner, &process), 0);
		assert_int_equal(sweep_process_place(&process), 0);
		assert_false(process.contained);
	}
	end(pid);
}

/* The child of root's program, as long as it is that program itself. */
static void
test_of_login(void **state)
{
	struct sweep_process process;
	pid_t pid;

	(void)state;
	need_root();
	pid = start(become_all);
	assert_int_equal(sweep_process_read(pid, &process), 0);
	assert_true(sweep_process_is_of_login(&process));
	end(pid);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("sleep", "sleep", "60", NULL);
		_exit(1);
	}
	do {
		assert_int_equal(sweep_process_read(pid, &process), 0);
	} while (strcmp(process.comm, "sleep") != 0);
	assert_false(sweep_process_is_of_login(&process));
	end(pid);
}

static void
test_agents(void **state)
{
	const struct passwd *passwd = getpwnam("daemon");
	const struct group *group = passwd == NULL ? NULL :
	    getgrgid(passwd->pw_gid);
	struct sweep_agents *agents;

	(void)state;
	if (group == NULL) {
		print_message("needs an account daemon\n");
		skip();
	}
	agents = sweep_agents_new(group->gr_name);
	assert_non_null(agents);
	for (int i = 0; i < 2; i++) {
		assert_string_equal(sweep_agents_name(agents, passwd->pw_uid),
		    "daemon");
		assert_null(sweep_agents_name(agents, 0));
		assert_null(sweep_agents_name(agents, SOMEBODY));
	}
	/* More uids than are kept. */
	for (uid_t uid = SOMEBODY; uid < SOMEBODY + 1100; uid++)
		assert_null(sweep_agents_name(agents, uid));
	assert_string_equal(sweep_agents_name(agents, passwd->pw_uid),
	    "daemon");
	sweep_agents_free(agents);
}

/* Until the kernel has told of pid; false when it has not in ten seconds. */
static bool
is_told(int fd, pid_t wanted, bool wanted_fork)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	uid_t uids[2];
	bool forked;
	pid_t pid;
	int r;

	while (poll(&pollfd, 1, 10000) > 0)
		while ((r = sweep_events_next(fd, &pid, uids, &forked)) != 0) {
			if (r != 1 || pid != wanted || forked != wanted_fork)
				continue;
			if (!forked) {
				assert_int_equal(uids[0], SOMEBODY);
				assert_int_equal(uids[1], SOMEBODY);
			}
			return true;
		}
	return false;
}

static void
test_events(void **state)
{
	int fd;
	pid_t pid;

	(void)state;
	need_root();
	fd = sweep_events_open();
	if (fd < 0) {
		print_message("the kernel does not tell of processes here\n");
		skip();
	}
	pid = start(become_all);
	assert_true(is_told(fd, pid, false));
	end(pid);
	assert_int_equal(sweep_events_set_forks(fd, true), 0);
	pid = start(nothing);
	assert_true(is_told(fd, pid, true));
	end(pid);
	sweep_events_close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_contained),
		cmocka_unit_test(test_of_login),
		cmocka_unit_test(test_agents),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

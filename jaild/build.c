#include "config.h"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/build_mount.h"
#include "jaild/builder.h"
#include "jaild/cgroup.h"

#define CLONE_INTO_CGROUP_FLAG 0x200000000ULL

/* What the child says when its steps are done, on the result pipe. */
struct result {
	struct build_failure failure;	/* error 0: the tree stands */
	uint64_t root_dev, root_ino;
};

/* One build, seen from the worker. */
struct build {
	const struct plan *plan;
	const struct build_input *input;
	char cgroup_path[PATH_MAX], init_path[PATH_MAX];
	int cgroup_fd;		/* of cgroup_path, for the child's birth */
	int result_pipe[2], ready_pipe[2];
	pid_t pid;
	int pidfd;
	struct build_failure *failure;
};

static void
close_pipe(int pipe_fds[2])
{
	close_fd(&pipe_fds[0]);
	close_fd(&pipe_fds[1]);
}

static void
build_close(struct build *build)
{
	close_fd(&build->cgroup_fd);
	close_pipe(build->result_pipe);
	close_pipe(build->ready_pipe);
	close_fd(&build->pidfd);
}

/* Enters the mount namespace that the account would have seen, and makes a
 * copy of it in which nothing spreads. */
static int
enter_mounts(struct builder *builder)
{
	int r;

	if (builder->input->application_pidfd >= 0 &&
	    setns(builder->input->application_pidfd, CLONE_NEWNS) < 0)
		return build_fail(builder, -errno, "entering the mount "
		    "namespace of the login program");
	if (unshare(CLONE_NEWNS) < 0)
		return build_fail(builder, -errno, "a mount namespace");
	r = mounts_make_private();
	if (r < 0)
		return build_fail(builder, r, "private mounts");
	builder->host_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (builder->host_fd < 0)
		return build_fail(builder, -errno, "the host's /");
	return 0;
}

static int
prepare_log(struct builder *builder)
{
	int log_fd = builder->input->log_directory_fd;
	_cleanup_fd_ int fd = openat(log_fd, "records",
	    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int r;

	if (fd < 0)
		return build_fail(builder, -errno, "the records of logins");
	r = mount_copy(fd, MOUNT_FORBIDS_EXEC, &builder->records_tree);
	if (r < 0)
		return build_fail(builder, r, "the records of logins");
	r = mount_copy(log_fd, MOUNT_FORBIDS_WRITING | MOUNT_FORBIDS_EXEC,
	    &builder->log_tree);
	return r < 0 ? build_fail(builder, r, "the log socket") : 0;
}

/* What has to be opened in jaild's own mount namespace. */
static int
prepare(struct builder *builder)
{
	const struct build_input *input = builder->input;
	int r;

	builder->storage_trees = calloc(builder->plan->n_steps,
	    sizeof(*builder->storage_trees));
	if (builder->storage_trees == NULL)
		return build_fail(builder, -ENOMEM, "the storage");
	for (size_t i = 0; i < builder->plan->n_steps; i++)
		builder->storage_trees[i] = -1;
	r = input->log_directory_fd < 0 ? 0 : prepare_log(builder);
	return r < 0 ? r : build_prepare_storage(builder);
}

/* Fault injection, in front of the step: number (from 1). */
static int
run_fault(struct builder *builder, const struct plan_step *step,
    size_t number)
{
	const struct fault *fault = &builder->input->fault;
	char text[256];

	while (fault->hold_step == number)
		pause();
	if (fault->fail_step != number)
		return 0;
	plan_step_describe(step, text, sizeof(text));
	return build_fail(builder, -EIO, "step %zu (%s) was made to fail",
	    number, text);
}

static int
run_steps(struct builder *builder)
{
	const struct plan *plan = builder->plan;

	for (size_t i = 0; i < plan->n_steps; i++) {
		int r = run_fault(builder, &plan->steps[i], i + 1);

		if (r == 0)
			r = build_step(builder, &plan->steps[i]);
		if (r < 0) {
			builder->failure->step = i + 1;
			return r;
		}
	}
	return 0;
}

/* A worker that died would leave a half-made jail: the death signal covers
 * what comes later, the broken pipe what came before it was set. */
static int
follow_parent(const struct build *build)
{
	struct pollfd pollfd = { .fd = build->result_pipe[1],
		.events = POLLOUT };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -errno;
	if (poll(&pollfd, 1, 0) < 0 || pollfd.revents & POLLERR)
		return -EPIPE;
	return 0;
}

static int
make_jail(const struct build *build, struct result *result)
{
	struct builder builder = { .plan = build->plan,
		.input = build->input, .failure = &result->failure,
		.host_fd = -1, .root_fd = -1, .log_tree = -1,
		.records_tree = -1 };
	struct stat status;
	int r;

	umask(0);
	r = prepare(&builder);
	if (r == 0)
		r = enter_mounts(&builder);
	if (r == 0)
		r = run_steps(&builder);
	if (r == 0 && stat("/", &status) < 0)
		r = build_fail(&builder, -errno, "the jail's /");
	if (r < 0)
		return r;
	result->root_dev = status.st_dev;
	result->root_ino = status.st_ino;
	return 0;
}

/* dup2() onto itself would leave it close-on-exec. */
static int
dup_ready(int fd)
{
	return fd == 3 ? fcntl(fd, F_SETFD, 0) : dup2(fd, 3);
}

/* jail-init gets the ready pipe as its descriptor 3 and nothing else. */
static _Noreturn void
exec_init(const struct build *build)
{
	char name[] = "jail-init";
	char *arguments[] = { name, NULL };
	char *environment[] = { NULL };
	int init_fd = fcntl(build->input->init_fd, F_DUPFD_CLOEXEC, 10);
	int null_fd = open("/dev/null", O_RDWR);

	if (init_fd < 0 || null_fd < 0)
		_exit(1);
	for (int fd = 0; fd < 3; fd++)
		if (dup2(null_fd, fd) < 0)
			_exit(1);
	if (dup_ready(build->ready_pipe[1]) < 0 ||
	    close_range(4, ~0u, CLOSE_RANGE_CLOEXEC) < 0)
		_exit(1);
	syscall(SYS_execveat, init_fd, "", arguments, environment,
	    AT_EMPTY_PATH);
	_exit(1);
}

static _Noreturn void
run_child(const struct build *build)
{
	static struct result result;
	int r = follow_parent(build);

	if (r == 0)
		r = make_jail(build, &result);
	if (write(build->result_pipe[1], &result, sizeof(result)) !=
	    sizeof(result) || r < 0)
		_exit(1);
	exec_init(build);
}

static int
fail(struct build *build, int error, const char *what)
{
	const char *why = strerrordesc_np(-error);

	if (build->failure->text[0] == '\0')
		snprintf(build->failure->text, sizeof(build->failure->text),
		    "%s: %s", what, why != NULL ? why : "unknown error");
	build->failure->error = -error;
	return error;
}

static int
start_child(struct build *build)
{
	int pidfd = -1;
	struct clone_args arguments = {
		.flags = CLONE_PIDFD | CLONE_INTO_CGROUP_FLAG |
		    (build->plan->namespaces & ~(uint32_t)CLONE_NEWNS),
		.pidfd = (uint64_t)(uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (uint64_t)build->cgroup_fd,
	};
	pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid < 0)
		return fail(build, -errno, "a process for the jail");
	if (pid == 0)
		run_child(build);
	build->pid = pid;
	build->pidfd = pidfd;
	return 0;
}

/* Reads exactly size bytes before the deadline. */
static int
read_in_time(int fd, void *buffer, size_t size, uint64_t deadline_ms)
{
	size_t length = 0;

	while (length < size) {
		struct pollfd pollfd = { .fd = fd, .events = POLLIN };
		uint64_t now = deadline_after(0);
		ssize_t n;

		if (now >= deadline_ms)
			return -ETIMEDOUT;
		if (poll(&pollfd, 1, (int)(deadline_ms - now)) <= 0)
			continue;
		n = read(fd, (char *)buffer + length, size - length);
		if (n == 0)
			return -EPIPE;
		if (n < 0 && errno != EINTR)
			return -errno;
		length += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int
await_child(struct build *build, struct built_jail *jail)
{
	static struct result result;
	char byte;
	int r;

	close_fd(&build->result_pipe[1]);
	close_fd(&build->ready_pipe[1]);
	r = read_in_time(build->result_pipe[0], &result, sizeof(result),
	    build->input->deadline_ms);
	if (r < 0)
		return fail(build, r, "the jail's first process did not "
		    "finish its tree");
	if (result.failure.error != 0) {
		*build->failure = result.failure;
		return -result.failure.error;
	}
	r = read_in_time(build->ready_pipe[0], &byte, 1,
	    build->input->deadline_ms);
	if (r < 0)
		return fail(build, r, "jail-init did not start");
	jail->root_dev = result.root_dev;
	jail->root_ino = result.root_ino;
	return 0;
}

static int
open_all(struct build *build)
{
	const char *base = build->input->cgroup_base;
	int r;

	if (snprintf(build->cgroup_path, PATH_MAX, "%s/%s", base,
	    build->plan->uuid) >= PATH_MAX - 8)
		return fail(build, -ENAMETOOLONG, base);
	snprintf(build->init_path, PATH_MAX, "%.*s/init", PATH_MAX - 8,
	    build->cgroup_path);
	if (pipe2(build->result_pipe, O_CLOEXEC) < 0 ||
	    pipe2(build->ready_pipe, O_CLOEXEC) < 0)
		return fail(build, -errno, "a pipe to the jail's first "
		    "process");
	r = cgroup_make(build->cgroup_path);
	if (r < 0)
		return fail(build, r, "the jail's cgroup");
	build->cgroup_fd = open(build->cgroup_path, O_PATH | O_DIRECTORY |
	    O_CLOEXEC);
	if (build->cgroup_fd < 0)
		return fail(build, -errno, "the jail's cgroup");
	return 0;
}

/* The child is born in the jail's cgroup, which becomes the root of its
 * cgroup namespace; then it steps down into a leaf of its own. */
static int
settle(struct build *build)
{
	int r = cgroup_make(build->init_path);

	if (r == 0)
		r = cgroup_enter(build->init_path, build->pid);
	return r < 0 ? fail(build, r, "the cgroup of jail-init") : 0;
}

/* What failed for want of descriptors needs some to be removed. */
static void
undo(struct build *build)
{
	if (build->pidfd >= 0) {
		syscall(SYS_pidfd_send_signal, build->pidfd, SIGKILL, NULL, 0);
		while (waitpid(build->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	build_close(build);
	jail_demolish(build->cgroup_path, -1, build->plan->place->state_dir,
	    build->plan->uuid, deadline_after(2000));
}

int
jail_build(const struct plan *plan, const struct build_input *input,
    struct built_jail *ret, struct build_failure *ret_failure)
{
	_cleanup_(build_close) struct build build = { .plan = plan,
		.input = input, .cgroup_fd = -1, .pidfd = -1,
		.result_pipe = { -1, -1 }, .ready_pipe = { -1, -1 },
		.failure = ret_failure };
	struct built_jail jail = { .namespaces = plan->namespaces };
	int r;

	memset(ret_failure, 0, sizeof(*ret_failure));
	r = open_all(&build);
	if (r == 0)
		r = start_child(&build);
	if (r == 0)
		r = settle(&build);
	if (r == 0)
		r = await_child(&build, &jail);
	if (r < 0) {
		undo(&build);
		return r;
	}
	jail.init_pid = build.pid;
	jail.init_pidfd = steal_fd(&build.pidfd);
	strcpy(jail.cgroup_path, build.cgroup_path);
	*ret = jail;
	return 0;
}

int
jail_demolish(const char *cgroup_path, int init_pidfd, const char *state_dir,
    const char *uuid, uint64_t deadline_ms)
{
	struct pollfd pollfd = { .fd = init_pidfd, .events = POLLIN };
	int first = 0, r;

	if (init_pidfd >= 0) {
		uint64_t now;

		syscall(SYS_pidfd_send_signal, init_pidfd, SIGKILL, NULL, 0);
		do {
			now = deadline_after(0);
			r = poll(&pollfd, 1, now >= deadline_ms ? 0 :
			    (int)(deadline_ms - now));
		} while (r < 0 && errno == EINTR);
		if (r == 0)
			first = -ETIMEDOUT;
	}
	r = cgroup_end(cgroup_path, deadline_ms);
	if (first == 0)
		first = r;
	r = storage_remove_fresh(state_dir, uuid);
	return first != 0 ? first : r;
}

#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/command_run.h"

#define TIMEOUT_MS 10000
#define OUTPUT_MAX ((size_t)1 << 20)

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

__attribute__((noreturn))
static void
become(const char *const argv[], int output, unsigned flags)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(flags & COMMAND_ERRORS ? output : null, STDERR_FILENO) < 0)
		_exit(127);
	setenv("LC_ALL", "C", 1);
	/* exec wants what it does not change. */
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static bool
comes_in_time(int fd, int64_t deadline)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int64_t left = deadline - now_ms();

	return left > 0 && poll(&pollfd, 1, (int)left) != 0;
}

/* Reads until the other end is closed; what is above the limit is lost. */
static int
collect(int fd, unsigned flags, char *text, size_t *ret_length)
{
	int64_t deadline = now_ms() + TIMEOUT_MS;
	char lost[4096];
	size_t n = 0;

	for (;;) {
		size_t room = OUTPUT_MAX - n;
		ssize_t length;

		if (!(flags & COMMAND_PATIENT) &&
		    !comes_in_time(fd, deadline))
			return -ETIMEDOUT;
		length = read(fd, room > 0 ? text + n : lost,
		    room > 0 ? room : sizeof(lost));
		if (length < 0 && errno == EINTR)
			continue;
		if (length <= 0) {
			*ret_length = n;
			return length < 0 ? -errno : 0;
		}
		n += room > 0 ? (size_t)length : 0;
	}
}

static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}

int
command_run(const char *const argv[], unsigned flags, char **ret_output)
{
	_cleanup_free_ char *text = malloc(OUTPUT_MAX + 1);
	_cleanup_fd_ int from = -1, to = -1;
	size_t length = 0;
	int ends[2], r, status;
	pid_t pid;

	if (text == NULL)
		return -ENOMEM;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	from = ends[0];
	to = ends[1];
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(argv, to, flags);
	close_fd(&to);
	r = collect(from, flags, text, &length);
	if (r == -ETIMEDOUT)
		kill(pid, SIGKILL);
	status = wait_for(pid);
	if (r < 0)
		return r;
	text[length] = '\0';
	if (ret_output != NULL)
		*ret_output = steal_ptr(text);
	return status;
}

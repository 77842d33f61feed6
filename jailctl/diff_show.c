#include "config.h"

#include <sys/mman.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/diff_show.h"

#define FD_PATH_MAX 32

/* diff(1) reads files; these have no name. */
static int
hold_text(const char *text)
{
	_cleanup_fd_ int fd = memfd_create("text", 0);
	size_t length = strlen(text);

	if (fd < 0)
		return -errno;
	if (write(fd, text, length) != (ssize_t)length)
		return -EIO;
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : steal_fd(&fd);
}

static _Noreturn void
run_diff(const char *path, int before, int after)
{
	char left[FD_PATH_MAX], right[FD_PATH_MAX];

	snprintf(left, sizeof(left), "/proc/self/fd/%d", before);
	snprintf(right, sizeof(right), "/proc/self/fd/%d", after);
	execlp("diff", "diff", "-u", "--color=auto", "--label", path,
	    "--label", path, left, right, (char *)NULL);
	_exit(127);
}

int
diff_show(const char *path, const char *before, const char *after)
{
	_cleanup_fd_ int left = hold_text(before), right = hold_text(after);
	int status;
	pid_t pid;

	if (left < 0 || right < 0)
		return left < 0 ? left : right;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_diff(path, left, right);
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (pid < 0)
		return -errno;
	/* diff(1): 1 when they differ. */
	return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? 0 : -ENOENT;
}

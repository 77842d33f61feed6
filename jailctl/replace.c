#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/file_replace.h"
#include "jailctl/replace.h"

/* -errno, and why in words. */
static int
refused(int error, const char *why, const char **ret_why)
{
	*ret_why = why;
	return -error;
}

static int
open_old(const char *path, int *ret_fd, const char **ret_why)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NOCTTY | O_NONBLOCK);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return refused(errno, "it cannot be opened", ret_why);
	if (!S_ISREG(status.st_mode))
		return refused(EINVAL, "it is no regular file", ret_why);
	if (status.st_nlink > 1)
		return refused(EMLINK, "it has other names, which would keep "
		    "the old text", ret_why);
	if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) < 0)
		return refused(errno, "it cannot be written", ret_why);
	*ret_fd = steal_fd(&fd);
	return 0;
}

static int
check_old(int fd, const char *old, size_t length, const char **ret_why)
{
	_cleanup_free_ char *text = NULL;
	size_t n;
	int r = read_all(fd, length + 1, &text, &n);

	if (r == -ENOMEM)
		return refused(ENOMEM, "it cannot be read again", ret_why);
	if (r < 0 || n != length || memcmp(text, old, n) != 0)
		return refused(ESTALE, "it has changed meanwhile", ret_why);
	return 0;
}

/* path, which has no links any more, is cut at its last slash. */
static int
put_new(char *path, int old_fd, const char *new, size_t length,
    const char **ret_why)
{
	char *slash = strrchr(path, '/');
	_cleanup_fd_ int folder = -1;
	int r;

	*slash = '\0';
	folder = open(slash == path ? "/" : path,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = folder < 0 ? -errno : file_replace(folder, slash + 1, old_fd, 0,
	    new, length);
	if (r == -ESTALE)
		return refused(ESTALE, "it has changed meanwhile", ret_why);
	return r < 0 ? refused(-r, "the new text cannot be written", ret_why) :
	    0;
}

int
replace_file(const char *path, const char *old, size_t old_length,
    const char *new, size_t new_length, const char **ret_why)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	_cleanup_fd_ int fd = -1;
	int r;

	*ret_why = NULL;
	if (real == NULL)
		return refused(errno, "its path cannot be followed", ret_why);
	r = open_old(real, &fd, ret_why);
	if (r == 0)
		r = check_old(fd, old, old_length, ret_why);
	return r < 0 ? r : put_new(real, fd, new, new_length, ret_why);
}

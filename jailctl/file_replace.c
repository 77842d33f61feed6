#include "config.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/file_replace.h"

/* Left over only by a power failure; the next call removes it.  PAM takes no
 * service of such a name, sshd and cron no file. */
#define BESIDE ".jaild-new"

/* The kernel makes these of what a file holds. */
static bool
is_of_content(const char *name)
{
	return strcmp(name, "security.ima") == 0 ||
	    strcmp(name, "security.evm") == 0;
}

static int
copy_attribute(int from, int to, const char *name)
{
	_cleanup_free_ char *value = NULL;
	ssize_t length = fgetxattr(from, name, NULL, 0);

	if (length < 0)
		return -errno;
	value = malloc((size_t)length + 1);
	if (value == NULL)
		return -ENOMEM;
	length = fgetxattr(from, name, value, (size_t)length);
	if (length < 0 || fsetxattr(to, name, value, (size_t)length, 0) < 0)
		return -errno;
	return 0;
}

static int
copy_attributes(int from, int to)
{
	_cleanup_free_ char *names = NULL;
	ssize_t length = flistxattr(from, NULL, 0);
	int r = 0;

	if (length < 0)
		return errno == ENOTSUP ? 0 : -errno;
	names = malloc((size_t)length + 1);
	if (names == NULL)
		return -ENOMEM;
	length = flistxattr(from, names, (size_t)length);
	if (length < 0)
		return -errno;
	for (const char *name = names; r == 0 && name < names + length;
	    name += strlen(name) + 1)
		if (!is_of_content(name))
			r = copy_attribute(from, to, name);
	return r;
}

static int
write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* The owner first, because a change of it clears bits of the mode. */
static int
make_alike(int fd, int like_fd, mode_t mode)
{
	struct stat like;

	if (like_fd < 0)
		return fchmod(fd, mode) < 0 ? -errno : 0;
	if (fstat(like_fd, &like) < 0 ||
	    fchown(fd, like.st_uid, like.st_gid) < 0 ||
	    fchmod(fd, like.st_mode & 07777) < 0)
		return -errno;
	return copy_attributes(like_fd, fd);
}

static bool
is_still(int dirfd, const char *name, int like_fd)
{
	struct stat now, then;

	return fstatat(dirfd, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    fstat(like_fd, &then) == 0 && now.st_dev == then.st_dev &&
	    now.st_ino == then.st_ino && now.st_size == then.st_size &&
	    now.st_mtim.tv_sec == then.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
}

static int
put_in_place(int dirfd, const char *name, int like_fd)
{
	if (like_fd >= 0 && !is_still(dirfd, name, like_fd))
		return -ESTALE;
	if (renameat(dirfd, BESIDE, dirfd, name) < 0)
		return -errno;
	/* The old name is gone: there is no way back, and none is needed. */
	(void)fsync(dirfd);
	return 0;
}

int
file_replace(int dirfd, const char *name, int like_fd, mode_t mode,
    const char *text, size_t length)
{
	_cleanup_fd_ int fd = -1;
	int r;

	(void)unlinkat(dirfd, BESIDE, 0);
	fd = openat(dirfd, BESIDE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text, length);
	if (r == 0)
		r = make_alike(fd, like_fd, mode);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0)
		r = put_in_place(dirfd, name, like_fd);
	if (r < 0)
		(void)unlinkat(dirfd, BESIDE, 0);
	return r;
}

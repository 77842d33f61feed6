#include "config.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/replace.h"

#define ATTRIBUTES_MAX 65536

struct replacement {
	char *path;		/* without links */
	char *beside;		/* the new file, until it has the name */
	int old_fd, new_fd;
	struct stat status;
	const char *why;
};

static int
failed(struct replacement *r, const char *why)
{
	int error = errno != 0 ? errno : EIO;

	r->why = why;
	return -error;
}

static int
refused(struct replacement *r, int error, const char *why)
{
	r->why = why;
	return -error;
}

static int
open_old(struct replacement *r, const char *path)
{
	r->path = realpath(path, NULL);
	if (r->path == NULL)
		return failed(r, "its path cannot be followed");
	r->old_fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NOCTTY | O_NONBLOCK);
	if (r->old_fd < 0 || fstat(r->old_fd, &r->status) < 0)
		return failed(r, "it cannot be opened");
	if (!S_ISREG(r->status.st_mode))
		return refused(r, EINVAL, "it is no regular file");
	if (r->status.st_nlink > 1)
		return refused(r, EMLINK, "it has other names, which would "
		    "keep the old text");
	if (faccessat(AT_FDCWD, r->path, W_OK, AT_EACCESS) < 0)
		return failed(r, "it cannot be written");
	return 0;
}

static int
holds(struct replacement *r, const char *old, size_t length)
{
	_cleanup_free_ char *text = NULL;
	size_t n;
	int error = read_all(r->old_fd, length + 1, &text, &n);

	if (error == -ENOMEM)
		return refused(r, ENOMEM, "it cannot be read again");
	if (error < 0 || n != length || memcmp(text, old, n) != 0)
		return refused(r, ESTALE, "it has changed meanwhile");
	return 0;
}

/* In the same folder, since a name is only given within a file system. */
static int
open_new(struct replacement *r)
{
	const char *slash = strrchr(r->path, '/');

	if (asprintf(&r->beside, "%.*s/.%s.XXXXXX", (int)(slash - r->path),
	    r->path, slash + 1) < 0) {
		r->beside = NULL;
		return refused(r, ENOMEM, "no memory");
	}
	r->new_fd = mkostemp(r->beside, O_CLOEXEC);
	if (r->new_fd >= 0)
		return 0;
	free_pointer(&r->beside);
	return failed(r, "no file can be made beside it");
}

static int
copy_attribute(struct replacement *r, const char *name)
{
	_cleanup_free_ char *value = malloc(ATTRIBUTES_MAX);
	ssize_t n;

	if (value == NULL)
		return refused(r, ENOMEM, "no memory");
	n = fgetxattr(r->old_fd, name, value, ATTRIBUTES_MAX);
	if (n >= 0 && fsetxattr(r->new_fd, name, value, (size_t)n, 0) == 0)
		return 0;
	return failed(r, "its attributes cannot be kept");
}

/* Among them are access control lists and security labels. */
static int
copy_attributes(struct replacement *r)
{
	_cleanup_free_ char *names = malloc(ATTRIBUTES_MAX);
	ssize_t length;
	int error = 0;

	if (names == NULL)
		return refused(r, ENOMEM, "no memory");
	length = flistxattr(r->old_fd, names, ATTRIBUTES_MAX);
	if (length < 0 && errno == ENOTSUP)
		return 0;
	if (length < 0)
		return failed(r, "its attributes cannot be read");
	for (const char *name = names; error == 0 && name < names + length;
	    name += strlen(name) + 1)
		error = copy_attribute(r, name);
	return error;
}

/* The mode last: chown(2) may take bits away. */
static int
copy_owner(struct replacement *r)
{
	if (fchown(r->new_fd, r->status.st_uid, r->status.st_gid) < 0)
		return failed(r, "its owner cannot be kept");
	if (fchmod(r->new_fd, r->status.st_mode & 07777) < 0)
		return failed(r, "its mode cannot be kept");
	return copy_attributes(r);
}

static int
fill(struct replacement *r, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(r->new_fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(r, "the new text cannot be written");
		text += n;
		length -= (size_t)n;
	}
	if (fsync(r->new_fd) < 0)
		return failed(r, "the new text cannot be written");
	return 0;
}

/* The name changes hands, unless somebody else has changed it already. */
static int
take_name(struct replacement *r)
{
	struct stat now;

	if (lstat(r->path, &now) < 0 || now.st_ino != r->status.st_ino ||
	    now.st_dev != r->status.st_dev ||
	    now.st_mtim.tv_sec != r->status.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != r->status.st_mtim.tv_nsec)
		return refused(r, ESTALE, "it has changed meanwhile");
	if (rename(r->beside, r->path) < 0)
		return failed(r, "the new file cannot take its name");
	free_pointer(&r->beside);
	return 0;
}

static int
replace(struct replacement *r, const char *path, const char *old,
    size_t old_length, const char *new, size_t new_length)
{
	int error = open_old(r, path);

	if (error == 0)
		error = holds(r, old, old_length);
	if (error == 0)
		error = open_new(r);
	if (error == 0)
		error = fill(r, new, new_length);
	if (error == 0)
		error = copy_owner(r);
	return error == 0 ? take_name(r) : error;
}

int
replace_file(const char *path, const char *old, size_t old_length,
    const char *new, size_t new_length, const char **ret_why)
{
	struct replacement r = { .old_fd = -1, .new_fd = -1 };
	int error = replace(&r, path, old, old_length, new, new_length);

	if (r.beside != NULL)
		unlink(r.beside);
	free(r.beside);
	free(r.path);
	close_fd(&r.old_fd);
	close_fd(&r.new_fd);
	*ret_why = r.why;
	return error;
}

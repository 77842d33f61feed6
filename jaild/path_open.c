#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/path_open.h"

#define LINKS_MAX 16

/* A path on its way: what is still to be walked. */
struct walk {
	int root_fd;
	int fd;			/* where we are; owned */
	char rest[2 * PATH_MAX];
	unsigned links;
	dev_t make_dev;
	const char *empty_file;	/* below the root; NULL: make directories */
	bool left_root_ground;	/* somebody else could have renamed here */
	bool stays_on_root_ground;
};

static bool
is_roots_alone(const struct stat *status)
{
	return status->st_uid == 0 &&
	    (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* Root alone could have put an entry into this directory. */
static bool
is_root_ground(const struct stat *status)
{
	return S_ISDIR(status->st_mode) && is_roots_alone(status);
}

/* Takes the next component off walk->rest into name[NAME_MAX + 1].  Its
 * length; 0 at the end; -ENAMETOOLONG. */
static int
next_component(struct walk *walk, char *name, bool *ret_last)
{
	char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");
	const char *behind = start + length;

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	snprintf(name, NAME_MAX + 1, "%.*s", (int)length, start);
	*ret_last = behind[strspn(behind, "/")] == '\0';
	memmove(walk->rest, behind, strlen(behind) + 1);
	return (int)length;
}

/* An inode costs the kernel four times what a name of it does, and each jail
 * has dozens of files that only carry a mount. */
static int
make_file(const struct walk *walk, const char *name)
{
	_cleanup_fd_ int made = -1;

	if (linkat(walk->root_fd, walk->empty_file, walk->fd, name, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return -errno;
	made = openat(walk->fd, name, O_WRONLY | O_CREAT | O_EXCL |
	    O_NOFOLLOW | O_CLOEXEC, 0644);
	return made < 0 ? -errno : 0;
}

static int
make_component(const struct walk *walk, const char *name, bool last,
    int *ret_fd)
{
	struct stat status;
	int r;

	if (walk->make_dev == 0)
		return -ENOENT;
	if (fstat(walk->fd, &status) < 0)
		return -errno;
	if (status.st_dev != walk->make_dev)
		return -ENOENT;
	if (last && walk->empty_file != NULL)
		r = make_file(walk, name);
	else
		r = mkdirat(walk->fd, name, 0755) < 0 ? -errno : 0;
	if (r < 0)
		return r;
	*ret_fd = openat(walk->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

/* Puts the link's target in front of what is left. */
static int
follow(struct walk *walk, int link_fd, const struct stat *link)
{
	char target[PATH_MAX], rest[2 * PATH_MAX];
	struct stat directory;
	ssize_t n;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (fstat(walk->fd, &directory) < 0)
		return -errno;
	if (link->st_uid != 0 || walk->left_root_ground ||
	    !is_root_ground(&directory))
		return -ELOOP;
	n = readlinkat(link_fd, "", target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	if (snprintf(rest, sizeof(rest), "%s/%s", target, walk->rest) >=
	    (int)sizeof(rest))
		return -ENAMETOOLONG;
	strcpy(walk->rest, rest);
	if (target[0] != '/')
		return 0;
	close_fd(&walk->fd);
	walk->fd = openat(walk->root_fd, ".", O_PATH | O_DIRECTORY |
	    O_CLOEXEC);
	return walk->fd < 0 ? -errno : 0;
}

static int
step(struct walk *walk, const char *name, bool last)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int r;

	if (strcmp(name, ".") == 0)
		return 0;
	if (strcmp(name, "..") == 0)
		return -EXDEV;
	fd = openat(walk->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return -errno;
	if (fd < 0) {
		r = make_component(walk, name, last, &fd);
		if (r < 0)
			return r;
	}
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return follow(walk, fd, &status);
	if (walk->stays_on_root_ground && !is_roots_alone(&status))
		return -EPERM;
	if (!is_root_ground(&status))
		walk->left_root_ground = true;
	close_fd(&walk->fd);
	walk->fd = steal_fd(&fd);
	return 0;
}

static int
walk_path(struct walk *walk, const char *path, int *ret_fd)
{
	char name[NAME_MAX + 1];
	bool last;
	int r = 0;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	strcpy(walk->rest, path);
	walk->fd = openat(walk->root_fd, ".", O_PATH | O_DIRECTORY |
	    O_CLOEXEC);
	if (walk->fd < 0)
		return -errno;
	while (r == 0 && (r = next_component(walk, name, &last)) > 0)
		r = step(walk, name, last);
	if (r < 0)
		close_fd(&walk->fd);
	else
		*ret_fd = walk->fd;
	return r;
}

int
path_open(int root_fd, const char *path, dev_t make_dev,
    const char *empty_file, int *ret_fd)
{
	struct walk walk = { .root_fd = root_fd, .make_dev = make_dev,
		.empty_file = empty_file };

	return walk_path(&walk, path, ret_fd);
}

int
path_open_root_ground(int root_fd, const char *path, int *ret_fd)
{
	struct walk walk = { .root_fd = root_fd,
		.stays_on_root_ground = true };

	return walk_path(&walk, path, ret_fd);
}

int
path_open_parent(int root_fd, const char *path, dev_t make_dev, int *ret_fd,
    const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char parent[PATH_MAX];
	int r;

	if (slash == NULL || slash[1] == '\0')
		return -EINVAL;
	if ((size_t)(slash - path) >= sizeof(parent))
		return -ENAMETOOLONG;
	snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	r = path_open(root_fd, parent, make_dev, NULL, ret_fd);
	if (r == 0)
		*ret_name = slash + 1;
	return r;
}

#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "lang/source_tree.h"

/* glob(3) hands nothing through to what opens folders for it. */
static __thread const struct source_tree *globbing;

int
source_tree_begin(const char *folder, struct source_tree *ret)
{
	size_t length = strlen(folder);
	char *name;
	int fd;

	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (length > 0 && folder[length - 1] == '/')
		length--;
	name = strndup(folder, length);
	if (name == NULL) {
		close(fd);
		return -ENOMEM;
	}
	*ret = (struct source_tree){ .name = name, .fd = fd };
	return 0;
}

void
source_tree_end(struct source_tree *tree)
{
	free((char *)tree->name);
	close_fd(&tree->fd);
}

/* No link and no ".." leads out of the tree. */
static int
open_inside(const struct source_tree *tree, const char *path, int flags)
{
	size_t length = strlen(tree->name);
	const char *inside = path + length;

	if (strncmp(path, tree->name, length) != 0)
		return -EXDEV;
	return tree_open_at(tree->fd, *inside == '\0' ? "/" : inside, flags);
}

int
source_tree_open(const struct source_tree *tree, const char *path,
    uid_t owner, enum trust *ret_trust)
{
	_cleanup_fd_ int fd = -1;
	int r;

	if (tree == NULL)
		return trusted_open(AT_FDCWD, path, owner, ret_trust);
	fd = open_inside(tree, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	r = trusted_judge(fd, owner, ret_trust);
	return r < 0 ? r : steal_fd(&fd);
}

static void *
open_folder(const char *path)
{
	_cleanup_fd_ int fd = open_inside(globbing, path,
	    O_RDONLY | O_DIRECTORY);
	DIR *folder;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	folder = fdopendir(fd);
	if (folder != NULL)
		steal_fd(&fd);
	return folder;
}

static int
look(const char *path, struct stat *ret, int flags)
{
	_cleanup_fd_ int fd = open_inside(globbing, path, O_PATH | flags);

	if (fd < 0) {
		errno = -fd;
		return -1;
	}
	return fstat(fd, ret);
}

static int
look_at(const char *path, struct stat *ret)
{
	return look(path, ret, 0);
}

static int
look_at_link(const char *path, struct stat *ret)
{
	return look(path, ret, O_NOFOLLOW);
}

static struct dirent *
read_folder(void *folder)
{
	return readdir(folder);
}

static void
close_folder(void *folder)
{
	closedir(folder);
}

int
source_tree_glob(const struct source_tree *tree, const char *pattern,
    glob_t *ret)
{
	int r;

	if (tree == NULL)
		return glob(pattern, GLOB_ERR, NULL, ret);
	ret->gl_opendir = open_folder;
	ret->gl_readdir = read_folder;
	ret->gl_closedir = close_folder;
	ret->gl_stat = look_at;
	ret->gl_lstat = look_at_link;
	globbing = tree;
	r = glob(pattern, GLOB_ERR | GLOB_ALTDIRFUNC, NULL, ret);
	globbing = NULL;
	return r;
}

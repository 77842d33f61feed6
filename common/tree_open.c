#include "config.h"

#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/tree_open.h"

int
tree_open_at(int tree_fd, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long fd;

	do
		fd = syscall(SYS_openat2, tree_fd, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN);
	return fd < 0 ? -errno : (int)fd;
}

int
tree_open(const char *tree, const char *path, int flags)
{
	_cleanup_fd_ int tree_fd = -1;
	int fd;

	if (tree != NULL) {
		tree_fd = open(tree, O_PATH | O_DIRECTORY | O_CLOEXEC);
		return tree_fd < 0 ? -errno :
		    tree_open_at(tree_fd, path, flags);
	}
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

#include "config.h"

#include <sys/mount.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/build_mount.h"

static uint64_t
attributes_of(unsigned flags)
{
	uint64_t attributes = MOUNT_ATTR_NOSUID;

	if (!(flags & MOUNT_ALLOWS_DEVICES))
		attributes |= MOUNT_ATTR_NODEV;
	if (flags & MOUNT_FORBIDS_WRITING)
		attributes |= MOUNT_ATTR_RDONLY;
	if (flags & MOUNT_FORBIDS_EXEC)
		attributes |= MOUNT_ATTR_NOEXEC;
	return attributes;
}

static int
configure(int fs_fd, const struct mount_option *options)
{
	for (; options->key != NULL; options++)
		if (fsconfig(fs_fd, options->value == NULL ?
		    FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, options->key,
		    options->value, 0) < 0)
			return -errno;
	return fsconfig(fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ?
	    -errno : 0;
}

int
mount_new(const char *type, const struct mount_option *options,
    unsigned flags, int *ret_fd)
{
	_cleanup_fd_ int fs_fd = fsopen(type, FSOPEN_CLOEXEC);
	int r;

	if (fs_fd < 0)
		return -errno;
	r = configure(fs_fd, options);
	if (r < 0)
		return r;
	r = fsmount(fs_fd, FSMOUNT_CLOEXEC,
	    (unsigned)attributes_of(flags));
	if (r < 0)
		return -errno;
	*ret_fd = r;
	return 0;
}

int
mount_restrict(int fd, unsigned flags, bool recursive)
{
	struct mount_attr attr = { .attr_set = attributes_of(flags),
		.attr_clr = flags & MOUNT_ALLOWS_DEVICES ?
		    MOUNT_ATTR_NODEV : 0,
		.propagation = MS_PRIVATE };

	if (mount_setattr(fd, "", AT_EMPTY_PATH |
	    (recursive ? AT_RECURSIVE : 0), &attr, sizeof(attr)) < 0)
		return -errno;
	return 0;
}

int
mount_copy(int fd, unsigned flags, int *ret_fd)
{
	_cleanup_fd_ int tree = open_tree(fd, "", AT_EMPTY_PATH |
	    AT_RECURSIVE | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int r;

	if (tree < 0)
		return -errno;
	r = mount_restrict(tree, flags, true);
	if (r < 0)
		return r;
	*ret_fd = steal_fd(&tree);
	return 0;
}

int
mount_attach(int mount_fd, int target_fd)
{
	if (move_mount(mount_fd, "", target_fd, "",
	    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -errno;
	return 0;
}

int
mounts_make_private(void)
{
	return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ?
	    -errno : 0;
}

int
mount_pivot(int root_fd)
{
	if (fchdir(root_fd) < 0)
		return -errno;
	/* The old root is stacked on top of the new one, where "." still
	 * finds it to be let go. */
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return -errno;
	if (umount2(".", MNT_DETACH) < 0)
		return -errno;
	return chdir("/") < 0 ? -errno : 0;
}

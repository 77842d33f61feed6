/* Mounts as descriptors: made, restricted, then attached. */
#ifndef JAILD_BUILD_MOUNT_H
#define JAILD_BUILD_MOUNT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mount_option {
	const char *key, *value;	/* value NULL: a flag */
};

/* What one mount forbids; nosuid is always set. */
#define MOUNT_FORBIDS_WRITING 1u
#define MOUNT_FORBIDS_EXEC 2u
#define MOUNT_ALLOWS_DEVICES 4u

/* A new file system of type, not yet attached.  Options end with key NULL.
 * 0 and *ret_fd; -errno.  Source: fsopen(2), fsconfig(2), fsmount(2). */
int mount_new(const char *type, const struct mount_option *options,
    unsigned flags, int *ret_fd);

/* A detached copy of the mount tree at fd (an O_PATH descriptor), private,
 * recursive with the flags on each mount.  Source: open_tree(2). */
int mount_copy(int fd, unsigned flags, int *ret_fd);

/* Sets the flags on the mount at fd; recursive: on all below it too. */
int mount_restrict(int fd, unsigned flags, bool recursive);

/* Attaches a detached mount at target_fd (O_PATH, of the same kind). */
int mount_attach(int mount_fd, int target_fd);

/* All mounts of this namespace stop receiving and sending propagation. */
int mounts_make_private(void);

/* Makes root_fd, the root of an attached mount, the namespace's "/" and lets
 * the old one go.  Source: pivot_root(2). */
int mount_pivot(int root_fd);

#endif

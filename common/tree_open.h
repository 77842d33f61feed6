/* Files of a host whose root directory is a folder of this one, such as an
 * image that is being made. */
#ifndef COMMON_TREE_OPEN_H
#define COMMON_TREE_OPEN_H

/* Opens path (close-on-exec; flags as of open(2)) as it is for that host: no
 * link, also an absolute one, and no ".." leads out of tree (openat2(2),
 * RESOLVE_IN_ROOT).  tree NULL: this host.  The descriptor; -errno. */
int tree_open(const char *tree, const char *path, int flags);

/* The same below a descriptor of the folder. */
int tree_open_at(int tree_fd, const char *path, int flags);

#endif

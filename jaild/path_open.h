/* Opening paths on ground that an account may own. */
#ifndef JAILD_PATH_OPEN_H
#define JAILD_PATH_OPEN_H

#include <stdbool.h>
#include <sys/types.h>

/* Opens path (absolute) below root_fd, one component after another, as an
 * O_PATH descriptor, close-on-exec.
 *
 * MUST:
 *  1. no component is looked up twice;
 *  2. a symbolic link is followed only where root alone could have made it:
 *     it is root's, in a directory that is root's and that neither group nor
 *     others can write, as all directories above it; anything else is
 *     -ELOOP;
 *  3. ".." is never followed, so that nothing leads out of root_fd (-EXDEV);
 *  4. with make_dev not 0, a missing component is made (directories, 0755,
 *     root's) only on the file system of that st_dev; elsewhere -ENOENT.
 *
 * When what is missing is the last component and empty_file is not NULL, a
 * file is made instead: another name of empty_file, which is relative to
 * root_fd, reached over directories of root's alone and never written; where
 * that is not there yet, an empty file (0644).  -ENOTDIR, -errno as open(2).
 * Source: path_resolution(7), open(2), link(2). */
int path_open(int root_fd, const char *path, dev_t make_dev,
    const char *empty_file, int *ret_fd);

/* The same without making anything. */
static inline int
path_open_existing(int root_fd, const char *path, int *ret_fd)
{
	return path_open(root_fd, path, 0, NULL, ret_fd);
}

/* The same, where root alone could have changed anything: each component and
 * what it leads to is root's and neither group nor others can write it; else
 * -EPERM. */
int path_open_root_ground(int root_fd, const char *path, int *ret_fd);

/* The directory that holds path's last component (path_open() with its
 * making), and that component (points into path). */
int path_open_parent(int root_fd, const char *path, dev_t make_dev,
    int *ret_fd, const char **ret_name);

#endif

/* Files that are replaced whole or not at all. */
#ifndef JAILCTL_FILE_REPLACE_H
#define JAILCTL_FILE_REPLACE_H

#include <stddef.h>
#include <sys/types.h>

/* Writes text beside dirfd/name, syncs it, and renames it to that name; the
 * directory is synced too.  Owner, mode and extended attributes (the SELinux
 * label among them) are those of like_fd, which name has to be still: else
 * -ESTALE, and nothing has changed.  With like_fd -1 the file is root's with
 * the mode given, and whatever name was makes room.  The caller sees to it
 * that there is one call a directory at a time.
 * 0 or -errno; on errors name is what it was, and nothing lies beside it.
 * Source: rename(2), fsync(2), xattr(7). */
int file_replace(int dirfd, const char *name, int like_fd, mode_t mode,
    const char *text, size_t length);

#endif

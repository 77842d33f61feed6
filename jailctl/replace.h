/* A file's text, replaced whole or not at all. */
#ifndef JAILCTL_REPLACE_H
#define JAILCTL_REPLACE_H

#include <stddef.h>

/* Puts new in the place of the file at path (of what it points to when it is
 * a link), which must still hold old: owner, mode and extended attributes
 * stay, and whoever looks sees the old text or the new one.  0; -errno with
 * *ret_why, a few words on what could not be done: the file is as it was and
 * nothing is left beside it. */
int replace_file(const char *path, const char *old, size_t old_length,
    const char *new, size_t new_length, const char **ret_why);

#endif

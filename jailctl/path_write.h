/* Who can change what a path leads to. */
#ifndef JAILCTL_PATH_WRITE_H
#define JAILCTL_PATH_WRITE_H

#include <limits.h>
#include <stdbool.h>

struct account;

/* True when the account, whose files are its own to change, may exchange or
 * write something on the way to path, or what is there; ret_part is what. */
bool path_agent_writes(const struct account *account, const char *path,
    char ret_part[PATH_MAX]);

/* True when others than root may exchange a directory above path: it, or one
 * above it, belongs to somebody else or is writable by group or others
 * (without the sticky bit's protection).  owner is a uid that may have them
 * as well. */
bool path_others_write(const char *path, unsigned owner,
    char ret_part[PATH_MAX]);

#endif

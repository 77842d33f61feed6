/* The names below /etc that jails of a host see: etc-keep.conf. */
#ifndef JAILCTL_KEEP_LIST_H
#define JAILCTL_KEEP_LIST_H

/* Reads the list at path, below root when that is not NULL.  0 with *ret,
 * NULL-terminated and one allocation (free()); -errno. */
int keep_list_read(const char *root, const char *path, char ***ret);

#endif

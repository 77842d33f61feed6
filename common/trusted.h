/* Files that root alone could have written. */
#ifndef COMMON_TRUSTED_H
#define COMMON_TRUSTED_H

#include <stddef.h>
#include <sys/types.h>

/* Why a file is not trusted; a sentence fragment for messages. */
enum trust {
	TRUST_NO = 0,
	TRUST_NOT_REGULAR,
	TRUST_OWNER,
	TRUST_WRITABLE,
	TRUST_OK,
};

/* Opens path for reading (O_NOFOLLOW on nothing but the descriptor that is
 * checked: the verdict is on what was opened) and says in *ret_trust whether
 * it is a regular file of owner (0 on every real host) that neither group nor
 * others can write.  Returns the descriptor, close-on-exec, also when it is
 * not trusted; -errno when it cannot be opened.  A FIFO never blocks it. */
int trusted_open(int dirfd, const char *path, uid_t owner,
    enum trust *ret_trust);

/* The same verdict on a descriptor.  0 or -errno. */
int trusted_judge(int fd, uid_t owner, enum trust *ret_trust);

/* "is not a regular file", "is not owned by root", ... */
const char *trust_reason(enum trust trust);

/* Reads the whole descriptor, at most max bytes, into *ret (free()), with a
 * NUL behind it.  0, -EFBIG, -errno. */
int read_all(int fd, size_t max, char **ret, size_t *ret_length);

#endif

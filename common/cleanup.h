/* Scope-bound release of what a function holds.
 *
 * steal_fd() and steal_ptr() show where ownership leaves the scope. */
#ifndef COMMON_CLEANUP_H
#define COMMON_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))

/* Closes *fd when it is open and marks it closed; errno is kept. */
static inline void
close_fd(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = saved;
}

/* Hands the descriptor to the caller's caller. */
static inline int
steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static inline void
free_pointer(void *p)
{
	void **pp = p;

	free(*pp);
	*pp = NULL;
}

static inline void
close_file(FILE **file)
{
	if (*file != NULL)
		fclose(*file);
	*file = NULL;
}

#define steal_ptr(p) \
	__extension__({ \
		__typeof__(p) *steal_from_ = &(p); \
		__typeof__(p) stolen_ = *steal_from_; \
		*steal_from_ = NULL; \
		stolen_; \
	})

#define _cleanup_fd_ _cleanup_(close_fd)
#define _cleanup_free_ _cleanup_(free_pointer)
#define _cleanup_file_ _cleanup_(close_file)

#define ARRAY_LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#endif

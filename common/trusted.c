#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"

static const char *const reasons[] = {
	[TRUST_NO] = "was not checked",
	[TRUST_NOT_REGULAR] = "is not a regular file",
	[TRUST_OWNER] = "is not owned by root",
	[TRUST_WRITABLE] = "is writable by group or others",
	[TRUST_OK] = "is trusted",
};

static enum trust
trust_of(const struct stat *status, uid_t owner)
{
	if (!S_ISREG(status->st_mode))
		return TRUST_NOT_REGULAR;
	if (status->st_uid != owner)
		return TRUST_OWNER;
	if (status->st_mode & (S_IWGRP | S_IWOTH))
		return TRUST_WRITABLE;
	return TRUST_OK;
}

int
trusted_judge(int fd, uid_t owner, enum trust *ret_trust)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -errno;
	*ret_trust = trust_of(&status, owner);
	return 0;
}

int
trusted_open(int dirfd, const char *path, uid_t owner, enum trust *ret_trust)
{
	_cleanup_fd_ int fd = -1;
	int r;

	/* O_NONBLOCK: opening a FIFO or a device must not wait for a peer. */
	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	r = trusted_judge(fd, owner, ret_trust);
	return r < 0 ? r : steal_fd(&fd);
}

const char *
trust_reason(enum trust trust)
{
	if ((size_t)trust >= ARRAY_LENGTH(reasons))
		return reasons[TRUST_NO];
	return reasons[trust];
}

/* Makes room for at least one more byte and the NUL, never beyond max + 2:
 * one byte over the maximum is what shows that a file is too large. */
static int
grow(char **buffer, size_t *size, size_t max)
{
	size_t larger = *size == 0 ? 4096 : *size * 2;
	char *moved;

	if (larger > max + 2)
		larger = max + 2;
	moved = realloc(*buffer, larger);
	if (moved == NULL)
		return -ENOMEM;
	*buffer = moved;
	*size = larger;
	return 0;
}

int
read_all(int fd, size_t max, char **ret, size_t *ret_length)
{
	_cleanup_free_ char *buffer = NULL;
	size_t size = 0, length = 0;
	ssize_t n;

	if (max > SIZE_MAX / 4)
		return -EINVAL;
	for (;;) {
		if (length + 1 >= size) {
			int r = grow(&buffer, &size, max);

			if (r < 0)
				return r;
		}
		n = read(fd, buffer + length, size - length - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		length += (size_t)n;
		if (length > max)
			return -EFBIG;
	}
	buffer[length] = '\0';
	*ret = steal_ptr(buffer);
	*ret_length = length;
	return 0;
}

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/login_uid.h"

int
login_uid_take(uid_t uid)
{
	_cleanup_fd_ int fd = open("/proc/self/loginuid",
	    O_WRONLY | O_CLOEXEC);
	char text[16];
	int n = snprintf(text, sizeof(text), "%u", (unsigned)uid);
	ssize_t written;

	if (fd < 0)
		return -errno;
	written = write(fd, text, (size_t)n);
	if (written < 0)
		return -errno;
	return written == n ? 0 : -EIO;
}

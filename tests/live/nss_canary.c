/* A name service that leaves a file for each uid that loads it: what a jail
 * must never get into a process of root's. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

__attribute__((constructor))
static void
leave_trace(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/canary-of-%u", geteuid());
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
}

/* A process that is never the same for long: forks, ends, and goes on in its
 * child, in a session of its own.  It ends by itself after some seconds.
 * usage: hopper SECONDS [FILE]: FILE grows by a byte when it ends so. */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	int fd;

	while (time(NULL) < end) {
		if (fork() > 0)
			_exit(0);
		setsid();
	}
	if (argc < 3)
		return 0;
	fd = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	return fd < 0 || write(fd, "x", 1) != 1;
}

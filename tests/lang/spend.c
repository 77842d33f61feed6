/* Runs a command and prints what it took: milliseconds of a processor, and
 * KiB of memory at the most.  Exits as the command does; 99: by a signal. */
#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include <stdio.h>
#include <unistd.h>

static long
ms_of(const struct timeval *time)
{
	return time->tv_sec * 1000 + time->tv_usec / 1000;
}

int
main(int argc, char **argv)
{
	struct rusage used;
	int status;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: spend COMMAND [ARGUMENT ...]\n", stderr);
		return 98;
	}
	pid = fork();
	if (pid == 0) {
		execv(argv[1], argv + 1);
		perror(argv[1]);
		_exit(98);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
		perror("spend");
		return 98;
	}
	printf("%ld %ld\n", ms_of(&used.ru_utime) + ms_of(&used.ru_stime),
	    used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

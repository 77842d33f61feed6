#include "config.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/process.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

int
process_open(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 ? -errno : fd;
}

int
process_open_peer(int socket_fd, pid_t *ret_pid)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);
	int fd = -1;

	if (getsockopt(socket_fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		return -errno;
	if (peer.pid <= 0)
		return -ESRCH;
	*ret_pid = peer.pid;
	length = sizeof(fd);
	if (getsockopt(socket_fd, SOL_SOCKET, SO_PEERPIDFD, &fd, &length) == 0)
		return fd;
	/* By number only where the kernel has no better way: a peer that is
	 * gone may have left its number to somebody else. */
	return errno == ENOPROTOOPT ? process_open(peer.pid) : -errno;
}

/* The name in parentheses may hold anything, also a parenthesis. */
int
process_start_time(pid_t pid, uint64_t *ret)
{
	_cleanup_fd_ int fd = -1;
	char path[64], text[1024];
	const char *at;
	unsigned long long start;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	n = read(fd, text, sizeof(text) - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	at = strrchr(text, ')');
	if (at == NULL || sscanf(at + 1, "%*s %*s %*s %*s %*s %*s %*s %*s %*s "
	    "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu", &start) != 1)
		return -EBADMSG;
	*ret = start;
	return 0;
}

int
process_login_uid(pid_t pid, uid_t *ret)
{
	_cleanup_file_ FILE *file = NULL;
	char path[64];
	unsigned uid;

	snprintf(path, sizeof(path), "/proc/%d/loginuid", (int)pid);
	file = fopen(path, "re");
	if (file == NULL && errno != ENOENT)
		return -errno;
	/* A kernel without audit knows of none. */
	*ret = file != NULL && fscanf(file, "%u", &uid) == 1 ? (uid_t)uid :
	    (uid_t)-1;
	return 0;
}

int
process_signal(int pidfd, int signal)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) < 0)
		return -errno;
	return 0;
}

int
process_ended(int pidfd)
{
	struct pollfd pollfd = { .fd = pidfd, .events = POLLIN };

	return poll(&pollfd, 1, 0) > 0;
}

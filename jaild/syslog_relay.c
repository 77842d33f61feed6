#include "config.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/close.h"
#include "jaild/confine.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

#define LINE_MAX_BYTES 8192
#define WINDOW_MS 10000
#define LINES_PER_WINDOW 200

/* Linux 6.16: whether a socket takes descriptors. */
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif

/* Lines of root (sshd's own) go on as they are. */
static void
forward(const char *line, size_t length)
{
	static int fd = -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };

	if (fd < 0) {
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			return;
	}
	/* By name each time: the host's syslog may have been restarted. */
	sendto(fd, line, length, MSG_DONTWAIT | MSG_NOSIGNAL,
	    (struct sockaddr *)&address, sizeof(address));
}

/* The agent's own lines carry its jail's name, cannot choose a facility that
 * is not the agent's to write to, and are limited in number. */
static void
forward_marked(struct log_relay *relay, const char *line)
{
	char marked[LINE_MAX_BYTES + 600];
	uint64_t now = deadline_after(0);
	unsigned long priority = LOG_INFO;
	char *end;
	int n;

	if (now - relay->window_ms >= WINDOW_MS) {
		relay->window_ms = now;
		relay->lines = 0;
	}
	if (relay->lines++ == LINES_PER_WINDOW)
		log_warning("jail %s logs more than %d lines in %d s; the "
		    "rest is dropped", relay->vm, LINES_PER_WINDOW,
		    WINDOW_MS / 1000);
	if (relay->lines > LINES_PER_WINDOW)
		return;
	if (line[0] == '<' && isdigit((unsigned char)line[1])) {
		priority = strtoul(line + 1, &end, 10);
		if (*end == '>')
			line = end + 1;
	}
	n = snprintf(marked, sizeof(marked), "<%lu>jaild: jail %s: %s",
	    (priority & LOG_PRIMASK) | LOG_USER, relay->vm, line);
	if (n > 0)
		forward(marked, (size_t)n < sizeof(marked) ? (size_t)n :
		    sizeof(marked) - 1);
}

static uid_t
sender_of(struct msghdr *header)
{
	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(header, cmsg)) {
		struct ucred sender;

		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&sender, CMSG_DATA(cmsg), sizeof(sender));
		return sender.uid;
	}
	return (uid_t)-1;
}

/* Takes one record and passes it on. */
static void
relay_record(struct log_relay *relay, int fd, int flags)
{
	char line[LINE_MAX_BYTES + 1];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec iov = { .iov_base = line, .iov_len = LINE_MAX_BYTES };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &header, flags | MSG_CMSG_CLOEXEC);

	if (n <= 0)
		return;
	line[n] = '\0';
	/* One record is one line. */
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 && line[i] != '\t')
			line[i] = line[i] == '\0' && i == n - 1 ? '\0' : ' ';
	if (sender_of(&header) == 0)
		forward(line, strlen(line));
	else
		forward_marked(relay, line);
}

static int
on_line(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct live_jail *jail = object;

	(void)source;
	(void)events;
	relay_record(&jail->log, fd, MSG_DONTWAIT);
	return 0;
}

static int
on_relay_end(sd_event_source *source, const siginfo_t *info, void *object)
{
	(void)source;
	(void)info;
	(void)object;
	return 0;
}

/* A descriptor that an agent sends is closed by whoever takes the record,
 * and the last close of some can be made to last.  Where the kernel cannot
 * keep descriptors off the socket, each jail's records are taken by a process
 * of their own: nobody else waits then. */
static int
start_relay(struct live_jail *jail, int fd)
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		process_after_fork(&fd, 1);
		if (fcntl(fd, F_SETFL, 0) < 0 || confine(PART_RELAY) < 0)
			_exit(1);
		for (;;)
			relay_record(&jail->log, fd, 0);
	}
	jail->log_pid = pid;
	return sd_event_add_child(jail->daemon->event, NULL, pid, WEXITED,
	    on_relay_end, NULL);
}

/* *ret_closed: no descriptor can be sent to it.  That is settled before the
 * socket has a name, so that nobody sends one earlier. */
static int
bind_socket(const char *directory, int *ret_fd, bool *ret_closed)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_fd_ int fd = -1;
	int on = 1, off = 0;
	bool closed;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/log",
	    directory) >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return -errno;
	closed = setsockopt(fd, SOL_SOCKET, SO_PASSRIGHTS, &off,
	    sizeof(off)) == 0;
	if (unlink(address.sun_path) < 0 && errno != ENOENT)
		return -errno;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(address.sun_path, 0666) < 0)
		return -errno;
	*ret_fd = steal_fd(&fd);
	*ret_closed = closed;
	return 0;
}

int
log_socket_open(struct live_jail *jail, int *ret_directory_fd)
{
	char directory[PATH_MAX];
	_cleanup_fd_ int fd = -1, directory_fd = -1;
	bool closed = false;
	int r = state_directory(jail->daemon, jail->facts.uuid, directory);

	if (r < 0)
		return r;
	if (strlen(directory) + 5 >= sizeof(directory))
		return -ENAMETOOLONG;
	strcat(directory, "/log");
	if (mkdir(directory, 0755) < 0 && errno != EEXIST)
		return -errno;
	r = bind_socket(directory, &fd, &closed);
	if (r < 0)
		return r;
	directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory_fd < 0)
		return -errno;
	snprintf(jail->log.vm, sizeof(jail->log.vm), "%s", jail->vm);
	if (!closed)
		r = start_relay(jail, fd);
	else
		r = sd_event_add_io(jail->daemon->event, &jail->log_source,
		    fd, EPOLLIN, on_line, jail);
	if (r < 0)
		return r;
	if (jail->log_pid == 0)
		jail->log_fd = steal_fd(&fd);
	*ret_directory_fd = steal_fd(&directory_fd);
	return 0;
}

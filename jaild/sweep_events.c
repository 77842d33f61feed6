#include "config.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/sweep.h"

#define BUFFER_BYTES (1 << 20)	/* of the socket; some 10,000 events */

/* Kernel interfaces whose names are newer than their numbers. */
#define EVENT_FORK 0x00000001
#define EVENT_UID 0x00000004

struct event {
	uint32_t what, cpu;
	uint64_t timestamp_ns;
	union {
		struct {
			int32_t parent_pid, parent_tgid;
			int32_t child_pid, child_tgid;
		} fork;
		struct {
			int32_t pid, tgid;
			uint32_t ruid, euid;
		} id;
	} of;
};

#define HEAD_BYTES (NLMSG_HDRLEN + sizeof(struct cn_msg))

/* Listening, or no longer; the kernel takes it from root only. */
static int
say(int fd, uint32_t operation)
{
	struct {
		struct nlmsghdr header;
		char connector[sizeof(struct cn_msg)];
		uint32_t operation;
	} __attribute__((packed)) message = {
		.header = { .nlmsg_len = sizeof(message),
			.nlmsg_type = NLMSG_DONE },
		.operation = operation };
	struct cn_msg connector = { .id = { CN_IDX_PROC, CN_VAL_PROC },
		.len = sizeof(operation) };

	memcpy(message.connector, &connector, sizeof(connector));
	return send(fd, &message, sizeof(message), 0) < 0 ? -errno : 0;
}

/* Whatever else happens on the host wakes nobody up. */
int
sweep_events_set_forks(int fd, bool forks)
{
	uint32_t other = htonl(forks ? EVENT_FORK : EVENT_UID);
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    HEAD_BYTES + offsetof(struct event, what)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(EVENT_UID), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, other, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = ARRAY_LENGTH(filter),
		.filter = filter };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program)) < 0 ? -errno : 0;
}

int
sweep_events_open(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
		.nl_groups = CN_IDX_PROC };
	int bytes = BUFFER_BYTES, r;
	_cleanup_fd_ int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, NETLINK_CONNECTOR);

	if (fd < 0)
		return -errno;
	/* Best effort: what is lost is known, and /proc is read. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	r = sweep_events_set_forks(fd, false);
	if (r == 0 && bind(fd, (struct sockaddr *)&address,
	    sizeof(address)) < 0)
		r = -errno;
	if (r == 0)
		r = say(fd, PROC_CN_MCAST_LISTEN);
	return r < 0 ? r : steal_fd(&fd);
}

void
sweep_events_close(int fd)
{
	if (fd < 0)
		return;
	say(fd, PROC_CN_MCAST_IGNORE);
	close(fd);
}

/* Only the kernel speaks on this socket's group, but anybody who may send to
 * a socket's port could try. */
static ssize_t
receive(int fd, void *buffer, size_t size)
{
	struct sockaddr_nl from = { 0 };
	socklen_t length = sizeof(from);
	ssize_t n;

	do {
		n = recvfrom(fd, buffer, size, 0, (struct sockaddr *)&from,
		    &length);
	} while ((n < 0 && errno == EINTR) || (n >= 0 && from.nl_pid != 0));
	return n < 0 ? -errno : n;
}

int
sweep_events_next(int fd, pid_t *ret_pid, uid_t ret_uids[2], bool *ret_fork)
{
	char buffer[1024];
	struct event event;
	ssize_t n;

	do {
		n = receive(fd, buffer, sizeof(buffer));
		if (n == -EAGAIN)
			return 0;
		if (n < 0)
			return (int)n;
	} while ((size_t)n < HEAD_BYTES + sizeof(event));
	memcpy(&event, buffer + HEAD_BYTES, sizeof(event));
	*ret_fork = event.what == EVENT_FORK;
	*ret_pid = *ret_fork ? event.of.fork.child_tgid : event.of.id.tgid;
	ret_uids[0] = *ret_fork ? 0 : event.of.id.ruid;
	ret_uids[1] = *ret_fork ? 0 : event.of.id.euid;
	return 1;
}

#include "config.h"

#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "common/packet.h"

/* Room for the descriptors and for the credentials that a socket with
 * SO_PASSCRED adds, so that neither pushes the other out. */
union control {
	struct cmsghdr align;
	char buffer[CMSG_SPACE(PACKET_FDS_MAX * sizeof(int)) +
	    CMSG_SPACE(sizeof(struct ucred))];
};

static uint64_t
now_ms(void)
{
	struct timespec now;

	/* CLOCK_MONOTONIC exists on every Linux: it cannot fail. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint64_t
deadline_after(uint32_t timeout_ms)
{
	return now_ms() + timeout_ms;
}

/* Waits until fd has one of events or is broken. */
static int
wait_ready(int fd, short events, uint64_t deadline_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	for (;;) {
		uint64_t now = now_ms();
		uint64_t left = deadline_ms > now ? deadline_ms - now : 0;
		int n = poll(&pollfd, 1, left > INT_MAX ? INT_MAX : (int)left);

		if (n > 0)
			return pollfd.revents & POLLNVAL ? -EBADF : 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0 && left <= INT_MAX)
			return -ETIMEDOUT;
	}
}

static void
attach_fds(struct msghdr *header, union control *control, const int *fds,
    size_t n_fds)
{
	struct cmsghdr *cmsg;

	memset(control, 0, sizeof(*control));
	header->msg_control = control->buffer;
	header->msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
	cmsg = CMSG_FIRSTHDR(header);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, n_fds * sizeof(int));
}

int
packet_send(int fd, const void *message, size_t length, const int *fds,
    size_t n_fds, uint64_t deadline_ms)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)message,
		.iov_len = length };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;

	/* A receiver could not tell an empty message from the end. */
	if (length == 0 || n_fds > PACKET_FDS_MAX)
		return -EINVAL;
	if (n_fds > 0)
		attach_fds(&header, &control, fds, n_fds);
	for (;;) {
		ssize_t n = sendmsg(fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
		int r;

		if (n >= 0)
			return (size_t)n == length ? 0 : -EMSGSIZE;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return -errno;
		r = wait_ready(fd, POLLOUT, deadline_ms);
		if (r < 0)
			return r;
	}
}

/* Collects what came with the message; every descriptor is either stored or
 * closed.  Returns false when there were more than there is room for. */
static int
collect_fds(struct msghdr *header, int *fds, size_t *ret_n_fds)
{
	size_t n = 0;
	int fits = 1;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg != NULL;
	    cmsg = CMSG_NXTHDR(header, cmsg)) {
		size_t bytes;

		if (cmsg->cmsg_level != SOL_SOCKET ||
		    cmsg->cmsg_type != SCM_RIGHTS ||
		    cmsg->cmsg_len < CMSG_LEN(0))
			continue;
		bytes = cmsg->cmsg_len - CMSG_LEN(0);
		for (size_t at = 0; at + sizeof(int) <= bytes;
		    at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(cmsg) + at, sizeof(fd));
			if (n < PACKET_FDS_MAX) {
				fds[n++] = fd;
			} else {
				close_fd(&fd);
				fits = 0;
			}
		}
	}
	*ret_n_fds = n;
	return fits;
}

ssize_t
packet_receive(int fd, void *message, size_t size, int *fds,
    size_t *ret_n_fds, uint64_t deadline_ms)
{
	struct iovec iov = { .iov_base = message, .iov_len = size };
	union control control;
	struct msghdr header;
	size_t n_fds = 0;
	ssize_t n;
	int fits, r;

	for (;;) {
		header = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control.buffer,
			.msg_controllen = sizeof(control.buffer) };
		n = recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
		if (n >= 0)
			break;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return -errno;
		r = wait_ready(fd, POLLIN, deadline_ms);
		if (r < 0)
			return r;
	}
	fits = collect_fds(&header, fds, &n_fds);
	if (n == 0 || !fits || header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		while (n_fds > 0)
			close_fd(&fds[--n_fds]);
		return n == 0 && fits &&
		    !(header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ?
		    -ECONNRESET : -EMSGSIZE;
	}
	*ret_n_fds = n_fds;
	return n;
}

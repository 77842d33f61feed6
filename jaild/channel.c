#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/channel.h"

#define SEND_TIMEOUT_MS 2000

int
channel_send(int fd, const struct channel_message *message, const int *fds,
    size_t n_fds)
{
	return packet_send(fd, message, sizeof(*message), fds, n_fds,
	    deadline_after(SEND_TIMEOUT_MS));
}

int
channel_receive(int fd, struct channel_message *ret, int *fds,
    size_t n_fds_max, size_t *ret_n_fds, uint64_t deadline_ms)
{
	int received[PACKET_FDS_MAX];
	size_t n = 0;
	ssize_t length = packet_receive(fd, ret, sizeof(*ret), received, &n,
	    deadline_ms);

	if (length < 0)
		return (int)length;
	if ((size_t)length != sizeof(*ret) || n > n_fds_max) {
		while (n > 0)
			close_fd(&received[--n]);
		return -EBADMSG;
	}
	for (size_t i = 0; i < n; i++)
		fds[i] = received[i];
	*ret_n_fds = n;
	return 0;
}

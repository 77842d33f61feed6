#include "config.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "pam_module/jaild_client.h"

struct jaild_login *
jaild_login_new(void)
{
	struct jaild_login *login = calloc(1, sizeof(*login));

	if (login == NULL)
		return NULL;
	login->fd = -1;
	for (size_t i = 0; i < GRANT_FD_COUNT; i++)
		login->fds[i] = -1;
	return login;
}

void
jaild_login_free(struct jaild_login *login)
{
	if (login == NULL)
		return;
	close_fd(&login->fd);
	for (size_t i = 0; i < GRANT_FD_COUNT; i++)
		close_fd(&login->fds[i]);
	free(login);
}

/* A peer that is neither root nor the caller could answer with anything. */
static int
peer_check(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		return -errno;
	return peer.uid == 0 || peer.uid == geteuid() ? 0 : -EPERM;
}

/* connect(2) on a local socket waits only for room in the listener's queue;
 * SO_SNDTIMEO bounds that. */
static int
connect_to(const char *path, uint32_t timeout_ms, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval timeout = { .tv_sec = timeout_ms / 1000,
		.tv_usec = (timeout_ms % 1000) * 1000 };
	_cleanup_fd_ int fd = -1;
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout,
	    sizeof(timeout)) < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	r = peer_check(fd);
	if (r < 0)
		return r;
	*ret_fd = steal_fd(&fd);
	return 0;
}

static void
close_all(int *fds, size_t n_fds)
{
	for (size_t i = 0; i < n_fds; i++)
		close_fd(&fds[i]);
}

/* Receives into login->message.  Returns its length. */
static ssize_t
receive(struct jaild_login *login, int *fds, size_t *ret_n_fds)
{
	return packet_receive(login->fd, login->message,
	    sizeof(login->message), fds, ret_n_fds, login->deadline_ms);
}

static int
take_grant(struct jaild_login *login, size_t length, int *fds, size_t n_fds)
{
	int r;

	if (n_fds != GRANT_FD_COUNT)
		return -EBADMSG;
	r = grant_decode(login->message, length, &login->grant);
	if (r < 0)
		return r;
	for (size_t i = 0; i < GRANT_FD_COUNT; i++)
		login->fds[i] = steal_fd(&fds[i]);
	login->answer = MESSAGE_GRANT;
	return 0;
}

static int
take_refusal(struct jaild_login *login, size_t length, size_t n_fds)
{
	int r;

	if (n_fds != 0)
		return -EBADMSG;
	r = refusal_decode(login->message, length, &login->refusal);
	if (r == 0)
		login->answer = MESSAGE_REFUSAL;
	return r;
}

static int
receive_answer(struct jaild_login *login)
{
	int fds[PACKET_FDS_MAX], r;
	size_t n_fds = 0;
	ssize_t length = receive(login, fds, &n_fds);

	if (length < 0)
		return (int)length;
	switch (message_type_of(login->message, (size_t)length)) {
	case MESSAGE_GRANT:
		r = take_grant(login, (size_t)length, fds, n_fds);
		break;
	case MESSAGE_REFUSAL:
		r = take_refusal(login, (size_t)length, n_fds);
		break;
	default:
		r = -EBADMSG;
		break;
	}
	close_all(fds, n_fds);
	return r;
}

int
jaild_login_ask(struct jaild_login *login, const char *path,
    const struct login_request *request, uint32_t timeout_ms)
{
	int length, r;

	login->deadline_ms = deadline_after(timeout_ms);
	length = login_request_encode(request, login->message,
	    sizeof(login->message));
	if (length < 0)
		return length;
	r = connect_to(path, timeout_ms, &login->fd);
	if (r < 0)
		return r;
	r = packet_send(login->fd, login->message, (size_t)length, NULL, 0,
	    login->deadline_ms);
	if (r < 0)
		return r;
	return receive_answer(login);
}

/* The answer is received into a buffer of its own: the strings of the grant
 * point into login->message and are still needed. */
int
jaild_login_entered(struct jaild_login *login)
{
	char buffer[64 + 2 * PROTOCOL_REASON_MAX];
	int fds[PACKET_FDS_MAX], r;
	struct refusal refusal;
	size_t n_fds = 0;
	ssize_t length;

	r = plain_message_encode(MESSAGE_ENTERED, buffer, sizeof(buffer));
	if (r < 0)
		return r;
	r = packet_send(login->fd, buffer, (size_t)r, NULL, 0,
	    login->deadline_ms);
	if (r < 0)
		return r;
	length = packet_receive(login->fd, buffer, sizeof(buffer), fds, &n_fds,
	    login->deadline_ms);
	if (length < 0)
		return (int)length;
	close_all(fds, n_fds);
	if (n_fds != 0)
		return -EBADMSG;
	if (plain_message_decode(MESSAGE_CONFIRMED, buffer,
	    (size_t)length) == 0)
		return 0;
	if (refusal_decode(buffer, (size_t)length, &refusal) == 0)
		return -EACCES;
	return -EBADMSG;
}

int
jaild_login_failed(struct jaild_login *login, const char *step, int error)
{
	struct enter_failure failure = { .step = step, .error = error };
	char buffer[512];
	int length;

	length = enter_failure_encode(&failure, buffer, sizeof(buffer));
	if (length < 0)
		return length;
	return packet_send(login->fd, buffer, (size_t)length, NULL, 0,
	    login->deadline_ms);
}

int
jaild_leave(int fd)
{
	char buffer[64];
	int length;

	length = plain_message_encode(MESSAGE_LEAVING, buffer, sizeof(buffer));
	if (length < 0)
		return length;
	return packet_send(fd, buffer, (size_t)length, NULL, 0,
	    deadline_after(0));
}

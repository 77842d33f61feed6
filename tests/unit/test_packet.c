/* Messages with descriptors over a real socket: what arrives, and that what
 * cannot be taken whole leaves nothing open. */
#include "config.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/packet.h"

#define PATIENCE_MS 20000

/* No test waits for this deadline. */
static uint64_t
now(void)
{
	return deadline_after(0);
}

static void
make_pair(int pair[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
	    pair), 0);
}

static void
close_pair(int pair[2])
{
	close_fd(&pair[0]);
	close_fd(&pair[1]);
}

static unsigned
count_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		n++;
	closedir(directory);
	return n;
}

/* Sends what packet_send() would not. */
static void
send_raw(int fd, const void *bytes, size_t length, int attached, size_t n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(64 * sizeof(int))];
	struct iovec iov = { (void *)(uintptr_t)bytes, length };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;

	assert_true(n <= 64);
	memset(control, 0, sizeof(control));
	if (n > 0) {
		header.msg_control = control;
		header.msg_controllen = CMSG_SPACE(n * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n * sizeof(int));
		for (size_t i = 0; i < n; i++)
			memcpy(CMSG_DATA(cmsg) + i * sizeof(int), &attached,
			    sizeof(attached));
	}
	assert_int_equal(sendmsg(fd, &header, MSG_NOSIGNAL), length);
}

static void
test_round_trip(void **state)
{
	char sent[3000], received[3000];
	int pair[2], given[PACKET_FDS_MAX], taken[PACKET_FDS_MAX];
	struct stat one, other;
	size_t n;

	(void)state;
	make_pair(pair);
	memset(sent, 'x', sizeof(sent));
	for (size_t i = 0; i < PACKET_FDS_MAX; i++)
		given[i] = i % 2 ? pair[0] : pair[1];
	for (size_t n_given = 0; n_given <= PACKET_FDS_MAX; n_given++) {
		assert_int_equal(packet_send(pair[0], sent, sizeof(sent),
		    given, n_given, now()), 0);
		n = 77;
		assert_int_equal(packet_receive(pair[1], received,
		    sizeof(received), taken, &n, now()), sizeof(sent));
		assert_memory_equal(sent, received, sizeof(sent));
		assert_int_equal(n, n_given);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(fcntl(taken[i], F_GETFD),
			    FD_CLOEXEC);
			assert_int_equal(fstat(taken[i], &one), 0);
			assert_int_equal(fstat(given[i], &other), 0);
			assert_int_equal(one.st_ino, other.st_ino);
			close(taken[i]);
		}
	}
	close_pair(pair);
}

/* Each message stays one. */
static void
test_boundaries(void **state)
{
	int pair[2], taken[PACKET_FDS_MAX];
	char received[16];
	size_t n;

	(void)state;
	make_pair(pair);
	for (size_t length = 1; length <= 3; length++)
		assert_int_equal(packet_send(pair[0], "abc", length, NULL, 0,
		    now()), 0);
	for (ssize_t length = 1; length <= 3; length++)
		assert_int_equal(packet_receive(pair[1], received,
		    sizeof(received), taken, &n, now()), length);
	close_pair(pair);
}

/* Too long or too many: an error, and every descriptor closed. */
static void
test_truncated(void **state)
{
	static const struct {
		size_t length, n_fds;
	} rows[] = {
		{ 5, 0 }, { 5, 1 }, { 5, PACKET_FDS_MAX },
		{ 4, PACKET_FDS_MAX + 1 }, { 4, PACKET_FDS_MAX + 4 },
		{ 4, 64 }, { 5, 64 },
	};
	int pair[2], taken[PACKET_FDS_MAX];
	char received[4];
	size_t n = 77;
	unsigned before;

	(void)state;
	make_pair(pair);
	before = count_open();
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		send_raw(pair[0], "abcde", rows[i].length, pair[0],
		    rows[i].n_fds);
		assert_int_equal(packet_receive(pair[1], received,
		    sizeof(received), taken, &n, now()), -EMSGSIZE);
		assert_int_equal(n, 77);
		assert_int_equal(count_open(), before);
	}
	close_pair(pair);
}

static void
test_peer_gone(void **state)
{
	int pair[2], taken[PACKET_FDS_MAX];
	char received[4];
	size_t n = 77;
	unsigned before;

	(void)state;
	make_pair(pair);
	/* What was sent before the end is still received. */
	assert_int_equal(packet_send(pair[0], "a", 1, NULL, 0, now()), 0);
	close_fd(&pair[0]);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, now()), 1);
	n = 77;
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, deadline_after(PATIENCE_MS)), -ECONNRESET);
	assert_int_equal(n, 77);
	/* An error, and no signal that would end this test. */
	assert_int_equal(packet_send(pair[1], "a", 1, NULL, 0,
	    deadline_after(PATIENCE_MS)), -EPIPE);
	close_pair(pair);
	/* An empty message is no message, and its descriptors are closed. */
	make_pair(pair);
	before = count_open();
	send_raw(pair[0], "", 0, pair[0], 2);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, now()), -ECONNRESET);
	assert_int_equal(count_open(), before);
	close_pair(pair);
}

static void
test_deadline(void **state)
{
	int pair[2], taken[PACKET_FDS_MAX];
	char received[4];
	size_t n = 77;
	int r = 0;

	(void)state;
	make_pair(pair);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, now()), -ETIMEDOUT);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, 0), -ETIMEDOUT);
	assert_int_equal(n, 77);
	/* Nobody reads: the socket's room comes to an end. */
	for (unsigned i = 0; r == 0 && i < 1000000; i++)
		r = packet_send(pair[0], "a", 1, NULL, 0, now());
	assert_int_equal(r, -ETIMEDOUT);
	assert_true(deadline_after(5000) >= now() + 4000);
	assert_true(deadline_after(UINT32_MAX) > now());
	close_pair(pair);
}

static void
test_wrong_calls(void **state)
{
	int fds[PACKET_FDS_MAX + 1] = { 0 }, pair[2];
	char received[4];
	size_t n;

	(void)state;
	make_pair(pair);
	assert_int_equal(packet_send(pair[0], "", 0, NULL, 0, now()),
	    -EINVAL);
	assert_int_equal(packet_send(pair[0], "a", 1, fds,
	    PACKET_FDS_MAX + 1, now()), -EINVAL);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    fds, &n, now()), -ETIMEDOUT);
	assert_int_equal(packet_send(-1, "a", 1, NULL, 0, now()), -EBADF);
	assert_int_equal(packet_receive(-1, received, sizeof(received), fds,
	    &n, now()), -EBADF);
	close_pair(pair);
}

/* Credentials that a socket adds push no descriptor out, and are none. */
static void
test_credentials(void **state)
{
	int pair[2], given[PACKET_FDS_MAX], taken[PACKET_FDS_MAX], on = 1;
	char received[4];
	size_t n;

	(void)state;
	make_pair(pair);
	assert_int_equal(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on,
	    sizeof(on)), 0);
	for (size_t i = 0; i < PACKET_FDS_MAX; i++)
		given[i] = pair[0];
	assert_int_equal(packet_send(pair[0], "a", 1, given, PACKET_FDS_MAX,
	    now()), 0);
	assert_int_equal(packet_receive(pair[1], received, sizeof(received),
	    taken, &n, now()), 1);
	assert_int_equal(n, PACKET_FDS_MAX);
	while (n > 0)
		close(taken[--n]);
	close_pair(pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_boundaries),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_peer_gone),
		cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_wrong_calls),
		cmocka_unit_test(test_credentials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* libFuzzer target: whatever a false jaild answers, the module takes a whole
 * grant or a refusal or an error, and holds no descriptor too many.
 *
 * The first byte says how many descriptors come with it and, with its upper
 * half, whether the header is made here (mutations would only spoil its
 * length) and of which type. */
#include "config.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/packet.h"
#include "common/wire.h"
#include "pam_module/jail_enter.h"
#include "pam_module/jaild_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define TIMEOUT_MS 2000

static uint8_t answer[PROTOCOL_MESSAGE_MAX];
static size_t answer_length;
static size_t n_sent;
static int listener = -1;
static char path[64];

static void
require(int holds)
{
	if (!holds)
		abort();
}

static void
start(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(path, sizeof(path), "/tmp/fuzz-client-%d", (int)getpid());
	unlink(path);
	strcpy(address.sun_path, path);
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	require(listener >= 0 && bind(listener, (struct sockaddr *)&address,
	    sizeof(address)) == 0 && listen(listener, 1) == 0);
}

/* jaild, for one login. */
static void *
serve(void *nothing)
{
	static uint8_t request[PROTOCOL_MESSAGE_MAX];
	int fds[PACKET_FDS_MAX], fd = accept(listener, NULL, NULL);

	require(fd >= 0);
	require(recv(fd, request, sizeof(request), 0) > 0);
	for (size_t i = 0; i < n_sent; i++) {
		fds[i] = memfd_create("fuzz", MFD_ALLOW_SEALING);
		require(fds[i] >= 0);
	}
	packet_send(fd, answer, answer_length, fds, n_sent,
	    deadline_after(TIMEOUT_MS));
	for (size_t i = 0; i < n_sent; i++)
		close(fds[i]);
	close(fd);
	return nothing;
}

static void
make_answer(const uint8_t *bytes, size_t length)
{
	struct wire_writer writer;
	int made;

	n_sent = bytes[0] & 0xf;
	answer_length = length - 1;
	memcpy(answer, bytes + 1, length - 1);
	if ((bytes[0] & 0x80) == 0)
		return;
	wire_begin(&writer, answer, sizeof(answer), bytes[0] >> 4 & 7);
	wire_put(&writer, bytes + 1, length - 1);
	made = wire_end(&writer);
	if (made > 0)
		answer_length = (size_t)made;
}

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct login_request request = { .user = "claude", .service = "sshd",
		.tty = "", .rhost = "" };
	struct jaild_login *login;
	struct jail_entry entry;
	struct enter_error error;
	pthread_t thread;
	int before;

	if (listener < 0)
		start();
	if (length < 2 || length > sizeof(answer) / 2)
		return 0;
	before = open_descriptors();
	make_answer(bytes, length);
	login = jaild_login_new();
	require(login != NULL);
	require(pthread_create(&thread, NULL, serve, NULL) == 0);
	if (jaild_login_ask(login, path, &request, TIMEOUT_MS) == 0 &&
	    login->answer == MESSAGE_GRANT &&
	    jail_entry_prepare(&login->grant, login->fds, &entry,
	    &error) == 0)
		jail_entry_close(&entry);
	pthread_join(thread, NULL);
	jaild_login_free(login);
	require(open_descriptors() == before);
	return 0;
}

#include "config.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/control.h"

#define CONTROL_VERSION 1
#define REPLY_MAX (64u << 20)
#define TIMEOUT_S 60	/* a reload reads a whole policy */

static int
control_connect(const char *path, int *ret_fd)
{
	const struct timeval limit = { .tv_sec = TIMEOUT_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_fd_ int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) <
	    0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
	    sizeof(limit)) < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	*ret_fd = steal_fd(&fd);
	return 0;
}

static int
send_request(int fd, const char *op, const char *jail)
{
	_cleanup_free_ char *text = NULL, *line = NULL;
	json_t *request = json_pack("{s:i, s:s, s:s*}", "version",
	    CONTROL_VERSION, "op", op, "jail", jail);
	int length;

	if (request == NULL)
		return -EINVAL;
	text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	if (text == NULL)
		return -ENOMEM;
	length = asprintf(&line, "%s\n", text);
	if (length < 0) {
		line = NULL;
		return -ENOMEM;
	}
	for (const char *at = line; length > 0;) {
		ssize_t n = send(fd, at, (size_t)length, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		length -= (int)n;
	}
	return 0;
}

/* The reply ends with the connection. */
static int
receive_reply(int fd, json_t **ret)
{
	_cleanup_free_ char *text = NULL;
	size_t length = 0, size = 0;
	json_t *reply;

	for (;;) {
		ssize_t n;

		if (length == size) {
			char *larger;

			size = size == 0 ? 65536 : 2 * size;
			larger = size > REPLY_MAX ? NULL :
			    realloc(text, size);
			if (larger == NULL)
				return -ENOMEM;
			text = larger;
		}
		n = recv(fd, text + length, size - length, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			break;
		length += (size_t)n;
	}
	reply = json_loadb(text, length, 0, NULL);
	if (!json_is_object(reply)) {
		json_decref(reply);
		return -EBADMSG;
	}
	*ret = reply;
	return 0;
}

int
control_ask_at(const char *path, const char *op, const char *jail,
    json_t **ret_reply)
{
	_cleanup_fd_ int fd = -1;
	int r = control_connect(path, &fd);

	if (r == 0)
		r = send_request(fd, op, jail);
	return r < 0 ? r : receive_reply(fd, ret_reply);
}

const char *
control_start_command(void)
{
	return access("/run/systemd/system", F_OK) == 0 ?
	    "systemctl restart jaild" : "jaild";
}

const char *
control_next_step(int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		return access("/run/systemd/system", F_OK) == 0 ?
		    "jaild is not running: `systemctl start jaild` starts it" :
		    "jaild is not running: the command `jaild` starts it";
	case -EACCES:
	case -EPERM:
		return "only root may ask: use sudo";
	case -ETIMEDOUT:
		return "jaild does not answer: its log says what it does";
	case -EBADMSG:
		return "jaild's answer is not understood: is it of another "
		    "version? restart it";
	default:
		return "`jailctl doctor` looks for the cause";
	}
}

static int
check_reply(json_t *reply)
{
	const char *error = "jaild's answer is not understood";
	const char *diagnostics = "";
	int ok = 0;

	if (json_unpack(reply, "{s:b, s?:s, s?:s}", "ok", &ok, "error",
	    &error, "diagnostics", &diagnostics) < 0)
		ok = 0;
	fputs(diagnostics, stderr);
	if (!ok)
		complain("%s", error);
	return ok ? 0 : -EBADMSG;
}

static int
socket_path(const struct arguments *arguments, char **ret)
{
	struct config *config;
	int r;

	if (arguments->socket != NULL) {
		*ret = strdup(arguments->socket);
		return *ret == NULL ? -ENOMEM : 0;
	}
	r = settings_load(arguments, &config);
	if (r < 0)
		return r;
	if (asprintf(ret, "%s/control.sock", config->run_dir) < 0) {
		*ret = NULL;
		r = -ENOMEM;
	}
	config_free(config);
	return r;
}

int
control_ask(const struct arguments *arguments, const char *op,
    const char *jail, json_t **ret_reply)
{
	_cleanup_free_ char *path = NULL;
	json_t *reply;
	int r = socket_path(arguments, &path);

	if (r < 0)
		return r;
	r = control_ask_at(path, op, jail, &reply);
	if (r < 0) {
		complain("%s: %s; %s", path, strerrordesc_np(-r),
		    control_next_step(r));
		return r;
	}
	r = check_reply(reply);
	if (r < 0)
		json_decref(reply);
	else
		*ret_reply = reply;
	return r;
}

#include "config.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

#define REQUEST_MAX 4096

/* One request of jailctl: read, answered, closed. */
struct control {
	struct daemon *daemon;
	int fd;
	sd_event_source *source;
	char request[REQUEST_MAX + 1];
	size_t length;
	char *reply;
	size_t reply_length, sent;
};

static void
control_free(struct control *control)
{
	sd_event_source_disable_unref(control->source);
	close_fd(&control->fd);
	free(control->reply);
	free(control);
}

static void
make_reply(struct control *control)
{
	control->reply = control_answer(control->daemon, control->request);
	if (control->reply != NULL)
		control->reply_length = strlen(control->reply);
}

/* 1: go on, 0: the connection has done its work. */
static int
read_request(struct control *control)
{
	ssize_t n = recv(control->fd, control->request + control->length,
	    REQUEST_MAX - control->length, MSG_DONTWAIT);
	char *end;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return 0;
	control->length += (size_t)n;
	control->request[control->length] = '\0';
	end = memchr(control->request, '\n', control->length);
	if (end == NULL)
		return control->length < REQUEST_MAX;
	*end = '\0';
	make_reply(control);
	if (control->reply == NULL)
		return 0;
	sd_event_source_set_io_events(control->source, EPOLLOUT);
	return 1;
}

static int
write_reply(struct control *control)
{
	ssize_t n = send(control->fd, control->reply + control->sent,
	    control->reply_length - control->sent,
	    MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	control->sent += (size_t)n;
	return control->sent < control->reply_length;
}

static int
on_ready(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct control *control = object;
	int more = control->reply == NULL ? read_request(control) :
	    write_reply(control);

	(void)source;
	(void)fd;
	(void)events;
	if (!more)
		control_free(control);
	return 0;
}

static int
on_control(sd_event_source *source, int listener, uint32_t events,
    void *object)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct control *control;
	struct ucred peer;
	socklen_t length = sizeof(peer);

	(void)events;
	if (fd < 0 && errno != EAGAIN && errno != EINTR) {
		log_error("accepting a request: %s", strerror(errno));
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		retry_later(object);
	}
	if (fd < 0)
		return 0;
	control = calloc(1, sizeof(*control));
	if (control == NULL || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer,
	    &length) < 0 || peer.uid != 0) {
		free(control);
		close(fd);
		return 0;
	}
	control->daemon = object;
	control->fd = fd;
	if (sd_event_add_io(control->daemon->event, &control->source, fd,
	    EPOLLIN, on_ready, control) < 0)
		control_free(control);
	return 0;
}

void
control_resume(struct daemon *daemon)
{
	sd_event_source_set_enabled(daemon->control_source, SD_EVENT_ON);
}

int
control_open(struct daemon *daemon)
{
	int r = listen_at(daemon, "control.sock", SOCK_STREAM,
	    &daemon->control_fd);

	if (r < 0)
		return r;
	return sd_event_add_io(daemon->event, &daemon->control_source,
	    daemon->control_fd, EPOLLIN, on_control, daemon);
}

#include "config.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

#define BACKLOG 128
#define PENDING_MAX 256
#define REQUEST_TIMEOUT_USEC 3000000
#define LOGIN_SOCKET "login.sock"
#define STORED_NAME "login"	/* of the socket, in systemd's store */

/* A connection whose request has not come yet.  It costs a descriptor, and
 * no worker. */
struct pending {
	struct pending *next;
	struct daemon *daemon;
	int fd;
	sd_event_source *io_source, *timer_source;
};

int
listen_at(const struct daemon *daemon, const char *name, int type,
    int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_fd_ int fd = -1;
	mode_t mask;
	int r;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s",
	    daemon->config->run_dir, name) >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (unlink(address.sun_path) < 0 && errno != ENOENT)
		return -errno;
	mask = umask(0177);
	r = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ?
	    -errno : 0;
	umask(mask);
	if (r == 0 && listen(fd, BACKLOG) < 0)
		r = -errno;
	if (r == 0)
		*ret_fd = steal_fd(&fd);
	return r;
}

/* The socket's mode keeps others out; this holds even where a mistake on the
 * host opened it. */
static bool
is_root(int fd)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
	    peer.uid == 0)
		return true;
	log_warning("a connection to the login socket from uid %u was closed",
	    peer.uid);
	return false;
}

/* Closes the connection too, unless it was taken. */
static void
pending_free(struct pending *pending)
{
	struct daemon *daemon = pending->daemon;

	for (struct pending **at = &daemon->pending; *at != NULL;
	    at = &(*at)->next)
		if (*at == pending) {
			*at = pending->next;
			daemon->n_pending--;
			break;
		}
	sd_event_source_disable_unref(pending->io_source);
	sd_event_source_disable_unref(pending->timer_source);
	close_fd(&pending->fd);
	free(pending);
	sd_event_source_set_enabled(daemon->login_source, SD_EVENT_ON);
}

/* The request is there, or the other side is gone. */
static int
on_request(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct pending *pending = object;
	struct daemon *daemon = pending->daemon;

	if (events & (EPOLLHUP | EPOLLERR)) {
		pending_free(pending);
		return 0;
	}
	sd_event_source_set_enabled(pending->timer_source, SD_EVENT_OFF);
	if (daemon->n_workers >= daemon->config->workers_max) {
		log_warning("%u logins are being worked on: the next ones "
		    "wait", daemon->n_workers);
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	/* The loop lets go of a descriptor before another one may get its
	 * number. */
	pending->io_source = sd_event_source_disable_unref(source);
	pending->fd = -1;
	pending_free(pending);
	worker_start(daemon, fd);
	return 0;
}

static int
on_silence(sd_event_source *source, uint64_t usec, void *object)
{
	(void)source;
	(void)usec;
	log_warning("a connection to the login socket that asked for nothing "
	    "was closed");
	pending_free(object);
	return 0;
}

static void
pending_start(struct daemon *daemon, int fd)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	int r;

	if (pending == NULL) {
		close(fd);
		return;
	}
	pending->daemon = daemon;
	pending->fd = fd;
	pending->next = daemon->pending;
	daemon->pending = pending;
	daemon->n_pending++;
	r = sd_event_add_io(daemon->event, &pending->io_source, fd, EPOLLIN,
	    on_request, pending);
	if (r >= 0)
		r = sd_event_add_time_relative(daemon->event,
		    &pending->timer_source, CLOCK_MONOTONIC,
		    REQUEST_TIMEOUT_USEC, 0, on_silence, pending);
	if (r < 0) {
		log_error("a login cannot be waited for: %s",
		    strerrordesc_np(-r));
		pending_free(pending);
	}
}

static int
on_login(sd_event_source *source, int listener, uint32_t events,
    void *object)
{
	struct daemon *daemon = object;
	int fd;

	(void)events;
	if (daemon->n_pending >= PENDING_MAX) {
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0 && errno != EAGAIN && errno != EINTR) {
		log_error("accepting a login: %s", strerror(errno));
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		retry_later(daemon);
	}
	if (fd < 0)
		return 0;
	if (is_root(fd))
		pending_start(daemon, fd);
	else
		close(fd);
	return 0;
}

void
listener_resume(struct daemon *daemon)
{
	for (struct pending *at = daemon->pending; at != NULL; at = at->next)
		sd_event_source_set_enabled(at->io_source, SD_EVENT_ON);
	sd_event_source_set_enabled(daemon->login_source, SD_EVENT_ON);
}

/* Is fd the listening login socket, and can logins still find it? */
static bool
is_login_socket(const struct daemon *daemon, int fd)
{
	char path[PATH_MAX];
	struct stat status;

	return snprintf(path, sizeof(path), "%s/" LOGIN_SOCKET,
	    daemon->config->run_dir) < (int)sizeof(path) &&
	    sd_is_socket_unix(fd, SOCK_SEQPACKET, 1, path, 0) > 0 &&
	    lstat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

/* The socket that the jaild before left with systemd.  -1; then there is
 * nothing in the store either. */
static int
take_stored(const struct daemon *daemon)
{
	int n = sd_listen_fds(1), taken = -1;

	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++)
		if (taken < 0 && is_login_socket(daemon, fd))
			taken = fd;
		else
			close(fd);
	if (n > 0 && taken < 0)
		sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=" STORED_NAME);
	return taken;
}

int
listener_open(struct daemon *daemon)
{
	int r;

	daemon->login_fd = take_stored(daemon);
	/* systemd keeps what it has handed out, and has room for no more. */
	if (daemon->login_fd < 0) {
		r = listen_at(daemon, LOGIN_SOCKET, SOCK_SEQPACKET,
		    &daemon->login_fd);
		if (r < 0)
			return r;
		sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=" STORED_NAME,
		    &daemon->login_fd, 1);
	}
	return sd_event_add_io(daemon->event, &daemon->login_source,
	    daemon->login_fd, EPOLLIN, on_login, daemon);
}

#include "config.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

#define BACKLOG 128

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

static int
on_login(sd_event_source *source, int listener, uint32_t events,
    void *object)
{
	struct daemon *daemon = object;
	int fd;

	(void)events;
	if (daemon->n_workers >= daemon->config->workers_max) {
		log_warning("%u logins are being worked on: the next ones "
		    "wait", daemon->n_workers);
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno != EAGAIN && errno != EINTR)
			log_error("accepting a login: %s", strerror(errno));
		return 0;
	}
	if (is_root(fd))
		worker_start(daemon, fd);
	else
		close(fd);
	return 0;
}

void
listener_resume(struct daemon *daemon)
{
	sd_event_source_set_enabled(daemon->login_source, SD_EVENT_ON);
}

int
listener_open(struct daemon *daemon)
{
	int r = listen_at(daemon, "login.sock", SOCK_SEQPACKET,
	    &daemon->login_fd);

	if (r < 0)
		return r;
	return sd_event_add_io(daemon->event, &daemon->login_source,
	    daemon->login_fd, EPOLLIN, on_login, daemon);
}

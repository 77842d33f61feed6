#include "config.h"

#include <sys/epoll.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

/* Only "leaving" is understood here, and it grants nothing. */
static int
on_connection(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct session *session = object;
	int fds[PACKET_FDS_MAX];
	size_t n_fds = 0;
	char bytes[256];
	ssize_t length = packet_receive(fd, bytes, sizeof(bytes), fds, &n_fds,
	    deadline_after(0));

	(void)events;
	if (length == -ETIMEDOUT)
		return 0;
	while (n_fds > 0)
		close_fd(&fds[--n_fds]);
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	if (length > 0 && plain_message_decode(MESSAGE_LEAVING, bytes,
	    (size_t)length) == 0) {
		session->left = true;
		close_session(session, "closed");
		return 0;
	}
	if (length > 0)
		log_warning("session %llu sent something else than "
		    "\"leaving\"", (unsigned long long)session->facts.id);
	/* The process may still live; its death is what counts then. */
	return 0;
}

static int
on_death(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct session *session = object;

	(void)fd;
	(void)events;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	close_session(session, "died");
	return 0;
}

int
session_add(struct live_jail *jail, const struct session_facts *facts,
    int connection_fd, int pidfd)
{
	struct session *session = calloc(1, sizeof(*session));
	sd_event *event = jail->daemon->event;
	int r = 0;

	if (session == NULL) {
		close_fd(&connection_fd);
		close_fd(&pidfd);
		return -ENOMEM;
	}
	*session = (struct session){ .next = jail->sessions, .jail = jail,
		.facts = *facts, .since = time(NULL),
		.connection_fd = connection_fd, .pidfd = pidfd };
	jail->sessions = session;
	if (connection_fd >= 0)
		r = sd_event_add_io(event, &session->connection_source,
		    connection_fd, EPOLLIN, on_connection, session);
	if (r >= 0)
		r = sd_event_add_io(event, &session->pidfd_source, pidfd,
		    EPOLLIN, on_death, session);
	/* "leaving" was said before the death that follows it. */
	if (r >= 0)
		r = sd_event_source_set_priority(session->pidfd_source,
		    SD_EVENT_PRIORITY_NORMAL + 10);
	if (r >= 0)
		r = state_save(jail);
	if (r < 0) {
		log_error("a session of jail %s cannot be kept: %s", jail->vm,
		    strerrordesc_np(-r));
		session_forget(session);
	}
	return r;
}

void
session_forget(struct session *session)
{
	for (struct session **at = &session->jail->sessions; *at != NULL;
	    at = &(*at)->next)
		if (*at == session) {
			*at = session->next;
			break;
		}
	sd_event_source_disable_unref(session->connection_source);
	sd_event_source_disable_unref(session->pidfd_source);
	close_fd(&session->connection_fd);
	close_fd(&session->pidfd);
	free(session);
}

#include "config.h"

#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"
#include "jaild/log.h"

static const char *const state_names[] = {
	[JAIL_ABSENT] = "absent",
	[JAIL_BUILDING] = "building",
	[JAIL_LIVE] = "live",
	[JAIL_CLOSING] = "closing",
};

const char *
jail_state_name(enum jail_state state)
{
	return (size_t)state < ARRAY_LENGTH(state_names) ?
	    state_names[state] : "?";
}

/* A random UUID (RFC 9562, version 4). */
static int
make_uuid(char *uuid)
{
	unsigned char b[16];

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return -EIO;
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(uuid, PROTOCOL_UUID_MAX, "%02x%02x%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
	    b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
	return 0;
}

struct live_jail *
jail_new(struct daemon *daemon, const struct jail_key *key)
{
	struct live_jail *jail = calloc(1, sizeof(*jail));

	if (jail == NULL || make_uuid(jail->facts.uuid) < 0) {
		free(jail);
		return NULL;
	}
	jail->daemon = daemon;
	jail->state = JAIL_BUILDING;
	jail->key = *key;
	snprintf(jail->vm, sizeof(jail->vm), "%s/%s", key->account, key->jail);
	jail->since = time(NULL);
	jail->init_pidfd = jail->filters_fd = jail->log_fd = -1;
	snprintf(jail->facts.cgroup_path, sizeof(jail->facts.cgroup_path),
	    "%.*s/%s", CGROUP_BASE_BYTES, daemon->cgroup_base,
	    jail->facts.uuid);
	jail->next = daemon->jails;
	daemon->jails = jail;
	return jail;
}

static bool
same_name(const struct live_jail *jail, const struct jail_key *key)
{
	return strcmp(jail->key.account, key->account) == 0 &&
	    strcmp(jail->key.jail, key->jail) == 0;
}

struct live_jail *
jail_find(struct daemon *daemon, const struct jail_key *key)
{
	for (struct live_jail *at = daemon->jails; at != NULL; at = at->next)
		if (same_name(at, key) && at->state != JAIL_CLOSING &&
		    at->key.fingerprint == key->fingerprint)
			return at;
	return NULL;
}

/* One that is closing comes first: it has to be waited for. */
struct live_jail *
jail_find_any(struct daemon *daemon, const struct jail_key *key)
{
	struct live_jail *found = NULL;

	for (struct live_jail *at = daemon->jails; at != NULL; at = at->next)
		if (same_name(at, key) &&
		    (found == NULL || at->state == JAIL_CLOSING))
			found = at;
	return found;
}

/* PID 1 of the jail is gone: everything in it is. */
static int
on_init_end(sd_event_source *source, int fd, uint32_t events, void *object)
{
	struct live_jail *jail = object;

	(void)fd;
	(void)events;
	sd_event_source_set_enabled(source, SD_EVENT_OFF);
	/* jaild is the reaper of what its workers left. */
	waitpid(jail->facts.init_pid, NULL, WNOHANG);
	if (jail->state == JAIL_LIVE) {
		log_warning("jail %s: its first process ended", jail->vm);
		jail_close(jail, "init-died");
	}
	return 0;
}

int
jail_set_live(struct live_jail *jail, const struct jail_facts *facts,
    int init_pidfd, int filters_fd)
{
	int r;

	jail->facts = *facts;
	jail->init_pidfd = init_pidfd;
	jail->filters_fd = filters_fd;
	jail->state = JAIL_LIVE;
	r = sd_event_add_io(jail->daemon->event, &jail->init_source,
	    init_pidfd, EPOLLIN, on_init_end, jail);
	if (r >= 0)
		r = jail_filters_save(jail);
	if (r >= 0)
		r = sweeper_add(jail);
	return r < 0 ? r : state_save(jail);
}

void
jail_check(struct live_jail *jail)
{
	if (jail->state == JAIL_LIVE && jail->references == 0 &&
	    jail->sessions == NULL)
		jail_close(jail, "last-session");
}

void
jail_close(struct live_jail *jail, const char *reason)
{
	if (jail->state == JAIL_CLOSING)
		return;
	jail->state = JAIL_CLOSING;
	sd_event_source_disable_unref(jail->init_source);
	jail->init_source = NULL;
	close_jail(jail, reason);
}

void
jail_forget(struct live_jail *jail)
{
	struct daemon *daemon = jail->daemon;

	login_records_collect(jail);
	sweeper_remove(jail);
	while (jail->sessions != NULL)
		session_forget(jail->sessions);
	for (struct live_jail **at = &daemon->jails; *at != NULL;
	    at = &(*at)->next)
		if (*at == jail) {
			*at = jail->next;
			break;
		}
	for (struct worker *at = daemon->workers; at != NULL; at = at->next)
		if (at->jail == jail)
			at->jail = NULL;
	sd_event_source_disable_unref(jail->init_source);
	sd_event_source_disable_unref(jail->log_source);
	sd_event_source_disable_unref(jail->records_source);
	sd_event_source_disable_unref(jail->terminals_source);
	close_fd(&jail->init_pidfd);
	close_fd(&jail->filters_fd);
	close_fd(&jail->log_fd);
	if (jail->log_pid > 0)
		kill(jail->log_pid, SIGKILL);
	state_remove(daemon, jail->facts.uuid);
	free(jail);
}

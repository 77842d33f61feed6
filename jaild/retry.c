#include "config.h"

#include "jaild/daemon.h"

#define RETRY_USEC 1000000

/* Each of these does nothing where nothing is left to do. */
static int
on_retry(sd_event_source *source, uint64_t usec, void *object)
{
	struct daemon *daemon = object;

	(void)source;
	(void)usec;
	listener_resume(daemon);
	control_resume(daemon);
	closers_retry(daemon);
	return 0;
}

int
retry_open(struct daemon *daemon)
{
	int r = sd_event_add_time_relative(daemon->event,
	    &daemon->retry_source, CLOCK_MONOTONIC, RETRY_USEC, 0, on_retry,
	    daemon);

	if (r < 0)
		return r;
	return sd_event_source_set_enabled(daemon->retry_source,
	    SD_EVENT_OFF);
}

void
retry_later(struct daemon *daemon)
{
	int enabled = SD_EVENT_OFF;

	sd_event_source_get_enabled(daemon->retry_source, &enabled);
	if (enabled != SD_EVENT_OFF)
		return;
	sd_event_source_set_time_relative(daemon->retry_source, RETRY_USEC);
	sd_event_source_set_enabled(daemon->retry_source, SD_EVENT_ONESHOT);
}

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jailctl/control.h"
#include "jailctl/jail_table.h"

#define STOP_TIMEOUT_MS 60000
#define LOOK_AGAIN_MS 20

/* The uuids of the jails that name means, as an object's keys. */
static json_t *
find_jails(json_t *reply, const char *name)
{
	json_t *found = json_object(), *jail;
	size_t i;

	json_array_foreach(json_object_get(reply, "jails"), i, jail)
		if (jail_is_named(jail, name))
			json_object_set(found, json_string_value(
			    json_object_get(jail, "uuid")), json_true());
	return found;
}

static bool
is_any_left(json_t *reply, json_t *uuids)
{
	json_t *jail;
	size_t i;

	json_array_foreach(json_object_get(reply, "jails"), i, jail)
		if (json_object_get(uuids, json_string_value(
		    json_object_get(jail, "uuid"))) != NULL)
			return true;
	return false;
}

/* The daemon answers before the jails have ended; who stops a jail wants to
 * know when that is done. */
static int
await_end(const struct arguments *arguments, json_t *uuids)
{
	uint64_t deadline = deadline_after(STOP_TIMEOUT_MS);
	bool left = true;
	json_t *reply;

	while (left && deadline_after(0) < deadline) {
		if (control_ask(arguments, "list", NULL, &reply) < 0)
			return -EIO;
		left = is_any_left(reply, uuids);
		json_decref(reply);
		if (left)
			poll(NULL, 0, LOOK_AGAIN_MS);
	}
	return left ? -ETIMEDOUT : 0;
}

static int
stop(const struct arguments *arguments, json_t *uuids)
{
	const char *name = arguments->words[0];
	json_t *reply;
	int stopped = 0, r;

	if (control_ask(arguments, "stop", name, &reply) < 0)
		return STATUS_FAILED;
	json_unpack(reply, "{s:i}", "stopped", &stopped);
	json_decref(reply);
	r = await_end(arguments, uuids);
	if (r == -ETIMEDOUT)
		return complain("%s is being stopped, but some process of it "
		    "does not die yet; `jailctl show %s` looks at it", name,
		    name);
	if (r < 0)
		return STATUS_FAILED;
	printf("stopped %d %s\n", stopped, stopped == 1 ? "jail" : "jails");
	return STATUS_OK;
}

int
command_stop(const struct arguments *arguments)
{
	json_t *reply, *uuids;
	int status;

	if (control_ask(arguments, "list", NULL, &reply) < 0)
		return STATUS_FAILED;
	uuids = find_jails(reply, arguments->words[0]);
	json_decref(reply);
	status = stop(arguments, uuids);
	json_decref(uuids);
	return status;
}

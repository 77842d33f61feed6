/* libFuzzer target: whatever jailctl's socket brings, the answer is one line
 * of JSON, and no jail ends but one that was named, by a request that says
 * stop. */
#include "config.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define REQUEST_MAX 4096

static const char *asked; /* the request that is being answered */

static void
require(int holds)
{
	if (!holds)
		abort();
}

/* In place of jails.c and main.c. */
const char *
jail_state_name(enum jail_state state)
{
	return state == JAIL_LIVE ? "live" : "building";
}

void
jail_close(struct live_jail *jail, const char *reason)
{
	json_t *json = json_loads(asked, 0, NULL);
	const char *op = json_string_value(json_object_get(json, "op")),
	    *name = json_string_value(json_object_get(json, "jail"));

	require(jail->state == JAIL_LIVE && strcmp(reason, "stopped") == 0);
	require(op != NULL && strcmp(op, "stop") == 0 && name != NULL);
	require(strcmp(name, jail->facts.uuid) == 0 ||
	    strcmp(name, jail->vm) == 0 ||
	    strcmp(name, jail->key.account) == 0);
	json_decref(json);
	jail->state = JAIL_CLOSING;
}

int
daemon_reload(struct daemon *daemon, char **ret_diagnostics)
{
	(void)daemon;
	*ret_diagnostics = strdup("policy.jail:1: error: \"quoted\"\n");
	return -1;
}

static struct live_jail
jail_of(const char *account, const char *name, const char *uuid)
{
	struct live_jail jail = { .state = JAIL_LIVE };

	snprintf(jail.key.account, sizeof(jail.key.account), "%s", account);
	snprintf(jail.key.jail, sizeof(jail.key.jail), "%s", name);
	snprintf(jail.key.tier, sizeof(jail.key.tier), "namespace");
	snprintf(jail.facts.uuid, sizeof(jail.facts.uuid), "%s", uuid);
	snprintf(jail.vm, sizeof(jail.vm), "%s/%s", account, name);
	return jail;
}

static void
check(const char *answer)
{
	json_t *json;
	const char *end = strchr(answer, '\n');

	require(end != NULL && end[1] == '\0');
	json = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	require(json_is_object(json));
	require(json_integer_value(json_object_get(json, "version")) == 1);
	require(json_is_boolean(json_object_get(json, "ok")));
	require(json_is_true(json_object_get(json, "ok")) ||
	    json_is_string(json_object_get(json, "error")));
	json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static char policy_file[] = "/etc/jaild/policy.jail";
	static struct config config = { .policy_file = policy_file };
	static struct policy policy;
	struct session session = { .facts = { .id = 1, .pid = 2 } };
	struct live_jail second = jail_of("claude", "b", "uuid-2"),
	    first = jail_of("claude", "a", "uuid-1");
	struct daemon daemon = { .config = &config, .policy = &policy,
		.jails = &first };
	char request[REQUEST_MAX + 1];
	_cleanup_free_ char *answer = NULL;

	if (length > REQUEST_MAX)
		return 0;
	memcpy(request, bytes, length);
	request[length] = '\0';
	first.next = &second;
	second.sessions = &session;
	asked = request;
	answer = control_answer(&daemon, request);
	require(answer != NULL);
	check(answer);
	return 0;
}

/* What jailctl is answered. */
#include "config.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"

#define CONTROL_VERSION 1

static json_t *
session_json(const struct session *session)
{
	const struct session_facts *facts = &session->facts;

	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:I}", "id",
	    (json_int_t)facts->id, "pid", (json_int_t)facts->pid, "service",
	    facts->service, "tty", facts->tty, "rhost", facts->rhost,
	    "since", (json_int_t)session->since);
}

static json_t *
jail_json(const struct live_jail *jail)
{
	const struct jail_facts *facts = &jail->facts;
	json_t *sessions = json_array();

	for (const struct session *at = jail->sessions; at != NULL;
	    at = at->next)
		json_array_append_new(sessions, session_json(at));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:I, s:I, "
	    "s:s, s:o}", "uuid", facts->uuid, "account", jail->key.account,
	    "jail", jail->key.jail, "tier", jail->key.tier, "state",
	    jail_state_name(jail->state), "init_pid",
	    (json_int_t)facts->init_pid, "since", (json_int_t)jail->since,
	    "policy_sha256", jail->key.policy_sha256, "root_dev",
	    (json_int_t)facts->root_dev, "root_ino",
	    (json_int_t)facts->root_ino, "cgroup", facts->cgroup_path,
	    "sessions", sessions);
}

static json_t *
failure(const char *text)
{
	return json_pack("{s:i, s:b, s:s}", "version", CONTROL_VERSION, "ok",
	    0, "error", text);
}

/* A jail is named by its uuid, by ACCOUNT/JAIL or by its account. */
static bool
is_named(const struct live_jail *jail, const char *name)
{
	return strcmp(jail->facts.uuid, name) == 0 ||
	    strcmp(jail->vm, name) == 0 ||
	    strcmp(jail->key.account, name) == 0;
}

static json_t *
op_list(struct daemon *daemon, const char *name)
{
	json_t *jails = json_array();

	(void)name;
	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		json_array_append_new(jails, jail_json(at));
	return json_pack("{s:i, s:b, s:o, s:{s:s, s:s}}", "version",
	    CONTROL_VERSION, "ok", 1, "jails", jails, "policy", "file",
	    daemon->config->policy_file, "sha256", daemon->policy != NULL ?
	    daemon->policy->sha256 : "");
}

static json_t *
op_show(struct daemon *daemon, const char *name)
{
	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		if (is_named(at, name))
			return json_pack("{s:i, s:b, s:o}", "version",
			    CONTROL_VERSION, "ok", 1, "jail", jail_json(at));
	return failure("there is no such jail");
}

static json_t *
op_stop(struct daemon *daemon, const char *name)
{
	int stopped = 0;

	for (struct live_jail *at = daemon->jails; at != NULL; at = at->next)
		if (is_named(at, name) && at->state == JAIL_LIVE) {
			jail_close(at, "stopped");
			stopped++;
		}
	if (stopped == 0)
		return failure("there is no such live jail");
	return json_pack("{s:i, s:b, s:i}", "version", CONTROL_VERSION, "ok",
	    1, "stopped", stopped);
}

static json_t *
op_reload(struct daemon *daemon, const char *name)
{
	_cleanup_free_ char *diagnostics = NULL;
	int r = daemon_reload(daemon, &diagnostics);

	(void)name;
	if (r < 0)
		return json_pack("{s:i, s:b, s:s, s:s}", "version",
		    CONTROL_VERSION, "ok", 0, "error", "nothing was loaded; "
		    "the running policy goes on", "diagnostics",
		    diagnostics != NULL ? diagnostics : "");
	return json_pack("{s:i, s:b, s:s, s:s}", "version", CONTROL_VERSION,
	    "ok", 1, "policy_sha256", daemon->policy->sha256, "diagnostics",
	    diagnostics != NULL ? diagnostics : "");
}

static const struct {
	const char *op;
	bool names_jail;
	json_t *(*run)(struct daemon *daemon, const char *name);
} operations[] = {
	{ "list", false, op_list },
	{ "show", true, op_show },
	{ "stop", true, op_stop },
	{ "reload", false, op_reload },
};

static json_t *
answer(struct daemon *daemon, const char *line)
{
	json_t *request = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	const char *op = "", *name = "";
	json_t *reply = NULL;
	int version = 0;

	if (request == NULL || json_unpack(request, "{s:i, s:s, s?:s}",
	    "version", &version, "op", &op, "jail", &name) != 0)
		reply = failure("this is no request");
	else if (version != CONTROL_VERSION)
		reply = failure("this version is not understood");
	for (size_t i = 0; reply == NULL && i < ARRAY_LENGTH(operations); i++)
		if (strcmp(operations[i].op, op) == 0)
			reply = operations[i].names_jail && *name == '\0' ?
			    failure("a jail has to be named") :
			    operations[i].run(daemon, name);
	if (reply == NULL)
		reply = failure("this operation is unknown");
	json_decref(request);
	return reply;
}

char *
control_answer(struct daemon *daemon, const char *request)
{
	json_t *json = answer(daemon, request);
	_cleanup_free_ char *text = json_dumps(json, JSON_COMPACT);
	char *line;

	json_decref(json);
	return text != NULL && asprintf(&line, "%s\n", text) > 0 ? line : NULL;
}

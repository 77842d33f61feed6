#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/close.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/process.h"

static void
release_json(json_t **json)
{
	json_decref(*json);
}

static void
close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

int
state_directory(const struct daemon *daemon, const char *uuid,
    char ret_path[PATH_MAX])
{
	const char *run_dir = daemon->config->run_dir;

	if (snprintf(ret_path, PATH_MAX, "%s/jails", run_dir) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (mkdir(ret_path, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (snprintf(ret_path, PATH_MAX, "%s/jails/%s", run_dir, uuid) >=
	    PATH_MAX)
		return -ENAMETOOLONG;
	if (mkdir(ret_path, 0700) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}

static json_t *
session_to_json(const struct session *session)
{
	const struct session_facts *facts = &session->facts;

	return json_pack("{s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:I}",
	    "id", (json_int_t)facts->id, "pid", (json_int_t)facts->pid,
	    "start", (json_int_t)facts->start, "auid",
	    (json_int_t)facts->auid, "service", facts->service,
	    "tty", facts->tty, "rhost", facts->rhost, "leaf",
	    facts->leaf_path, "origin", facts->origin_path, "since",
	    (json_int_t)session->since);
}

static json_t *
filters_to_json(const struct jail_facts *facts)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < facts->n_filters; i++)
		json_array_append_new(list, json_pack("[I, I]",
		    (json_int_t)facts->filters[i].flags,
		    (json_int_t)facts->filters[i].instructions));
	return list;
}

static json_t *
jail_to_json(const struct live_jail *jail)
{
	const struct jail_facts *facts = &jail->facts;
	json_t *sessions = json_array();

	for (const struct session *at = jail->sessions; at != NULL;
	    at = at->next)
		json_array_append_new(sessions, session_to_json(at));
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:b, s:I, s:I, s:I, s:I, "
	    "s:I, s:I, s:s, s:I, s:I, s:o, s:o}", "account", jail->key.account,
	    "jail", jail->key.jail, "tier", jail->key.tier, "policy_sha256",
	    jail->key.policy_sha256, "fingerprint",
	    (json_int_t)jail->key.fingerprint, "keeps_layers",
	    jail->key.keeps_layers, "uid", (json_int_t)jail->key.uid,
	    "init_pid", (json_int_t)facts->init_pid, "init_start",
	    (json_int_t)facts->init_start, "namespaces",
	    (json_int_t)facts->namespaces, "root_dev",
	    (json_int_t)facts->root_dev, "root_ino",
	    (json_int_t)facts->root_ino, "cgroup", facts->cgroup_path,
	    "since", (json_int_t)jail->since, "records_copied",
	    (json_int_t)jail->records_copied, "filters",
	    filters_to_json(facts), "sessions", sessions);
}

int
state_save(const struct live_jail *jail)
{
	_cleanup_(release_json) json_t *json = jail_to_json(jail);
	char directory[PATH_MAX], path[PATH_MAX], new[PATH_MAX];
	int r = state_directory(jail->daemon, jail->facts.uuid, directory);

	if (r < 0)
		return r;
	if (snprintf(path, sizeof(path), "%s/state", directory) >= PATH_MAX ||
	    snprintf(new, sizeof(new), "%s/state.new", directory) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (json == NULL || json_dump_file(json, new, JSON_COMPACT) != 0)
		return -EIO;
	return rename(new, path) < 0 ? -errno : 0;
}

void
state_remove(const struct daemon *daemon, const char *uuid)
{
	static const char *const files[] = { "/log/records/utmp",
		"/log/records/wtmp", "/log/log", "/state", "/state.new",
		"/filters" };
	static const char *const directories[] = { "/log/records", "/log",
		"" };
	char directory[PATH_MAX], path[PATH_MAX];

	if (snprintf(directory, sizeof(directory), "%s/jails/%s",
	    daemon->config->run_dir, uuid) >= PATH_MAX - 32)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		snprintf(path, sizeof(path), "%.*s%s", PATH_MAX - 32,
		    directory, files[i]);
		unlink(path);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(directories); i++) {
		snprintf(path, sizeof(path), "%.*s%s", PATH_MAX - 32,
		    directory, directories[i]);
		rmdir(path);
	}
}

static void
copy(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from != NULL ? from : "");
}

static int
take_filters(struct live_jail *jail, const json_t *list)
{
	size_t n = json_array_size(list);

	if (n > PROTOCOL_FILTERS_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < n; i++) {
		const json_t *row = json_array_get(list, i);

		jail->facts.filters[i] = (struct grant_filter){
			.flags = (uint32_t)json_integer_value(
			    json_array_get(row, 0)),
			.instructions = (uint32_t)json_integer_value(
			    json_array_get(row, 1)) };
	}
	jail->facts.n_filters = (uint32_t)n;
	return 0;
}

static int
take_jail(struct live_jail *jail, json_t *json)
{
	const char *account, *name, *tier, *sha256, *cgroup;
	json_int_t fingerprint, uid, pid, begun, namespaces, dev, ino, since;
	json_int_t copied = 0;
	struct jail_facts *facts = &jail->facts;
	json_t *filters;
	int layers;

	if (json_unpack(json, "{s:s, s:s, s:s, s:s, s:I, s:b, s:I, s:I, s:I, "
	    "s:I, s:I, s:I, s:s, s:I, s?:I, s:o}", "account", &account, "jail",
	    &name, "tier", &tier, "policy_sha256", &sha256, "fingerprint",
	    &fingerprint, "keeps_layers", &layers, "uid", &uid, "init_pid",
	    &pid, "init_start", &begun, "namespaces", &namespaces,
	    "root_dev", &dev, "root_ino", &ino, "cgroup", &cgroup, "since",
	    &since, "records_copied", &copied, "filters", &filters) != 0)
		return -EBADMSG;
	copy(jail->key.account, sizeof(jail->key.account), account);
	copy(jail->key.jail, sizeof(jail->key.jail), name);
	copy(jail->key.tier, sizeof(jail->key.tier), tier);
	copy(jail->key.policy_sha256, sizeof(jail->key.policy_sha256),
	    sha256);
	copy(facts->cgroup_path, sizeof(facts->cgroup_path), cgroup);
	snprintf(jail->vm, sizeof(jail->vm), "%s/%s", jail->key.account,
	    jail->key.jail);
	jail->key.fingerprint = (uint64_t)fingerprint;
	jail->key.keeps_layers = layers;
	jail->key.uid = (uid_t)uid;
	jail->since = (time_t)since;
	jail->records_copied = (uint64_t)copied;
	facts->init_pid = (pid_t)pid;
	facts->init_start = (uint64_t)begun;
	facts->namespaces = (uint32_t)namespaces;
	facts->root_dev = (uint64_t)dev;
	facts->root_ino = (uint64_t)ino;
	return take_filters(jail, filters);
}

/* A process is the one that was meant when it also began at that time. */
static int
open_same(pid_t pid, uint64_t begun, int *ret_pidfd)
{
	_cleanup_fd_ int fd = process_open(pid);
	uint64_t now = 0;

	if (fd < 0)
		return fd;
	if (process_start_time(pid, &now) < 0 || now != begun)
		return -ESRCH;
	*ret_pidfd = steal_fd(&fd);
	return 0;
}

static void
adopt_session(struct live_jail *jail, json_t *json)
{
	const char *service, *tty, *rhost, *leaf, *origin;
	json_int_t id, pid, begun, since, auid = (uid_t)-1;
	struct session_facts facts = { 0 };
	int pidfd = -1;

	if (json_unpack(json,
	    "{s:I, s:I, s:I, s?:I, s:s, s:s, s:s, s:s, s:s, s:I}", "id", &id,
	    "pid", &pid, "start", &begun, "auid", &auid, "service", &service,
	    "tty", &tty, "rhost", &rhost, "leaf", &leaf, "origin", &origin,
	    "since", &since) != 0)
		return;
	facts.id = (uint64_t)id;
	facts.pid = (pid_t)pid;
	facts.start = (uint64_t)begun;
	facts.auid = (uid_t)auid;
	copy(facts.service, sizeof(facts.service), service);
	copy(facts.tty, sizeof(facts.tty), tty);
	copy(facts.rhost, sizeof(facts.rhost), rhost);
	copy(facts.leaf_path, sizeof(facts.leaf_path), leaf);
	copy(facts.origin_path, sizeof(facts.origin_path), origin);
	if (facts.id >= jail->daemon->next_session)
		jail->daemon->next_session = facts.id + 1;
	if (open_same(facts.pid, facts.start, &pidfd) < 0) {
		close_leaf(jail, facts.id);
		return;
	}
	if (session_add(jail, &facts, -1, pidfd) == 0)
		jail->sessions->since = (time_t)since;
}

static int
adopt_live(struct live_jail *jail, const char *directory, json_t *json)
{
	_cleanup_fd_ int pidfd = -1, log_directory = -1;
	json_t *sessions = json_object_get(json, "sessions"), *session;
	struct jail_facts facts;
	size_t i;
	int r = take_jail(jail, json);

	if (r == 0)
		r = jail_filters_load(jail, directory);
	if (r == 0)
		r = open_same(jail->facts.init_pid, jail->facts.init_start,
		    &pidfd);
	if (r == 0)
		r = log_socket_open(jail, &log_directory);
	if (r == 0)
		r = login_records_open(jail);
	if (r < 0)
		return r;
	facts = jail->facts;
	r = jail_set_live(jail, &facts, steal_fd(&pidfd), jail->filters_fd);
	if (r < 0)
		return r;
	json_array_foreach(sessions, i, session)
		adopt_session(jail, session);
	login_records_collect(jail);
	return 0;
}

static void
adopt_one(struct daemon *daemon, const char *uuid)
{
	static const struct jail_key unknown = { .account = "?",
		.jail = "?", .tier = "?", .policy_sha256 = "?" };
	_cleanup_(release_json) json_t *json = NULL;
	struct live_jail *jail = jail_new(daemon, &unknown);
	char directory[PATH_MAX], path[PATH_MAX];
	int r = jail == NULL ? -ENOMEM : 0;

	if (r < 0)
		return;
	copy(jail->facts.uuid, sizeof(jail->facts.uuid), uuid);
	snprintf(jail->facts.cgroup_path, sizeof(jail->facts.cgroup_path),
	    "%.*s/%s", CGROUP_BASE_BYTES, daemon->cgroup_base, uuid);
	r = state_directory(daemon, uuid, directory);
	if (r == 0 && snprintf(path, sizeof(path), "%s/state", directory) <
	    PATH_MAX)
		json = json_load_file(path, 0, NULL);
	r = json == NULL ? -ENOENT : adopt_live(jail, directory, json);
	if (r < 0) {
		log_warning("jail %s, uuid %s cannot be taken over and is "
		    "ended: %s", jail->vm, uuid, strerrordesc_np(-r));
		jail_close(jail, "lost");
		return;
	}
	log_note("jail %s, uuid %s taken over", jail->vm, uuid);
	jail_check(jail);
}

static bool
is_known(const struct daemon *daemon, const char *uuid)
{
	for (const struct live_jail *at = daemon->jails; at != NULL;
	    at = at->next)
		if (strcmp(at->facts.uuid, uuid) == 0)
			return true;
	return false;
}

/* Each directory of the name of a jail, in path, that is not known yet. */
static void
adopt_directory(struct daemon *daemon, const char *path)
{
	_cleanup_(close_directory) DIR *directory = opendir(path);
	struct dirent *entry;

	if (directory == NULL)
		return;
	while ((entry = readdir(directory)) != NULL)
		if (strlen(entry->d_name) == PROTOCOL_UUID_MAX - 1 &&
		    entry->d_type == DT_DIR &&
		    !is_known(daemon, entry->d_name))
			adopt_one(daemon, entry->d_name);
}

void
state_adopt(struct daemon *daemon)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/jails",
	    daemon->config->run_dir) < PATH_MAX)
		adopt_directory(daemon, path);
	/* What a build left behind that was cut off with its jaild, and what
	 * was written for jails that ended with the host. */
	adopt_directory(daemon, daemon->cgroup_base);
	if (snprintf(path, sizeof(path), "%s/fresh",
	    daemon->config->state_dir) < PATH_MAX)
		adopt_directory(daemon, path);
}

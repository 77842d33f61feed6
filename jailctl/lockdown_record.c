#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/file_replace.h"
#include "jailctl/lockdown.h"

#define NAME "lockdown"
#define RECORD_VERSION 1
#define RECORD_MAX ((size_t)64 << 20)

void
lockdown_record_path(const struct config *config, char *ret_path)
{
	snprintf(ret_path, PATH_MAX, "%s/" NAME, config->state_dir);
}

static json_t *
file_json(const struct file_change *change)
{
	return json_pack("{s:s, s:o, s:o}", "path", change->path, "before",
	    file_state_to_json(&change->before), "after",
	    file_state_to_json(&change->after));
}

static json_t *
setting_json(const struct setting_change *change)
{
	return json_pack("{s:s, s:s, s:s}", "name", change->name, "before",
	    change->before, "after", change->after);
}

/* Appends what is done, or when all also what is about to be. */
static int
append(json_t *record, const struct lockdown *lockdown, bool all)
{
	json_t *files = json_object_get(record, "files");
	json_t *settings = json_object_get(record, "settings");

	for (size_t i = 0; i < lockdown->n_files; i++) {
		const struct file_change *change = &lockdown->files[i];

		if ((all && !file_state_same(&change->before,
		    &change->after)) || change->done)
			if (json_array_append_new(files, file_json(change)) <
			    0)
				return -ENOMEM;
	}
	for (size_t i = 0; i < lockdown->n_settings; i++)
		if (all || lockdown->settings[i].done)
			if (json_array_append_new(settings,
			    setting_json(&lockdown->settings[i])) < 0)
				return -ENOMEM;
	return 0;
}

static int
open_directory(const struct config *config)
{
	int fd;

	if (mkdir(config->state_dir, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = open(config->state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int
write_record(const struct config *config, json_t *record)
{
	_cleanup_fd_ int dirfd = open_directory(config);
	_cleanup_free_ char *text = NULL;

	if (dirfd < 0)
		return dirfd;
	if (json_array_size(json_object_get(record, "files")) == 0 &&
	    json_array_size(json_object_get(record, "settings")) == 0)
		return unlinkat(dirfd, NAME, 0) < 0 && errno != ENOENT ?
		    -errno : 0;
	text = json_dumps(record, JSON_INDENT(2));
	if (text == NULL)
		return -ENOMEM;
	return file_replace(dirfd, NAME, -1, 0600, text, strlen(text));
}

/* The object as it is in the file; an empty one without a file. */
static int
read_record(const struct config *config, json_t **ret)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];
	enum trust trust;
	size_t length;
	int version = 0, r;

	lockdown_record_path(config, path);
	fd = trusted_open(AT_FDCWD, path, 0, &trust);
	if (fd == -ENOENT) {
		*ret = json_pack("{s:i, s:[], s:[]}", "version",
		    RECORD_VERSION, "files", "settings");
		return *ret == NULL ? -ENOMEM : 0;
	}
	if (fd < 0)
		return fd;
	if (trust != TRUST_OK)
		return -EPERM;
	r = read_all(fd, RECORD_MAX, &text, &length);
	if (r < 0)
		return r;
	*ret = json_loadb(text, length, 0, NULL);
	if (json_unpack(*ret, "{s:i}", "version", &version) == 0 &&
	    version == RECORD_VERSION)
		return 0;
	json_decref(*ret);
	return -EBADMSG;
}

static int
take_file(json_t *json, struct lockdown *lockdown)
{
	struct file_change change = { .done = true }, *larger;
	const char *path;
	json_t *before, *after;

	if (json_unpack(json, "{s:s, s:o, s:o}", "path", &path, "before",
	    &before, "after", &after) < 0 || *path != '/')
		return -EBADMSG;
	larger = realloc(lockdown->files, (lockdown->n_files + 1) *
	    sizeof(*larger));
	if (larger == NULL)
		return -ENOMEM;
	lockdown->files = larger;
	if (file_state_from_json(before, &change.before) < 0 ||
	    file_state_from_json(after, &change.after) < 0) {
		file_state_free(&change.before);
		return -EBADMSG;
	}
	change.path = strdup(path);
	larger[lockdown->n_files++] = change;
	return change.path == NULL ? -ENOMEM : 0;
}

static int
take_setting(json_t *json, struct lockdown *lockdown)
{
	const char *name, *before, *after;
	int r;

	if (json_unpack(json, "{s:s, s:s, s:s}", "name", &name, "before",
	    &before, "after", &after) < 0)
		return -EBADMSG;
	r = lockdown_setting(lockdown, name, before, after);
	if (r == 0)
		lockdown->settings[lockdown->n_settings - 1].done = true;
	return r;
}

int
lockdown_record_read(const struct config *config, struct lockdown *ret)
{
	struct lockdown lockdown = { .config = config };
	json_t *record, *row;
	size_t i;
	int r = read_record(config, &record);

	if (r < 0)
		return r;
	json_array_foreach(json_object_get(record, "files"), i, row)
		if (r == 0)
			r = take_file(row, &lockdown);
	json_array_foreach(json_object_get(record, "settings"), i, row)
		if (r == 0)
			r = take_setting(row, &lockdown);
	json_decref(record);
	if (r < 0)
		lockdown_free(&lockdown);
	else
		*ret = lockdown;
	return r;
}

int
lockdown_record_add(const struct lockdown *lockdown)
{
	json_t *record;
	int r = read_record(lockdown->config, &record);

	if (r < 0)
		return r;
	r = append(record, lockdown, true);
	if (r == 0)
		r = write_record(lockdown->config, record);
	json_decref(record);
	return r;
}

int
lockdown_record_write(const struct lockdown *lockdown)
{
	json_t *record = json_pack("{s:i, s:[], s:[]}", "version",
	    RECORD_VERSION, "files", "settings");
	int r = record == NULL ? -ENOMEM : append(record, lockdown, false);

	if (r == 0)
		r = write_record(lockdown->config, record);
	json_decref(record);
	return r;
}

/* The steps of an adoption that take away what would work outside of a jail:
 * subordinate ids, lingering, the account's own systemd. */
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
#include "jailctl/adoption.h"
#include "jaild/admit.h"

/* Subordinate ids: usermod(8) names a range FIRST-LAST. */

#define RANGES_MAX 64

static const struct {
	const char *path, *key, *add, *remove;
} id_files[] = {
	{ "/etc/subuid", "uids", "--add-subuids", "--del-subuids" },
	{ "/etc/subgid", "gids", "--add-subgids", "--del-subgids" },
};

/* Lines are "NAME:FIRST:COUNT", where a uid may stand for the name. */
static int
read_ranges(struct adoption *adoption, const char *path, json_t *ranges)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	char line[512], number[32], range[64];

	if (file == NULL)
		return errno == ENOENT ? 0 : adoption_fail(adoption, -errno,
		    "%s: %m", path);
	snprintf(number, sizeof(number), "%u", adoption->uid);
	while (fgets(line, sizeof(line), file) != NULL) {
		char *rest = line, *name = strsep(&rest, ":");
		unsigned long first, count;

		if (rest == NULL || sscanf(rest, "%lu:%lu", &first, &count) !=
		    2 || count == 0)
			continue;
		if (strcmp(name, number) == 0)
			return adoption_fail(adoption, -EPERM, "%s gives "
			    "subordinate ids to the uid %s, which no tool "
			    "takes back: remove that line first", path,
			    number);
		if (strcmp(name, adoption->name) != 0)
			continue;
		snprintf(range, sizeof(range), "%lu-%lu", first,
		    first + count - 1);
		json_array_append_new(ranges, json_string(range));
	}
	return 0;
}

static int
ids_read(struct adoption *adoption, json_t **ret_data)
{
	json_t *data = json_pack("{s:[], s:[]}", "uids", "gids");
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(id_files); i++) {
		json_t *ranges = json_object_get(data, id_files[i].key);

		r = read_ranges(adoption, id_files[i].path, ranges);
		n += json_array_size(ranges);
	}
	if (r < 0 || n == 0) {
		json_decref(data);
		data = NULL;
	}
	*ret_data = data;
	return r;
}

/* An account that is made here never gets any. */
static int
ids_plan(struct adoption *adoption, json_t **ret_data)
{
	*ret_data = NULL;
	return adoption->create ? 0 : ids_read(adoption, ret_data);
}

static int
change_ids(struct adoption *adoption, const json_t *data, bool add)
{
	const char *argv[2 * 2 * RANGES_MAX + 3] = { "usermod" };
	size_t n = 1;

	for (size_t i = 0; i < ARRAY_LENGTH(id_files); i++) {
		json_t *ranges = json_object_get(data, id_files[i].key);
		json_t *range;
		size_t j;

		if (json_array_size(ranges) > RANGES_MAX)
			return adoption_fail(adoption, -E2BIG, "%s has too "
			    "many subordinate ids", adoption->name);
		json_array_foreach(ranges, j, range) {
			argv[n++] = add ? id_files[i].add :
			    id_files[i].remove;
			argv[n++] = json_string_value(range);
		}
	}
	argv[n++] = adoption->name;
	return adoption_run(adoption, argv);
}

static int
ids_apply(struct adoption *adoption, json_t *data)
{
	json_t *left = NULL;
	int r = change_ids(adoption, data, false);

	if (r == 0)
		r = ids_read(adoption, &left);
	if (left != NULL)
		r = adoption_fail(adoption, -EIO, "usermod left subordinate "
		    "ids to %s", adoption->name);
	json_decref(left);
	return r;
}

/* Only what is missing is given back. */
static int
ids_undo(struct adoption *adoption, const json_t *data)
{
	json_t *missing = json_deep_copy(data), *now = NULL;
	int r = ids_read(adoption, &now);

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(id_files); i++) {
		json_t *want = json_object_get(missing, id_files[i].key);
		json_t *have = json_object_get(now, id_files[i].key), *range;
		size_t j;

		json_array_foreach(have, j, range)
			for (size_t k = json_array_size(want); k > 0; k--)
				if (json_equal(json_array_get(want, k - 1),
				    range))
					json_array_remove(want, k - 1);
	}
	if (r == 0 && json_array_size(json_object_get(missing, "uids")) +
	    json_array_size(json_object_get(missing, "gids")) > 0)
		r = change_ids(adoption, missing, true);
	json_decref(missing);
	json_decref(now);
	return r;
}

static void
ids_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)adoption;
	(void)data;
	fputs("take back its subordinate uids and gids", out);
}

static void
ids_tell_undo(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)adoption;
	(void)data;
	fputs("give it its subordinate uids and gids again", out);
}

const struct adoption_step adoption_ids = { "subordinate-ids", ids_plan,
	ids_apply, ids_undo, ids_tell, ids_tell_undo };

/* Lingering: logind would keep services of it running. */

static bool
lingers(const struct adoption *adoption, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, ADMIT_LINGER_DIRECTORY "/%s",
	    adoption->name);
	return access(path, F_OK) == 0;
}

static int
linger_plan(struct adoption *adoption, json_t **ret_data)
{
	char path[PATH_MAX];

	*ret_data = lingers(adoption, path) ? json_object() : NULL;
	return 0;
}

static int
linger_apply(struct adoption *adoption, json_t *data)
{
	char path[PATH_MAX];

	(void)data;
	if (adoption_systemd_runs())
		return ADOPTION_RUN(adoption, "loginctl", "disable-linger",
		    adoption->name);
	if (lingers(adoption, path) && unlink(path) < 0)
		return adoption_fail(adoption, -errno, "%s: %m", path);
	return 0;
}

static int
linger_undo(struct adoption *adoption, const json_t *data)
{
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];

	(void)data;
	if (lingers(adoption, path))
		return 0;
	if (adoption_systemd_runs())
		return ADOPTION_RUN(adoption, "loginctl", "enable-linger",
		    adoption->name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	return fd < 0 ? adoption_fail(adoption, -errno, "%s: %m", path) : 0;
}

static void
linger_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)adoption;
	(void)data;
	fputs("end its lingering", out);
}

static void
linger_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)adoption;
	(void)data;
	fputs("let it linger again", out);
}

const struct adoption_step adoption_linger = { "linger", linger_plan,
	linger_apply, linger_undo, linger_tell, linger_tell_undo };

/* Its own systemd, which logind starts outside of the jail. */

static void
unit_name(const struct adoption *adoption, char name[64])
{
	snprintf(name, 64, "user@%u.service", adoption->uid);
}

static bool
is_masked(const char *unit)
{
	char path[PATH_MAX], to[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/etc/systemd/system/%s", unit);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return false;
	to[n] = '\0';
	return strcmp(to, "/dev/null") == 0;
}

static int
unit_plan(struct adoption *adoption, json_t **ret_data)
{
	char unit[64];

	unit_name(adoption, unit);
	*ret_data = !adoption_systemd_is_there() ||
	    (adoption->uid != ADOPTION_UID_NONE && is_masked(unit)) ? NULL :
	    json_object();
	return 0;
}

/* The number of a new account is known only now. */
static int
unit_apply(struct adoption *adoption, json_t *data)
{
	char unit[64];

	unit_name(adoption, unit);
	if (is_masked(unit)) {
		json_object_set_new(data, "was_masked", json_true());
		return 0;
	}
	return ADOPTION_RUN(adoption, "systemctl", "--quiet", "mask", unit);
}

static int
unit_undo(struct adoption *adoption, const json_t *data)
{
	char unit[64];

	unit_name(adoption, unit);
	if (adoption->uid == ADOPTION_UID_NONE || !is_masked(unit) ||
	    json_is_true(json_object_get(data, "was_masked")))
		return 0;
	return ADOPTION_RUN(adoption, "systemctl", "--quiet", "unmask",
	    unit);
}

static void
unit_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	char unit[64] = "user@UID.service";

	(void)data;
	if (adoption->uid != ADOPTION_UID_NONE)
		unit_name(adoption, unit);
	fprintf(out, "mask %s, which would run outside of the jail", unit);
}

static void
unit_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	char unit[64];

	(void)data;
	unit_name(adoption, unit);
	fprintf(out, "unmask %s", unit);
}

const struct adoption_step adoption_unit = { "unit", unit_plan, unit_apply,
	unit_undo, unit_tell, unit_tell_undo };

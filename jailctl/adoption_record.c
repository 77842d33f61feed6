#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/adoption_record.h"
#include "jailctl/file_replace.h"

#define DIRECTORY "adopted"
#define RECORD_MAX ((size_t)1 << 20)
#define RECORD_VERSION 1

/* The last component is made; those above it are the package's. */
static int
make_directory(int parent_fd, const char *path, int *ret_fd)
{
	if (mkdirat(parent_fd, path, 0700) < 0 && errno != EEXIST)
		return -errno;
	*ret_fd = openat(parent_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? -errno : 0;
}

int
adoption_record_lock(struct adoption *adoption, int *ret_fd)
{
	_cleanup_fd_ int state = -1, fd = -1;
	int r = make_directory(AT_FDCWD, adoption->config->state_dir, &state);

	if (r == 0)
		r = make_directory(state, DIRECTORY, &fd);
	if (r == 0 && flock(fd, LOCK_EX) < 0)
		r = -errno;
	if (r < 0)
		return adoption_fail(adoption, r, "%s/" DIRECTORY ": %s",
		    adoption->config->state_dir, strerrordesc_np(-r));
	*ret_fd = steal_fd(&fd);
	return 0;
}

static int
refuse_record(struct adoption *adoption, int error, const char *why)
{
	return adoption_fail(adoption, error, "%s/" DIRECTORY "/%s: %s",
	    adoption->config->state_dir, adoption->name, why);
}

/* Every step of it has to be known, so that all of it can be undone. */
static int
check_record(struct adoption *adoption)
{
	int version = 0, complete, create, uid;
	json_t *steps, *step;
	size_t i;

	if (json_unpack(adoption->record, "{s:i, s:b, s:b, s:i, s:o}",
	    "version", &version, "complete", &complete, "created", &create,
	    "uid", &uid, "steps", &steps) < 0 || !json_is_array(steps))
		return refuse_record(adoption, -EBADMSG, "is damaged");
	if (version != RECORD_VERSION)
		return refuse_record(adoption, -EBADMSG, "was written by "
		    "another version of jailctl");
	json_array_foreach(steps, i, step) {
		const char *name = json_string_value(json_object_get(step,
		    "step"));

		if (name == NULL || adoption_step_find(name) == NULL)
			return refuse_record(adoption, -EBADMSG, "holds a "
			    "step that this jailctl does not know");
	}
	adoption->create = create;
	adoption->uid = uid < 0 ? ADOPTION_UID_NONE : (uid_t)uid;
	return 0;
}

int
adoption_record_read(struct adoption *adoption, int directory_fd)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	enum trust trust;
	size_t length;
	int r;

	fd = trusted_open(directory_fd, adoption->name, 0, &trust);
	if (fd == -ENOENT)
		return fd;
	if (fd < 0)
		return refuse_record(adoption, fd, strerrordesc_np(-fd));
	if (trust != TRUST_OK)
		return refuse_record(adoption, -EPERM, trust_reason(trust));
	r = read_all(fd, RECORD_MAX, &text, &length);
	if (r < 0)
		return refuse_record(adoption, r, strerrordesc_np(-r));
	adoption->record = json_loadb(text, length, JSON_REJECT_DUPLICATES,
	    NULL);
	if (adoption->record == NULL)
		return refuse_record(adoption, -EBADMSG, "is damaged");
	return check_record(adoption);
}

json_t *
adoption_record_new(const struct adoption *adoption)
{
	return json_pack("{s:i, s:s, s:i, s:b, s:b, s:[]}", "version",
	    RECORD_VERSION, "account", adoption->name, "uid",
	    adoption->uid == ADOPTION_UID_NONE ? -1 : (int)adoption->uid,
	    "created", adoption->create, "complete", false, "steps");
}

json_t *
adoption_record_steps(const struct adoption *adoption)
{
	return json_object_get(adoption->record, "steps");
}

void
adoption_record_complete(struct adoption *adoption)
{
	json_object_set_new(adoption->record, "complete", json_true());
}

bool
adoption_record_is_complete(const struct adoption *adoption)
{
	return json_is_true(json_object_get(adoption->record, "complete"));
}

int
adoption_record_write(struct adoption *adoption, int directory_fd)
{
	_cleanup_free_ char *text = NULL;
	int r;

	if (adoption->uid != ADOPTION_UID_NONE)
		json_object_set_new(adoption->record, "uid",
		    json_integer(adoption->uid));
	text = json_dumps(adoption->record, JSON_INDENT(2));
	if (text == NULL)
		return refuse_record(adoption, -ENOMEM, "no memory");
	r = file_replace(directory_fd, adoption->name, -1, 0600, text,
	    strlen(text));
	return r < 0 ? refuse_record(adoption, r, strerrordesc_np(-r)) : 0;
}

int
adoption_record_remove(struct adoption *adoption, int directory_fd)
{
	if (unlinkat(directory_fd, adoption->name, 0) < 0 && errno != ENOENT)
		return refuse_record(adoption, -errno,
		    strerrordesc_np(errno));
	(void)fsync(directory_fd);
	return 0;
}

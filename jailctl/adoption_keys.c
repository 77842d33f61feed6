/* An agent's keys stand in a file of root's, and a file for sshd names it:
 * what lies in a home can be renamed by whoever owns the home, so that no
 * owner or mode of ~/.ssh would do. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/adoption_keys.h"
#include "jailctl/adoption_sshd.h"
#include "jailctl/doctor_sshd.h"
#include "jailctl/file_replace.h"

#define KEYS_DIRECTORY JAILD_SYSCONFDIR "/authorized_keys"
#define SETTINGS_DIRECTORY "/etc/ssh/sshd_config.d"

static void
settings_path(const struct adoption *adoption, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, SETTINGS_DIRECTORY "/00-jaild-%s.conf",
	    adoption->name);
}

static void
keys_path(const struct adoption *adoption, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, KEYS_DIRECTORY "/%s", adoption->name);
}

static int
keys_plan(struct adoption *adoption, json_t **ret_data)
{
	_cleanup_(sshd_answer_free) struct sshd_answer answer = { 0 };
	char path[PATH_MAX];
	int r;

	*ret_data = NULL;
	if (sshd_find() == NULL)
		return adoption->keys == NULL ? 0 : adoption_fail(adoption,
		    -ENOENT, "there is no sshd on this host: leave out "
		    "--key");
	if (access(SETTINGS_DIRECTORY, F_OK) < 0)
		return adoption_fail(adoption, -ENOENT, SETTINGS_DIRECTORY
		    " does not exist: make it, with `Include "
		    SETTINGS_DIRECTORY "/*.conf` as the first line of "
		    "/etc/ssh/sshd_config");
	settings_path(adoption, path);
	if (access(path, F_OK) == 0)
		return adoption_fail(adoption, -EEXIST, "%s is there, and no "
		    "adoption of %s is on record: remove it first", path,
		    adoption->name);
	r = adoption_sshd_ask(adoption->name, &answer);
	if (r < 0)
		return adoption_fail(adoption, r, "sshd's settings are not "
		    "known: %s", answer.said != NULL ? answer.said :
		    strerrordesc_np(-r));
	r = adoption->create ? 0 : adoption_keys_take_over(adoption,
	    answer.keys_files);
	if (r == 0)
		*ret_data = json_object();
	return r;
}

/* Replaces a file that any account may read. */
static int
write_file(struct adoption *adoption, const char *path, const char *text)
{
	_cleanup_free_ char *directory = strndup(path,
	    (size_t)(strrchr(path, '/') - path));
	_cleanup_fd_ int fd = directory == NULL ? -1 : open(directory,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 ? -errno : file_replace(fd, strrchr(path, '/') + 1, -1,
	    0644, text, strlen(text));

	return r < 0 ? adoption_fail(adoption, r, "%s: %s", path,
	    strerrordesc_np(-r)) : 0;
}

static int
write_settings(struct adoption *adoption)
{
	_cleanup_free_ char *text = NULL;
	char path[PATH_MAX];

	settings_path(adoption, path);
	if (asprintf(&text, "# Made by `jailctl adopt`, removed by `jailctl "
	    "release %s`.  The agent cannot\n# write these keys; `jailctl "
	    "adopt %s --key FILE` changes them.\nMatch User %s\n"
	    "\tAuthorizedKeysFile " KEYS_DIRECTORY "/%s\n", adoption->name,
	    adoption->name, adoption->name, adoption->name) < 0) {
		text = NULL;
		return adoption_fail(adoption, -ENOMEM, "no memory");
	}
	return write_file(adoption, path, text);
}

int
adoption_keys_replace(struct adoption *adoption)
{
	char path[PATH_MAX];

	keys_path(adoption, path);
	return write_file(adoption, path, adoption->keys);
}

/* Another file, or the order of lines, may have the last word. */
static int
check_settings(struct adoption *adoption)
{
	_cleanup_(sshd_answer_free) struct sshd_answer answer = { 0 };
	char path[PATH_MAX];
	int r = adoption_sshd_ask(adoption->name, &answer);

	if (r < 0)
		return adoption_fail(adoption, r, "sshd does not take the "
		    "settings: %s", answer.said != NULL ? answer.said :
		    strerrordesc_np(-r));
	keys_path(adoption, path);
	if (strcmp(answer.keys_files, path) == 0)
		return 0;
	settings_path(adoption, path);
	return adoption_fail(adoption, -EPERM, "%s has no effect, sshd looks "
	    "for keys in %s: is `Include " SETTINGS_DIRECTORY "/*.conf` the "
	    "first line of /etc/ssh/sshd_config?", path, answer.keys_files);
}

static int
keys_apply(struct adoption *adoption, json_t *data)
{
	int r;

	(void)data;
	if (adoption->keys == NULL)
		adoption->keys = strdup("# no key yet\n");
	if (adoption->keys == NULL)
		return adoption_fail(adoption, -ENOMEM, "no memory");
	if (mkdir(KEYS_DIRECTORY, 0755) < 0 && errno != EEXIST)
		return adoption_fail(adoption, -errno, KEYS_DIRECTORY
		    ": %m");
	r = adoption_keys_replace(adoption);
	if (r == 0)
		r = write_settings(adoption);
	if (r == 0)
		r = check_settings(adoption);
	return r == 0 ? adoption_sshd_reload(adoption) : r;
}

/* 1 when it was there, 0 when not.  Where nothing can be written the kernel
 * says so before it looks for the name. */
static int
remove_file(struct adoption *adoption, const char *path)
{
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	return unlink(path) == 0 ? 1 : adoption_fail(adoption, -errno,
	    "%s: %m", path);
}

static int
keys_undo(struct adoption *adoption, const json_t *data)
{
	char path[PATH_MAX];
	int r;

	(void)data;
	settings_path(adoption, path);
	r = remove_file(adoption, path);
	if (r > 0)
		r = adoption_sshd_reload(adoption);
	if (r < 0)
		return r;
	keys_path(adoption, path);
	r = remove_file(adoption, path);
	/* The last one takes the directory along. */
	(void)rmdir(KEYS_DIRECTORY);
	return r < 0 ? r : 0;
}

static void
keys_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)data;
	fprintf(out, "let sshd look for its keys in " KEYS_DIRECTORY "/%s "
	    "only, which it cannot write (%s)", adoption->name,
	    adoption->keys != NULL ? "the keys are put there" :
	    "there are none yet: --key FILE");
}

static void
keys_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)data;
	fprintf(out, "remove " KEYS_DIRECTORY "/%s, and let sshd look for "
	    "keys as for everybody", adoption->name);
}

const struct adoption_step adoption_keys = { "keys", keys_plan, keys_apply,
	keys_undo, keys_tell, keys_tell_undo };

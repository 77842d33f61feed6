#include "config.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jaild/account.h"
#include "jailctl/doctor_sshd.h"
#include "jailctl/lockdown_keys.h"
#include "jailctl/text_edit.h"

#define KEYS_MAX ((size_t)1 << 20)

/* Copies one file of keys behind state.
 *
 * MUST:
 *  1. not follow any link: the account could have one point to a file that
 *     only root may read, and the copy may be read by everybody;
 *  2. copy no file that somebody else than the account or root owns, and none
 *     that has another name elsewhere. */
static int
take_keys(struct file_state *state, const char *path,
    const struct account *account)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_NO_SYMLINKS };
	_cleanup_fd_ int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how,
	    sizeof(how));
	_cleanup_free_ char *text = NULL;
	char *saved = NULL;
	struct stat status;
	size_t length;
	int r;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_nlink != 1 ||
	    (status.st_uid != account->uid && status.st_uid != 0))
		return -EPERM;
	r = read_all(fd, KEYS_MAX, &text, &length);
	for (char *line = r < 0 ? NULL : strtok_r(text, "\n", &saved);
	    r == 0 && line != NULL; line = strtok_r(NULL, "\n", &saved))
		r = text_append(state, line);
	return r;
}

/* The words of sshd's line "authorizedkeysfile". */
static int
take_all_keys(struct file_state *state, char *says,
    const struct account *account)
{
	char *at = strcasestr(says, "authorizedkeysfile "), *saved = NULL;
	char path[PATH_MAX];
	int r = 0;

	if (at == NULL)
		return -ENOENT;
	at[strcspn(at, "\n")] = '\0';
	strtok_r(at, " ", &saved);
	while (r == 0 && (at = strtok_r(NULL, " ", &saved)) != NULL) {
		if (strcmp(at, "none") == 0 ||
		    sshd_expand(at, account, path) < 0)
			continue;
		r = take_keys(state, path, account);
		if (r < 0)
			complain("%s: the keys are not copied: %s", path,
			    r == -ELOOP ? "a link is on the way" :
			    strerrordesc_np(-r));
	}
	return r;
}

/* An empty file is still a file: no key, and nowhere else to look. */
static int
plan_keys(struct lockdown *lockdown, const struct account *account)
{
	_cleanup_free_ char *says = NULL;
	struct file_state *state;
	char path[PATH_MAX];
	int r;

	snprintf(path, sizeof(path), LOCKDOWN_KEYS "/%s", account->name);
	state = lockdown_file(lockdown, path);
	if (state == NULL)
		return -ENOMEM;
	if (state->kind != FILE_ABSENT)
		return 0;
	r = sshd_ask(sshd_find(), account->name, &says);
	if (r < 0)
		return r;
	r = text_append(state, "# of the account's; `jailctl lockdown` put "
	    "them out of its reach");
	return r < 0 ? r : take_all_keys(state, says, account);
}

static int
plan_settings(struct lockdown *lockdown)
{
	struct file_state *state = lockdown_file(lockdown, LOCKDOWN_SSHD);
	char match[128];
	int r;

	if (state == NULL)
		return -ENOMEM;
	snprintf(match, sizeof(match), "Match Group %s",
	    lockdown->config->agents_group);
	r = text_append(state, match);
	return r < 0 ? r : text_append(state,
	    "\tAuthorizedKeysFile " LOCKDOWN_KEYS "/%u");
}

int
lockdown_close_keys(struct lockdown *lockdown, const char *name)
{
	struct account *account;
	int r = account_resolve(name, &account);

	if (r < 0)
		return r;
	r = lockdown_directory(lockdown, JAILD_SYSCONFDIR);
	if (r == 0)
		r = lockdown_directory(lockdown, LOCKDOWN_KEYS);
	if (r == 0)
		r = lockdown_directory(lockdown, "/etc/ssh/sshd_config.d");
	if (r == 0)
		r = plan_keys(lockdown, account);
	if (r == 0)
		r = plan_settings(lockdown);
	account_free(account);
	return r;
}

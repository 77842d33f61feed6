#include "config.h"

#include <sys/stat.h>

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/path_write.h"

static bool
has_gid(const struct account *account, gid_t gid)
{
	for (size_t i = 0; i < account->n_groups; i++)
		if (account->groups[i].gid == gid)
			return true;
	return false;
}

/* An access list is seen in the group's bits, which are its mask. */
static bool
may_write(const struct account *account, const struct stat *status)
{
	return status->st_uid == account->uid ||
	    (status->st_mode & S_IWGRP && has_gid(account, status->st_gid)) ||
	    status->st_mode & S_IWOTH;
}

/* What path is up to its next part: first "/"; *at is where that ends.  False
 * behind the last. */
static bool
next_part(const char *path, size_t *at, char ret_part[PATH_MAX])
{
	size_t begin = *at + strspn(path + *at, "/");

	if (*at == 0)
		begin = 0;
	else if (path[begin] == '\0')
		return false;
	*at = *at == 0 ? 1 : begin + strcspn(path + begin, "/");
	snprintf(ret_part, PATH_MAX, "%.*s", (int)*at, path);
	return true;
}

/* In a directory with the sticky bit only what is missing can be made. */
bool
path_agent_writes(const struct account *account, const char *path,
    char ret_part[PATH_MAX])
{
	bool sticky = false;
	size_t at = 0;

	*ret_part = '\0';
	if (*path != '/' || strlen(path) >= PATH_MAX)
		return false;
	while (next_part(path, &at, ret_part)) {
		struct stat status;

		if (lstat(ret_part, &status) < 0)
			return sticky;
		if (S_ISLNK(status.st_mode) && status.st_uid != account->uid)
			continue;
		sticky = S_ISDIR(status.st_mode) && status.st_mode &
		    S_ISVTX && status.st_uid != account->uid &&
		    may_write(account, &status);
		if (!sticky && may_write(account, &status))
			return true;
	}
	return false;
}

bool
path_others_write(const char *path, unsigned owner, char ret_part[PATH_MAX])
{
	size_t at = 0;

	*ret_part = '\0';
	if (*path != '/' || strlen(path) >= PATH_MAX)
		return false;
	while (next_part(path, &at, ret_part)) {
		struct stat status;

		if (path[at + strspn(path + at, "/")] == '\0')
			return false;
		if (lstat(ret_part, &status) < 0)
			return false;
		if (status.st_uid != 0 && status.st_uid != owner)
			return true;
		if (!S_ISLNK(status.st_mode) && (status.st_mode & S_IWOTH ||
		    (status.st_mode & S_IWGRP && status.st_gid != 0)))
			return true;
	}
	return false;
}

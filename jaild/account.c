#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"

#define BUFFER_MAX (1u << 20)
#define GROUPS_MAX 4096

bool
account_is_local(const char *name)
{
	_cleanup_file_ FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *passwd;

	while (file != NULL && (passwd = fgetpwent(file)) != NULL)
		if (strcmp(passwd->pw_name, name) == 0)
			return true;
	return false;
}

void
account_free(struct account *account)
{
	if (account == NULL)
		return;
	for (size_t i = 0; i < account->n_groups; i++)
		free(account->groups[i].name);
	free(account->groups);
	free(account->name);
	free(account->home);
	free(account->shell);
	free(account->gecos);
	free(account);
}

bool
account_in_group(const struct account *account, const char *group)
{
	for (size_t i = 0; i < account->n_groups; i++)
		if (strcmp(account->groups[i].name, group) == 0)
			return true;
	return false;
}

static int
fill(struct account *account, const struct passwd *passwd)
{
	account->uid = passwd->pw_uid;
	account->gid = passwd->pw_gid;
	account->name = strdup(passwd->pw_name);
	account->home = strdup(passwd->pw_dir);
	account->shell = strdup(passwd->pw_shell);
	account->gecos = strdup(passwd->pw_gecos != NULL ?
	    passwd->pw_gecos : "");
	if (account->name == NULL || account->home == NULL ||
	    account->shell == NULL || account->gecos == NULL)
		return -ENOMEM;
	return 0;
}

static int
resolve_passwd(const char *name, struct account *account)
{
	_cleanup_free_ char *buffer = NULL;
	struct passwd passwd, *found = NULL;

	for (size_t size = 4096; size <= BUFFER_MAX; size *= 4) {
		char *larger = realloc(buffer, size);
		int r;

		if (larger == NULL)
			return -ENOMEM;
		buffer = larger;
		r = getpwnam_r(name, &passwd, buffer, size, &found);
		if (r == 0 && found == NULL)
			return -ENOENT;
		if (r == 0)
			return fill(account, found);
		if (r != ERANGE)
			return -r;
	}
	return -ERANGE;
}

/* A group without a name cannot be matched and would be lost in the jail:
 * it is named by its number, as ls(1) would show it. */
static int
resolve_group(gid_t gid, struct account_group *ret)
{
	_cleanup_free_ char *buffer = NULL;
	struct group group, *found = NULL;
	char *name = NULL;

	for (size_t size = 4096; size <= BUFFER_MAX; size *= 4) {
		char *larger = realloc(buffer, size);
		int r;

		if (larger == NULL)
			return -ENOMEM;
		buffer = larger;
		r = getgrgid_r(gid, &group, buffer, size, &found);
		if (r == ERANGE)
			continue;
		if (r != 0 && r != ENOENT)
			return -r;
		if (found != NULL)
			name = strdup(found->gr_name);
		else if (asprintf(&name, "g%u", gid) < 0)
			name = NULL;
		if (name == NULL)
			return -ENOMEM;
		*ret = (struct account_group){ .gid = gid, .name = name };
		return 0;
	}
	return -ERANGE;
}

static int
resolve_groups(struct account *account)
{
	_cleanup_free_ gid_t *gids = NULL;
	int n = 64;

	for (;;) {
		int room = n;

		free(gids);
		gids = calloc((size_t)n, sizeof(*gids));
		if (gids == NULL)
			return -ENOMEM;
		if (getgrouplist(account->name, account->gid, gids, &n) >= 0)
			break;
		if (n <= room || n > GROUPS_MAX)
			return -E2BIG;
	}
	account->groups = calloc((size_t)n, sizeof(*account->groups));
	if (account->groups == NULL)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		int r = resolve_group(gids[i],
		    &account->groups[account->n_groups]);

		if (r < 0)
			return r;
		account->n_groups++;
	}
	return 0;
}

int
account_resolve(const char *name, struct account **ret)
{
	struct account *account = calloc(1, sizeof(*account));
	int r;

	if (account == NULL)
		return -ENOMEM;
	r = resolve_passwd(name, account);
	if (r == 0 && account->uid == 0)
		r = -EPERM;
	if (r == 0)
		r = resolve_groups(account);
	if (r < 0) {
		account_free(account);
		return r;
	}
	*ret = account;
	return 0;
}

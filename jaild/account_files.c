/* Accounts as the files of another host have them. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "common/trusted.h"
#include "jaild/account.h"

/* What is no regular file might never end. */
static int
open_file(const char *tree, const char *path, FILE **ret)
{
	_cleanup_fd_ int fd = tree_open(tree, path, O_RDONLY | O_NOCTTY |
	    O_NONBLOCK);
	enum trust trust = TRUST_NO;
	int r = fd < 0 ? fd : trusted_judge(fd, 0, &trust);

	if (r < 0)
		return r;
	if (trust == TRUST_NOT_REGULAR)
		return -EINVAL;
	*ret = fdopen(fd, "r");
	if (*ret == NULL)
		return -errno;
	steal_fd(&fd);
	return 0;
}

static int
fill(struct account *account, const struct passwd *passwd)
{
	account->uid = passwd->pw_uid;
	account->gid = passwd->pw_gid;
	account->name = strdup(passwd->pw_name);
	account->home = strdup(passwd->pw_dir);
	account->shell = strdup(passwd->pw_shell);
	account->gecos = strdup(passwd->pw_gecos);
	if (account->name == NULL || account->home == NULL ||
	    account->shell == NULL || account->gecos == NULL)
		return -ENOMEM;
	return 0;
}

static int
read_passwd(FILE *file, const char *name, struct account *account)
{
	const struct passwd *passwd;

	do {
		errno = 0;
		passwd = fgetpwent(file);
	} while (passwd != NULL && strcmp(passwd->pw_name, name) != 0);
	if (passwd != NULL)
		return fill(account, passwd);
	return errno != 0 && errno != ENOENT ? -errno : -ENOENT;
}

static bool
has_member(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member != NULL; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

/* The primary group stands first. */
static int
add_group(struct account *account, const struct group *group)
{
	size_t n = account->n_groups;
	struct account_group *more = reallocarray(account->groups, n + 1,
	    sizeof(*more));
	char *name = strdup(group->gr_name);

	if (more != NULL)
		account->groups = more;
	if (more == NULL || name == NULL) {
		free(name);
		return -ENOMEM;
	}
	more[n] = (struct account_group){ .gid = group->gr_gid,
		.name = name };
	account->n_groups++;
	if (group->gr_gid == account->gid) {
		struct account_group first = more[0];

		more[0] = more[n];
		more[n] = first;
	}
	return 0;
}

/* As account_resolve() does it for a group that has no name. */
static int
name_primary(struct account *account)
{
	char name[16];
	const struct group group = { .gr_name = name,
		.gr_gid = account->gid };

	if (account->n_groups > 0 && account->groups[0].gid == account->gid)
		return 0;
	snprintf(name, sizeof(name), "g%u", account->gid);
	return add_group(account, &group);
}

static int
read_groups(FILE *file, struct account *account)
{
	const struct group *group;
	int r = 0;

	for (errno = 0; r == 0 && (group = fgetgrent(file)) != NULL; errno = 0)
		if (group->gr_gid == account->gid ||
		    has_member(group, account->name))
			r = add_group(account, group);
	if (r == 0 && errno != 0 && errno != ENOENT)
		r = -errno;
	return r < 0 ? r : name_primary(account);
}

static int
read_account(const char *tree, const char *name, struct account *account)
{
	_cleanup_file_ FILE *passwd = NULL;
	_cleanup_file_ FILE *groups = NULL;
	int r = open_file(tree, "/etc/passwd", &passwd);

	if (r == 0)
		r = read_passwd(passwd, name, account);
	if (r == 0 && account->uid == 0)
		r = -EPERM;
	if (r == 0)
		r = open_file(tree, "/etc/group", &groups);
	return r < 0 ? r : read_groups(groups, account);
}

int
account_read(const char *tree, const char *name, struct account **ret)
{
	struct account *account = calloc(1, sizeof(*account));
	int r;

	if (account == NULL)
		return -ENOMEM;
	r = read_account(tree, name, account);
	if (r < 0)
		account_free(account);
	else
		*ret = account;
	return r;
}

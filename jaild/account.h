/* One account as NSS has it, resolved once per login. */
#ifndef JAILD_ACCOUNT_H
#define JAILD_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct account_group {
	gid_t gid;
	char *name;
};

struct account {
	char *name;
	uid_t uid;
	gid_t gid;
	char *home;		/* as NSS says, not checked */
	char *shell;
	char *gecos;
	struct account_group *groups;	/* primary first */
	size_t n_groups;
};

/* Resolves a name.  NSS may block: call only in a worker.  0 and *ret
 * (account_free()); -ENOENT; -EPERM for uid 0; -errno. */
int account_resolve(const char *name, struct account **ret);

/* The same from the files etc/passwd and etc/group of a host that lies in a
 * folder (account_files.c). */
int account_read(const char *tree, const char *name, struct account **ret);

/* Whether the name is in /etc/passwd, wherever else it may be. */
bool account_is_local(const char *name);

void account_free(struct account *account);
bool account_in_group(const struct account *account, const char *group);

#endif

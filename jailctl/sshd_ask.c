#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/command_run.h"
#include "jailctl/doctor_sshd.h"

static const char *const sshd_paths[] = { "/usr/sbin/sshd",
	"/usr/local/sbin/sshd" };

const char *
sshd_find(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(sshd_paths); i++)
		if (access(sshd_paths[i], X_OK) == 0)
			return sshd_paths[i];
	return NULL;
}

int
sshd_ask(const char *sshd, const char *user, char **ret_lines)
{
	_cleanup_free_ char *says = NULL;
	char connection[512];
	const char *argv[] = { sshd, "-T", NULL, NULL, NULL };
	int status;

	if (user != NULL) {
		snprintf(connection, sizeof(connection), "user=%s,"
		    "host=localhost,addr=127.0.0.1", user);
		argv[2] = "-C";
		argv[3] = connection;
	}
	status = command_run(argv, 0, &says);
	if (status < 0)
		return status;
	if (status != 0)
		return -EINVAL;
	*ret_lines = steal_ptr(says);
	return 0;
}

/* What stands for the letter behind a per cent sign; NULL: nothing. */
static const char *
expansion(char letter, const struct account *account, char uid[16])
{
	switch (letter) {
	case 'h':
		return account->home;
	case 'u':
		return account->name;
	case 'U':
		snprintf(uid, 16, "%u", account->uid);
		return uid;
	case '%':
		return "%";
	default:
		return NULL;
	}
}

int
sshd_expand(const char *name, const struct account *account,
    char ret_path[PATH_MAX])
{
	char uid[16], one[2] = "";
	size_t n = 0;

	if (*name != '/' && strncmp(name, "%h", 2) != 0)
		n = (size_t)snprintf(ret_path, PATH_MAX, "%s/",
		    account->home);
	for (const char *p = name; *p != '\0'; p++) {
		const char *part = one;

		*one = *p;
		if (*p == '%')
			part = expansion(*++p, account, uid);
		if (part == NULL)
			return -EINVAL;
		if (n + strlen(part) >= PATH_MAX)
			return -ENAMETOOLONG;
		strcpy(ret_path + n, part);
		n += strlen(part);
	}
	return 0;
}

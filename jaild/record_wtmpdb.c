#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/record_wtmpdb.h"

#define WTMPDB_USER_PROCESS 3	/* not the number that utmp has */

/* What the library's header declares; each hands out its error's words. */
struct library {
	int64_t (*login)(const char *database, int type, const char *user,
	    uint64_t usec, const char *tty, const char *rhost,
	    const char *service, char **error);
	int (*logout)(const char *database, int64_t id, uint64_t usec,
	    char **error);
	int64_t (*get_id)(const char *database, const char *tty, char **error);
};

static int
load(const char *name, struct library *ret)
{
	void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return -ENOENT;
	*ret = (struct library){
		.login = dlsym(handle, "wtmpdb_login"),
		.logout = dlsym(handle, "wtmpdb_logout"),
		.get_id = dlsym(handle, "wtmpdb_get_id"),
	};
	return ret->login == NULL || ret->logout == NULL ||
	    ret->get_id == NULL ? -ENOENT : 0;
}

static uint64_t
usec_of(const struct utmpx *record)
{
	return (uint64_t)record->ut_tv.tv_sec * 1000000 +
	    (uint64_t)record->ut_tv.tv_usec;
}

/* Of the last login on a terminal that has not ended; -ENOENT. */
static int
end_login(const struct library *library, const char *database,
    const char *tty, uint64_t usec)
{
	_cleanup_free_ char *error = NULL, *why = NULL;
	int64_t id = library->get_id(database, tty, &error);

	if (id < 0)
		return -ENOENT;
	return library->logout(database, id, usec, &why) < 0 ? -EIO : 0;
}

int
record_wtmpdb(const char *database, const char *library,
    const struct utmpx *record)
{
	char tty[__UT_LINESIZE + 1], user[__UT_NAMESIZE + 1],
	    host[__UT_HOSTSIZE + 1];
	_cleanup_free_ char *error = NULL;
	struct library functions;
	int r;

	if (access(database, F_OK) < 0 || load(library, &functions) < 0)
		return 0;
	snprintf(tty, sizeof(tty), "%.*s", __UT_LINESIZE, record->ut_line);
	r = end_login(&functions, database, tty, usec_of(record));
	if (record->ut_type != USER_PROCESS)
		return r;
	/* Whoever was killed on that terminal has not said its end. */
	if (r < 0 && r != -ENOENT)
		return r;
	snprintf(user, sizeof(user), "%.*s", __UT_NAMESIZE, record->ut_user);
	snprintf(host, sizeof(host), "%.*s", __UT_HOSTSIZE, record->ut_host);
	return functions.login(database, WTMPDB_USER_PROCESS, user,
	    usec_of(record), tty, host, NULL, &error) < 0 ? -EIO : 0;
}

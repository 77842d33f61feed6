/* A name service as of a directory: the accounts and groups of
 * /etc/elsewhere.passwd and /etc/elsewhere.group. */
#include "config.h"

#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"

enum nss_status _nss_elsewhere_getpwnam_r(const char *name,
    struct passwd *ret, char *buffer, size_t size, int *ret_errno);
enum nss_status _nss_elsewhere_getgrnam_r(const char *name,
    struct group *ret, char *buffer, size_t size, int *ret_errno);

enum nss_status
_nss_elsewhere_getpwnam_r(const char *name, struct passwd *ret, char *buffer,
    size_t size, int *ret_errno)
{
	_cleanup_file_ FILE *file = fopen("/etc/elsewhere.passwd", "re");
	struct passwd *found;

	while (file != NULL && fgetpwent_r(file, ret, buffer, size, &found) ==
	    0)
		if (strcmp(ret->pw_name, name) == 0)
			return NSS_STATUS_SUCCESS;
	*ret_errno = ENOENT;
	return NSS_STATUS_NOTFOUND;
}

enum nss_status
_nss_elsewhere_getgrnam_r(const char *name, struct group *ret, char *buffer,
    size_t size, int *ret_errno)
{
	_cleanup_file_ FILE *file = fopen("/etc/elsewhere.group", "re");
	struct group *found;

	while (file != NULL && fgetgrent_r(file, ret, buffer, size, &found) ==
	    0)
		if (strcmp(ret->gr_name, name) == 0)
			return NSS_STATUS_SUCCESS;
	*ret_errno = ENOENT;
	return NSS_STATUS_NOTFOUND;
}

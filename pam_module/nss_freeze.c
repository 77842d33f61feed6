#include "config.h"

#include <errno.h>
#include <nss.h>

#include "common/cleanup.h"
#include "pam_module/jail_enter.h"

/* All databases of glibc (nsswitch.conf(5)). */
static const char *const databases[] = {
	"passwd", "group", "shadow", "gshadow", "initgroups", "aliases",
	"ethers", "hosts", "netgroup", "networks", "protocols", "publickey",
	"rpc", "services",
};

int
nss_freeze(void)
{
#ifndef JAILD_TEST_WITHOUT_NSS_FREEZE
	for (size_t i = 0; i < ARRAY_LENGTH(databases); i++)
		if (__nss_configure_lookup(databases[i], "files") != 0)
			return -EIO;
#else
	(void)databases;
#endif
	return 0;
}

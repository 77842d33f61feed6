#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/mount_target.h"

#define OWN "is no target: the jail makes it itself"

/* Where nothing may be mounted, nor below; but for what is said of them. */
static const struct {
	const char *path;
	bool read_only_below;
	const char *tmpfs;
} own_trees[] = {
	{ "/proc", false, NULL },
	{ "/sys", true, NULL },
	{ "/dev", false, "/dev/shm" },
	{ "/run/host", false, NULL },
	{ "/run/jail", false, NULL },
	/* /var/run is a link in a jail. */
	{ "/var/run/host", false, NULL },
	{ "/var/run/jail", false, NULL },
};

/* Where nothing may be mounted, but below. */
static const char *const own_paths[] = { "/", "/etc", "/run", "/usr",
	"/var" };

/* Where login programs load code from or look names up, as root: nothing that
 * an account can write may appear at or below these, but for the exceptions,
 * in which nobody looks for libraries. */
static const char *const trusted_trees[] = { "/bin", "/etc", "/lib",
	"/lib32", "/lib64", "/libx32", "/sbin", "/usr" };
static const char *const trusted_exceptions[] = { "/usr/local/bin",
	"/usr/local/sbin", "/usr/local/share", "/usr/local/src", "/usr/src" };

/* True when path is tree or below it. */
static bool
is_within(const char *path, const char *tree)
{
	size_t length = strlen(tree);

	return strncmp(path, tree, length) == 0 &&
	    (path[length] == '\0' || path[length] == '/');
}

static bool
is_within_any(const char *path, const char *const *trees, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_within(path, trees[i]))
			return true;
	return false;
}

static bool
is_own(const char *target, enum mount_mode mode)
{
	for (size_t i = 0; i < ARRAY_LENGTH(own_paths); i++)
		if (strcmp(target, own_paths[i]) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LENGTH(own_trees); i++) {
		if (!is_within(target, own_trees[i].path))
			continue;
		if (strcmp(target, own_trees[i].path) == 0)
			return true;
		if (own_trees[i].read_only_below && mode == MOUNT_READ_ONLY)
			return false;
		return mode != MOUNT_TMPFS || own_trees[i].tmpfs == NULL ||
		    strcmp(target, own_trees[i].tmpfs) != 0;
	}
	return false;
}

bool
mount_target_is_trusted(const char *target)
{
	return is_within_any(target, trusted_trees,
	    ARRAY_LENGTH(trusted_trees)) &&
	    !is_within_any(target, trusted_exceptions,
	    ARRAY_LENGTH(trusted_exceptions));
}

const char *
mount_target_objection(const char *target, enum mount_mode mode)
{
	if (is_own(target, mode))
		return OWN;
	if (mode > MOUNT_READ_ONLY && mount_target_is_trusted(target))
		return "cannot be writable: login programs load code and look "
		    "names up there as root";
	return NULL;
}

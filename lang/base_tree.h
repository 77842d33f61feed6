/* What a jail's file tree holds before the policy's own mounts: what
 * jaild/plan_tree.c makes, in the terms of who looks at it from inside. */
#ifndef LANG_BASE_TREE_H
#define LANG_BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/policy.h"

/* What may be done at a path; zero: nothing is there. */
#define PATH_READ 1u
#define PATH_WRITE 2u
#define PATH_EXECUTE 4u
#define PATH_DEVICE 8u		/* device nodes work */

struct base_path {
	const char *path;
	bool below;		/* and all that is below it */
	unsigned rights;	/* PATH_* */
	bool of_host;		/* what the host has at the same path */
	const char *what;	/* "a folder of the jail's own": for messages */
};

/* The rows for a kind of root; the longest path that fits holds. */
const struct base_path *base_tree(enum root_kind root, size_t *ret_n);

/* Names below /etc that a jail sees as etc-keep.conf is shipped. */
extern const char *const base_kept[];

/* True when path is folder or below it; "/" holds everything. */
bool path_is_within(const char *path, const char *folder);

#endif

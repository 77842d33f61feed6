/* Files of a host that lies in a folder, such as an image that is being
 * made: the folder is "/" to every path and link in it. */
#ifndef LANG_SOURCE_TREE_H
#define LANG_SOURCE_TREE_H

#include <glob.h>
#include <sys/types.h>

#include "common/trusted.h"

struct source_tree {
	const char *name;	/* as names of its files begin; no slash at
				 * its end */
	int fd;			/* of the folder */
};

/* Opens the folder.  0 and *ret, whose name is malloc()ed; -errno. */
int source_tree_begin(const char *folder, struct source_tree *ret);
void source_tree_end(struct source_tree *tree);

/* trusted_open() for a file whose name begins with the tree's (tree NULL: of
 * the host). */
int source_tree_open(const struct source_tree *tree, const char *path,
    uid_t owner, enum trust *ret_trust);

/* glob(3) with GLOB_ERR, in the same way. */
int source_tree_glob(const struct source_tree *tree, const char *pattern,
    glob_t *ret);

#endif

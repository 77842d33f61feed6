/* The files of a policy: each opened once, and judged on that descriptor. */
#ifndef LANG_SOURCE_H
#define LANG_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lang/diagnostics.h"

struct arena;

#define SOURCE_MAX_BYTES (1u << 20)
/* Bytes of memory that a policy may take, and how many more for each of its
 * bytes above a megabyte: no policy that says much with few words fills the
 * machine, and the shortest jails that can be written still fit. */
#define POLICY_MEMORY ((size_t)60 << 20)
#define POLICY_MEMORY_MORE 128
#define SOURCE_DEPTH_MAX 8	/* the root file has depth 0 */

/* One file.  Its text is valid UTF-8 without NUL, CR or byte order mark; a
 * file that is not such has been reported and its text is empty. */
struct source {
	const char *name;		/* as it is shown */
	const char *text;		/* NUL behind it */
	size_t length;
	unsigned index;			/* order of reading, from 0 */
	unsigned depth;
	bool broken;			/* reported; text is empty */
	const struct source *includer;	/* NULL: the root file */
	struct place included_at;
	dev_t device;
	ino_t inode;
};

struct source_set {
	struct arena *arena;
	struct diagnostics *diagnostics;
	bool check_trust;
	bool no_include;		/* the text came from memory */
	bool one_file;			/* includes are passed over */
	uid_t owner;
	const struct source_tree *tree;	/* NULL: the host's own */
	struct source **sources;
	size_t n_sources;
	size_t n_bytes;			/* of all of them */
};

/* Reads the root file.  NULL and *ret_error when it cannot be read, which
 * was reported. */
struct source *source_open_root(struct source_set *set, const char *path,
    int *ret_error);

/* Takes the root file's text from memory; the text is copied. */
struct source *source_from_memory(struct source_set *set, const char *name,
    const char *text, size_t length);

/* The files that an include at place names, in the order of their names,
 * relative to the folder of the includer; mistakes are reported.  A glob may
 * be empty, a plain name may not.  Returns their number. */
size_t source_include(struct source_set *set, const struct source *includer,
    const struct place *place, const char *pattern,
    struct source ***ret_sources);

#endif

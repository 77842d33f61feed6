/* From the checked tree to the policy: inheritance applied, every setting
 * with its origin. */
#ifndef LANG_COMPILE_H
#define LANG_COMPILE_H

#include "lang/check.h"

struct policy;

/* Makes the policy in the arena; its sha256 is not set.  Mistakes that only
 * show between blocks are reported: then the policy must not be used. */
struct policy *compile_run(struct arena *arena,
    struct diagnostics *diagnostics, struct tree *tree,
    const char *root_file);

struct compiler {
	struct checker checker;	/* arena, diagnostics, tree */
	struct part *part;	/* whose jail is made */
	struct jail *jail;
};

/* The settings that collect: mounts, devices, environment, tolerated
 * features, limits; with what `no` takes back (compile_collect.c). */
void compile_collecting(struct compiler *c);

#endif

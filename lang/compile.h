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

#define AT_CHROOT (1u << TIER_CHROOT)
#define AT_NAMESPACE (1u << TIER_NAMESPACE)
#define AT_CONTAINER (1u << TIER_CONTAINER)
#define AT_VM (1u << TIER_VM)
#define AT_ALL (AT_CHROOT | AT_NAMESPACE | AT_CONTAINER | AT_VM)

/* Reports a setting that the jail's tier is not among tiers (AT_*) for. */
void compile_check_tier(struct compiler *c, const struct setting *setting,
    unsigned tiers);

/* The settings that collect: mounts, devices, environment, tolerated
 * features, limits; with what `no` takes back (compile_collect.c). */
void compile_collecting(struct compiler *c);

/* The part's own setting of a kind that stands once; NULL: it has none. */
const struct setting *compile_find_setting(const struct part *part,
    enum setting_kind kind);

/* The rules of system calls and of the network (compile_rules.c). */
void compile_syscall_rules(struct compiler *c);
void compile_flow_rules(struct compiler *c);

/* The match lines; the policy has its jails (compile_match.c). */
void compile_matches(struct compiler *c, struct policy *policy);

/* Which ceilings stand above the part, and what they do to its jail; tiers:
 * that part of it on which other settings depend (compile_ceiling.c). */
void compile_find_ceilings(struct compiler *c);
void compile_ceilings(struct compiler *c, bool tiers);

/* The bound that the origin is of, when it was not asked for before. */
const struct token *compile_find_bound(struct compiler *c,
    const struct origin *origin);

/* The jail of that name; NULL: there is none, which was reported. */
const struct jail *compile_find_jail(struct compiler *c,
    const struct token *name);

/* The policy's own tests (compile_test.c). */
void compile_tests(struct compiler *c, struct policy *policy);

#endif

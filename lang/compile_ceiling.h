/* What the bounds of a ceiling do to a jail: compile_ceiling.c goes through
 * them, compile_ceiling_value.c has those of one value, compile_ceiling_list.c
 * those of lists. */
#ifndef LANG_COMPILE_CEILING_H
#define LANG_COMPILE_CEILING_H

#include "lang/compile.h"

/* One bound over one jail. */
struct bounding {
	struct compiler *c;
	struct jail *jail;
	const struct tree_ceiling *ceiling;
	size_t index;			/* of the bound in the ceiling */
	const struct policy_bound *bound;
};

/* The token that an origin is of: a setting's keyword, or a rule's; the
 * part's name: of neither. */
const struct token *bounding_token(const struct compiler *c,
    const struct origin *origin);

/* Reports what the jail says, and where the ceiling says otherwise. */
void bounding_outside(struct bounding *b, const struct origin *origin,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* check_may_look() at the bound. */
bool bounding_may_look(struct bounding *b, size_t n);

void bound_tier(struct bounding *b);
void bound_home(struct bounding *b);
void bound_network(struct bounding *b);
void bound_profile(struct bounding *b);
void bound_root(struct bounding *b);
void bound_capabilities(struct bounding *b);
void bound_limit(struct bounding *b);
void bound_persist(struct bounding *b);
void bound_audit(struct bounding *b);
void bound_flow_deny(struct bounding *b);
void bound_flow_only(struct bounding *b);
void bound_calls(struct bounding *b);
void bound_mounts(struct bounding *b);
void bound_devices(struct bounding *b);
void bound_secrets(struct bounding *b);
void bound_tolerated(struct bounding *b);

#endif

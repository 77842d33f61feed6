/* Lines that may cover a later one.  What covers a line names its first user
 * or has a pattern or no user, and so on: a few lines are looked at and not
 * all.  Keys are made of how patterns begin or end, and of how the network
 * begins. */
#ifndef LANG_COMPILE_COVERED_H
#define LANG_COMPILE_COVERED_H

#include "lang/compile.h"

#define COVERING_LETTERS 64	/* of a name */

enum covering_side {
	COVERING_BEGIN = 0,
	COVERING_END,
	COVERING_SIDES,
};

typedef bool covering_lengths[COVERING_LETTERS + 1];

struct covering {
	struct compiler *c;
	const struct tree_match *const *lines;	/* of the rules */
	struct names keys;
	/* what there is in keys: */
	covering_lengths users[COVERING_SIDES], groups[COVERING_SIDES];
	bool networks[2][129];	/* bits; of IPv4 and local, of IPv6 */
};

/* The first of the lines that were added, which are of rules, that covers
 * rules[n - 1]; n: none does. */
size_t covering_find(struct covering *v, const struct match_rule *rules,
    size_t n);

/* Adds a line that none covers. */
void covering_add(struct covering *v, const struct match_rule *rule,
    size_t line);

#endif

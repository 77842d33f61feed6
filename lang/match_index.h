/* Which match lines may concern a login or another line, without looking at
 * all of them. */
#ifndef LANG_MATCH_INDEX_H
#define LANG_MATCH_INDEX_H

#include "lang/policy.h"

struct arena;

/* Line numbers of policy.matches, ascending. */
struct match_lines {
	const uint32_t *items;
	size_t n;
};

/* Makes the index of rules[0 ... n - 1] in the arena. */
const struct match_index *match_index_new(struct arena *arena,
    const struct match_rule *rules, size_t n);

/* The lines that name the user, or the group and no user, literally; and
 * those that have to be asked always. */
struct match_lines match_index_user(const struct match_index *index,
    const char *user);
struct match_lines match_index_group(const struct match_index *index,
    const char *group);
struct match_lines match_index_rest(const struct match_index *index);

#endif

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

/* Globs are found by no more than this of what stands before their first
 * sign. */
#define MATCH_PREFIX_MAX 64
#define MATCH_LISTS_MAX (MATCH_PREFIX_MAX + 2)

/* Each of these puts up to MATCH_LISTS_MAX lists at ret, none of them empty,
 * and returns how many: the lines that may mean the user, or the group and no
 * user, by its name or by a glob that begins as it does; and those that name
 * neither.  A line can be in more than one. */
size_t match_index_user(const struct match_index *index, const char *user,
    struct match_lines *ret);
size_t match_index_group(const struct match_index *index, const char *group,
    struct match_lines *ret);
size_t match_index_rest(const struct match_index *index,
    struct match_lines *ret);

#endif

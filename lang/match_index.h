/* Which match lines may concern a login, without looking at all of them.
 *
 * Lines lie under the names, services and networks that they speak of, one
 * criterion below the other, for as long as there are more than a few
 * together: neither the lines of other users, nor those of other groups,
 * doors or networks are looked at. */
#ifndef LANG_MATCH_INDEX_H
#define LANG_MATCH_INDEX_H

#include "lang/policy.h"

struct arena;

/* What is asked for; as in struct login_facts. */
struct match_login {
	const char *user;
	const char *const *groups;
	size_t n_groups;
	enum service_class service;
	bool from_name;			/* a name, which may be anywhere */
	struct address_range from;	/* of no family: local */
};

/* Makes the index of rules[0 ... n - 1] in the arena. */
const struct match_index *match_index_new(struct arena *arena,
    const struct match_rule *rules, size_t n);

/* Calls look() with the numbers of lines that may fit the login, in ascending
 * order in each call.  A line that fits, or that would fit if a host's name
 * were an address, is always among them; one that does not fit may be, and a
 * line may come more than once. */
void match_index_find(const struct match_index *index,
    const struct match_login *login,
    void (*look)(void *context, const uint32_t *lines, size_t n),
    void *context);

#endif

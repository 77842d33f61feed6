#include "config.h"

#include <string.h>

#include "lang/arena.h"
#include "lang/match_index.h"
#include "lang/names.h"

/* Lines under one name. */
struct bucket {
	uint32_t *lines;
	size_t n;
};

struct match_index {
	struct names users, groups;	/* of struct bucket */
	struct bucket rest;
};

static void
add_line(struct arena *arena, struct bucket *bucket, size_t line)
{
	/* A name that stands twice in a line. */
	if (bucket->n != 0 && bucket->lines[bucket->n - 1] == line)
		return;
	*arena_push(arena, bucket->lines, bucket->n) = (uint32_t)line;
}

static void
add_name(struct arena *arena, struct names *names, const char *name,
    size_t line)
{
	struct bucket *bucket = names_find(names, name);

	if (bucket == NULL) {
		bucket = arena_alloc(arena, 1, sizeof(*bucket));
		names_add(arena, names, name, bucket);
	}
	add_line(arena, bucket, line);
}

static bool
are_literal(const struct name_pattern *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (patterns[i].glob &&
		    strpbrk(patterns[i].pattern, "*?") != NULL)
			return false;
	return n != 0;
}

static void
add_names(struct arena *arena, struct names *names,
    const struct name_pattern *patterns, size_t n, size_t line)
{
	for (size_t i = 0; i < n; i++)
		add_name(arena, names, patterns[i].pattern, line);
}

const struct match_index *
match_index_new(struct arena *arena, const struct match_rule *rules, size_t n)
{
	struct match_index *index = arena_alloc(arena, 1, sizeof(*index));

	for (size_t i = 0; i < n; i++) {
		const struct match_rule *rule = &rules[i];

		if (are_literal(rule->users, rule->n_users))
			add_names(arena, &index->users, rule->users,
			    rule->n_users, i);
		else if (rule->n_users == 0 &&
		    are_literal(rule->groups, rule->n_groups))
			add_names(arena, &index->groups, rule->groups,
			    rule->n_groups, i);
		else
			add_line(arena, &index->rest, i);
	}
	return index;
}

static struct match_lines
lines_of(const struct bucket *bucket)
{
	return bucket == NULL ? (struct match_lines) { 0 } :
	    (struct match_lines) { bucket->lines, bucket->n };
}

struct match_lines
match_index_user(const struct match_index *index, const char *user)
{
	return lines_of(names_find(&index->users, user));
}

struct match_lines
match_index_group(const struct match_index *index, const char *group)
{
	return lines_of(names_find(&index->groups, group));
}

struct match_lines
match_index_rest(const struct match_index *index)
{
	return lines_of(&index->rest);
}

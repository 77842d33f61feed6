#include "config.h"

#include <string.h>

#include "lang/arena.h"
#include "lang/match_index.h"
#include "lang/names.h"

/* Lines under one name, or under the letters that a glob begins with. */
struct bucket {
	uint32_t *lines;
	size_t n;
};

struct name_index {
	struct names whole, begun;	/* of struct bucket */
};

struct match_index {
	struct name_index users, groups;
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

static void
add_pattern(struct arena *arena, struct name_index *index,
    const struct name_pattern *pattern, size_t line)
{
	size_t length = strcspn(pattern->pattern, "*?");

	if (!pattern->glob || pattern->pattern[length] == '\0') {
		add_name(arena, &index->whole, pattern->pattern, line);
		return;
	}
	if (length > MATCH_PREFIX_MAX)
		length = MATCH_PREFIX_MAX;
	add_name(arena, &index->begun,
	    arena_strndup(arena, pattern->pattern, length), line);
}

const struct match_index *
match_index_new(struct arena *arena, const struct match_rule *rules, size_t n)
{
	struct match_index *index = arena_alloc(arena, 1, sizeof(*index));

	for (size_t i = 0; i < n; i++) {
		const struct match_rule *rule = &rules[i];

		for (size_t u = 0; u < rule->n_users; u++)
			add_pattern(arena, &index->users, &rule->users[u], i);
		for (size_t g = 0; rule->n_users == 0 && g < rule->n_groups;
		    g++)
			add_pattern(arena, &index->groups, &rule->groups[g],
			    i);
		if (rule->n_users == 0 && rule->n_groups == 0)
			add_line(arena, &index->rest, i);
	}
	return index;
}

static size_t
take(const struct bucket *bucket, struct match_lines *ret)
{
	if (bucket == NULL || bucket->n == 0)
		return 0;
	*ret = (struct match_lines){ bucket->lines, bucket->n };
	return 1;
}

static size_t
take_name(const struct name_index *index, const char *name,
    struct match_lines *ret)
{
	char prefix[MATCH_PREFIX_MAX + 1] = "";
	size_t n = take(names_find(&index->whole, name), ret);

	for (size_t length = 0; length <= MATCH_PREFIX_MAX; length++) {
		prefix[length] = '\0';
		n += take(names_find(&index->begun, prefix), ret + n);
		if (name[length] == '\0' || length == MATCH_PREFIX_MAX)
			break;
		prefix[length] = name[length];
	}
	return n;
}

size_t
match_index_rest(const struct match_index *index, struct match_lines *ret)
{
	return take(&index->rest, ret);
}

size_t
match_index_user(const struct match_index *index, const char *user,
    struct match_lines *ret)
{
	return take_name(&index->users, user, ret);
}

size_t
match_index_group(const struct match_index *index, const char *group,
    struct match_lines *ret)
{
	return take_name(&index->groups, group, ret);
}

#include "config.h"

#include <string.h>

#include "lang/arena.h"
#include "lang/match_part.h"

#define FEW_LINES 8	/* are looked at one after the other */
#define COPIES_MAX 16	/* of a line below its first criterion */

struct match_index {
	struct match_node root;
};

void
match_node_add(const struct match_building *b, struct match_node *node,
    uint32_t line)
{
	/* A value that stands twice in a line. */
	if (node->n != 0 && node->lines[node->n - 1] == line)
		return;
	*arena_push(b->arena, node->lines, node->n) = line;
}

void
match_key_add(const struct match_building *b, struct names *names,
    const char *key, size_t copy_bytes, uint32_t line)
{
	struct match_node *node = names_find(names, key);

	if (node == NULL) {
		node = arena_alloc(b->arena, 1, sizeof(*node));
		if (copy_bytes != 0)
			key = arena_strndup(b->arena, key, copy_bytes);
		names_add(b->arena, names, key, node);
	}
	match_node_add(b, node, line);
}

void
match_node_find(const struct match_node *node, const struct match_finding *f)
{
	if (node == NULL || node->n == 0)
		return;
	if (node->split == NULL) {
		f->look(f->context, node->lines, node->n);
		return;
	}
	match_node_find(&node->split->without, f);
	match_levels[node->split->level].find(node->split, f);
}

/* A line lies under all values of its first criterion, and under those of the
 * next ones as long as it is not copied too often: ten lists of a hundred
 * values each would not fit into any memory. */
static bool
is_split(const struct match_rule *rule, unsigned level)
{
	size_t n = match_levels[level].count(rule), copies = 1;

	while (level-- > 0)
		if (match_levels[level].count(rule) != 0)
			copies *= match_levels[level].count(rule);
	return n != 0 && (copies == 1 || copies * n <= COPIES_MAX);
}

/* The first level from this one on by which any of the lines is split. */
static unsigned
next_level(const struct match_building *b, const struct match_node *node,
    unsigned level)
{
	for (; level < MATCH_LEVELS; level++)
		for (size_t i = 0; i < node->n; i++)
			if (is_split(&b->rules[node->lines[i]], level))
				return level;
	return level;
}

static void split_node(const struct match_building *b, struct match_node *node,
    unsigned level);

static void
split_names(const struct match_building *b, const struct names *names,
    unsigned level)
{
	for (size_t i = 0; i < names->n_slots; i++)
		if (names->slots[i].key != NULL)
			split_node(b, names->slots[i].value, level);
}

static void
split_node(const struct match_building *b, struct match_node *node,
    unsigned level)
{
	struct match_split *split;

	if (node->n <= FEW_LINES)
		return;
	level = next_level(b, node, level);
	if (level == MATCH_LEVELS)
		return;
	split = arena_alloc(b->arena, 1, sizeof(*split));
	split->level = level;
	for (size_t i = 0; i < node->n; i++) {
		const struct match_rule *rule = &b->rules[node->lines[i]];

		if (is_split(rule, level))
			match_levels[level].add(b, split, rule,
			    node->lines[i]);
		else
			match_node_add(b, &split->without, node->lines[i]);
	}
	split_names(b, &split->whole, level + 1);
	split_names(b, &split->pieces, level + 1);
	split_node(b, &split->without, level + 1);
	node->split = split;
}

const struct match_index *
match_index_new(struct arena *arena, const struct match_rule *rules, size_t n)
{
	struct match_index *index = arena_alloc(arena, 1, sizeof(*index));
	const struct match_building building = { arena, rules };

	for (size_t i = 0; i < n; i++)
		match_node_add(&building, &index->root, (uint32_t)i);
	split_node(&building, &index->root, 0);
	return index;
}

void
match_index_find(const struct match_index *index,
    const struct match_login *login,
    void (*look)(void *context, const uint32_t *lines, size_t n),
    void *context)
{
	const struct match_finding finding = { login, look, context };

	match_node_find(&index->root, &finding);
}

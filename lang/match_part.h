/* The parts of the index of match lines: match_index.c has the tree of them,
 * match_levels.c what each criterion puts in and looks up. */
#ifndef LANG_MATCH_PART_H
#define LANG_MATCH_PART_H

#include "lang/match_index.h"
#include "lang/names.h"

/* How a glob is found: by what it begins and ends with, and the longest of
 * what stands between two of its signs. */
struct match_shape {
	unsigned char begin, inner, end;	/* letters of each */
};

struct match_width {
	int family;
	unsigned bits;
};

struct match_split;

struct match_node {
	uint32_t *lines;
	size_t n;
	const struct match_split *split;	/* NULL: look at all lines */
};

/* The lines of a node by one criterion. */
struct match_split {
	unsigned level;			/* of match_levels[] */
	struct names whole, pieces;	/* of struct match_node */
	struct match_shape *shapes;	/* of what is in pieces */
	size_t n_shapes;
	struct match_width *widths;
	size_t n_widths;
	struct match_node with;		/* all that have it, for `from` */
	struct match_node without;
};

struct match_building {
	struct arena *arena;
	const struct match_rule *rules;
};

struct match_finding {
	const struct match_login *login;
	void (*look)(void *context, const uint32_t *lines, size_t n);
	void *context;
};

/* One row a criterion, in the order in which they lie below each other. */
struct match_level {
	size_t (*count)(const struct match_rule *rule);
	void (*add)(const struct match_building *b, struct match_split *split,
	    const struct match_rule *rule, uint32_t line);
	void (*find)(const struct match_split *split,
	    const struct match_finding *f);
};

#define MATCH_LEVELS 4
extern const struct match_level match_levels[MATCH_LEVELS];

/* Puts the line at the end of the node, or of that of the key, which is
 * copied when copy_bytes are said and it is new. */
void match_node_add(const struct match_building *b, struct match_node *node,
    uint32_t line);
void match_key_add(const struct match_building *b, struct names *names,
    const char *key, size_t copy_bytes, uint32_t line);

/* Looks at the lines of a node, and of those below; NULL is fine. */
void match_node_find(const struct match_node *node,
    const struct match_finding *f);

#endif

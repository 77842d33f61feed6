#include "config.h"

#include <string.h>

#include "lang/check.h"

/* C3: the order of all ancestors keeps the order of each heir's own list,
 * and puts everybody in front of its ancestors. */

struct line {
	struct part **parts;
	size_t n, at;	/* at: what is left begins here */
};

static const char *
describe_ring(struct checker *c, const struct part *again)
{
	const char *text = NULL;

	for (unsigned i = 0; i < c->depth; i++) {
		const char *name = c->heirs[i]->name->text;

		if (text != NULL)
			text = arena_printf(c->arena, "%s -> %s", text, name);
		else if (c->heirs[i] == again)
			text = name;
	}
	return arena_printf(c->arena, "%s -> %s", text, again->name->text);
}

static void
unknown_parent(struct checker *c, const struct token *name)
{
	if (!c->tree->incomplete)
		report_error(c->diagnostics, &name->place,
		    check_suggest(c, name, SUGGEST_PARTS),
		    "unknown profile or jail '%s'", name->text);
}

static bool
in_tail(const struct line *line, const struct part *part)
{
	for (size_t i = line->at + 1; i < line->n; i++)
		if (line->parts[i] == part)
			return true;
	return false;
}

/* The first head that stands behind nobody; NULL: there is no order. */
static struct part *
next_of(const struct line *lines, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct part *head;
		size_t k = 0;

		if (lines[i].at == lines[i].n)
			continue;
		head = lines[i].parts[lines[i].at];
		while (k < n && !in_tail(&lines[k], head))
			k++;
		if (k == n)
			return head;
	}
	return NULL;
}

static bool
merge_lines(struct checker *c, struct part *part, struct line *lines, size_t n)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++)
		left += lines[i].n;
	while (left > 0) {
		struct part *next = next_of(lines, n);

		if (next == NULL)
			return false;
		*arena_push(c->arena, part->ancestry, part->n_ancestry) = next;
		for (size_t i = 0; i < n; i++) {
			if (lines[i].at == lines[i].n ||
			    lines[i].parts[lines[i].at] != next)
				continue;
			lines[i].at++;
			left--;
		}
	}
	return true;
}

static bool visit(struct checker *c, struct part *part,
    const struct token *name);

/* The parents in order of precedence: the later one first. */
static bool
visit_parents(struct checker *c, struct part *part, struct line *lines,
    struct part **parents)
{
	size_t n = part->parents.n;
	bool good = true;

	for (size_t i = 0; i < n; i++) {
		const struct token *name = part->parents.items[n - 1 - i];

		parents[i] = check_find_part(c->tree, name->text);
		if (parents[i] == NULL) {
			unknown_parent(c, name);
			good = false;
			continue;
		}
		for (size_t k = 0; k < i; k++) {
			if (parents[k] != parents[i])
				continue;
			report_error(c->diagnostics,
			    &part->parents.items[n - 1 - k]->place, NULL,
			    "'%s' is inherited twice", name->text);
			good = false;
		}
		if (!visit(c, parents[i], name))
			good = false;
		lines[i].parts = parents[i]->ancestry;
		lines[i].n = parents[i]->n_ancestry;
	}
	lines[n].parts = parents;
	lines[n].n = n;
	return good;
}

static bool
visit_lines(struct checker *c, struct part *part)
{
	size_t n = part->parents.n;
	struct part **parents = arena_alloc(c->arena, n + 1, sizeof(*parents));
	struct line *lines = arena_alloc(c->arena, n + 1, sizeof(*lines));

	*arena_push(c->arena, part->ancestry, part->n_ancestry) = part;
	if (n > CHECK_PARENTS_MAX) {
		report_error(c->diagnostics, &part->parents.items[0]->place,
		    NULL, "'%s' inherits from more than %d", part->name->text,
		    CHECK_PARENTS_MAX);
		return false;
	}
	if (!visit_parents(c, part, lines, parents))
		return false;
	if (merge_lines(c, part, lines, n + 1))
		return true;
	report_error(c->diagnostics, &part->parents.items[0]->place, NULL,
	    "the ancestors of '%s' have no order: each list of parents asks "
	    "for another one", part->name->text);
	return false;
}

/* name is where the part is asked for. */
static bool
visit(struct checker *c, struct part *part, const struct token *name)
{
	bool good;

	if (part->visiting) {
		report_error(c->diagnostics, &name->place, NULL,
		    "the inheritance goes round in a ring: %s",
		    describe_ring(c, part));
		return false;
	}
	if (part->visited)
		return part->n_ancestry != 0;
	if (c->depth == CHECK_DEPTH_MAX) {
		report_error(c->diagnostics, &name->place, NULL,
		    "the inheritance is more than %d deep", CHECK_DEPTH_MAX);
		return false;
	}
	c->heirs[c->depth++] = part;
	part->visiting = true;
	good = visit_lines(c, part);
	part->visiting = false;
	part->visited = true;
	c->depth--;
	if (!good)
		part->n_ancestry = 0;
	return good;
}

void
check_ancestry(struct checker *c)
{
	for (size_t i = 0; i < c->tree->n_parts; i++)
		visit(c, c->tree->parts[i], c->tree->parts[i]->name);
}

/* What stands above a jail: wholly outside is a mistake with both lines,
 * what nobody said is lowered, what lies partly outside is cut. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "lang/compile_ceiling.h"
#include "lang/source.h"

static bool
is_at(const struct token *token, const struct origin *origin)
{
	return token->place.line == origin->line &&
	    token->place.column == origin->column &&
	    token->place.source->name == origin->file;
}

/* The token that an origin is of: a setting's keyword, or a rule's. */
const struct token *
bounding_token(const struct compiler *c, const struct origin *origin)
{
	for (size_t i = 0; i < c->part->n_ancestry; i++) {
		const struct part *part = c->part->ancestry[i];

		for (size_t k = 0; k < part->n_settings; k++) {
			const struct setting *s = part->settings[k];

			if (is_at(s->keyword, origin))
				return s->keyword;
			for (size_t m = 0; m < s->n_call_rules; m++)
				if (is_at(s->call_rules[m].keyword, origin))
					return s->call_rules[m].keyword;
			for (size_t m = 0; m < s->n_flow_rules; m++)
				if (is_at(s->flow_rules[m].keyword, origin))
					return s->flow_rules[m].keyword;
		}
	}
	return c->part->name;
}

/* The mistake at what the jail says, and where the ceiling says otherwise. */
void
bounding_outside(struct bounding *b, const struct origin *origin,
    const char *format, ...)
{
	struct diagnostics *d = b->c->checker.diagnostics;
	const char *name = b->ceiling->made->name, *text;
	const struct token *token;
	va_list arguments;

	if (diagnostics_full(d))
		return;
	token = bounding_token(b->c, origin);
	va_start(arguments, format);
	text = arena_vprintf(b->c->checker.arena, format, arguments);
	va_end(arguments);
	report_error(d, &token->place, NULL, "%s goes beyond the ceiling%s%s",
	    text, name == NULL ? "" : " ", name == NULL ? "" : name);
	report_note(d, &b->ceiling->made_of[b->index]->keyword->place,
	    "the ceiling says so here");
	if (origin->part == NULL ||
	    strcmp(origin->part, b->jail->name) != 0)
		report_note(d, &b->c->part->name->place,
		    "as jail '%s' would have it", b->jail->name);
}

bool
bounding_may_look(struct bounding *b, size_t n)
{
	return check_may_look(&b->c->checker,
	    b->ceiling->made_of[b->index]->keyword, n);
}

static void (*const appliers[BOUND_KINDS])(struct bounding *b) = {
	[BOUND_TIER] = bound_tier, [BOUND_HOME] = bound_home,
	[BOUND_NETWORK] = bound_network, [BOUND_FLOW_DENY] = bound_flow_deny,
	[BOUND_FLOW_ONLY] = bound_flow_only,
	[BOUND_PROFILE] = bound_profile, [BOUND_CALLS] = bound_calls,
	[BOUND_MOUNT_ONLY] = bound_mounts,
	[BOUND_MOUNT_WRITE_ONLY] = bound_mounts,
	[BOUND_MOUNT_DENY] = bound_mounts, [BOUND_ROOT] = bound_root,
	[BOUND_DEVICE] = bound_devices,
	[BOUND_CAPABILITIES] = bound_capabilities,
	[BOUND_SECRET] = bound_secrets, [BOUND_TOLERATE] = bound_tolerated,
	[BOUND_LIMIT] = bound_limit, [BOUND_PERSIST] = bound_persist,
	[BOUND_AUDIT] = bound_audit,
};

static void
apply_ceiling(struct compiler *c, const struct tree_ceiling *ceiling,
    bool tiers)
{
	struct bounding b = { .c = c, .jail = c->jail, .ceiling = ceiling };

	if (!check_may_look(&c->checker, ceiling->keyword,
	    ceiling->made->n_bounds))
		return;
	for (size_t i = 0; i < ceiling->made->n_bounds; i++) {
		b.index = i;
		b.bound = &ceiling->made->bounds[i];
		if ((b.bound->kind == BOUND_TIER) == tiers)
			appliers[b.bound->kind](&b);
	}
}

static void
add_ceiling(struct compiler *c, const struct tree_ceiling *ceiling,
    const struct policy_ceiling ***list, size_t *n)
{
	if (ceiling == NULL)
		return;
	for (size_t i = 0; i < *n; i++)
		if ((*list)[i] == ceiling->made)
			return;
	*arena_push(c->checker.arena, *list, *n) = ceiling->made;
}

void
compile_find_ceilings(struct compiler *c)
{
	const struct tree *tree = c->checker.tree;
	const struct policy_ceiling **list = NULL;
	size_t n = 0;

	if (!c->part->is_jail)
		return;
	add_ceiling(c, check_find_ceiling(tree, NULL), &list, &n);
	for (size_t i = 0; i < c->part->under.n; i++)
		add_ceiling(c, check_find_ceiling(tree,
		    c->part->under.items[i]->text), &list, &n);
	c->jail->ceilings = list;
	c->jail->n_ceilings = n;
}

void
compile_ceilings(struct compiler *c, bool tiers)
{
	for (size_t i = 0; i < c->jail->n_ceilings; i++)
		apply_ceiling(c, check_find_ceiling(c->checker.tree,
		    c->jail->ceilings[i]->name), tiers);
}

const struct token *
compile_find_bound(struct compiler *c, const struct origin *origin)
{
	for (size_t i = 0; i < c->jail->n_ceilings; i++) {
		const struct tree_ceiling *ceiling = check_find_ceiling(
		    c->checker.tree, c->jail->ceilings[i]->name);

		for (size_t k = 0; k < ceiling->made->n_bounds; k++) {
			struct tree_bound *bound = ceiling->made_of[k];

			if (!is_at(bound->keyword, origin) || bound->warned)
				continue;
			bound->warned = true;
			return bound->keyword;
		}
	}
	return NULL;
}

/* The bounds of ceilings, each by itself. */
#include "config.h"

#include <string.h>

#include "lang/capability.h"
#include "lang/check.h"
#include "lang/words.h"

/* One bound being read. */
struct bounding {
	struct checker *c;
	const struct tree_bound *tree;
	struct policy_bound *bound;
	const char **texts;
};

static void
add_text(struct bounding *b, const char *text)
{
	*arena_push(b->c->arena, b->texts, b->bound->n_texts) = text;
	b->bound->texts = b->texts;
}

static bool
read_choice(struct bounding *b)
{
	b->bound->choice = b->tree->choice;
	return true;
}

static bool
read_flow(struct bounding *b)
{
	return check_flow(b->c, &b->tree->flow, &b->bound->flow);
}

/* As the rules of a block, but for what nobody may deny. */
static bool
read_calls(struct bounding *b)
{
	struct tree_call_rule calls = b->tree->calls;
	struct setting setting = { .keyword = b->tree->keyword,
		.call_rules = &calls, .n_call_rules = 1 };

	check_call_rules(b->c, &setting);
	b->bound->rules = setting.rules;
	b->bound->n_rules = setting.n_rules;
	for (size_t i = 0; i < setting.n_rules; i++)
		setting.rules[i].firm = true;
	return setting.n_rules != 0;
}

/* A path of the host, which no variable changes. */
static bool
read_path(struct bounding *b, const struct value *value, bool glob)
{
	const struct token *token = value->token;
	bool good = false;

	if (token->kind != TOKEN_STRING)
		report_error(b->c->diagnostics, &token->place, NULL,
		    "expected a path in quotes, not %s",
		    token_kind_name(token->kind));
	else
		good = check_plain(b->c, token) != NULL &&
		    check_path(b->c, token, glob);
	if (good)
		add_text(b, check_plain(b->c, token));
	else
		check_note_use(b->c, value);
	return good;
}

static bool
read_paths(struct bounding *b)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = values.n != 0;

	for (size_t i = 0; i < values.n; i++)
		if (!read_path(b, &values.items[i], false))
			good = false;
	return good;
}

static bool
read_devices(struct bounding *b)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = true;

	for (size_t i = 0; i < values.n; i++)
		if (!read_path(b, &values.items[i], true))
			good = false;
	return good;
}

/* host, empty, a path, or the name of an image, in which '*' is any. */
static bool
read_root(struct bounding *b, const struct value *value)
{
	static const char *const words[] = { "host", "empty", NULL };
	const struct token *token = value->token;
	unsigned bit;

	if (token->kind != TOKEN_STRING) {
		if (!check_word(b->c, value, words, "root", &bit))
			return false;
		b->bound->value |= UINT64_C(1) << bit;
		return true;
	}
	if (token->text[0] == '/')
		return read_path(b, value, false);
	if (check_plain(b->c, token) == NULL)
		return false;
	add_text(b, check_plain(b->c, token));
	return true;
}

static bool
read_roots(struct bounding *b)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = true;

	if (b->tree->none)
		b->bound->value = BOUND_ROOT_HOST;
	for (size_t i = 0; i < values.n; i++)
		if (!read_root(b, &values.items[i]))
			good = false;
	return good;
}

static bool
read_bits(struct bounding *b, const char *const *words, const char *what)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = true;
	unsigned bit;

	for (size_t i = 0; i < values.n; i++)
		if (check_word(b->c, &values.items[i], words, what, &bit))
			b->bound->value |= UINT64_C(1) << bit;
		else
			good = false;
	return good;
}

static bool
read_capabilities(struct bounding *b)
{
	return read_bits(b, capability_words, "capability");
}

static bool
read_audit(struct bounding *b)
{
	return read_bits(b, audit_words, "audit word");
}

/* Names of secrets, or paths at or below which their files are. */
static bool
read_secrets(struct bounding *b)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = true;

	for (size_t i = 0; i < values.n; i++)
		if (values.items[i].token->kind == TOKEN_WORD)
			add_text(b, values.items[i].token->text);
		else if (!read_path(b, &values.items[i], false))
			good = false;
	return good;
}

static bool
read_features(struct bounding *b)
{
	struct values values = check_expand(b->c, &b->tree->list);
	bool good = true;
	unsigned index;

	for (size_t i = 0; i < values.n; i++)
		if (check_word(b->c, &values.items[i], feature_words,
		    "feature", &index))
			add_text(b, feature_words[index]);
		else
			good = false;
	return good;
}

static bool
read_limit(struct bounding *b)
{
	b->bound->choice = b->tree->choice;
	return check_limit_value(b->c, b->tree->value,
	    (enum limit_kind)b->tree->choice, &b->bound->value);
}

static bool
read_persist(struct bounding *b)
{
	return check_persist_value(b->c, b->tree->value, &b->bound->value);
}

static bool (*const readers[BOUND_KINDS])(struct bounding *b) = {
	[BOUND_TIER] = read_choice, [BOUND_HOME] = read_choice,
	[BOUND_NETWORK] = read_choice, [BOUND_FLOW_DENY] = read_flow,
	[BOUND_FLOW_ONLY] = read_flow, [BOUND_PROFILE] = read_choice,
	[BOUND_CALLS] = read_calls, [BOUND_MOUNT_ONLY] = read_paths,
	[BOUND_MOUNT_WRITE_ONLY] = read_paths,
	[BOUND_MOUNT_DENY] = read_paths, [BOUND_ROOT] = read_roots,
	[BOUND_DEVICE] = read_devices,
	[BOUND_CAPABILITIES] = read_capabilities,
	[BOUND_SECRET] = read_secrets, [BOUND_TOLERATE] = read_features,
	[BOUND_LIMIT] = read_limit, [BOUND_PERSIST] = read_persist,
	[BOUND_AUDIT] = read_audit,
};

/* Two lines that are about one word and yet about two things. */
static bool
may_repeat(const struct policy_bound *a, const struct policy_bound *b)
{
	return a->kind == BOUND_LIMIT && a->choice != b->choice;
}

static bool
is_list(enum bound_kind kind)
{
	return kind == BOUND_FLOW_DENY || kind == BOUND_FLOW_ONLY ||
	    kind == BOUND_CALLS || kind == BOUND_MOUNT_DENY;
}

static void
check_bound_twice(struct checker *c, const struct tree_ceiling *tree,
    size_t last)
{
	const struct policy_bound *bounds = tree->made->bounds;

	if (is_list(bounds[last].kind) ||
	    !check_may_look(c, tree->made_of[last]->keyword, last))
		return;
	for (size_t i = 0; i < last; i++) {
		if (bounds[i].kind != bounds[last].kind ||
		    may_repeat(&bounds[last], &bounds[i]))
			continue;
		report_error(c->diagnostics,
		    &tree->made_of[last]->keyword->place, NULL,
		    "'%s' is bound twice", tree->made_of[last]->keyword->text);
		report_note(c->diagnostics, &tree->made_of[i]->keyword->place,
		    "the first one is here");
		return;
	}
}

static void
index_bounds(struct checker *c, struct tree_ceiling *tree)
{
	for (size_t i = 0; i < tree->made->n_bounds; i++) {
		const struct policy_bound *bound = &tree->made->bounds[i];

		if (tree->first[bound->kind] == NULL)
			tree->first[bound->kind] = bound;
		if (bound->kind < BOUND_MOUNT_ONLY ||
		    bound->kind > BOUND_MOUNT_DENY)
			continue;
		for (size_t k = 0; k < bound->n_texts; k++)
			names_add(c->arena, &tree->paths[bound->kind],
			    bound->texts[k], (void *)bound);
	}
}

static void
check_ceiling(struct checker *c, struct tree_ceiling *tree,
    struct policy_ceiling *made)
{
	struct policy_bound *bounds =
	    arena_alloc(c->arena, tree->n_bounds + 1, sizeof(*bounds));

	tree->made = made;
	tree->made_of = arena_alloc(c->arena, tree->n_bounds + 1,
	    sizeof(*tree->made_of));
	made->name = tree->name == NULL ? NULL : tree->name->text;
	made->origin = origin_of(tree->keyword, NULL);
	made->bounds = bounds;
	for (size_t i = 0; i < tree->n_bounds; i++) {
		struct bounding b = { .c = c, .tree = &tree->bounds[i],
			.bound = &bounds[made->n_bounds] };

		*b.bound = (struct policy_bound) { .kind = b.tree->kind,
			.origin = origin_of(b.tree->keyword, NULL) };
		if (!readers[b.tree->kind](&b))
			continue;
		tree->made_of[made->n_bounds++] = &tree->bounds[i];
		check_bound_twice(c, tree, made->n_bounds - 1);
	}
	index_bounds(c, tree);
}

struct tree_ceiling *
check_find_ceiling(const struct tree *tree, const char *name)
{
	return names_find(&tree->ceiling_names, name == NULL ? "" : name);
}

static void
unknown_ceiling(struct checker *c, const struct token *name)
{
	if (!c->tree->incomplete)
		report_error(c->diagnostics, &name->place,
		    check_suggest(c, name, SUGGEST_CEILINGS),
		    "unknown ceiling '%s'", name->text);
}

static void
check_ceiling_twice(struct checker *c, struct tree_ceiling *ceiling)
{
	const struct tree_ceiling *first = names_add(c->arena,
	    &c->tree->ceiling_names,
	    ceiling->name == NULL ? "" : ceiling->name->text, ceiling);

	if (first == ceiling)
		return;
	if (ceiling->name == NULL)
		report_error(c->diagnostics, &ceiling->keyword->place, NULL,
		    "there is one ceiling without a name");
	else
		report_error(c->diagnostics, &ceiling->name->place, NULL,
		    "the ceiling '%s' is defined twice", ceiling->name->text);
	report_note(c->diagnostics, &first->keyword->place,
	    "the first one is here");
}

static void
check_used(struct checker *c)
{
	for (size_t i = 0; i < c->tree->unders.n; i++) {
		const struct token *name = c->tree->unders.items[i];
		struct tree_ceiling *ceiling =
		    check_find_ceiling(c->tree, name->text);

		if (ceiling == NULL)
			unknown_ceiling(c, name);
		else
			ceiling->used = true;
	}
	for (size_t i = 0; i < c->tree->n_ceilings; i++) {
		const struct tree_ceiling *ceiling = c->tree->ceilings[i];

		if (ceiling->name != NULL && !ceiling->used &&
		    !c->tree->incomplete)
			report_warning(c->diagnostics, &ceiling->name->place,
			    "the ceiling '%s' binds nothing: no include and "
			    "no jail is 'under %s'", ceiling->name->text,
			    ceiling->name->text);
	}
}

const struct policy_ceiling *
check_ceilings(struct checker *c)
{
	struct policy_ceiling *made = arena_alloc(c->arena,
	    c->tree->n_ceilings + 1, sizeof(*made));

	for (size_t i = 0; i < c->tree->n_ceilings; i++) {
		check_ceiling_twice(c, c->tree->ceilings[i]);
		check_ceiling(c, c->tree->ceilings[i], &made[i]);
	}
	check_used(c);
	return made;
}

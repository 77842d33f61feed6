#include "config.h"

#include <string.h>

#include "lang/check.h"
#include "lang/source.h"

struct part *
check_find_part(const struct tree *tree, const char *name)
{
	return names_find(&tree->part_names, name);
}

static struct define *
find_define(const struct tree *tree, const char *name)
{
	return names_find(&tree->define_names, name);
}

static void
check_twice(struct checker *c, const struct token *first,
    const struct token *again, const char *what)
{
	if (first == again)
		return;
	report_error(c->diagnostics, &again->place, NULL,
	    "%s '%s' is defined twice", what, again->text);
	report_note(c->diagnostics, &first->place, "the first one is here");
}

static void
check_names(struct checker *c)
{
	struct tree *tree = c->tree;

	for (size_t i = 0; i < tree->n_defines; i++) {
		const struct token *name = tree->defines[i]->name;
		const struct define *first = names_add(c->arena,
		    &tree->define_names, name->text, tree->defines[i]);

		check_twice(c, first->name, name, "the define");
	}
	for (size_t i = 0; i < tree->n_parts; i++) {
		const struct token *name = tree->parts[i]->name;
		const struct part *first = names_add(c->arena,
		    &tree->part_names, name->text, tree->parts[i]);

		check_twice(c, first->name, name, "the name");
		if (strlen(name->text) > CHECK_NAME_MAX)
			report_error(c->diagnostics, &name->place, NULL,
			    "a name has at most %d letters", CHECK_NAME_MAX);
	}
}

void
check_note_use(struct checker *c, const struct value *value)
{
	if (value->define != NULL)
		report_note(c->diagnostics, &value->define->place,
		    "'$%s' is used here", value->define->text);
}

/* All names of a kind, made once: there may be many mistakes. */
static const char *const *
words_of(struct checker *c, enum suggest_from from)
{
	const struct tree *tree = c->tree;
	const char **words;
	size_t n = 0;

	if (c->words[from] != NULL)
		return c->words[from];
	words = arena_alloc(c->arena, tree->n_defines + tree->n_parts +
	    tree->n_ceilings + 1, sizeof(*words));
	for (size_t i = 0; from == SUGGEST_DEFINES && i < tree->n_defines; i++)
		words[n++] = tree->defines[i]->name->text;
	for (size_t i = 0; from != SUGGEST_DEFINES && i < tree->n_parts; i++)
		if (from == SUGGEST_PARTS || (from == SUGGEST_JAILS &&
		    tree->parts[i]->is_jail))
			words[n++] = tree->parts[i]->name->text;
	for (size_t i = 0; from == SUGGEST_CEILINGS &&
	    i < tree->n_ceilings; i++)
		if (tree->ceilings[i]->name != NULL)
			words[n++] = tree->ceilings[i]->name->text;
	c->words[from] = words;
	c->n_words[from] = n;
	return words;
}

const char *
check_suggest(struct checker *c, const struct token *token,
    enum suggest_from from)
{
	const char *const *words = words_of(c, from);

	if (c->suggested > SUGGEST_WORDS_MAX)
		return NULL;
	c->suggested += c->n_words[from];
	return suggest_for(c->diagnostics, token->text, words);
}

static void
unknown_define(struct checker *c, const struct token *token)
{
	const char *near;

	if (c->tree->incomplete || token->broken)
		return;
	near = check_suggest(c, token, SUGGEST_DEFINES);
	if (near != NULL)
		near = arena_printf(c->arena, "$%s", near);
	report_error(c->diagnostics, &token->place, near,
	    "unknown define '$%s'", token->text);
}

static void
visit_define(struct checker *c, struct define *define, unsigned depth)
{
	if (define->visited)
		return;
	define->visiting = define->visited = true;
	for (size_t i = 0; i < define->values.n; i++) {
		const struct token *token = define->values.items[i];
		struct define *inner;

		if (token->kind != TOKEN_DEFINE)
			continue;
		inner = find_define(c->tree, token->text);
		if (inner == NULL)
			unknown_define(c, token);
		else if (inner->visiting || depth == CHECK_DEPTH_MAX)
			report_error(c->diagnostics, &token->place, NULL,
			    inner->visiting ? "the define '%s' holds itself"
			    : "the define '%s' lies too deep in others",
			    token->text);
		else
			visit_define(c, inner, depth + 1);
	}
	define->visiting = false;
}

static void
check_defines(struct checker *c)
{
	for (size_t i = 0; i < c->tree->n_defines; i++)
		visit_define(c, c->tree->defines[i], 0);
}

/* Rings and depth were reported by check_defines(). */
static void
expand_into(struct checker *c, const struct token_list *list,
    const struct token *use, unsigned depth, struct values *values)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct token *token = list->items[i];
		struct define *define;

		if (values->looked_at++ >= CHECK_VALUES_MAX)
			return;
		if (token->kind != TOKEN_DEFINE) {
			*arena_push(c->arena, values->items, values->n) =
			    (struct value) { token, use };
			continue;
		}
		define = find_define(c->tree, token->text);
		if (define == NULL)
			unknown_define(c, token);
		else if (depth < CHECK_DEPTH_MAX)
			expand_into(c, &define->values,
			    use == NULL ? token : use, depth + 1, values);
	}
}

struct values
check_expand(struct checker *c, const struct token_list *list)
{
	struct values values = { 0 };

	expand_into(c, list, NULL, 0, &values);
	if (values.looked_at > CHECK_VALUES_MAX)
		report_error(c->diagnostics, &list->items[0]->place, NULL,
		    "the list has more than %d values", CHECK_VALUES_MAX);
	return values;
}

static void
check_version(struct checker *c, const struct source *root)
{
	struct place start = { .source = root, .line = 1, .column = 1 };

	if (c->tree->version == NULL && !root->broken)
		report_error(c->diagnostics, &start, NULL,
		    "the root file begins with 'version 1'");
}

bool
check_may_look(struct checker *c, const struct token *token, size_t n)
{
	size_t max = CHECK_LOOKS_MAX;

	if (c->tree->n_bytes > SOURCE_MAX_BYTES)
		max += (c->tree->n_bytes - SOURCE_MAX_BYTES) *
		    CHECK_LOOKS_MORE;
	if (!c->too_many && n <= max - c->looks) {
		c->looks += n;
		return true;
	}
	if (!c->too_many)
		report_error(c->diagnostics, &token->place, NULL,
		    "from here on the policy cannot be checked in time: too "
		    "many lines have to be held against each other; shorten "
		    "the lists of ceilings, networks and match lines");
	c->too_many = true;
	return false;
}

/* Settings that stand once in a block. */
static bool
is_single(enum setting_kind kind)
{
	return kind < SETTING_MOUNT;
}

static void
append_setting(struct part *part, struct setting **last, struct setting *s)
{
	if (part->first[s->kind] == NULL)
		part->first[s->kind] = s;
	else
		last[s->kind]->next = s;
	last[s->kind] = s;
}

static void
check_part(struct checker *c, struct part *part)
{
	struct setting *last[SETTING_KINDS] = { NULL };

	for (size_t i = 0; i < part->n_settings; i++) {
		struct setting *s = part->settings[i];

		check_setting(c, s);
		append_setting(part, last, s);
		if (!is_single(s->kind) || part->first[s->kind] == s)
			continue;
		report_error(c->diagnostics, &s->keyword->place, NULL,
		    "'%s' is given twice", s->keyword->text);
		report_note(c->diagnostics,
		    &part->first[s->kind]->keyword->place,
		    "the first one is here");
	}
}

void
check_tree(struct arena *arena, struct diagnostics *diagnostics,
    struct tree *tree, const struct source *root)
{
	struct checker c = { .arena = arena, .diagnostics = diagnostics,
		.tree = tree };

	check_version(&c, root);
	check_names(&c);
	check_defines(&c);
	check_ancestry(&c);
	for (size_t i = 0; i < tree->n_parts; i++)
		check_part(&c, tree->parts[i]);
}

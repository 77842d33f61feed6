#include "config.h"

#include <string.h>

#include "lang/check.h"
#include "lang/source.h"

struct part *
check_find_part(const struct tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->n_parts; i++)
		if (strcmp(tree->parts[i]->name->text, name) == 0)
			return tree->parts[i];
	return NULL;
}

static struct define *
find_define(const struct tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->n_defines; i++)
		if (strcmp(tree->defines[i]->name->text, name) == 0)
			return tree->defines[i];
	return NULL;
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

		check_twice(c, find_define(tree, name->text)->name, name,
		    "the define");
	}
	for (size_t i = 0; i < tree->n_parts; i++) {
		const struct token *name = tree->parts[i]->name;

		check_twice(c, check_find_part(tree, name->text)->name, name,
		    "the name");
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

static void
unknown_define(struct checker *c, const struct token *token)
{
	const char **words, *near;
	size_t n = c->tree->n_defines;

	if (c->tree->incomplete || token->broken)
		return;
	words = arena_alloc(c->arena, n + 1, sizeof(*words));
	for (size_t i = 0; i < n; i++)
		words[i] = c->tree->defines[i]->name->text;
	near = suggest(token->text, words);
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

/* Settings that stand once in a block. */
static bool
is_single(enum setting_kind kind)
{
	return kind < SETTING_MOUNT;
}

static void
check_part(struct checker *c, struct part *part)
{
	const struct setting *first[SETTING_KINDS] = { NULL };

	for (size_t i = 0; i < part->n_settings; i++) {
		struct setting *s = part->settings[i];

		check_setting(c, s);
		if (!is_single(s->kind))
			continue;
		if (first[s->kind] == NULL) {
			first[s->kind] = s;
			continue;
		}
		report_error(c->diagnostics, &s->keyword->place, NULL,
		    "'%s' is given twice", s->keyword->text);
		report_note(c->diagnostics, &first[s->kind]->keyword->place,
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

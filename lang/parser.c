#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/parse.h"

struct statement_syntax {
	const char *word;
	bool (*parse)(struct parser *p);
};

static void read_source(struct parser *above, const struct source *source);

const struct token *
parse_next(struct parser *p)
{
	const struct token *token = p->at;

	if (token->kind == TOKEN_OPEN_BRACE)
		p->depth++;
	if (token->kind == TOKEN_CLOSE_BRACE && p->depth > 0)
		p->depth--;
	if (token->kind != TOKEN_END_OF_FILE)
		p->at++;
	return token;
}

bool
parse_is(const struct parser *p, enum token_kind kind)
{
	return p->at->kind == kind;
}

bool
parse_is_word(const struct parser *p, const char *word)
{
	return parse_is(p, TOKEN_WORD) && strcmp(p->at->text, word) == 0;
}

bool
parse_accept(struct parser *p, enum token_kind kind)
{
	if (!parse_is(p, kind))
		return false;
	parse_next(p);
	return true;
}

bool
parse_accept_word(struct parser *p, const char *word)
{
	if (!parse_is_word(p, word))
		return false;
	parse_next(p);
	return true;
}

/* A token as it is written, or what it is called. */
static const char *
describe(struct parser *p, const struct token *token)
{
	if (token->kind < TOKEN_COMPARE)
		return token_kind_name(token->kind);
	return arena_printf(p->arena, "'%.*s'", (int)token->place.length,
	    token->place.source->text + token->place.offset);
}

bool
parse_error(struct parser *p, const char *what)
{
	if (!p->at->broken)
		report_error(p->diagnostics, &p->at->place, NULL,
		    "expected %s, not %s", what, describe(p, p->at));
	return false;
}

const struct token *
parse_expect(struct parser *p, enum token_kind kind, const char *what)
{
	if (parse_is(p, kind))
		return parse_next(p);
	parse_error(p, what);
	return NULL;
}

static const char *
join_words(struct parser *p, const char *const *words)
{
	const char *text = words[0];

	for (words++; *words != NULL; words++)
		text = arena_printf(p->arena, words[1] == NULL ? "%s or %s" :
		    "%s, %s", text, *words);
	return text;
}

const struct token *
parse_choice(struct parser *p, const char *const *words, const char *what,
    unsigned *ret_choice)
{
	const char *near;

	if (!parse_is(p, TOKEN_WORD)) {
		parse_error(p, arena_printf(p->arena, "%s (%s)", what,
		    join_words(p, words)));
		return NULL;
	}
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], p->at->text) != 0)
			continue;
		*ret_choice = i;
		return parse_next(p);
	}
	near = suggest(p->at->text, words);
	if (near != NULL)
		report_error(p->diagnostics, &p->at->place, near,
		    "expected %s, not '%s'", what, p->at->text);
	else
		parse_error(p, arena_printf(p->arena, "%s (%s)", what,
		    join_words(p, words)));
	return NULL;
}

void
parse_not_built(struct parser *p, const struct token *at, const char *what)
{
	report_error(p->diagnostics, &at->place, NULL,
	    "%s is not in this build", what);
}

void
parse_skip_newlines(struct parser *p)
{
	while (parse_accept(p, TOKEN_NEWLINE))
		;
}

void
parse_recover(struct parser *p, unsigned depth)
{
	while (!parse_is(p, TOKEN_END_OF_FILE)) {
		if (p->depth <= depth && (parse_is(p, TOKEN_NEWLINE) ||
		    parse_is(p, TOKEN_SEMICOLON)))
			return;
		if (p->depth <= depth && depth > 0 &&
		    parse_is(p, TOKEN_CLOSE_BRACE))
			return;
		parse_next(p);
	}
}

bool
parse_end(struct parser *p)
{
	if (parse_accept(p, TOKEN_NEWLINE) || parse_accept(p, TOKEN_SEMICOLON))
		return true;
	if (parse_is(p, TOKEN_END_OF_FILE))
		return true;
	if (parse_is(p, TOKEN_CLOSE_BRACE) && p->depth > 0)
		return true;
	return parse_error(p, "the end of the line or ';'");
}

bool
parse_at_block(const struct parser *p)
{
	const struct token *at = p->at;

	if (at->kind == TOKEN_NEWLINE)
		at++;
	return at->kind == TOKEN_OPEN_BRACE;
}

bool
parse_block(struct parser *p, const struct token *head,
    bool (*item)(struct parser *p, void *context), void *context)
{
	unsigned depth;

	if (parse_is(p, TOKEN_NEWLINE) && parse_at_block(p)) {
		parse_skip_newlines(p);
		report_error(p->diagnostics, &p->at->place, NULL,
		    "'{' stands at the end of the line before");
	}
	if (parse_expect(p, TOKEN_OPEN_BRACE, "'{' on the same line") == NULL)
		return false;
	depth = p->depth;
	for (;;) {
		while (parse_accept(p, TOKEN_NEWLINE) ||
		    parse_accept(p, TOKEN_SEMICOLON))
			;
		if (parse_accept(p, TOKEN_CLOSE_BRACE))
			return true;
		if (parse_is(p, TOKEN_END_OF_FILE)) {
			parse_error(p, "'}'");
			report_note(p->diagnostics, &head->place,
			    "the block begins here");
			return false;
		}
		if (!item(p, context) || !parse_end(p))
			parse_recover(p, depth);
	}
}

static bool
is_value(enum token_kind kind)
{
	return kind >= TOKEN_WORD && kind < TOKEN_KINDS;
}

bool
parse_value(struct parser *p, struct token_list *list, const char *what)
{
	if (!is_value(p->at->kind))
		return parse_error(p, what);
	*arena_push(p->arena, list->items, list->n) = parse_next(p);
	return true;
}

bool
parse_tail(struct parser *p, struct token_list *list, const char *what)
{
	do {
		parse_skip_newlines(p);
		if (!parse_value(p, list, what))
			return false;
	} while (parse_accept(p, TOKEN_COMMA));
	return true;
}

bool
parse_values(struct parser *p, struct token_list *list, const char *what)
{
	if (!parse_accept(p, TOKEN_OPEN_BRACE))
		return parse_value(p, list, what);
	for (;;) {
		parse_skip_newlines(p);
		if (list->n > 0 && parse_accept(p, TOKEN_CLOSE_BRACE))
			return true;
		if (!parse_value(p, list, what))
			return false;
		parse_skip_newlines(p);
		if (parse_accept(p, TOKEN_CLOSE_BRACE))
			return true;
		if (!parse_accept(p, TOKEN_COMMA))
			return parse_error(p, "',' or '}'");
	}
}

/* Something is defined, nobody knows what. */
static bool
missing_name(struct parser *p)
{
	p->tree->incomplete = true;
	return false;
}

static bool
parse_include(struct parser *p)
{
	struct source **sources = NULL;
	const struct token *name;
	size_t n;

	parse_next(p);
	name = parse_expect(p, TOKEN_STRING, "the name of a file in quotes");
	if (name == NULL)
		return missing_name(p);
	if (parse_is_word(p, "under")) {
		const struct token *under = parse_next(p);

		if (parse_expect(p, TOKEN_WORD, "a ceiling's name") == NULL)
			return false;
		parse_not_built(p, under, "a ceiling");
	}
	if (name->broken)
		return true;
	if (name->has_variable) {
		report_error(p->diagnostics, &name->place, NULL,
		    "variables stand only in a jail's strings");
		return true;
	}
	n = source_include(p->set, p->source, &name->place,
	    token_plain_text(p->arena, name), &sources);
	if (!diagnostics_clean(p->diagnostics))
		p->tree->incomplete = true;
	for (size_t i = 0; i < n; i++)
		read_source(p, sources[i]);
	return true;
}

static bool
parse_define(struct parser *p)
{
	struct define *define = arena_alloc(p->arena, 1, sizeof(*define));

	parse_next(p);
	define->name = parse_expect(p, TOKEN_WORD, "a name");
	if (define->name == NULL)
		return missing_name(p);
	/* Known from here on, so that nothing else misses it. */
	*arena_push(p->arena, p->tree->defines, p->tree->n_defines) = define;
	if (parse_expect(p, TOKEN_ASSIGN, "'='") == NULL)
		return false;
	parse_skip_newlines(p);
	return parse_values(p, &define->values, "a value");
}

static bool
parse_parents(struct parser *p, struct part *part)
{
	const struct token *parent;

	do {
		parse_skip_newlines(p);
		parent = parse_expect(p, TOKEN_WORD, "a profile or jail");
		if (parent == NULL)
			return false;
		*arena_push(p->arena, part->parents.items, part->parents.n) =
		    parent;
	} while (parse_accept(p, TOKEN_COMMA));
	return true;
}

static bool
parse_part(struct parser *p)
{
	struct part *part = arena_alloc(p->arena, 1, sizeof(*part));

	part->is_jail = parse_is_word(p, "jail");
	part->keyword = parse_next(p);
	part->name = parse_expect(p, TOKEN_WORD, "a name");
	if (part->name == NULL)
		return missing_name(p);
	*arena_push(p->arena, p->tree->parts, p->tree->n_parts) = part;
	if (parse_accept_word(p, "inherits") && !parse_parents(p, part)) {
		part->broken = true;
		return false;
	}
	if (parse_at_block(p))
		return parse_block(p, part->keyword, parse_setting, part);
	part->broken = true;
	return parse_error(p, part->parents.n == 0 ?
	    "'inherits' or '{' on the same line" : "',' or '{' on the same line");
}

static bool
parse_criterion(struct parser *p, struct tree_match *match,
    const struct token *keyword, unsigned kind)
{
	if (match->criteria[kind] != NULL) {
		report_error(p->diagnostics, &keyword->place, NULL,
		    "'%s' is given twice in one match; several values stand "
		    "in { }", keyword->text);
		report_note(p->diagnostics, &match->criteria[kind]->place,
		    "the first one is here");
	}
	match->criteria[kind] = keyword;
	return parse_values(p, &match->values[kind], "a value");
}

static bool
at_verdict(const struct parser *p)
{
	return parse_is_word(p, "use") || parse_is_word(p, "refuse");
}

static bool
parse_criteria(struct parser *p, struct tree_match *match)
{
	static const char *const first[] = {
		"user", "group", "service", "from", "any", NULL
	};
	static const char *const further[] = {
		"user", "group", "service", "from", "use", "refuse", NULL
	};
	const struct token *keyword;
	bool some = false;
	unsigned choice;

	if (parse_accept_word(p, "any"))
		return at_verdict(p) || parse_error(p, "'use' or 'refuse'");
	if (at_verdict(p))
		return parse_error(p, "'any' or a criterion");
	do {
		keyword = parse_choice(p, some ? further : first,
		    some ? "a criterion or what happens" : "a criterion",
		    &choice);
		if (keyword == NULL ||
		    !parse_criterion(p, match, keyword, choice))
			return false;
		some = true;
	} while (!at_verdict(p));
	return true;
}

/* Behind the criteria: what happens. */
static bool
parse_verdict(struct parser *p, struct tree_match *match)
{
	if (parse_accept_word(p, "use")) {
		match->jail = parse_expect(p, TOKEN_WORD, "a jail's name");
		return match->jail != NULL;
	}
	parse_next(p);
	if (parse_is(p, TOKEN_STRING))
		match->reason = parse_next(p);
	return true;
}

static bool
parse_match(struct parser *p)
{
	struct tree_match *match = arena_alloc(p->arena, 1, sizeof(*match));

	match->keyword = parse_next(p);
	if (!parse_criteria(p, match) || !parse_verdict(p, match))
		return false;
	*arena_push(p->arena, p->tree->matches, p->tree->n_matches) = match;
	return true;
}

static bool
parse_version(struct parser *p)
{
	const struct token *keyword = parse_next(p), *number;

	if (p->source->includer == NULL)
		p->tree->version = keyword;
	number = parse_expect(p, TOKEN_NUMBER, "the number of a version");
	if (number == NULL)
		return false;
	if (number->number != 1 && !number->broken)
		report_error(p->diagnostics, &number->place, NULL,
		    "version %s is not known; this build knows version 1",
		    number->text);
	for (const struct token *t = p->tokens; t < keyword; t++) {
		if (t->kind == TOKEN_NEWLINE)
			continue;
		report_error(p->diagnostics, &keyword->place, NULL,
		    "the version stands in front of everything else");
		break;
	}
	return true;
}

/* Ceilings and tests: the whole block is passed over. */
static bool
parse_unbuilt_block(struct parser *p)
{
	const struct token *keyword = parse_next(p);

	parse_not_built(p, keyword, strcmp(keyword->text, "test") == 0 ?
	    "a test" : "a ceiling");
	parse_recover(p, p->depth);
	return true;
}

static const struct statement_syntax statements[] = {
	{ "version", parse_version },
	{ "include", parse_include },
	{ "define", parse_define },
	{ "ceiling", parse_unbuilt_block },
	{ "profile", parse_part },
	{ "jail", parse_part },
	{ "match", parse_match },
	{ "test", parse_unbuilt_block },
};

const char *const *
statement_words(void)
{
	static const char *words[ARRAY_LENGTH(statements) + 1];

	for (size_t i = 0; i < ARRAY_LENGTH(statements); i++)
		words[i] = statements[i].word;
	return words;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	while (*words != NULL && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static bool
unknown_statement(struct parser *p)
{
	p->tree->incomplete = true;
	if (!parse_is(p, TOKEN_WORD) || p->at->broken)
		return parse_error(p, "a statement");
	if (is_one_of(p->at->text, setting_words()))
		report_error(p->diagnostics, &p->at->place, NULL,
		    "'%s' stands only in the block of a jail or profile",
		    p->at->text);
	else
		report_error(p->diagnostics, &p->at->place,
		    suggest(p->at->text, statement_words()),
		    "unknown statement '%s'", p->at->text);
	return false;
}

static bool
parse_statement(struct parser *p)
{
	for (size_t i = 0; i < ARRAY_LENGTH(statements); i++)
		if (parse_is_word(p, statements[i].word))
			return statements[i].parse(p);
	return unknown_statement(p);
}

static void
read_source(struct parser *above, const struct source *source)
{
	struct parser p = *above;
	size_t n;

	p.source = source;
	p.depth = 0;
	p.tokens = p.at = lexer_run(p.arena, p.diagnostics, source, &n);
	if (source->broken)
		p.tree->incomplete = true;
	for (;;) {
		while (parse_accept(&p, TOKEN_NEWLINE) ||
		    parse_accept(&p, TOKEN_SEMICOLON))
			;
		if (parse_is(&p, TOKEN_END_OF_FILE))
			return;
		if (!parse_statement(&p) || !parse_end(&p))
			parse_recover(&p, 0);
	}
}

struct tree *
parser_run(struct source_set *set, const struct source *root)
{
	struct tree *tree = arena_alloc(set->arena, 1, sizeof(*tree));
	struct parser p = { .arena = set->arena, .tree = tree, .set = set,
		.diagnostics = set->diagnostics };

	read_source(&p, root);
	return tree;
}

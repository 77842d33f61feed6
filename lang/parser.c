#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/parse.h"

struct statement_syntax {
	const char *word;
	bool (*parse)(struct parser *p);
};

static void read_source(struct parser *above, const struct source *source);

/* Something is defined, nobody knows what. */
static bool
missing_name(struct parser *p)
{
	p->tree->incomplete = true;
	return false;
}

/* A list of its own: others go on with the old one. */
static struct token_list
append_name(struct parser *p, const struct token_list *list,
    const struct token *name)
{
	struct token_list longer = { 0 };

	for (size_t i = 0; i < list->n; i++)
		*arena_push(p->arena, longer.items, longer.n) = list->items[i];
	*arena_push(p->arena, longer.items, longer.n) = name;
	return longer;
}

static void
read_included(struct parser *p, const struct token *name)
{
	struct source **sources = NULL;
	size_t n = source_include(p->set, p->source, &name->place,
	    token_plain_text(p->arena, name), &sources);

	if (!diagnostics_clean(p->diagnostics))
		p->tree->incomplete = true;
	for (size_t i = 0; i < n; i++)
		read_source(p, sources[i]);
}

static bool
parse_include(struct parser *p)
{
	struct token_list above = p->under;
	const struct token *name, *under;

	parse_next(p);
	name = parse_expect(p, TOKEN_STRING, "the name of a file in quotes");
	if (name == NULL)
		return missing_name(p);
	if (parse_accept_word(p, "under")) {
		under = parse_expect(p, TOKEN_WORD, "a ceiling's name");
		if (under == NULL)
			return missing_name(p);
		p->under = append_name(p, &above, under);
		*arena_push(p->arena, p->tree->unders.items,
		    p->tree->unders.n) = under;
	}
	if (name->has_variable)
		report_error(p->diagnostics, &name->place, NULL,
		    "variables stand only in a jail's strings");
	else if (!name->broken && !p->set->one_file)
		read_included(p, name);
	p->under = above;
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
parse_heritage(struct parser *p, struct part *part)
{
	struct token_list own = { 0 };

	if (parse_accept_word(p, "inherits") &&
	    !parse_names(p, &part->parents, "a profile or jail"))
		return false;
	if (parse_accept_word(p, "under") &&
	    !parse_names(p, &own, "a ceiling's name"))
		return false;
	part->under = p->under;
	for (size_t i = 0; i < own.n; i++) {
		part->under = append_name(p, &part->under, own.items[i]);
		*arena_push(p->arena, p->tree->unders.items,
		    p->tree->unders.n) = own.items[i];
	}
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
	if (!parse_heritage(p, part)) {
		part->broken = true;
		return false;
	}
	if (parse_at_block(p))
		return parse_block(p, part->keyword, parse_setting, part);
	part->broken = true;
	return parse_error(p, part->parents.n == 0 ?
	    "'inherits' or '{' on the same line" :
	    "',' or '{' on the same line");
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

static const struct statement_syntax statements[] = {
	{ "version", parse_version },
	{ "include", parse_include },
	{ "define", parse_define },
	{ "ceiling", parse_ceiling },
	{ "profile", parse_part },
	{ "jail", parse_part },
	{ "match", parse_match },
	{ "test", parse_test },
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
		    suggest_for(p->diagnostics, p->at->text, statement_words()),
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
	if (source->includer == NULL) {
		p.tree->tokens = p.tokens;
		p.tree->n_tokens = n;
	}
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
	tree->n_bytes = set->n_bytes;
	return tree;
}

struct tree_action *
parser_run_action(struct source_set *set, const struct source *source)
{
	struct parser p = { .arena = set->arena, .set = set,
		.diagnostics = set->diagnostics, .source = source };
	struct tree_action *action =
	    arena_alloc(set->arena, 1, sizeof(*action));
	size_t n;

	p.tokens = p.at = lexer_run(p.arena, p.diagnostics, source, &n);
	parse_skip_newlines(&p);
	if (!parse_action(&p, action))
		return NULL;
	parse_skip_newlines(&p);
	if (!parse_is(&p, TOKEN_END_OF_FILE)) {
		parse_error(&p, "the end of the action");
		return NULL;
	}
	return action;
}

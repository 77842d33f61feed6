#include "config.h"

#include <string.h>

#include "lang/parse.h"

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
	near = suggest_for(p->diagnostics, p->at->text, words);
	if (near != NULL)
		report_error(p->diagnostics, &p->at->place, near,
		    "expected %s, not '%s'", what, p->at->text);
	else
		parse_error(p, arena_printf(p->arena, "%s (%s)", what,
		    join_words(p, words)));
	return NULL;
}

void
parse_skip_newlines(struct parser *p)
{
	while (parse_accept(p, TOKEN_NEWLINE))
		;
}

bool
parse_comma(struct parser *p)
{
	if (!parse_accept(p, TOKEN_COMMA))
		return false;
	parse_skip_newlines(p);
	return true;
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
parse_at_end(const struct parser *p)
{
	return parse_is(p, TOKEN_NEWLINE) || parse_is(p, TOKEN_SEMICOLON) ||
	    parse_is(p, TOKEN_CLOSE_BRACE) || parse_is(p, TOKEN_END_OF_FILE);
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
		if (!parse_value(p, list, what))
			return false;
	} while (parse_comma(p));
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

bool
parse_names(struct parser *p, struct token_list *list, const char *what)
{
	const struct token *name;

	do {
		name = parse_expect(p, TOKEN_WORD, what);
		if (name == NULL)
			return false;
		*arena_push(p->arena, list->items, list->n) = name;
	} while (parse_comma(p));
	return true;
}

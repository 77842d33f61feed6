#include "config.h"

#include <ctype.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/lexer_part.h"
#include "lang/utf8.h"

/* Of one file, which is at most a megabyte. */
#define TOKENS_MAX 400000

static const char *const kind_names[] = {
	[TOKEN_END_OF_FILE] = "the end of the file",
	[TOKEN_NEWLINE] = "the end of the line",
	[TOKEN_SEMICOLON] = "';'",
	[TOKEN_OPEN_BRACE] = "'{'",
	[TOKEN_CLOSE_BRACE] = "'}'",
	[TOKEN_OPEN_PAREN] = "'('",
	[TOKEN_CLOSE_PAREN] = "')'",
	[TOKEN_COMMA] = "','",
	[TOKEN_ASSIGN] = "'='",
	[TOKEN_AND] = "'&'",
	[TOKEN_OR] = "'|'",
	[TOKEN_COMPARE] = "a comparison",
	[TOKEN_WORD] = "a word",
	[TOKEN_STRING] = "a string",
	[TOKEN_DEFINE] = "a define",
	[TOKEN_GROUP] = "a group of system calls",
	[TOKEN_NUMBER] = "a number",
	[TOKEN_RANGE] = "a range",
	[TOKEN_SIZE] = "a size",
	[TOKEN_DURATION] = "a duration",
	[TOKEN_PERCENT] = "a percentage",
	[TOKEN_ADDRESS] = "an address",
};

/* Longer ones first. */
static const struct {
	const char *text;
	enum token_kind kind;
	enum compare compare;
} punctuation[] = {
	{ "==", TOKEN_COMPARE, COMPARE_EQ },
	{ "!=", TOKEN_COMPARE, COMPARE_NE },
	{ "<=", TOKEN_COMPARE, COMPARE_LE },
	{ ">=", TOKEN_COMPARE, COMPARE_GE },
	{ "<", TOKEN_COMPARE, COMPARE_LT },
	{ ">", TOKEN_COMPARE, COMPARE_GT },
	{ "{", TOKEN_OPEN_BRACE, 0 },
	{ "}", TOKEN_CLOSE_BRACE, 0 },
	{ "(", TOKEN_OPEN_PAREN, 0 },
	{ ")", TOKEN_CLOSE_PAREN, 0 },
	{ ",", TOKEN_COMMA, 0 },
	{ ";", TOKEN_SEMICOLON, 0 },
	{ "=", TOKEN_ASSIGN, 0 },
	{ "&", TOKEN_AND, 0 },
	{ "|", TOKEN_OR, 0 },
};

const char *
token_kind_name(enum token_kind kind)
{
	return kind_names[kind];
}

static bool
is_letter(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

bool
lexer_is_word(char c)
{
	return is_letter(c) || isdigit((unsigned char)c) || c == '-';
}

/* What paths, host names and addresses are made of. */
static bool
is_literal(char c)
{
	return lexer_is_word(c) || (c != '\0' && strchr("./:%*?", c) != NULL);
}

static struct place
place_of(struct lexer *l, const char *from, size_t length)
{
	for (; l->counted < from; l->counted += utf8_length(l->counted))
		l->column++;
	return (struct place) { .source = l->source, .line = l->line,
		.column = l->column,
		.offset = (uint32_t)(from - l->source->text),
		.length = (uint32_t)length };
}

struct token *
lexer_add_token(struct lexer *l, enum token_kind kind, const char *from,
    size_t length)
{
	struct token *token = &l->tokens[l->n_tokens];

	if (l->n_tokens < TOKENS_MAX)
		l->n_tokens++;
	else
		l->full = true;		/* the end will take its place */
	*token = (struct token) { 0 };
	token->kind = kind;
	token->place = place_of(l, from, length);
	token->text = "";
	l->at = from + length;
	return token;
}

static void
read_newline(struct lexer *l)
{
	if (l->n_tokens == 0 ||
	    l->tokens[l->n_tokens - 1].kind != TOKEN_NEWLINE)
		lexer_add_token(l, TOKEN_NEWLINE, l->at, 1);
	else
		l->at++;
	l->line++;
	l->column = 1;
	l->counted = l->at;
}

/* A path or host name without its quotes: said so, and read as a string. */
static void
unquoted(struct lexer *l, struct token *token, const char *what)
{
	token->kind = TOKEN_STRING;
	token->broken = true;
	report_error(l->diagnostics, &token->place,
	    arena_printf(l->arena, "\"%s\"", token->text),
	    "%s is written in quotes", what);
}

static bool
has_address_form(const char *text)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	return digits <= 4 && text[digits] == ':' &&
	    text[strspn(text, "0123456789abcdefABCDEF:./")] == '\0';
}

static void
read_literal(struct lexer *l)
{
	const char *from = l->at, *why, *suggestion;
	struct token *token;
	size_t length = 0;

	while (is_literal(from[length]))
		length++;
	token = lexer_add_token(l, TOKEN_NUMBER, from, length);
	token->text = arena_strndup(l->arena, from, length);
	if (*from == '/' || *from == '.') {
		unquoted(l, token, "a path");
	} else if (strpbrk(token->text, "*?") != NULL ||
	    (!has_address_form(token->text) &&
	    token->text[strcspn(token->text, "./")] == '.' &&
	    token->text[strspn(token->text, "0123456789./")] != '\0')) {
		unquoted(l, token, "a name with '.', '*' or '?'");
	} else if (!literal_read(l->arena, token, &why, &suggestion)) {
		token->broken = true;
		report_error(l->diagnostics, &token->place, suggestion,
		    "'%s' %s", token->text, why);
	}
}

static void
read_word(struct lexer *l)
{
	const char *from = l->at;
	struct token *token;
	size_t length = 0;

	while (lexer_is_word(from[length]))
		length++;
	if (is_literal(from[length])) {
		read_literal(l);
		return;
	}
	token = lexer_add_token(l, TOKEN_WORD, from, length);
	token->text = arena_strndup(l->arena, from, length);
}

/* $define and @group. */
static void
read_sigil(struct lexer *l, enum token_kind kind)
{
	const char *from = l->at;
	struct token *token;
	size_t length = 1;

	while (lexer_is_word(from[length]))
		length++;
	token = lexer_add_token(l, kind, from, length);
	token->text = arena_strndup(l->arena, from + 1, length - 1);
	if (is_letter(from[1]))
		return;
	token->broken = true;
	report_error(l->diagnostics, &token->place, NULL,
	    "expected a name behind '%c'", *from);
}

static void
read_punctuation(struct lexer *l)
{
	struct token *token;

	for (size_t i = 0; i < ARRAY_LENGTH(punctuation); i++) {
		const char *text = punctuation[i].text;

		if (strncmp(l->at, text, strlen(text)) != 0)
			continue;
		token = lexer_add_token(l, punctuation[i].kind, l->at, strlen(text));
		token->number = punctuation[i].compare;
		return;
	}
	token = lexer_add_token(l, TOKEN_WORD, l->at, utf8_length(l->at));
	token->text = arena_strndup(l->arena, l->at - token->place.length,
	    token->place.length);
	token->broken = true;
	report_error(l->diagnostics, &token->place, NULL,
	    *token->text == '\\' ? "a backslash does not continue a line"
	    : "this character has no meaning here");
}

static void
read_token(struct lexer *l)
{
	char c = *l->at;

	if (c == '\n')
		read_newline(l);
	else if (c == ' ' || c == '\t')
		l->at++;
	else if (c == '#')
		l->at += strcspn(l->at, "\n");
	else if (c == '"')
		lexer_read_string(l);
	else if (is_letter(c))
		read_word(l);
	else if (c == '$')
		read_sigil(l, TOKEN_DEFINE);
	else if (c == '@')
		read_sigil(l, TOKEN_GROUP);
	else if (is_literal(c))
		read_literal(l);
	else
		read_punctuation(l);
}

/* No fewer tokens than the text has: each begins with a character that is no
 * word's, or with one that stands behind such. */
static size_t
count_tokens(const char *text)
{
	bool word = false;
	size_t n = 0;

	for (; *text != '\0'; text++) {
		bool now = is_literal(*text);

		if (now ? !word : *text != ' ' && *text != '\t')
			n++;
		word = now;
	}
	return n < TOKENS_MAX ? n : TOKENS_MAX;
}

const struct token *
lexer_run(struct arena *arena, struct diagnostics *diagnostics,
    const struct source *source, size_t *ret_n)
{
	struct lexer lexer = { .arena = arena, .diagnostics = diagnostics,
		.source = source, .at = source->text,
		.counted = source->text, .line = 1, .column = 1 };

	lexer.tokens = arena_alloc(arena, count_tokens(source->text) + 1,
	    sizeof(*lexer.tokens));
	while (*lexer.at != '\0' && !lexer.full)
		read_token(&lexer);
	if (lexer.full)
		report_error(diagnostics,
		    &lexer.tokens[lexer.n_tokens].place, NULL,
		    "the file has more than %d words and signs", TOKENS_MAX);
	lexer_add_token(&lexer, TOKEN_END_OF_FILE, lexer.at, 0);
	*ret_n = lexer.n_tokens + lexer.full;
	return lexer.tokens;
}

/* Strings, their escapes and variables. */
#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/lexer_part.h"
#include "lang/utf8.h"

static const char *const variables[] = {
	"user", "uid", "gid", "group", "home", "jail", "host", NULL
};

/* The character at offset from the token's begin, for a mistake in it. */
static struct place
place_within(const struct token *token, size_t offset, size_t length)
{
	struct place place = token->place;
	const char *at = place.source->text + place.offset;
	const char *to = at + offset;

	for (; at < to; at += utf8_length(at))
		place.column++;
	place.offset += (uint32_t)offset;
	place.length = (uint32_t)length;
	return place;
}

static void
wrong_variable(struct lexer *l, struct token *token, const char *at,
    size_t length, const char *name)
{
	struct place place = place_within(token,
	    (size_t)(at - l->source->text) - token->place.offset, length);

	if (name == NULL)
		report_error(l->diagnostics, &place, NULL,
		    "a variable is written ${name}, and a dollar sign $$");
	else
		report_error(l->diagnostics, &place,
		    suggest_for(l->diagnostics, name, variables),
		    "unknown variable '%s'", name);
	token->broken = true;
}

/* A dollar sign in a string: bytes that belong to it. */
static size_t
read_dollar(struct lexer *l, struct token *token, const char *at)
{
	const char *name = at + 2, *end;
	const char *text;

	if (at[1] == '$')
		return 2;
	end = name;
	while (at[1] == '{' && lexer_is_word(*end))
		end++;
	if (at[1] != '{' || *end != '}') {
		wrong_variable(l, token, at, 1, NULL);
		return 1;
	}
	token->has_variable = true;
	text = arena_strndup(l->arena, name, (size_t)(end - name));
	for (size_t i = 0; variables[i] != NULL; i++)
		if (strcmp(variables[i], text) == 0)
			return (size_t)(end + 1 - at);
	wrong_variable(l, token, at, (size_t)(end + 1 - at), text);
	return (size_t)(end + 1 - at);
}

static char
read_escape(struct lexer *l, struct token *token, const char *at)
{
	static const char escapes[][2] = {
		{ '"', '"' }, { '\\', '\\' }, { 'n', '\n' }, { 't', '\t' },
	};
	struct place place;

	for (size_t i = 0; i < ARRAY_LENGTH(escapes); i++)
		if (at[1] == escapes[i][0])
			return escapes[i][1];
	place = place_within(token,
	    (size_t)(at - l->source->text) - token->place.offset, 2);
	report_error(l->diagnostics, &place, NULL,
	    "unknown escape; a string knows \\\" \\\\ \\n \\t");
	token->broken = true;
	return at[1];
}

/* The end of the string that begins at the lexer: its closing quote, or what
 * ends the line. */
static const char *
string_end(const char *at)
{
	for (at++; *at != '"' && *at != '\n' && *at != '\0'; at++)
		if (*at == '\\' && at[1] != '\n' && at[1] != '\0')
			at++;
	return at;
}

static void
decode_string(struct lexer *l, struct token *token, const char *from,
    const char *end)
{
	char *out = arena_alloc(l->arena, (size_t)(end - from) + 1, 1);
	size_t n;

	token->text = out;
	while (from < end) {
		if (*from == '\\' && from + 1 < end) {
			*out++ = read_escape(l, token, from);
			from += 2;
			continue;
		}
		n = *from == '$' ? read_dollar(l, token, from) : 1;
		memcpy(out, from, n);
		out += n;
		from += n;
	}
}

void
lexer_read_string(struct lexer *l)
{
	const char *from = l->at, *end = string_end(from);
	bool closed = *end == '"';
	struct token *token = lexer_add_token(l, TOKEN_STRING, from,
	    (size_t)(end - from) + closed);

	if (!closed) {
		token->broken = true;
		report_error(l->diagnostics, &token->place, NULL,
		    "the string has no closing quote on its line");
	}
	decode_string(l, token, from + 1, end);
}

const char *
token_plain_text(struct arena *arena, const struct token *token)
{
	char *text, *out;

	if (strchr(token->text, '$') == NULL)
		return token->text;
	text = out = arena_alloc(arena, strlen(token->text) + 1, 1);
	for (const char *at = token->text; *at != '\0'; at++) {
		if (at[0] == '$' && at[1] == '$')
			at++;
		*out++ = *at;
	}
	return text;
}

#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lang/capability.h"
#include "lang/check.h"
#include "lang/host_name.h"

/* The same digits with a unit of the kind that is wanted: 512m and 512M. */
static const char *
other_unit(struct checker *c, const struct token *token, enum token_kind want)
{
	size_t n = strlen(token->text);

	if (n < 2 || token->text[n - 1] != (want == TOKEN_SIZE ? 'm' : 'M') ||
	    (want != TOKEN_SIZE && want != TOKEN_DURATION))
		return NULL;
	return arena_printf(c->arena, "%.*s%c", (int)n - 1, token->text,
	    want == TOKEN_SIZE ? 'M' : 'm');
}

static const char *
unit_hint(enum token_kind want)
{
	static const char *const hints[TOKEN_KINDS] = {
		[TOKEN_SIZE] = " with its unit (K, M, G, T)",
		[TOKEN_DURATION] = " with its unit (s, m, h, d)",
		[TOKEN_PERCENT] = " (such as 200%)",
		[TOKEN_NUMBER] = "",
	};

	return hints[want];
}

bool
check_number(struct checker *c, const struct value *value,
    enum token_kind want, uint64_t max)
{
	const struct token *token = value->token;

	if (token->broken)
		return false;
	if (token->kind != want) {
		report_error(c->diagnostics, &token->place,
		    other_unit(c, token, want), "expected %s%s",
		    token_kind_name(want), unit_hint(want));
	} else if (want == TOKEN_NUMBER && token->text[0] == '0' &&
	    token->text[1] >= '0' && token->text[1] <= '9') {
		report_error(c->diagnostics, &token->place, NULL,
		    "a number has no leading zero; only modes are octal");
	} else if (token->number == 0 || token->number > max) {
		report_error(c->diagnostics, &token->place, NULL,
		    token->number == 0 ? "the value must not be zero" :
		    "the value is too large");
	} else {
		return true;
	}
	check_note_use(c, value);
	return false;
}

bool
check_octal(struct checker *c, const struct token *token, uint32_t max,
    uint64_t *ret)
{
	const char *suggestion = NULL;
	size_t n = strlen(token->text);
	uint64_t mode = 0;

	if (token->broken)
		return false;
	if (strspn(token->text, "01234567") != n || n < 3 || n > 4) {
		if (strspn(token->text, "01234567") == n && n < 3)
			suggestion = arena_printf(c->arena, "%03o",
			    (unsigned)strtoul(token->text, NULL, 8));
		report_error(c->diagnostics, &token->place, suggestion,
		    "a mode is octal, with three or four digits");
		return false;
	}
	for (const char *at = token->text; *at != '\0'; at++)
		mode = mode * 8 + (uint64_t)(*at - '0');
	if (mode > max) {
		report_error(c->diagnostics, &token->place, NULL,
		    "the mode is more than %04o", max);
		return false;
	}
	*ret = mode;
	return true;
}

bool
check_is_none(const struct token *token)
{
	return token->kind == TOKEN_WORD && strcmp(token->text, "none") == 0;
}

/* Capabilities are often said without their prefix. */
static const char *
suggest_word(struct checker *c, const char *word, const char *const *words)
{
	const char *near = suggest_for(c->diagnostics, word, words);
	unsigned number;
	char *name;

	if (near != NULL || words != capability_words)
		return near;
	name = arena_printf(c->arena, "CAP_%s", word);
	for (char *at = name; *at != '\0'; at++)
		*at = (char)toupper((unsigned char)*at);
	return capability_find(name, &number) ? name : NULL;
}

bool
check_word(struct checker *c, const struct value *value,
    const char *const *words, const char *what, unsigned *ret_index)
{
	const struct token *token = value->token;

	for (unsigned i = 0; words[i] != NULL; i++) {
		if (token->kind != TOKEN_WORD ||
		    strcmp(words[i], token->text) != 0)
			continue;
		*ret_index = i;
		return true;
	}
	if (!token->broken) {
		report_error(c->diagnostics, &token->place,
		    suggest_word(c, token->text, words), "unknown %s '%s'",
		    what, token->text);
		check_note_use(c, value);
	}
	return false;
}

bool
check_alone(struct checker *c, const struct values *values)
{
	for (size_t i = 0; i < values->n; i++) {
		if (!check_is_none(values->items[i].token) || values->n == 1)
			continue;
		report_error(c->diagnostics, &values->items[i].token->place,
		    NULL, "'none' stands alone");
		return false;
	}
	return true;
}

bool
check_persist_value(struct checker *c, const struct token *token,
    uint64_t *ret)
{
	const struct value value = { .token = token };

	if (token->kind == TOKEN_WORD) {
		*ret = strcmp(token->text, "none") == 0 ? PERSIST_NONE
		    : PERSIST_UNTIL_STOPPED;
		return true;
	}
	if (!check_number(c, &value, TOKEN_DURATION, UINT32_MAX))
		return false;
	*ret = token->number;
	return true;
}

const char *
check_host_name(struct checker *c, const struct token *token, bool wildcard)
{
	const char *text = check_plain(c, token), *flaw;
	char *lower;

	if (text == NULL)
		return NULL;
	flaw = host_name_flaw(text, wildcard);
	if (flaw != NULL) {
		report_error(c->diagnostics, &token->place, NULL, "\"%s\" %s",
		    text, flaw);
		return NULL;
	}
	lower = arena_strndup(c->arena, text, strlen(text));
	for (char *at = lower; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return lower;
}

/* From text to tokens. */
#ifndef LANG_LEXER_H
#define LANG_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/diagnostics.h"
#include "lang/policy.h"

struct arena;

enum token_kind {
	TOKEN_END_OF_FILE = 0,
	TOKEN_NEWLINE,		/* one or more */
	TOKEN_SEMICOLON,
	TOKEN_OPEN_BRACE,
	TOKEN_CLOSE_BRACE,
	TOKEN_OPEN_PAREN,
	TOKEN_CLOSE_PAREN,
	TOKEN_COMMA,
	TOKEN_ASSIGN,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_COMPARE,		/* number: enum compare */
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_DEFINE,		/* text: without the $ */
	TOKEN_GROUP,		/* text: without the @ */
	TOKEN_NUMBER,
	TOKEN_RANGE,
	TOKEN_SIZE,		/* number: bytes */
	TOKEN_DURATION,		/* number: seconds */
	TOKEN_PERCENT,
	TOKEN_ADDRESS,
	TOKEN_KINDS
};

/* There are many of them: the order of members leaves no gaps. */
struct token {
	enum token_kind kind;
	bool has_variable;	/* a string with ${...} */
	bool broken;		/* was reported already */
	struct place place;
	const char *text;	/* a string: decoded, but with its $; others as
				 * they are written */
	union {			/* by the kind */
		struct {
			uint64_t number; /* NUMBER, and as said above;
					  * RANGE: first */
			uint64_t last;	/* RANGE */
		};
		struct address_range address;
	};
};

/* Reads all of the source; the last token is END_OF_FILE.  Mistakes are
 * reported, and a likely token stands in their place. */
const struct token *lexer_run(struct arena *arena,
    struct diagnostics *diagnostics, const struct source *source,
    size_t *ret_n);

/* What a token is called in a message: "a string", "'{'", ... */
const char *token_kind_name(enum token_kind kind);

/* A string that is not a jail's: "$$" made "$".  What ${...} is doing in
 * there is for the caller to say. */
const char *token_plain_text(struct arena *arena, const struct token *token);

/* Reads a number, range, size, duration, percentage or address from
 * token->text; false when it is none: *ret_why says so and *ret_suggestion
 * may. */
bool literal_read(struct arena *arena, struct token *token,
    const char **ret_why, const char **ret_suggestion);

#endif

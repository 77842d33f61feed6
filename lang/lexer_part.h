/* The parts of the lexer: lexer_string.c has its strings. */
#ifndef LANG_LEXER_PART_H
#define LANG_LEXER_PART_H

#include "lang/arena.h"
#include "lang/lexer.h"
#include "lang/source.h"

struct lexer {
	struct arena *arena;
	struct diagnostics *diagnostics;
	const struct source *source;
	const char *at;
	const char *counted;	/* column is that of this byte */
	uint32_t line, column;
	struct token *tokens;
	size_t n_tokens;
	bool full;
};

/* Adds the token of length bytes at from, and goes behind it. */
struct token *lexer_add_token(struct lexer *l, enum token_kind kind,
    const char *from, size_t length);

/* May the letter stand in a word? */
bool lexer_is_word(char c);

/* Takes a string, which begins here. */
void lexer_read_string(struct lexer *l);

#endif

/* What a formatter knows of a file: its tokens, and between them comments and
 * ends of lines. */
#ifndef LANG_FORMAT_PIECE_H
#define LANG_FORMAT_PIECE_H

#include "lang/arena.h"
#include "lang/lexer.h"

#define FORMAT_COLUMNS 80
#define FORMAT_TAB 8

struct comment {
	const char *text;	/* "# ...", without blanks at its end */
	size_t length;
	bool own_line;		/* nothing else stands on its line */
	bool blank_above;	/* behind an empty line */
};

/* A token with what stands in front of it. */
struct piece {
	enum token_kind kind;
	uint32_t length;	/* bytes */
	uint32_t width;		/* characters */
	bool new_line;		/* an end of line or ';' is in front */
	bool blank_above;	/* an empty line is right above */
	const char *text;	/* as it is written */
	struct comment *comments;
	size_t n_comments;
};

/* The pieces of a file; the last is END_OF_FILE, NEWLINE and SEMICOLON are
 * none. */
struct piece *format_pieces(struct arena *arena, const struct source *source,
    const struct token *tokens, size_t n_tokens, size_t *ret_n);

/* The text of these pieces in the one layout. */
const char *format_layout(struct arena *arena, const struct piece *pieces,
    size_t *ret_length);

#endif

/* Lines of a layout: format_layout.c makes them, format_output.c writes. */
#ifndef LANG_FORMAT_LINE_H
#define LANG_FORMAT_LINE_H

#include "lang/format_piece.h"

struct line {
	size_t from, length;	/* in the text of all lines */
	size_t width;		/* with its indentation */
	unsigned tabs, blanks;
	const struct comment *comment;	/* behind the text, or alone */
	bool blank_above;
	bool opens, closes;	/* a block */
	bool ends;		/* a block at the top */
	size_t column;		/* of the comment behind the text */
};

/* The n lines, whose texts stand in text, as they are handed out. */
const char *format_lines(struct arena *arena, const char *text,
    struct line *lines, size_t n, size_t *ret_length);

#endif

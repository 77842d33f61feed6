/* One statement a line, a tab for each block that it stands in; a list on one
 * line when it fits, else one value a line; a long line goes on behind a
 * comma.  Nothing depends on where lines ended, but for empty lines, of which
 * one is kept. */
#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/format_line.h"

#define CONTINUATION 4		/* blanks */

struct layout {
	struct arena *arena;
	const struct piece *pieces;
	char *text;		/* of all lines, one behind the other */
	size_t n_text;
	struct line *lines;
	size_t n_lines;
	unsigned tabs;		/* of the block */

	/* Of the statement: */
	const struct piece *first, *at;
	unsigned parens, flat_lists, broken_lists;
	bool inside;		/* behind its first word */
	bool open;		/* the last line may get more */
};

/* Which brace of a statement opens a block: the one right behind so many
 * words, or (0) the first one; all others open lists. */
static const struct {
	const char *word;
	size_t words;
} blocks[] = {
	{ "ceiling", 0 }, { "jail", 0 }, { "network", 2 }, { "profile", 0 },
	{ "syscalls", 2 }, { "test", 0 },
};

static bool
is_word(const struct piece *piece, const char *word)
{
	return piece->kind == TOKEN_WORD && piece->length == strlen(word) &&
	    memcmp(piece->text, word, piece->length) == 0;
}

static bool
opens_block(const struct piece *first, const struct piece *brace)
{
	if (brace->kind != TOKEN_OPEN_BRACE)
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(blocks); i++)
		if (is_word(first, blocks[i].word))
			return blocks[i].words == 0 ||
			    first + blocks[i].words == brace;
	return false;
}

static bool
space_between(const struct piece *left, const struct piece *right)
{
	if (left->kind == TOKEN_OPEN_PAREN)
		return false;
	return right->kind != TOKEN_COMMA && right->kind != TOKEN_OPEN_PAREN &&
	    right->kind != TOKEN_CLOSE_PAREN;
}

/* The comma behind the last value stands only in lists of several lines. */
static bool
is_left_out(const struct piece *piece)
{
	return piece->kind == TOKEN_COMMA &&
	    piece[1].kind == TOKEN_CLOSE_BRACE;
}

static struct line *
last_line(struct layout *l)
{
	return &l->lines[l->n_lines - 1];
}

static struct line *
new_line(struct layout *l, unsigned tabs, unsigned blanks)
{
	struct line *line = arena_push(l->arena, l->lines, l->n_lines);

	line->from = l->n_text;
	line->tabs = tabs;
	line->blanks = blanks;
	line->width = tabs * FORMAT_TAB + blanks;
	l->open = true;
	return line;
}

static void
append(struct layout *l, const char *text, size_t length, size_t width)
{
	struct line *line = last_line(l);

	for (size_t i = 0; i < length; i++)
		*arena_push(l->arena, l->text, l->n_text) = text[i];
	line->length += length;
	line->width += width;
}

static void
append_piece(struct layout *l, const struct piece *piece)
{
	if (last_line(l)->length > 0 && space_between(piece - 1, piece))
		append(l, " ", 1, 1);
	append(l, piece->text, piece->length, piece->width);
}

/* A line within the statement: a value of a list, or what goes on. */
static void
break_line(struct layout *l)
{
	new_line(l, l->tabs + l->broken_lists,
	    l->broken_lists > 0 ? 0 : CONTINUATION);
}

static void
add_comment_line(struct layout *l, const struct comment *comment,
    unsigned tabs, unsigned blanks)
{
	struct line *line = new_line(l, tabs, blanks);

	line->comment = comment;
	line->blank_above = comment->blank_above && !l->inside;
	l->open = false;
}

/* The comments in front of a piece: the first may stand behind what is in
 * front of it, the others have lines of their own. */
static void
add_comments(struct layout *l, const struct piece *piece, unsigned tabs,
    unsigned blanks)
{
	for (size_t i = 0; i < piece->n_comments; i++) {
		const struct comment *comment = &piece->comments[i];

		if (!comment->own_line && l->n_lines > 0 &&
		    last_line(l)->comment == NULL)
			last_line(l)->comment = comment;
		else
			add_comment_line(l, comment, tabs, blanks);
		l->open = false;
	}
}

/* Columns that pieces take from here, behind what stands in front of them,
 * as far as nothing can be broken: to the comma behind them, or to the end of
 * the list, and then to the next one.  More than limit: only that. */
static size_t
measure(const struct layout *l, const struct piece *from, size_t limit)
{
	const struct piece *piece = from;
	bool list = from->kind == TOKEN_OPEN_BRACE;
	unsigned depth = 0;
	size_t width = 0;

	for (;; piece++) {
		if (piece != from && (piece->kind == TOKEN_END_OF_FILE ||
		    (depth == 0 && piece->new_line)))
			return width;
		if (depth == 0 && piece->kind == TOKEN_CLOSE_BRACE)
			return width;
		if (piece != from && piece->n_comments > 0)
			return list ? limit + 1 : width;
		if (!is_left_out(piece))
			width += piece->width + space_between(piece - 1, piece);
		if (width > limit)
			return width;
		if (depth == 0 && (piece->kind == TOKEN_COMMA ||
		    opens_block(l->first, piece) ||
		    (piece != from && piece->kind == TOKEN_OPEN_BRACE)))
			return width;
		if (piece->kind == TOKEN_OPEN_PAREN ||
		    piece->kind == TOKEN_OPEN_BRACE)
			depth++;
		else if (depth > 0 && (piece->kind == TOKEN_CLOSE_PAREN ||
		    piece->kind == TOKEN_CLOSE_BRACE))
			depth--;
	}
}

static bool
fits(const struct layout *l, const struct piece *from)
{
	size_t used = l->lines[l->n_lines - 1].width;
	size_t room = used < FORMAT_COLUMNS ? FORMAT_COLUMNS - used : 0;

	return measure(l, from, room) <= room;
}

static void
open_list(struct layout *l, const struct piece *brace)
{
	bool flat = l->flat_lists > 0 || fits(l, brace);

	append_piece(l, brace);
	if (flat)
		l->flat_lists++;
	else
		l->broken_lists++;
}

static void
close_list(struct layout *l, const struct piece *brace)
{
	if (l->flat_lists > 0) {
		append_piece(l, brace);
		l->flat_lists--;
		return;
	}
	if (brace[-1].kind != TOKEN_COMMA &&
	    brace[-1].kind != TOKEN_OPEN_BRACE)
		append(l, ",", 1, 1);
	add_comments(l, brace, l->tabs + l->broken_lists, 0);
	l->broken_lists--;
	new_line(l, l->tabs + l->broken_lists, 0);
	append(l, brace->text, brace->length, brace->width);
}

/* May the line end in front of the piece, and must it? */
static bool
wants_break(const struct layout *l, const struct piece *piece)
{
	if (!l->open)
		return true;
	if (l->flat_lists > 0)
		return false;
	if (l->broken_lists > 0)
		return piece[-1].kind == TOKEN_COMMA ||
		    piece[-1].kind == TOKEN_OPEN_BRACE;
	return piece[-1].kind == TOKEN_COMMA && !fits(l, piece);
}

static void
add_piece(struct layout *l, const struct piece *piece)
{
	bool in_list = l->flat_lists + l->broken_lists > 0;

	if (piece->kind == TOKEN_COMMA) {
		if (l->broken_lists > 0 && l->flat_lists == 0)
			append(l, ",", 1, 1);
		else if (!in_list || !is_left_out(piece))
			append_piece(l, piece);
		return;
	}
	if (in_list && piece->kind == TOKEN_CLOSE_BRACE) {
		close_list(l, piece);
		return;
	}
	add_comments(l, piece, l->tabs + l->broken_lists,
	    l->broken_lists > 0 ? 0 : CONTINUATION);
	if (wants_break(l, piece))
		break_line(l);
	if (piece->kind == TOKEN_OPEN_BRACE &&
	    !opens_block(l->first, piece))
		open_list(l, piece);
	else
		append_piece(l, piece);
	l->parens += piece->kind == TOKEN_OPEN_PAREN;
	l->parens -= piece->kind == TOKEN_CLOSE_PAREN && l->parens > 0;
}

/* Does the statement end in front of the piece? */
static bool
is_end(const struct layout *l, const struct piece *piece)
{
	const struct piece *before = piece - 1;

	if (piece->kind == TOKEN_END_OF_FILE)
		return true;
	if (l->flat_lists + l->broken_lists + l->parens > 0)
		return false;
	if (piece->kind == TOKEN_CLOSE_BRACE)
		return true;
	return piece->new_line && before->kind != TOKEN_COMMA &&
	    before->kind != TOKEN_ASSIGN;
}

/* An empty line above the statement that line begins, and above the comments
 * that belong to it. */
static void
set_apart(struct layout *l, size_t line)
{
	while (line > 0 && !l->lines[line].blank_above &&
	    l->lines[line - 1].length == 0)
		line--;
	l->lines[line].blank_above = true;
}

static void
end_block(struct layout *l)
{
	last_line(l)->ends = l->tabs == 0;
	l->open = false;
	l->at++;
}

static void
begin_block(struct layout *l, size_t line)
{
	if (l->tabs == 0)
		set_apart(l, line);
	if (l->at->kind == TOKEN_CLOSE_BRACE && l->at->n_comments == 0) {
		append(l, " }", 2, 2);
		end_block(l);
		return;
	}
	last_line(l)->opens = true;
	l->tabs++;
}

static void
close_block(struct layout *l)
{
	l->tabs -= l->tabs > 0;
	new_line(l, l->tabs, 0)->closes = true;
	append(l, "}", 1, 1);
	end_block(l);
}

static void
lay_out_statement(struct layout *l)
{
	size_t line = l->n_lines;
	bool block = false;

	l->first = l->at;
	new_line(l, l->tabs, 0)->blank_above = l->at->blank_above;
	append(l, l->at->text, l->at->length, l->at->width);
	l->inside = true;
	for (l->at++; !block && !is_end(l, l->at); l->at++) {
		add_piece(l, l->at);
		block = opens_block(l->first, l->at);
	}
	l->inside = l->open = false;
	if (block)
		begin_block(l, line);
}

static void
lay_out(struct layout *l)
{
	for (l->at = l->pieces;;) {
		add_comments(l, l->at, l->tabs, 0);
		if (l->at->kind == TOKEN_END_OF_FILE)
			return;
		if (l->at->kind == TOKEN_CLOSE_BRACE)
			close_block(l);
		else
			lay_out_statement(l);
	}
}

const char *
format_layout(struct arena *arena, const struct piece *pieces,
    size_t *ret_length)
{
	struct layout l = { .arena = arena, .pieces = pieces };

	lay_out(&l);
	return format_lines(arena, l.text, l.lines, l.n_lines, ret_length);
}

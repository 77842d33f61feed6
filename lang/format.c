#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lang/arena.h"
#include "lang/format.h"
#include "lang/format_piece.h"
#include "lang/load.h"
#include "lang/parser.h"
#include "lang/source.h"
#include "lang/utf8.h"

#define FORMAT_MAX_BYTES (512u << 20)

struct formatting {
	const struct load_options *options;
	const char *text;
	size_t length;
	struct arena *arena;
	struct diagnostics *diagnostics;
	const char *laid_out;
	size_t laid_out_length;
	int error;
};

static size_t
width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (const char *at = text; at < text + length; at += utf8_length(at))
		width++;
	return width;
}

/* Adds the comment that begins at from.  Returns its end. */
static const char *
add_comment(struct arena *arena, struct piece *piece, const char *from,
    unsigned newlines)
{
	struct comment *comment =
	    arena_push(arena, piece->comments, piece->n_comments);
	size_t length = strcspn(from, "\n");
	const char *end = from + length;

	while (from[length - 1] == ' ' || from[length - 1] == '\t')
		length--;
	comment->text = from;
	comment->length = length;
	comment->own_line = newlines > 0;
	comment->blank_above = newlines > 1;
	return end;
}

/* What stands between two tokens: blanks, ends of lines, comments and ';'. */
static void
read_gap(struct arena *arena, struct piece *piece, const char *at,
    const char *end, bool first)
{
	unsigned newlines = first;

	while (at < end) {
		if (*at == '#') {
			at = add_comment(arena, piece, at, newlines);
			newlines = 0;
			continue;
		}
		newlines += *at == '\n';
		piece->new_line |= *at == '\n' || *at == ';';
		at++;
	}
	piece->blank_above = newlines > 1;
}

/* A comment in front of a comma, or of a list, goes behind it. */
static void
move_comments(struct arena *arena, struct piece *from, struct piece *to)
{
	if (from->kind != TOKEN_COMMA && from->kind != TOKEN_OPEN_BRACE)
		return;
	for (size_t i = 0; i < to->n_comments; i++)
		*arena_push(arena, from->comments, from->n_comments) =
		    to->comments[i];
	to->comments = from->comments;
	to->n_comments = from->n_comments;
	from->comments = NULL;
	from->n_comments = 0;
}

struct piece *
format_pieces(struct arena *arena, const struct source *source,
    const struct token *tokens, size_t n_tokens, size_t *ret_n)
{
	struct piece *pieces = arena_alloc(arena, n_tokens, sizeof(*pieces));
	const char *behind = source->text;
	size_t n = 0;

	for (size_t i = 0; i < n_tokens; i++) {
		const struct place *place = &tokens[i].place;
		const char *text = source->text + place->offset;
		struct piece *piece = &pieces[n];

		if (tokens[i].kind == TOKEN_NEWLINE ||
		    tokens[i].kind == TOKEN_SEMICOLON)
			continue;
		piece->kind = tokens[i].kind;
		piece->text = text;
		piece->length = place->length;
		piece->width = width_of(text, place->length);
		read_gap(arena, piece, behind, text, n == 0);
		if (n > 0 && piece[-1].n_comments > 0)
			move_comments(arena, piece - 1, piece);
		behind = text + place->length;
		n++;
	}
	*ret_n = n;
	return pieces;
}

/* The next piece that has to be there again: all but the comma behind the
 * last value of a list.  Its comments are collected. */
static const struct piece *
next_piece(const struct piece *piece)
{
	return piece->kind == TOKEN_COMMA &&
	    piece[1].kind == TOKEN_CLOSE_BRACE ? piece + 1 : piece;
}

static struct comment *
all_comments(struct arena *arena, const struct piece *pieces, size_t n,
    size_t *ret_n)
{
	struct comment *comments = NULL;

	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < pieces[i].n_comments; k++)
			*arena_push(arena, comments, *ret_n) =
			    pieces[i].comments[k];
	return comments;
}

static bool
same_comments(struct arena *arena, const struct piece *a, size_t n_a,
    const struct piece *b, size_t n_b)
{
	size_t n, n_other;
	const struct comment *these = all_comments(arena, a, n_a, &n);
	const struct comment *others = all_comments(arena, b, n_b, &n_other);

	if (n != n_other)
		return false;
	for (size_t i = 0; i < n; i++)
		if (these[i].length != others[i].length ||
		    memcmp(these[i].text, others[i].text,
		    these[i].length) != 0)
			return false;
	return true;
}

static bool
same_tokens(const struct piece *a, const struct piece *b)
{
	for (;; a++, b++) {
		a = next_piece(a);
		b = next_piece(b);
		if (a->kind != b->kind || a->length != b->length ||
		    memcmp(a->text, b->text, a->length) != 0)
			return false;
		if (a->kind == TOKEN_END_OF_FILE)
			return true;
	}
}

/* The pieces of a text whose grammar is right; NULL when it is not. */
static struct piece *
read_text(struct formatting *f, struct diagnostics *diagnostics,
    const char *text, size_t length, size_t *ret_n)
{
	struct source_set set = { .arena = f->arena,
		.diagnostics = diagnostics, .one_file = true };
	const struct source *source = source_from_memory(&set,
	    f->options->root_file, text, length);
	const struct tree *tree = parser_run(&set, source);

	if (!diagnostics_clean(diagnostics))
		return NULL;
	return format_pieces(f->arena, source, tree->tokens, tree->n_tokens,
	    ret_n);
}

/* MUST:
 *  1. lay out nothing with a mistake in its grammar;
 *  2. hand out only what holds the same tokens and comments in the same
 *     order, in statements that end where they ended. */
static void
format(void *context)
{
	struct formatting *f = context;
	const struct piece *pieces, *again;
	size_t n, n_again;

	f->diagnostics = diagnostics_new(f->arena, false);
	f->error = -EINVAL;
	pieces = read_text(f, f->diagnostics, f->text, f->length, &n);
	if (pieces == NULL)
		return;
	f->laid_out = format_layout(f->arena, pieces, &f->laid_out_length);
	f->error = -EPROTO;
	again = read_text(f, diagnostics_new(f->arena, false), f->laid_out,
	    f->laid_out_length, &n_again);
	if (again != NULL && same_tokens(pieces, again) &&
	    same_comments(f->arena, pieces, n, again, n_again))
		f->error = 0;
}

static int
finish(struct formatting *f, int error, char **ret, size_t *ret_length)
{
	FILE *out = f->options->diagnostics;
	char *copy;

	if (error < 0)
		return error;
	if (f->error == -EINVAL && out != NULL)
		diagnostics_print(f->diagnostics, out, f->options->colour);
	if (f->error < 0)
		return f->error;
	copy = malloc(f->laid_out_length + 1);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, f->laid_out, f->laid_out_length);
	copy[f->laid_out_length] = '\0';
	*ret = copy;
	*ret_length = f->laid_out_length;
	return 0;
}

int
policy_format(const struct load_options *options, const char *text,
    size_t length, char **ret, size_t *ret_length)
{
	struct formatting f = { .options = options, .text = text,
		.length = length };
	int r;

	f.arena = arena_new(FORMAT_MAX_BYTES);
	if (f.arena == NULL)
		return -ENOMEM;
	r = arena_guard(f.arena, format, &f);
	r = finish(&f, r, ret, ret_length);
	arena_free(f.arena);
	return r;
}

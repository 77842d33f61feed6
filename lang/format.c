#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lang/arena.h"
#include "lang/format.h"
#include "lang/format_piece.h"
#include "lang/load.h"
#include "lang/parser.h"
#include "lang/sha256.h"
#include "lang/source.h"
#include "lang/utf8.h"

/* What a text and its layout have in common. */
struct identity {
	char tokens[65], comments[65];
};

struct formatting {
	const struct load_options *options;
	const char *text;
	size_t length;
	struct arena *arena;
	struct diagnostics *diagnostics;
	const char *laid_out;	/* in the arena */
	size_t laid_out_length;
	char *copy;		/* of it */
	struct identity identity;
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
		piece->width = (uint32_t)width_of(text, place->length);
		read_gap(arena, piece, behind, text, n == 0);
		if (n > 0 && piece[-1].n_comments > 0)
			move_comments(arena, piece - 1, piece);
		behind = text + place->length;
		n++;
	}
	*ret_n = n;
	return pieces;
}

static void
add_text(struct sha256 *sum, const char *text, size_t length)
{
	sha256_add(sum, &length, sizeof(length));
	sha256_add(sum, text, length);
}

/* Of what has to be there again: all tokens but the comma behind the last
 * value of a list, and all comments.  Two texts are never held at once. */
static void
add_pieces(struct sha256 *tokens, struct sha256 *comments,
    const struct piece *piece)
{
	for (;; piece++) {
		for (size_t i = 0; i < piece->n_comments; i++)
			add_text(comments, piece->comments[i].text,
			    piece->comments[i].length);
		if (piece->kind == TOKEN_COMMA &&
		    piece[1].kind == TOKEN_CLOSE_BRACE)
			continue;
		sha256_add(tokens, &piece->kind, sizeof(piece->kind));
		add_text(tokens, piece->text, piece->length);
		if (piece->kind == TOKEN_END_OF_FILE)
			break;
	}
}

static void
identify(const struct piece *pieces, struct identity *ret)
{
	struct sha256 tokens, comments;

	sha256_begin(&tokens);
	sha256_begin(&comments);
	add_pieces(&tokens, &comments, pieces);
	sha256_end(&tokens, ret->tokens);
	sha256_end(&comments, ret->comments);
}

static const struct source *
take_text(struct formatting *f, struct source_set *set)
{
	f->diagnostics = diagnostics_new(f->arena, false);
	*set = (struct source_set) { .arena = f->arena,
		.diagnostics = f->diagnostics, .one_file = true };
	return source_from_memory(set, f->options->root_file, f->text,
	    f->length);
}

static void
parse(void *context)
{
	struct formatting *f = context;
	struct source_set set;

	parser_run(&set, take_text(f, &set));
	f->error = diagnostics_clean(f->diagnostics) ? 0 : -EINVAL;
}

/* The pieces of a text whose grammar is right. */
static struct piece *
read_pieces(struct formatting *f)
{
	struct source_set set;
	const struct source *source = take_text(f, &set);
	size_t n;
	const struct token *tokens = lexer_run(f->arena, f->diagnostics,
	    source, &n);

	return format_pieces(f->arena, source, tokens, n, &n);
}

static void
lay_out(void *context)
{
	struct formatting *f = context;
	const struct piece *pieces = read_pieces(f);

	f->laid_out = format_layout(f->arena, pieces, &f->laid_out_length);
	identify(pieces, &f->identity);
}

static void
compare(void *context)
{
	struct formatting *f = context;
	struct identity identity;

	identify(read_pieces(f), &identity);
	if (memcmp(&identity, &f->identity, sizeof(identity)) != 0)
		f->error = -EPROTO;
}

static int
keep_copy(struct formatting *f)
{
	f->copy = malloc(f->laid_out_length + 1);
	if (f->copy == NULL)
		return -ENOMEM;
	memcpy(f->copy, f->laid_out, f->laid_out_length);
	f->copy[f->laid_out_length] = '\0';
	return 0;
}

/* What is wrong with what was handed in, and not with what is to be handed
 * out. */
static void
say_mistakes(const struct formatting *f)
{
	const struct load_options *options = f->options;

	if (f->error == 0 || f->copy != NULL)
		return;
	if (options->diagnostics != NULL)
		diagnostics_print(f->diagnostics, options->diagnostics,
		    options->colour);
	if (options->json != NULL)
		*options->json = diagnostics_json(f->diagnostics);
}

/* Each step has memory of its own: that of all would be too much. */
static int
run(struct formatting *f, void (*step)(void *context))
{
	int r;

	f->arena = arena_new(POLICY_MEMORY);
	if (f->arena == NULL)
		return -ENOMEM;
	r = arena_guard(f->arena, step, f);
	if (r == 0) {
		say_mistakes(f);
		r = f->error;
	}
	if (r == 0 && step == lay_out)
		r = keep_copy(f);
	arena_free(f->arena);
	return r;
}

/* The text as it would be handed out, read as any other. */
static int
look_again(struct formatting *f)
{
	struct formatting again = { .options = f->options, .text = f->copy,
		.length = f->laid_out_length, .copy = f->copy,
		.identity = f->identity };
	int r = run(&again, parse);

	if (r == 0)
		r = run(&again, compare);
	return r == -EINVAL ? -EPROTO : r;
}

/* MUST:
 *  1. lay out nothing with a mistake in its grammar;
 *  2. hand out only what holds the same tokens and comments in the same
 *     order, in statements that end where they ended. */
int
policy_format(const struct load_options *options, const char *text,
    size_t length, char **ret, size_t *ret_length)
{
	struct formatting f = { .options = options, .text = text,
		.length = length };
	int r = run(&f, parse);

	if (r == 0)
		r = run(&f, lay_out);
	if (r == 0)
		r = look_again(&f);
	if (r < 0) {
		free(f.copy);
		return r;
	}
	*ret = f.copy;
	*ret_length = f.laid_out_length;
	return 0;
}

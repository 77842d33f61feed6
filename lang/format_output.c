/* Lines of a layout as text, comments behind them in columns. */
#include "config.h"

#include "lang/format_line.h"

#define ALIGNED_MAX 48		/* comments behind longer lines stand alone */

/* Is there an empty line above? */
static bool
is_apart(const struct line *lines, size_t i)
{
	if (i == 0 || lines[i].closes || lines[i - 1].opens)
		return false;
	return lines[i].blank_above || lines[i - 1].ends;
}

static bool
is_aligned(const struct line *line)
{
	return line->comment != NULL && line->length > 0 &&
	    line->width <= ALIGNED_MAX;
}

/* Comments behind lines that follow each other stand in one column.  Returns
 * the line behind the last of them. */
static size_t
align_comments(struct line *lines, size_t n, size_t from)
{
	size_t to = from, widest = lines[from].width;

	if (!is_aligned(&lines[to++])) {
		lines[from].column = widest + 2;
		return to;
	}
	for (; to < n && is_aligned(&lines[to]) &&
	    !is_apart(lines, to) &&
	    lines[to].tabs == lines[from].tabs; to++)
		if (lines[to].width > widest)
			widest = lines[to].width;
	for (size_t i = from; i < to; i++)
		lines[i].column = widest + 2;
	return to;
}

struct output {
	struct arena *arena;
	char *text;
	size_t n;
};

static void
write_bytes(struct output *o, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		*arena_push(o->arena, o->text, o->n) = text[i];
}

static void
write_repeated(struct output *o, char c, size_t n)
{
	while (n-- > 0)
		write_bytes(o, &c, 1);
}

static void
write_line(struct output *o, const char *text, const struct line *line)
{
	write_repeated(o, '\t', line->tabs);
	write_repeated(o, ' ', line->blanks);
	if (line->length > 0)
		write_bytes(o, text + line->from, line->length);
	if (line->comment != NULL) {
		if (line->length > 0)
			write_repeated(o, ' ', line->column - line->width);
		write_bytes(o, line->comment->text, line->comment->length);
	}
	write_repeated(o, '\n', 1);
}

const char *
format_lines(struct arena *arena, const char *text, struct line *lines,
    size_t n, size_t *ret_length)
{
	struct output o = { .arena = arena };

	for (size_t i = 0; i < n;)
		i = align_comments(lines, n, i);
	for (size_t i = 0; i < n; i++) {
		if (is_apart(lines, i))
			write_repeated(&o, '\n', 1);
		write_line(&o, text, &lines[i]);
	}
	*ret_length = o.n;
	return o.n == 0 ? "" : o.text;
}

/* A message for people, with the line that it is about. */
#include "config.h"

#include <string.h>

#include "lang/diagnostics_part.h"
#include "lang/source.h"
#include "lang/utf8.h"

#define EXCERPT_BYTES 400	/* of a line, on each side */

static const struct {
	const char *word, *colour;
} severities[] = {
	[SEVERITY_ERROR] = { "error", "\033[1;31m" },
	[SEVERITY_WARNING] = { "warning", "\033[1;35m" },
	[SEVERITY_NOTE] = { "note", "\033[1;36m" },
};

const char *
message_word(const struct message *m)
{
	return severities[m->severity].word;
}

static void
print_head(FILE *out, const struct message *m, bool colour)
{
	fputs(m->place.source->name, out);
	if (m->place.line != 0)
		fprintf(out, ":%u:%u", m->place.line, m->place.column);
	fprintf(out, ": %s%s:%s %s\n", colour ? severities[m->severity].colour
	    : "", severities[m->severity].word, colour ? "\033[0m" : "",
	    m->text);
}

/* What is shown of a line: all, or of a very long one what is near. */
struct excerpt {
	const char *from, *end;
	const char *front, *behind;	/* "..." where it is cut */
};

static struct excerpt
excerpt_of(const struct message *m)
{
	const char *text = m->place.source->text;
	const char *at = text + m->place.offset;
	struct excerpt e = { .from = at, .front = "", .behind = "" };

	while (e.from > text && e.from[-1] != '\n' &&
	    at - e.from < EXCERPT_BYTES)
		e.from--;
	while (e.from < at && ((unsigned char)*e.from & 0xc0) == 0x80)
		e.from++;
	if (e.from > text && e.from[-1] != '\n')
		e.front = "...";
	for (e.end = at; *e.end != '\n' && *e.end != '\0' &&
	    e.end - at < EXCERPT_BYTES;)
		e.end += utf8_length(e.end);
	if (*e.end != '\n' && *e.end != '\0')
		e.behind = "...";
	return e;
}

/* The caret stands right whatever the width of what is before it: a tab is
 * repeated as a tab, any other character as the blanks that it takes. */
static void
print_caret(FILE *out, const struct excerpt *e, const struct message *m)
{
	const char *from = m->place.source->text + m->place.offset;
	const char *end = from + m->place.length, *line = e->from;
	unsigned width, total = 0;

	if (end > e->end)
		end = e->end;
	fprintf(out, "      | %*s", (int)strlen(e->front), "");
	while (line < from) {
		if (*line == '\t')
			fputc('\t', out);
		else
			fprintf(out, "%*s", (int)utf8_width(line), "");
		line += utf8_length(line);
	}
	fputc('^', out);
	for (; from < end && *from != '\n'; from += utf8_length(from)) {
		width = utf8_width(from);
		for (unsigned i = 0; i < width; i++)
			if (total++ > 0)
				fputc('~', out);
	}
	if (m->suggestion != NULL)
		fprintf(out, " did you mean '%s'?", m->suggestion);
	fputc('\n', out);
}

static void
print_excerpt(FILE *out, const struct message *m)
{
	const struct excerpt e = excerpt_of(m);

	fprintf(out, "%5u | %s", m->place.line, e.front);
	for (const char *at = e.from; at < e.end; at++) {
		unsigned char byte = (unsigned char)*at;

		/* No control character of a file reaches a terminal. */
		fputc((byte < ' ' && byte != '\t') || byte == 0x7f ? '?' : byte,
		    out);
	}
	fprintf(out, "%s\n", e.behind);
	print_caret(out, &e, m);
}

void
message_print(FILE *out, const struct message *m, bool colour)
{
	print_head(out, m, colour);
	if (m->place.line != 0 && !m->place.source->broken)
		print_excerpt(out, m);
	for (m = m->notes; m != NULL; m = m->next_note)
		print_head(out, m, colour);
}

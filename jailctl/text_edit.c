#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/text_edit.h"

/* A text that is written anew, line by line. */
struct rewriting {
	FILE *out;
	char *text;
	size_t length;
};

static int
begin(struct rewriting *rewriting)
{
	*rewriting = (struct rewriting){ 0 };
	rewriting->out = open_memstream(&rewriting->text,
	    &rewriting->length);
	return rewriting->out == NULL ? -ENOMEM : 0;
}

static int
finish(struct rewriting *rewriting, struct file_state *state)
{
	if (fclose(rewriting->out) != 0) {
		free(rewriting->text);
		return -ENOMEM;
	}
	if (state->kind == FILE_ABSENT && rewriting->length > 0) {
		state->kind = FILE_TEXT;
		state->mode = 0644;
	}
	free(state->text);
	state->text = rewriting->text;
	state->length = rewriting->length;
	return 0;
}

/* The line at *at, with its newline; false at the end. */
static bool
next_line(const struct file_state *state, size_t *at, const char **ret_line,
    size_t *ret_length)
{
	const char *line = state->text + *at, *end;
	size_t left = state->length - *at;

	if (state->text == NULL || left == 0)
		return false;
	end = memchr(line, '\n', left);
	*ret_line = line;
	*ret_length = end != NULL ? (size_t)(end - line) + 1 : left;
	*at += *ret_length;
	return true;
}

static bool
is_entry(const char *line, size_t length, const char *word)
{
	size_t n = strlen(word);

	return length > n && memcmp(line, word, n) == 0 && line[n] == ':';
}

int
text_append(struct file_state *state, const char *line)
{
	struct rewriting rewriting;
	const char *old;
	size_t at = 0, length, n = strlen(line);
	bool ended = true, found = false;
	int r = begin(&rewriting);

	while (r == 0 && next_line(state, &at, &old, &length)) {
		fwrite(old, 1, length, rewriting.out);
		ended = old[length - 1] == '\n';
		found = found || (length - ended == n &&
		    memcmp(old, line, n) == 0);
	}
	if (r < 0)
		return r;
	if (!found)
		fprintf(rewriting.out, "%s%s\n", ended ? "" : "\n", line);
	return finish(&rewriting, state);
}

int
text_remove_entries(struct file_state *state, const char *word)
{
	struct rewriting rewriting;
	const char *line;
	size_t at = 0, length;
	int r = begin(&rewriting);

	while (r == 0 && next_line(state, &at, &line, &length))
		if (!is_entry(line, length, word))
			fwrite(line, 1, length, rewriting.out);
	return r < 0 ? r : finish(&rewriting, state);
}

/* Where field number n begins and ends in a line. */
static bool
find_field(const char *line, size_t length, size_t n, size_t *ret_begin,
    size_t *ret_end)
{
	size_t begin_at = 0, end;

	for (size_t i = 0;; i++) {
		end = begin_at;
		while (end < length && line[end] != ':' && line[end] != '\n')
			end++;
		if (i == n)
			break;
		if (end == length || line[end] != ':')
			return false;
		begin_at = end + 1;
	}
	*ret_begin = begin_at;
	*ret_end = end;
	return true;
}

/* Writes a line with another field; change writes what comes in its place. */
static void
write_field(FILE *out, const char *line, size_t length, size_t n,
    void (*change)(FILE *out, const char *field, size_t length,
    const char *word), const char *word)
{
	size_t first, end;

	if (!find_field(line, length, n, &first, &end)) {
		fwrite(line, 1, length, out);
		return;
	}
	fwrite(line, 1, first, out);
	change(out, line + first, end - first, word);
	fwrite(line + end, 1, length - end, out);
}

static int
change_field(struct file_state *state, const char *entry, size_t n,
    void (*change)(FILE *out, const char *field, size_t length,
    const char *word), const char *word)
{
	struct rewriting rewriting;
	const char *line;
	size_t at = 0, length;
	int r = begin(&rewriting);

	while (r == 0 && next_line(state, &at, &line, &length))
		if (is_entry(line, length, entry))
			write_field(rewriting.out, line, length, n, change,
			    word);
		else
			fwrite(line, 1, length, rewriting.out);
	return r < 0 ? r : finish(&rewriting, state);
}

static void
put_word(FILE *out, const char *field, size_t length, const char *word)
{
	(void)field;
	(void)length;
	fputs(word, out);
}

int
text_set_field(struct file_state *state, const char *entry, size_t n,
    const char *value)
{
	return change_field(state, entry, n, put_word, value);
}

static void
put_others(FILE *out, const char *field, size_t length, const char *word)
{
	const char *separator = "";
	size_t n = strlen(word);

	for (size_t at = 0; at < length;) {
		const char *comma = memchr(field + at, ',', length - at);
		size_t end = comma != NULL ? (size_t)(comma - field) :
		    length;

		if (end - at != n || memcmp(field + at, word, n) != 0) {
			fprintf(out, "%s%.*s", separator, (int)(end - at),
			    field + at);
			separator = ",";
		}
		at = end + 1;
	}
}

int
text_remove_member(struct file_state *state, const char *entry, size_t n,
    const char *word)
{
	return change_field(state, entry, n, put_others, word);
}

static bool
has_key(const char *line, size_t length, const char *key)
{
	size_t n = strlen(key), at = 0;

	while (at < length && (line[at] == ' ' || line[at] == '\t'))
		at++;
	if (length - at <= n || memcmp(line + at, key, n) != 0)
		return false;
	at += n;
	while (at < length && (line[at] == ' ' || line[at] == '\t'))
		at++;
	return at < length && line[at] == '=';
}

int
text_set_key(struct file_state *state, const char *key, const char *value)
{
	struct rewriting rewriting;
	_cleanup_free_ char *new_line = NULL;
	const char *line;
	size_t at = 0, length;
	bool found = false;
	int r;

	if (asprintf(&new_line, "%s = %s", key, value) < 0) {
		new_line = NULL;
		return -ENOMEM;
	}
	r = begin(&rewriting);
	while (r == 0 && next_line(state, &at, &line, &length))
		if (has_key(line, length, key)) {
			found = true;
			fprintf(rewriting.out, "%s\n", new_line);
		} else {
			fwrite(line, 1, length, rewriting.out);
		}
	if (r == 0)
		r = finish(&rewriting, state);
	return r < 0 || found ? r : text_append(state, new_line);
}

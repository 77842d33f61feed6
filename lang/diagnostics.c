#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lang/arena.h"
#include "lang/diagnostics_part.h"
#include "lang/source.h"
#include "lang/utf8.h"

#define MESSAGES_MAX 2000
#define SUGGESTIONS_MAX 500	/* errors that get one */

struct diagnostics {
	struct arena *arena;
	bool strict;
	size_t n_errors, n_warnings;
	struct message **messages;
	size_t n_messages;
	struct message *last;	/* what a note belongs to; NULL: dropped */
};

struct diagnostics *
diagnostics_new(struct arena *arena, bool strict)
{
	struct diagnostics *d = arena_alloc(arena, 1, sizeof(*d));

	d->arena = arena;
	d->strict = strict;
	return d;
}

bool
diagnostics_full(const struct diagnostics *d)
{
	return d->n_messages >= MESSAGES_MAX;
}

bool
diagnostics_strict(const struct diagnostics *d)
{
	return d->strict;
}

bool
diagnostics_clean(const struct diagnostics *d)
{
	return d->n_errors == 0 && (!d->strict || d->n_warnings == 0);
}

const char *
suggest_for(const struct diagnostics *d, const char *word,
    const char *const *words)
{
	return d->n_errors > SUGGESTIONS_MAX ? NULL : suggest(word, words);
}

static bool
reported_at(const struct diagnostics *d, const struct place *place)
{
	for (size_t i = 0; i < d->n_messages; i++) {
		const struct message *m = d->messages[i];

		if (m->severity == SEVERITY_ERROR && place->line != 0 &&
		    m->place.source == place->source &&
		    m->place.offset == place->offset)
			return true;
	}
	return false;
}

static struct message *__attribute__((format(printf, 4, 0)))
new_message(struct diagnostics *d, enum severity severity,
    const struct place *place, const char *format, va_list arguments)
{
	struct message *m = arena_alloc(d->arena, 1, sizeof(*m));

	m->severity = severity;
	m->place = *place;
	m->sequence = d->n_messages;
	m->text = arena_vprintf(d->arena, format, arguments);
	return m;
}

void
report_error(struct diagnostics *d, const struct place *place,
    const char *suggestion, const char *format, ...)
{
	va_list arguments;

	d->n_errors++;
	d->last = NULL;
	/* Beyond this nobody reads on, and the search above is linear. */
	if (d->n_messages >= MESSAGES_MAX || reported_at(d, place))
		return;
	va_start(arguments, format);
	d->last = new_message(d, SEVERITY_ERROR, place, format, arguments);
	va_end(arguments);
	d->last->suggestion = suggestion;
	*arena_push(d->arena, d->messages, d->n_messages) = d->last;
}

void
report_warning(struct diagnostics *d, const struct place *place,
    const char *format, ...)
{
	va_list arguments;

	d->n_warnings++;
	d->last = NULL;
	if (d->n_messages >= MESSAGES_MAX)
		return;
	va_start(arguments, format);
	d->last = new_message(d, SEVERITY_WARNING, place, format, arguments);
	va_end(arguments);
	*arena_push(d->arena, d->messages, d->n_messages) = d->last;
}

void
report_note(struct diagnostics *d, const struct place *place,
    const char *format, ...)
{
	struct message *note, *owner = d->last;
	va_list arguments;

	if (owner == NULL)
		return;
	va_start(arguments, format);
	note = new_message(d, SEVERITY_NOTE, place, format, arguments);
	va_end(arguments);
	if (owner->last_note == NULL)
		owner->notes = note;
	else
		owner->last_note->next_note = note;
	owner->last_note = note;
}

static int
compare_messages(const void *left, const void *right)
{
	const struct message *a = *(struct message *const *)left;
	const struct message *b = *(struct message *const *)right;

#define ORDER(field) \
	if (a->field != b->field) \
	return a->field < b->field ? -1 : 1
	ORDER(place.source->index);
	ORDER(place.line);
	ORDER(place.column);
	ORDER(severity);
	ORDER(sequence);
#undef ORDER
	return 0;
}

/* What one file has to say: the first ones of each severity. */
struct shown {
	const struct source *source;
	size_t n[SEVERITY_NOTE], left;
	struct place error;	/* the last one */
};

/* A warning about what is wrong anyway is noise. */
static bool
is_noise(const struct shown *shown, const struct message *m)
{
	return m->severity == SEVERITY_WARNING && shown->n[SEVERITY_ERROR] != 0
	    && shown->error.line == m->place.line &&
	    shown->error.column == m->place.column;
}

/* Counts a message; false when it is noise. */
static bool
is_counted(struct shown *shown, const struct message *m)
{
	if (m->place.source != shown->source)
		*shown = (struct shown) { .source = m->place.source };
	if (is_noise(shown, m))
		return false;
	if (m->severity == SEVERITY_ERROR)
		shown->error = m->place;
	shown->n[m->severity]++;
	return true;
}

static void
show(struct shown *shown, const struct message *m, FILE *out, bool colour)
{
	if (!is_counted(shown, m))
		return;
	if (shown->n[m->severity] <= DIAGNOSTICS_PER_FILE)
		message_print(out, m, colour);
	else
		shown->left++;
}

static void
sort_messages(struct diagnostics *d)
{
	if (d->n_messages > 0)
		qsort(d->messages, d->n_messages, sizeof(*d->messages),
		    compare_messages);
}

void
diagnostics_print(struct diagnostics *d, FILE *out, bool colour)
{
	struct shown shown = { 0 };

	sort_messages(d);
	for (size_t i = 0; i < d->n_messages; i++) {
		bool last = i + 1 == d->n_messages ||
		    d->messages[i + 1]->place.source !=
		    d->messages[i]->place.source;

		show(&shown, d->messages[i], out, colour);
		if (last && shown.left != 0)
			fprintf(out, "%s: note: %zu %smore are not shown\n",
			    shown.source->name, shown.left,
			    d->n_messages >= MESSAGES_MAX ? "or " : "");
	}
}

/* Names of files may be any bytes, JSON is UTF-8. */
static json_t *
json_text(const char *text)
{
	size_t length = strlen(text);
	char *copy = malloc(length + 1);
	json_t *json;
	uint32_t code;

	if (copy == NULL)
		return NULL;
	memcpy(copy, text, length + 1);
	for (size_t i = 0; i < length;) {
		unsigned n = utf8_decode(copy + i, length - i, &code);

		if (n == 0)
			copy[i] = '?';
		i += n == 0 ? 1 : n;
	}
	json = json_string(copy);
	free(copy);
	return json;
}

/* Jansson takes no NULL for an answer: a part that could not be made makes
 * the whole fail. */
static json_t *
message_json(const struct message *m)
{
	bool whole = m->place.line == 0;
	json_t *json = json_pack("{s:o, s:o, s:o, s:o}", "file",
	    json_text(m->place.source->name), "line", whole ? json_null() :
	    json_integer(m->place.line), "column", whole ? json_null() :
	    json_integer(m->place.column), "text", json_text(m->text));

	if (json == NULL || m->severity == SEVERITY_NOTE)
		return json;
	if (json_object_update_new(json, json_pack("{s:s, s:o, s:[]}",
	    "severity", message_word(m), "suggestion",
	    m->suggestion == NULL ? json_null() : json_text(m->suggestion),
	    "notes")) == 0)
		return json;
	json_decref(json);
	return NULL;
}

static int
add_notes(json_t *json, const struct message *m)
{
	json_t *notes = json_object_get(json, "notes");

	for (m = m->notes; m != NULL; m = m->next_note)
		if (json_array_append_new(notes, message_json(m)) < 0)
			return -ENOMEM;
	return 0;
}

void *
diagnostics_json(struct diagnostics *d)
{
	struct shown shown = { 0 };
	json_t *array = json_array();

	sort_messages(d);
	for (size_t i = 0; array != NULL && i < d->n_messages; i++) {
		json_t *json;

		if (!is_counted(&shown, d->messages[i]))
			continue;
		json = message_json(d->messages[i]);
		if (json == NULL || add_notes(json, d->messages[i]) < 0 ||
		    json_array_append(array, json) < 0) {
			json_decref(array);
			array = NULL;
		}
		json_decref(json);
	}
	return array;
}

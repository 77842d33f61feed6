/* What is wrong with a policy, said at its place.
 *
 * Messages are collected, and printed once, in the order of the files: the
 * reader goes through a file from top to bottom. */
#ifndef LANG_DIAGNOSTICS_H
#define LANG_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct arena;
struct source;
struct diagnostics;

/* A stretch of one line of a file.  Line and column count from 1, columns
 * in characters; line 0: the file as a whole. */
struct place {
	const struct source *source;
	uint32_t offset, length;	/* bytes in the source's text */
	uint32_t line, column;
};

#define DIAGNOSTICS_PER_FILE 20

/* Made in the arena.  strict: a warning counts as an error. */
struct diagnostics *diagnostics_new(struct arena *arena, bool strict);

/* True when there are so many that further ones are not kept. */
bool diagnostics_full(const struct diagnostics *diagnostics);

bool diagnostics_strict(const struct diagnostics *diagnostics);

/* An error, with what was probably meant (NULL: no idea).  The first error
 * at a place is the one that is shown: what follows from it is noise. */
void report_error(struct diagnostics *diagnostics, const struct place *place,
    const char *suggestion, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void report_warning(struct diagnostics *diagnostics,
    const struct place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A line below the error or warning before it, without an excerpt. */
void report_note(struct diagnostics *diagnostics, const struct place *place,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* True when nothing was reported that forbids the policy. */
bool diagnostics_clean(const struct diagnostics *diagnostics);

/* Prints what was collected, at most DIAGNOSTICS_PER_FILE errors and as many
 * warnings a file; a warning where an error stands is left out. */
void diagnostics_print(struct diagnostics *diagnostics, FILE *out,
    bool colour);

/* All of it as a JSON array (jansson), in the same order:
 *	{"file":, "line":, "column":, "severity":, "text":, "suggestion":,
 *	 "notes": [{"file":, "line":, "column":, "text":}]}
 * with null for line and column of a whole file, and for no suggestion; a new
 * json_t reference as void *, NULL without memory. */
void *diagnostics_json(struct diagnostics *diagnostics);

/* The word of the NULL-terminated list that word is most like, or NULL when
 * none is near: letters left out, added, changed or swapped. */
const char *suggest(const char *word, const char *const *words);

/* The same for a message, as long as anybody will read it. */
const char *suggest_for(const struct diagnostics *diagnostics,
    const char *word, const char *const *words);

#endif

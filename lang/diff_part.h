/* What the files that compare policies share. */
#ifndef LANG_DIFF_PART_H
#define LANG_DIFF_PART_H

#include <stdbool.h>
#include <stdio.h>

#include "lang/diff.h"

struct diff {
	int (*take)(const struct difference *difference, void *context);
	void *context;
	const struct jail *old, *new;	/* the jail in both policies */
	size_t n;			/* differences so far */
	int error;			/* the first; nothing follows it */
};

/* Hands out one difference; a built-in origin becomes NULL. */
__attribute__((format(printf, 5, 6)))
void diff_report(struct diff *diff, enum effect effect,
    const struct origin *before, const struct origin *after,
    const char *format, ...);

/* A text that is written piece by piece; diff_text_end() hands it over
 * (free()), or NULL without memory, which is then diff's error. */
struct diff_text {
	FILE *out;
	char *text;
	size_t length;
};
bool diff_text_begin(struct diff *diff, struct diff_text *text);
char *diff_text_end(struct diff *diff, struct diff_text *text);

/* More than before is open. */
enum effect diff_more(bool more);

/* Each compares diff->old with diff->new. */
void diff_singles(struct diff *diff);
void diff_collections(struct diff *diff);
void diff_flows(struct diff *diff);
void diff_syscalls(struct diff *diff);

/* Who gets which jail. */
void diff_logins(struct diff *diff, const struct policy *old,
    const struct policy *new);

#endif

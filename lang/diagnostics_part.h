/* One message, which diagnostics.c keeps and diagnostics_show.c prints. */
#ifndef LANG_DIAGNOSTICS_PART_H
#define LANG_DIAGNOSTICS_PART_H

#include "lang/diagnostics.h"

enum severity {
	SEVERITY_ERROR = 0,
	SEVERITY_WARNING,
	SEVERITY_NOTE,
};

struct message {
	enum severity severity;
	struct place place;
	size_t sequence;
	const char *text;
	const char *suggestion;
	struct message *notes, *last_note, *next_note;
};

/* "error", "warning", "note". */
const char *message_word(const struct message *m);

/* Prints it with its line and notes. */
void message_print(FILE *out, const struct message *m, bool colour);

#endif

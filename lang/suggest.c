#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lang/diagnostics.h"

#define WORD_MAX_BYTES 63

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters have to be added, left out, changed or swapped with their
 * neighbour (optimal string alignment); three rows of the usual table. */
static unsigned
distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned rows[3][WORD_MAX_BYTES + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2], *swap;

	for (size_t j = 0; j <= m; j++)
		above[j] = (unsigned)j;
	memset(before, 0, sizeof(rows[0]));
	for (size_t i = 1; i <= n; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j],
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		swap = before;
		before = above;
		above = row;
		row = swap;
	}
	return above[m];
}

const char *
suggest(const char *word, const char *const *words)
{
	size_t length = strlen(word);
	unsigned nearest = length < 3 ? 2 : (unsigned)length / 3 + 1;
	const char *found = NULL;

	if (length > WORD_MAX_BYTES)
		return NULL;
	for (; *words != NULL; words++) {
		size_t other = strlen(*words);
		unsigned steps;

		if (other > WORD_MAX_BYTES || other + nearest < length ||
		    length + nearest < other)
			continue;
		steps = distance(word, length, *words, other);
		if (steps < nearest && steps < other) {
			nearest = steps;
			found = *words;
		}
	}
	return found;
}

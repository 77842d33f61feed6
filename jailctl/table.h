/* Columns of text for people. */
#ifndef JAILCTL_TABLE_H
#define JAILCTL_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define TABLE_COLUMNS_MAX 12

/* Cells are added row by row, the heads first. */
struct table {
	size_t n_columns;	/* set before the first cell */
	char **cells;		/* owned */
	size_t n_cells, n_allocated;
};

/* Adds a cell.  What could move the cursor is shown as '?', nothing at all
 * as '-'.  0 or -ENOMEM. */
int table_add(struct table *table, const char *text);
int table_add_number(struct table *table, int64_t number);
/* How long ago a time (seconds since 1970) was: 40s, 12m, 3h, 9d. */
int table_add_age(struct table *table, int64_t since);

/* Prints all rows on standard output, each column as wide as it must be. */
void table_print(const struct table *table);
void table_free(struct table *table);

#endif

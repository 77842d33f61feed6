#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "jailctl/table.h"

int
table_add(struct table *table, const char *text)
{
	char *cell;

	if (table->n_cells == table->n_allocated) {
		size_t n = table->n_allocated == 0 ? 64 :
		    2 * table->n_allocated;
		char **larger = realloc(table->cells, n * sizeof(*larger));

		if (larger == NULL)
			return -ENOMEM;
		table->cells = larger;
		table->n_allocated = n;
	}
	cell = strdup(text == NULL || *text == '\0' ? "-" : text);
	if (cell == NULL)
		return -ENOMEM;
	for (char *p = cell; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f)
			*p = '?';
	table->cells[table->n_cells++] = cell;
	return 0;
}

int
table_add_number(struct table *table, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64, number);
	return table_add(table, text);
}

int
table_add_age(struct table *table, int64_t since)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	int64_t age = (int64_t)time(NULL) - since;
	char text[32];

	if (age < 0)
		age = 0;
	snprintf(text, sizeof(text), "%" PRId64 "s", age);
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
		if (age >= units[i].seconds) {
			snprintf(text, sizeof(text), "%" PRId64 "%c",
			    age / units[i].seconds, units[i].unit);
			break;
		}
	return table_add(table, text);
}

void
table_print(const struct table *table)
{
	int widths[TABLE_COLUMNS_MAX] = { 0 };

	for (size_t i = 0; i < table->n_cells; i++) {
		int *width = &widths[i % table->n_columns];
		int length = (int)strlen(table->cells[i]);

		if (length > *width)
			*width = length;
	}
	for (size_t i = 0; i < table->n_cells; i++) {
		size_t column = i % table->n_columns;

		if (column + 1 < table->n_columns)
			printf("%-*s  ", widths[column], table->cells[i]);
		else
			puts(table->cells[i]);
	}
}

void
table_free(struct table *table)
{
	for (size_t i = 0; i < table->n_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	*table = (struct table){ 0 };
}

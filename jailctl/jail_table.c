#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/jail_table.h"
#include "jailctl/table.h"

enum cell {
	CELL_TEXT = 0,
	CELL_NUMBER,
	CELL_AGE,
	CELL_COUNT,	/* of an array */
};

struct column {
	const char *head, *key;
	enum cell cell;
};

static const struct column jail_columns[] = {
	{ "ACCOUNT", "account", CELL_TEXT },
	{ "JAIL", "jail", CELL_TEXT },
	{ "TIER", "tier", CELL_TEXT },
	{ "STATE", "state", CELL_TEXT },
	{ "SESSIONS", "sessions", CELL_COUNT },
	{ "AGE", "since", CELL_AGE },
	{ "UUID", "uuid", CELL_TEXT },
};

static const struct column session_columns[] = {
	{ "SESSION", "id", CELL_NUMBER },
	{ "ACCOUNT", "account", CELL_TEXT },
	{ "SERVICE", "service", CELL_TEXT },
	{ "TTY", "tty", CELL_TEXT },
	{ "FROM", "rhost", CELL_TEXT },
	{ "PID", "pid", CELL_NUMBER },
	{ "AGE", "since", CELL_AGE },
};

static const struct column show_lines[] = {
	{ "account", "account", CELL_TEXT },
	{ "jail", "jail", CELL_TEXT },
	{ "tier", "tier", CELL_TEXT },
	{ "state", "state", CELL_TEXT },
	{ "age", "since", CELL_AGE },
	{ "uuid", "uuid", CELL_TEXT },
	{ "init pid", "init_pid", CELL_NUMBER },
	{ "cgroup", "cgroup", CELL_TEXT },
	{ "policy sha256", "policy_sha256", CELL_TEXT },
};

static int
add_heads(struct table *table, const struct column *columns, size_t n)
{
	int r = 0;

	table->n_columns = n;
	for (size_t i = 0; r == 0 && i < n; i++)
		r = table_add(table, columns[i].head);
	return r;
}

static int
add_cell(struct table *table, const struct column *column, json_t *object)
{
	json_t *value = json_object_get(object, column->key);

	switch (column->cell) {
	case CELL_TEXT:
		return !json_is_string(value) ? -EBADMSG :
		    table_add(table, json_string_value(value));
	case CELL_NUMBER:
		return !json_is_integer(value) ? -EBADMSG :
		    table_add_number(table, json_integer_value(value));
	case CELL_AGE:
		return !json_is_integer(value) ? -EBADMSG :
		    table_add_age(table, json_integer_value(value));
	case CELL_COUNT:
		return !json_is_array(value) ? -EBADMSG :
		    table_add_number(table, (int64_t)json_array_size(value));
	}
	return -EBADMSG;
}

static int
add_row(struct table *table, const struct column *columns, size_t n,
    json_t *object)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_cell(table, &columns[i], object);
	return r;
}

/* A session is shown beside the account whose jail it is in. */
static int
add_sessions(struct table *table, json_t *jail)
{
	json_t *sessions = json_object_get(jail, "sessions"), *session;
	int r = json_is_array(sessions) ? 0 : -EBADMSG;
	size_t i;

	json_array_foreach(sessions, i, session) {
		if (r == 0 && json_object_set(session, "account",
		    json_object_get(jail, "account")) < 0)
			r = -EBADMSG;
		if (r == 0)
			r = add_row(table, session_columns,
			    ARRAY_LENGTH(session_columns), session);
		json_object_del(session, "account");
	}
	return r;
}

static void
print_if_any(const struct table *table)
{
	if (table->n_cells <= table->n_columns)
		return;
	putchar('\n');
	table_print(table);
}

int
jail_table_print(json_t *jails)
{
	_cleanup_(table_free) struct table rows = { 0 }, sessions = { 0 };
	json_t *jail;
	size_t i;
	int r = add_heads(&rows, jail_columns, ARRAY_LENGTH(jail_columns));

	if (r == 0)
		r = add_heads(&sessions, session_columns,
		    ARRAY_LENGTH(session_columns));
	json_array_foreach(jails, i, jail) {
		if (r == 0)
			r = add_row(&rows, jail_columns,
			    ARRAY_LENGTH(jail_columns), jail);
		if (r == 0)
			r = add_sessions(&sessions, jail);
	}
	if (r < 0)
		return r;
	table_print(&rows);
	print_if_any(&sessions);
	return 0;
}

int
jail_table_show(json_t *jail)
{
	_cleanup_(table_free) struct table lines = { .n_columns = 2 };
	_cleanup_(table_free) struct table sessions = { 0 };
	int r = add_heads(&sessions, session_columns,
	    ARRAY_LENGTH(session_columns));

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(show_lines); i++) {
		r = table_add(&lines, show_lines[i].head);
		if (r == 0)
			r = add_cell(&lines, &show_lines[i], jail);
	}
	if (r == 0)
		r = add_sessions(&sessions, jail);
	if (r < 0)
		return r;
	table_print(&lines);
	print_if_any(&sessions);
	return 0;
}

int
jail_is_named(json_t *jail, const char *name)
{
	const char *account = "", *word = "", *uuid = "";
	size_t length;

	if (json_unpack(jail, "{s:s, s:s, s:s}", "account", &account, "jail",
	    &word, "uuid", &uuid) < 0)
		return 0;
	if (strcmp(name, account) == 0 || strcmp(name, uuid) == 0)
		return 1;
	length = strlen(account);
	return strncmp(name, account, length) == 0 && name[length] == '/' &&
	    strcmp(name + length + 1, word) == 0;
}

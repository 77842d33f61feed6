#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/record_copy.h"
#include "jaild/record_wtmpdb.h"

#define LINES_MAX 4096

/* What utmp says of the jails' terminals. */
struct lines {
	bool used[LINES_MAX];
	int ours;		/* this terminal's number; -1: none yet */
};

/* The number behind a prefix and nothing else; -1. */
static int
number_behind(const char *line, const char *prefix)
{
	char text[__UT_LINESIZE + 1], *end;
	unsigned long number;

	snprintf(text, sizeof(text), "%.*s", __UT_LINESIZE, line);
	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return -1;
	number = strtoul(text + strlen(prefix), &end, 10);
	if (end == text + strlen(prefix) || *end != '\0' ||
	    number >= LINES_MAX)
		return -1;
	return (int)number;
}

static bool
is_alive(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno != ESRCH);
}

static void
read_lines(const struct utmpx *record, int terminal, struct lines *ret)
{
	const struct utmpx *entry;

	*ret = (struct lines){ .ours = -1 };
	setutxent();
	while ((entry = getutxent()) != NULL) {
		int number = number_behind(entry->ut_line, "jail/");

		if (number < 0 || entry->ut_type != USER_PROCESS)
			continue;
		if (entry->ut_pid == record->ut_pid &&
		    entry->ut_session == terminal)
			ret->ours = number;
		else if (is_alive(entry->ut_pid))
			ret->used[number] = true;
	}
}

static int
lowest_free(const struct lines *lines)
{
	for (int i = 0; i < LINES_MAX; i++)
		if (!lines->used[i])
			return i;
	return -1;
}

/* Gives record the jail's line.  -ENOENT: it ends what never began;
 * -ENOSPC. */
static int
rename_line(struct utmpx *record, int terminal)
{
	_cleanup_free_ struct lines *lines = malloc(sizeof(*lines));
	int number;

	if (lines == NULL)
		return -ENOMEM;
	read_lines(record, terminal, lines);
	number = lines->ours;
	if (number < 0 && record->ut_type != USER_PROCESS)
		return -ENOENT;
	if (number < 0)
		number = lowest_free(lines);
	if (number < 0)
		return -ENOSPC;
	memset(record->ut_line, 0, sizeof(record->ut_line));
	snprintf(record->ut_line, sizeof(record->ut_line), "jail/%d", number);
	/* Without an id, entries are told apart by their lines. */
	memset(record->ut_id, 0, sizeof(record->ut_id));
	record->ut_session = terminal;
	return 0;
}

int
record_copy(const struct record_files *files, const struct utmpx *record,
    bool own_terminal)
{
	struct utmpx copy = *record;
	int terminal = own_terminal ? number_behind(copy.ut_line, "pts/") :
	    -1, r = 0;

	utmpxname(files->utmp);
	if (terminal >= 0)
		r = rename_line(&copy, terminal);
	if (r == 0 && access(files->utmp, F_OK) == 0) {
		setutxent();
		if (pututxline(&copy) == NULL)
			r = -errno;
	}
	endutxent();
	if (r == 0 && files->wtmp != NULL)
		updwtmpx(files->wtmp, &copy);
	if (r == 0 && files->wtmpdb != NULL)
		r = record_wtmpdb(files->wtmpdb, files->library, &copy);
	return r;
}

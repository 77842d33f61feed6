/* What of a jail's records of logins stands in the host's utmp, wtmp and
 * database. */
#include "config.h"

#include <sys/wait.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/record_copy.h"

static char directory[] = "/tmp/test_record_copy.XXXXXX";
static char utmp[64], wtmp[64], wtmpdb[64];

/* A library of wtmpdb's, as small as it gets, which this program exports. */
int64_t wtmpdb_login(const char *database, int type, const char *user,
    uint64_t usec, const char *tty, const char *rhost, const char *service,
    char **error);
int wtmpdb_logout(const char *database, int64_t id, uint64_t usec,
    char **error);
int64_t wtmpdb_get_id(const char *database, const char *tty, char **error);

#define EXPORTED __attribute__((visibility("default")))
#define LOGINS_MAX 8

static struct {
	char text[64], tty[16];
	uint64_t ended;		/* 0: not */
} logins[LOGINS_MAX];
static int n_logins;
static bool is_broken;

EXPORTED int64_t
wtmpdb_login(const char *database, int type, const char *user, uint64_t usec,
    const char *tty, const char *rhost, const char *service, char **error)
{
	assert_string_equal(database, wtmpdb);
	if (is_broken) {
		*error = strdup("broken");
		return -1;
	}
	assert_true(n_logins < LOGINS_MAX);
	snprintf(logins[n_logins].text, sizeof(logins->text),
	    "%d %s %s %s %s %d", type, user, tty, rhost,
	    service != NULL ? service : "-", (int)usec);
	snprintf(logins[n_logins].tty, sizeof(logins->tty), "%s", tty);
	return n_logins++;
}

EXPORTED int
wtmpdb_logout(const char *database, int64_t id, uint64_t usec, char **error)
{
	assert_string_equal(database, wtmpdb);
	if (is_broken) {
		*error = strdup("broken");
		return -1;
	}
	assert_in_range(id, 0, n_logins - 1);
	logins[id].ended = usec;
	return 0;
}

EXPORTED int64_t
wtmpdb_get_id(const char *database, const char *tty, char **error)
{
	assert_string_equal(database, wtmpdb);
	for (int i = n_logins - 1; i >= 0; i--)
		if (logins[i].ended == 0 && strcmp(logins[i].tty, tty) == 0)
			return i;
	*error = strdup("no such entry");
	return -1;
}

static void
empty_file(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fclose(file);
}

static int
set_up(void **state)
{
	(void)state;
	empty_file(utmp);
	empty_file(wtmp);
	unlink(wtmpdb);
	memset(logins, 0, sizeof(logins));
	n_logins = 0;
	is_broken = false;
	return 0;
}

static struct utmpx
make_record(short type, pid_t pid, const char *line)
{
	struct utmpx record = { .ut_type = type, .ut_pid = pid };

	strncpy(record.ut_line, line, sizeof(record.ut_line) - 1);
	/* its end, as login programs have it */
	strncpy(record.ut_id, line + strlen(line) - sizeof(record.ut_id),
	    sizeof(record.ut_id));
	if (type == USER_PROCESS)
		strcpy(record.ut_user, "claude");
	return record;
}

static int
copy_record(const struct utmpx *record, bool own_terminal)
{
	const struct record_files files = { .utmp = utmp, .wtmp = wtmp,
		.wtmpdb = wtmpdb };

	return record_copy(&files, record, own_terminal);
}

static int
copy(short type, pid_t pid, const char *line)
{
	struct utmpx record = make_record(type, pid, line);

	return copy_record(&record, true);
}

/* "LINE:PID:TYPE " for each entry. */
static void
entries(const char *path, char text[512])
{
	const struct utmpx *entry;
	size_t length = 0;

	utmpxname(path);
	setutxent();
	text[0] = '\0';
	while ((entry = getutxent()) != NULL)
		length += (size_t)snprintf(text + length, 512 - length,
		    "%.*s:%d:%d ", __UT_LINESIZE, entry->ut_line,
		    (int)entry->ut_pid, (int)entry->ut_type);
	endutxent();
}

__attribute__((format(printf, 2, 3)))
static void
assert_entries(const char *path, const char *format, ...)
{
	char text[512], wanted[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(wanted, sizeof(wanted), format, arguments);
	va_end(arguments);
	entries(path, text);
	assert_string_equal(text, wanted);
}

/* Two jails' pts/0, both alive, and the end of one of them. */
static void
test_lines(void **state)
{
	int one = (int)getpid(), two = (int)getppid();

	(void)state;
	assert_int_equal(copy(USER_PROCESS, one, "pts/0"), 0);
	assert_int_equal(copy(USER_PROCESS, two, "pts/0"), 0);
	assert_int_equal(copy(USER_PROCESS, one, "pts/1"), 0);
	assert_entries(utmp, "jail/0:%d:7 jail/1:%d:7 jail/2:%d:7 ", one, two,
	    one);
	/* once more: the same entry */
	assert_int_equal(copy(USER_PROCESS, two, "pts/0"), 0);
	assert_int_equal(copy(DEAD_PROCESS, one, "pts/0"), 0);
	assert_entries(utmp, "jail/0:%d:8 jail/1:%d:7 jail/2:%d:7 ", one, two,
	    one);
	assert_int_equal(copy(USER_PROCESS, one, "pts/7"), 0);
	assert_entries(utmp, "jail/0:%d:7 jail/1:%d:7 jail/2:%d:7 ", one, two,
	    one);
	assert_entries(wtmp, "jail/0:%d:7 jail/1:%d:7 jail/2:%d:7 jail/1:%d:7 "
	    "jail/0:%d:8 jail/0:%d:7 ", one, two, one, two, one, one);
}

/* A host's entries stay, whatever the jail's terminal is called. */
static void
test_others(void **state)
{
	struct utmpx host = make_record(USER_PROCESS, getpid(), "pts/0");

	(void)state;
	assert_int_equal(copy_record(&host, false), 0);
	assert_int_equal(copy(USER_PROCESS, getppid(), "pts/0"), 0);
	assert_int_equal(copy(DEAD_PROCESS, getppid(), "pts/0"), 0);
	assert_entries(utmp, "pts/0:%d:7 jail/0:%d:8 ", (int)getpid(),
	    (int)getppid());
	/* no terminal of a jail's own */
	assert_int_equal(copy(USER_PROCESS, getppid(), "tty1"), 0);
	assert_int_equal(copy(USER_PROCESS, getppid(), "pts/x"), 0);
	assert_int_equal(copy(USER_PROCESS, getppid(), "pts/4096"), 0);
	assert_int_equal(copy(USER_PROCESS, getppid(), "pts/0x"), 0);
	assert_entries(utmp, "pts/0:%d:7 jail/0:%d:8 tty1:%d:7 pts/x:%d:7 "
	    "pts/4096:%d:7 pts/0x:%d:7 ", (int)getpid(), (int)getppid(),
	    (int)getppid(), (int)getppid(), (int)getppid(), (int)getppid());
}

/* All numbers are in use. */
static void
test_no_number(void **state)
{
	FILE *file = fopen(utmp, "w");
	char line[16];

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 4096; i++) {
		struct utmpx record;

		snprintf(line, sizeof(line), "jail/%d", i);
		record = make_record(USER_PROCESS, getppid(), line);
		assert_int_equal(fwrite(&record, sizeof(record), 1, file), 1);
	}
	fclose(file);
	assert_int_equal(copy(USER_PROCESS, getpid(), "pts/0"), -ENOSPC);
	assert_entries(wtmp, "%s", "");
}

static void
test_ends(void **state)
{
	pid_t gone = fork();

	(void)state;
	if (gone == 0)
		_exit(0);
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	assert_int_equal(copy(DEAD_PROCESS, getpid(), "pts/0"), -ENOENT);
	assert_entries(utmp, "%s", "");
	assert_entries(wtmp, "%s", "");
	/* The number of a process that was killed is free again. */
	assert_int_equal(copy(USER_PROCESS, gone, "pts/0"), 0);
	assert_int_equal(copy(USER_PROCESS, getpid(), "pts/0"), 0);
	assert_entries(utmp, "jail/0:%d:7 ", (int)getpid());
}

/* Hosts without these files get none. */
static void
test_no_files(void **state)
{
	(void)state;
	unlink(utmp);
	unlink(wtmp);
	assert_int_equal(copy(USER_PROCESS, getpid(), "pts/0"), 0);
	assert_int_equal(access(utmp, F_OK), -1);
	assert_int_equal(access(wtmp, F_OK), -1);
}

static int
copy_at(short type, const char *line, int32_t usec)
{
	struct utmpx record = make_record(type, getpid(), line);

	record.ut_tv.tv_usec = usec;
	strcpy(record.ut_host, "192.0.2.1");
	return copy_record(&record, true);
}

/* A session, one that is killed, and the next one on its terminal. */
static void
test_database(void **state)
{
	(void)state;
	empty_file(wtmpdb);
	assert_int_equal(copy_at(USER_PROCESS, "pts/4", 1), 0);
	assert_string_equal(logins[0].text, "3 claude jail/0 192.0.2.1 - 1");
	assert_int_equal(logins[0].ended, 0);
	assert_int_equal(copy_at(DEAD_PROCESS, "pts/4", 2), 0);
	assert_int_equal(logins[0].ended, 2);
	assert_int_equal(copy(USER_PROCESS, getpid(), "pts/4"), 0);
	assert_string_equal(logins[1].text, "3 claude jail/0  - 0");
	assert_int_equal(copy_at(USER_PROCESS, "pts/4", 4), 0);
	assert_int_equal(logins[1].ended, 4);
	assert_int_equal(logins[2].ended, 0);
	assert_int_equal(n_logins, 3);
	logins[2].ended = 5;
	assert_int_equal(copy_at(DEAD_PROCESS, "pts/4", 6), -ENOENT);
	assert_int_equal(logins[2].ended, 5);
}

/* No end is written for a database, or by a library, that is not there;
 * what cannot be written is said. */
static void
test_no_database(void **state)
{
	struct utmpx record = make_record(USER_PROCESS, getpid(), "pts/0");
	const struct record_files without = { .utmp = utmp,
		.wtmpdb = wtmpdb, .library = "libnone-of-this-name.so" };

	(void)state;
	assert_int_equal(copy_at(USER_PROCESS, "pts/0", 1), 0);
	assert_int_equal(n_logins, 0);
	assert_int_equal(access(wtmpdb, F_OK), -1);
	empty_file(wtmpdb);
	assert_int_equal(record_copy(&without, &record, true), 0);
	assert_int_equal(n_logins, 0);
	assert_int_equal(copy_at(USER_PROCESS, "pts/0", 1), 0);
	is_broken = true;
	assert_int_equal(copy_at(USER_PROCESS, "pts/0", 2), -EIO);
	assert_int_equal(copy_at(DEAD_PROCESS, "pts/0", 2), -EIO);
	assert_int_equal(copy_at(USER_PROCESS, "pts/1", 2), -EIO);
}

static int
remove_directory(void **state)
{
	(void)state;
	unlink(utmp);
	unlink(wtmp);
	unlink(wtmpdb);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lines, set_up),
		cmocka_unit_test_setup(test_others, set_up),
		cmocka_unit_test_setup(test_no_number, set_up),
		cmocka_unit_test_setup(test_ends, set_up),
		cmocka_unit_test_setup(test_no_files, set_up),
		cmocka_unit_test_setup(test_database, set_up),
		cmocka_unit_test_setup(test_no_database, set_up),
	};

	if (mkdtemp(directory) == NULL)
		return 1;
	snprintf(utmp, sizeof(utmp), "%s/utmp", directory);
	snprintf(wtmp, sizeof(wtmp), "%s/wtmp", directory);
	snprintf(wtmpdb, sizeof(wtmpdb), "%s/wtmp.db", directory);
	return cmocka_run_group_tests(tests, NULL, remove_directory);
}

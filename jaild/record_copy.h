/* Copies of logins' records in the host's utmp and wtmp. */
#ifndef JAILD_RECORD_COPY_H
#define JAILD_RECORD_COPY_H

#include <stdbool.h>
#include <utmpx.h>

/* Where records are written.  One that is not there is left out, as is one
 * that is NULL; utmp never is, since it says which names are in use. */
struct record_files {
	const char *utmp;
	const char *wtmp;
	const char *wtmpdb;	/* a database of wtmpdb(8) */
	const char *library;	/* that writes it: record_wtmpdb.h */
};

/* Writes record to files.  A terminal of the jail's own, "pts/N", is one name
 * on many jails and on the host: with own_terminal it becomes "jail/M", M the
 * lowest number that no living process of utmp has.  The record of its end
 * finds it by the process and, in ut_session, by N.  Other lines stay what
 * they are.
 *
 * May wait: utmp is locked by whoever can read it.  0 or -errno.
 * Source: utmp(5), getutxent(3), updwtmpx(3). */
int record_copy(const struct record_files *files, const struct utmpx *record,
    bool own_terminal);

#endif

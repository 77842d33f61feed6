/* Copies of logins' records in the host's utmp and wtmp. */
#ifndef JAILD_RECORD_COPY_H
#define JAILD_RECORD_COPY_H

#include <stdbool.h>
#include <utmpx.h>

/* Writes record to utmp and wtmp (files of that kind; one that is missing is
 * left out, and wtmp when it is NULL).  A terminal of the jail's own, "pts/N", is one name on many
 * jails and on the host: with own_terminal it becomes "jail/M", M the lowest
 * number that no living process of utmp has.  The record of its end finds it
 * by the process and, in ut_session, by N.  Other lines stay what they are.
 *
 * May wait: utmp is locked by whoever can read it.  0 or -errno.
 * Source: utmp(5), getutxent(3), updwtmpx(3). */
int record_copy(const char *utmp, const char *wtmp,
    const struct utmpx *record, bool own_terminal);

#endif

/* Logins in the database that some distributions keep instead of wtmp. */
#ifndef JAILD_RECORD_WTMPDB_H
#define JAILD_RECORD_WTMPDB_H

#include <utmpx.h>

/* Writes record to a database of wtmpdb(8): a login, or the end of the last
 * one on its terminal.  library, libwtmpdb (NULL: the program has its
 * functions), is only loaded here, since few hosts have it; 0 and nothing
 * written where there is none, or no database.  The service is left empty, as
 * sshd does.
 *
 * May wait: others can lock the database.  0 or -errno; -ENOENT: it ends what
 * never began.  Source: wtmpdb.h. */
int record_wtmpdb(const char *database, const char *library,
    const struct utmpx *record);

#endif

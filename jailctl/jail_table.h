/* Jails and sessions of the daemon's replies, as tables. */
#ifndef JAILCTL_JAIL_TABLE_H
#define JAILCTL_JAIL_TABLE_H

#include <jansson.h>

/* Prints an array of jails, and then their sessions.  0; -EBADMSG when the
 * reply lacks something; -ENOMEM. */
int jail_table_print(json_t *jails);

/* Prints one jail's own lines and its sessions. */
int jail_table_show(json_t *jail);

/* Whether name means this jail: its account, ACCOUNT/JAIL or its uuid. */
int jail_is_named(json_t *jail, const char *name);

#endif

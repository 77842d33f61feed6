/* The files of a jail's /etc and /run/jail that are made, not copied. */
#ifndef JAILD_PLAN_FILES_H
#define JAILD_PLAN_FILES_H

#include "jaild/account.h"
#include "jaild/plan.h"

/* Each returns the contents (free()), or NULL without memory. */
char *passwd_contents(const struct account *account, const char *jail_shell);
char *group_contents(const struct account *account, gid_t tty_gid);
char *nsswitch_contents(void);
char *hosts_contents(const char *hostname);
/* What jail-shell reads: common/jail_files.h has the format. */
char *session_contents(const struct plan *plan, const struct account *account);

/* True when text can stand in one field of a passwd-like line. */
bool is_passwd_field(const char *text);

#endif

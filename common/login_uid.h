/* The login uid, which names a process's user in the audit trail. */
#ifndef COMMON_LOGIN_UID_H
#define COMMON_LOGIN_UID_H

#include <sys/types.h>

/* Gives the calling process, which has none, uid for its login uid and an
 * audit session of its own.  0; -ENOENT: the kernel has no audit; -EPERM: it
 * has one that cannot be changed; -errno.  Source: proc_pid_loginuid(5). */
int login_uid_take(uid_t uid);

#endif

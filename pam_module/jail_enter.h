/* Entering a jail: what was granted is validated completely, then entered in
 * one fixed order.
 *
 * Nothing here depends on PAM; pam_jail.so and `jailctl exec` share it.  The
 * calling process stays outside the PID namespace itself; its children are
 * born inside. */
#ifndef PAM_MODULE_JAIL_ENTER_H
#define PAM_MODULE_JAIL_ENTER_H

#include <linux/filter.h>

#include <stdbool.h>
#include <stdint.h>

#include "common/protocol.h"

/* What entering found wrong: the step's name (a literal) and its -errno. */
struct enter_error {
	const char *step;
	int error;
};

/* Fills *ret_error and returns error. */
int enter_fail(struct enter_error *ret_error, const char *step, int error);

/* Everything read and checked before the first irreversible step. */
struct jail_entry {
	const struct grant *grant;	/* outlives the entry */
	int init_fd;		/* pidfd of jail-init; the caller's */
	int ruleset_fd;		/* Landlock; owned, -1: not wanted */
	unsigned ruleset_flags;	/* of landlock_restrict_self(2) */
	struct sock_filter *instructions; /* of all filters; owned */
};

/* Makes all name service databases answer from files alone for the rest of
 * this process, so that nothing inside the jail chooses a library that is
 * loaded into it.  0 or -EIO.  Source: nsswitch.conf(5), nss.h. */
int nss_freeze(void);

/* 0 when the process is root in the first user and PID namespaces, and its
 * children will be born there as well; -EPERM otherwise; -errno.
 * Source: namespaces(7). */
int host_check(void);

/* Validates the grant and its descriptors fds[GRANT_FD_COUNT] and reads all
 * that is needed from them; nothing irreversible happens.  On success *ret
 * is to be released with jail_entry_close(); the grant stays the caller's.
 * Returns 0, or a negative errno with *ret_error filled. */
int jail_entry_prepare(const struct grant *grant, const int *fds,
    struct jail_entry *ret, struct enter_error *ret_error);

/* Enters.  0: completely in.  Otherwise a negative errno, *ret_error filled
 * and *ret_point_of_no_return true when the process has left the host: then
 * it MUST say so (jaild_login_failed()) and die (enter_die()). */
int jail_enter(const struct jail_entry *entry, bool *ret_point_of_no_return,
    struct enter_error *ret_error);

/* Releases what jail_entry_prepare() acquired. */
void jail_entry_close(struct jail_entry *entry);

/* Kills the calling process with SIGKILL. */
_Noreturn void enter_die(void);

#endif

/* What a login program brings along from outside: its program, groups,
 * descriptors and terminal.
 *
 * The kernel keeps an agent from nothing that is open already: a directory
 * on a descriptor is a way out of every mount namespace, and a terminal is
 * read, typed into and changed by whoever has it. */
#ifndef PAM_MODULE_CALLER_H
#define PAM_MODULE_CALLER_H

#include <sys/types.h>

#include "common/protocol.h"
#include "common/service.h"

/* One login through one door. */
struct caller {
	enum service_class class;
	const char *user;
	gid_t gid;		/* the account's own group */
};

/* Why it may not go on: one line for the person, all of it for the log. */
struct caller_refusal {
	char public_reason[PROTOCOL_REASON_MAX];
	char full_reason[PROTOCOL_REASON_MAX];
};

/* Before the entry, on the host:
 *  - the program forks before it starts anything (systemd does not);
 *  - su: its groups are the account's, and 0 to 2 are no terminal;
 *  - login: it is not util-linux's, which opens the host's terminal by name;
 *    the terminal on 0 to 2 is its own session's alone;
 *  - su, login, cron: none of 0 to 2 is a directory;
 *  - cron: none of them is a terminal.
 * 0; -EACCES with *ret_refusal filled. */
int caller_check(const struct caller *caller,
    struct caller_refusal *ret_refusal);

/* Lets go of what would reach the agent without being seen: the controlling
 * terminal of su's caller, and, once the agent's program is executed, each
 * descriptor above 2.  Nothing where sshd or jailctl do it themselves.
 * 0; -EACCES with *ret_refusal filled.
 * Source: ioctl_tty(2), close_range(2). */
int caller_let_go(const struct caller *caller,
    struct caller_refusal *ret_refusal);

#endif

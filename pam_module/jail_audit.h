/* Audit records of a session, sent by the session's own process so that
 * auid and ses in their head are the session's.
 *
 * The text is made before the process enters; sending it afterwards needs
 * neither a path nor a name service. */
#ifndef PAM_MODULE_JAIL_AUDIT_H
#define PAM_MODULE_JAIL_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "common/protocol.h"

#define JAIL_AUDIT_TEXT_MAX 4096

/* Where a login comes from; "" where PAM has none. */
struct audit_origin {
	const char *tty;
	const char *rhost;	/* recorded only when a literal address */
};

/* The audit socket, close-on-exec, the caller's; -errno. */
int jail_audit_open(void);

/* Writes the text of the record that the session entered its jail, that it
 * leaves it, or that acct was refused for reason, into
 * text[JAIL_AUDIT_TEXT_MAX].  Before the entry: it looks at /proc.  0;
 * -EMSGSIZE when it does not fit; -ENOMEM. */
int jail_audit_text_enter(const struct grant *grant, const char *service,
    const struct audit_origin *origin, char *text);
int jail_audit_text_leave(const struct grant *grant, const char *service,
    const struct audit_origin *origin, char *text);
int jail_audit_text_refuse(const char *acct, const char *service,
    const char *reason, const struct audit_origin *origin, char *text);

/* Sends text as TRUSTED_APP and waits for the kernel's acknowledgement until
 * deadline_ms.  0: taken; -ECONNREFUSED where the kernel has no audit or the
 * process is in another user namespace; -EPERM; -ETIMEDOUT; -errno. */
int jail_audit_send(int fd, const char *text, uint64_t deadline_ms);

#endif

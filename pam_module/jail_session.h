/* One session from the question to the confirmed entry.
 *
 * Nothing here depends on PAM: pam_jail.so and `jailctl exec` take the same
 * way in, and differ only in what they do with the answer. */
#ifndef PAM_MODULE_JAIL_SESSION_H
#define PAM_MODULE_JAIL_SESSION_H

#include <sys/types.h>

#include <stdint.h>

#include "common/protocol.h"
#include "pam_module/jail_audit.h"
#include "pam_module/jaild_client.h"

/* Why a session was not opened: one line for the person at the client, and
 * the reason in full for the log. */
struct session_refusal {
	char public_reason[PROTOCOL_REASON_MAX];
	char full_reason[PROTOCOL_REASON_MAX];
};

/* Asks jaild at socket_path for a session, enters the jail and is confirmed.
 * A process without a login uid gets uid, the account's, for its own.
 *
 * Returns 0 when the calling process is in its jail and the session is live;
 * *ret then holds the grant (ret->grant.environment is what to put into the
 * session's environment) and ret->fd, on which jail_session_leave() ends the
 * session: steal it or leave it to jaild_login_free().  leave_record gets
 * the text that jail_session_leave() wants.  Returns -errno with
 * *ret_refusal filled when nothing irreversible was done.  When something
 * fails after the point of no return it tells jaild and kills the calling
 * process: it does not return.
 *
 * A refusal has been recorded in the audit trail when this returns. */
int jail_session_open(const char *socket_path,
    const struct login_request *request, uid_t uid, uint32_t timeout_ms,
    struct jaild_login **ret, char leave_record[JAIL_AUDIT_TEXT_MAX],
    struct session_refusal *ret_refusal);

/* Ends the session from inside: its record, sent by the session's own
 * process, then the word to jaild.  Uses no path and no name service; best
 * effort, in at most a second. */
void jail_session_leave(int fd, const char *leave_record);

/* Records a refusal that was decided without asking jaild.  Best effort. */
void jail_session_record_refusal(const struct login_request *request,
    const char *full_reason, uint32_t timeout_ms);

#endif

/* One login, asked of jaild: connect, ask, receive, answer.
 *
 * Nothing here depends on PAM; pam_jail.so and `jailctl exec` share it. */
#ifndef PAM_MODULE_JAILD_CLIENT_H
#define PAM_MODULE_JAILD_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/protocol.h"

#define JAILD_LOGIN_SOCKET "/run/jaild/login.sock"

/* The connection of one login and what was answered on it.  All strings of
 * grant and refusal point into message; the struct must not be copied. */
struct jaild_login {
	int fd;			/* -1: not connected */
	uint64_t deadline_ms;	/* of all of it: deadline_after() */
	enum message_type answer; /* MESSAGE_GRANT or MESSAGE_REFUSAL */
	int fds[GRANT_FD_COUNT];  /* with a grant; -1 otherwise */
	struct grant grant;
	struct refusal refusal;
	char message[PROTOCOL_MESSAGE_MAX];
};

/* A new, unconnected login on the heap (it is too large for the stack of a
 * login program); NULL without memory.  jaild_login_free() it. */
struct jaild_login *jaild_login_new(void);

/* Connects to the socket at path, sends request and receives the answer, all
 * within timeout_ms.  The peer must be root or the caller (SO_PEERCRED).
 * Returns 0 with login->answer set and what belongs to it; -EBADMSG on an
 * answer that is not exactly a grant with its descriptors or a refusal;
 * -EPERM when somebody else listens; -ETIMEDOUT; -ENAMETOOLONG; -errno. */
int jaild_login_ask(struct jaild_login *login, const char *path,
    const struct login_request *request, uint32_t timeout_ms);

/* Says ENTERED and waits, within the login's deadline, for the answer.
 * 0: CONFIRMED, the session is live; -EACCES: refused (jaild has logged why);
 * -EBADMSG, -ETIMEDOUT, -errno. */
int jaild_login_entered(struct jaild_login *login);

/* Says FAILED with the step and its errno (positive); best effort, since the
 * caller is about to give up: 0 or -errno. */
int jaild_login_failed(struct jaild_login *login, const char *step, int error);

/* Says LEAVING on the descriptor that the login left behind.  0 or -errno;
 * waits for nothing. */
int jaild_leave(int fd);

/* Closes every descriptor that the login still has, and frees it; NULL is
 * nothing. */
void jaild_login_free(struct jaild_login *login);

#endif

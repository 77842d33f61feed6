/* One login in its worker: the state that its steps share, in the order of
 * the files that hold them (login.c, login_jail.c, login_session.c). */
#ifndef JAILD_LOGIN_H
#define JAILD_LOGIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "jaild/account.h"
#include "jaild/audit.h"
#include "jaild/daemon.h"
#include "lang/decide.h"

/* What the person at the client is told when the cause is ours. */
#define PUBLIC_UNAVAILABLE "no jail is available now; ask the administrator"

/* One login on its way through this process. */
struct login {
	const struct daemon *daemon;
	int channel_fd, connection_fd;
	uint64_t deadline_ms;
	char request_bytes[PROTOCOL_MESSAGE_MAX];
	struct login_request request;
	enum service_class service;
	pid_t pid;			/* of the login program */
	int pidfd;
	struct account *account;
	struct decision decision;
	struct plan *plan;
	char vm[2 * PROTOCOL_NAME_MAX];
	struct jail_key key;
	struct jail_facts jail;
	uint64_t session_id;
	int init_pidfd, filters_fd;
	struct audit_state audit;
	bool dead;			/* nobody to answer to */
};

/* Tells the module why not, and logs it in full.  Returns -EACCES. */
__attribute__((format(printf, 3, 4)))
int login_refuse(struct login *login, const char *public_reason,
    const char *format, ...);

/* Receives one message without descriptors from the module.  Its length;
 * -EBADMSG with descriptors; as packet_receive(). */
ssize_t login_receive(struct login *login, void *buffer, size_t size);

/* Makes login->plan for a jail of that uuid.  0, or has refused. */
int login_plan(struct login *login, const char *uuid);

/* Waits for main's word that its table has what was reported.  0 or
 * -errno. */
int login_await_go(struct login *login);

/* The module is to scope abstract sockets by Landlock. */
bool login_gets_scope(const struct login *login);

/* The later steps of a login.  Each returns 0, or has refused. */
int login_get_jail(struct login *login);
int login_send_grant(struct login *login);
int login_await_entered(struct login *login);
int login_check_audit(struct login *login);
int login_go_live(struct login *login);
int login_confirm(struct login *login);

#endif

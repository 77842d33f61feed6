#include "config.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <errno.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <security/pam_modutil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "pam_module/arguments.h"
#include "pam_module/caller.h"
#include "pam_module/jail_session.h"

#define AGENTS_SHELL JAILD_PKGLIBEXECDIR "/jail-shell"
#define DATA_NAME "pam_jail_session"
#define REFUSAL_TIMEOUT_MS 1000

/* What outlives pam_sm_open_session(): a descriptor that can say "leaving",
 * and how to know it again.  A login program that closed all descriptors may
 * have given its number to something else. */
struct kept {
	int fd;
	pid_t pid;
	dev_t dev;
	ino_t ino;
	char leave_record[JAIL_AUDIT_TEXT_MAX];
};

/* One call of the module for one agent. */
struct door {
	pam_handle_t *pamh;
	int flags;
	struct arguments arguments;
	struct login_request request;
	uid_t uid;		/* the account's */
	gid_t gid;
};

static const char *
item(const pam_handle_t *pamh, int type)
{
	const void *value = NULL;

	if (pam_get_item(pamh, type, &value) != PAM_SUCCESS || value == NULL)
		return "";
	return value;
}

/* One line for the person at the client: printable, whatever it came from.
 * sudo asks for silence to spare people what sessions say, and without a word
 * of ours would give them none but "Permission denied". */
static void
tell(const struct door *door, const char *public_reason)
{
	char line[PROTOCOL_REASON_MAX];
	size_t i;

	if (door->flags & PAM_SILENT &&
	    !service_closed(door->request.service)->session_alone)
		return;
	for (i = 0; public_reason[i] != '\0' && i < sizeof(line) - 1; i++) {
		unsigned char c = (unsigned char)public_reason[i];

		line[i] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
	}
	line[i] = '\0';
	pam_error(door->pamh, "jaild: login refused: %s", line);
}

static void
log_refusal(const struct door *door, const char *full_reason)
{
	pam_syslog(door->pamh, LOG_ERR, "agent %s refused: %s",
	    door->request.user, full_reason);
}

/* Refuses without asking jaild. */
static int
refuse(const struct door *door, const char *public_reason,
    const char *full_reason, int code)
{
	log_refusal(door, full_reason);
	jail_session_record_refusal(&door->request, full_reason,
	    REFUSAL_TIMEOUT_MS);
	tell(door, public_reason);
	return code;
}

/* The shell is an agent's, the group is not: one of them is wrong. */
static int
refuse_stranger(const struct door *door)
{
	char reason[PROTOCOL_REASON_MAX];

	snprintf(reason, sizeof(reason), "the shell is " AGENTS_SHELL ", but "
	    "the group %s cannot be looked up or does not have the account",
	    door->arguments.agents);
	return refuse(door, "the administrator has to mend the group of "
	    "agents", reason, PAM_PERM_DENIED);
}

/* PAM_SUCCESS when the user is an agent, with *ret filled; PAM_IGNORE when
 * it is not; an error when there is no such user.
 *
 * MUST:
 *  1. uid 0 and whoever is not in the group leave here, before anything that
 *     could fail because of jaild, its socket or a bad argument;
 *  2. a group that cannot be looked up makes nobody a stranger whose shell
 *     says that it is an agent's: the answer "no member" is also the answer
 *     of a name service that failed;
 *  3. a line that all services share is passed by users without an account,
 *     whom some of them have. */
static int
door_of(pam_handle_t *pamh, int flags, int argc, const char **argv,
    struct door *ret)
{
	struct door door = { .pamh = pamh, .flags = flags };
	const struct passwd *passwd;

	arguments_parse(argc, argv, &door.arguments);
	door.request = (struct login_request){ .user = item(pamh, PAM_USER),
		.service = item(pamh, PAM_SERVICE),
		.tty = item(pamh, PAM_TTY), .rhost = item(pamh, PAM_RHOST) };
	if (*door.request.user == '\0')
		return PAM_USER_UNKNOWN;
	passwd = pam_modutil_getpwnam(pamh, door.request.user);
	if (passwd == NULL)
		return door.arguments.refuse_only ? PAM_IGNORE :
		    PAM_USER_UNKNOWN;
	if (passwd->pw_uid == 0)
		return PAM_IGNORE;
	door.uid = passwd->pw_uid;
	door.gid = passwd->pw_gid;
	*ret = door;
	if (pam_modutil_user_in_group_nam_nam(pamh, door.request.user,
	    door.arguments.agents) == 1)
		return PAM_SUCCESS;
	return strcmp(passwd->pw_shell, AGENTS_SHELL) == 0 ?
	    refuse_stranger(ret) : PAM_IGNORE;
}

static int
refuse_service(const struct door *door)
{
	const struct closed_service *closed =
	    service_closed(door->request.service);
	char public_reason[PROTOCOL_REASON_MAX], reason[PROTOCOL_REASON_MAX];

	snprintf(public_reason, sizeof(public_reason), "agents may not log in "
	    "through this service%s%s", closed->instead != NULL ? ": " : "",
	    closed->instead != NULL ? closed->instead : "");
	snprintf(reason, sizeof(reason), "PAM service %s is no door for "
	    "agents: %s", door->request.service, closed->reason);
	return refuse(door, public_reason, reason, PAM_PERM_DENIED);
}

/* PAM_SUCCESS when the line in the PAM configuration is whole and the door
 * is open to agents. */
static int
check_door(const struct door *door)
{
	char reason[PROTOCOL_REASON_MAX];

	if (door->arguments.bad != NULL) {
		snprintf(reason, sizeof(reason), "argument \"%s\" of "
		    "pam_jail.so for service %s is not understood: see "
		    "pam_jail(8)", door->arguments.bad,
		    door->request.service);
		return refuse(door, "the administrator has to mend the PAM "
		    "configuration", reason, PAM_SERVICE_ERR);
	}
	return service_class_open(service_class_of(door->request.service)) ?
	    PAM_SUCCESS : refuse_service(door);
}

/* What the login program brings along; the session's line alone asks, since
 * only behind it the program is about to enter. */
static int
check_caller(const struct door *door)
{
	const struct caller caller = { .user = door->request.user,
		.class = service_class_of(door->request.service),
		.gid = door->gid };
	struct caller_refusal refusal;
	int r = caller_check(&caller, &refusal);

	if (r == 0)
		r = caller_let_go(&caller, &refusal);
	return r == 0 ? PAM_SUCCESS : refuse(door, refusal.public_reason,
	    refusal.full_reason, PAM_PERM_DENIED);
}

static bool
still_ours(const struct kept *kept)
{
	struct stat status;

	return kept->fd >= 0 && fstat(kept->fd, &status) == 0 &&
	    status.st_dev == kept->dev && status.st_ino == kept->ino;
}

/* Runs in pam_end(), also in children that got a copy: it closes its own
 * descriptor and does nothing else. */
static void
kept_free(pam_handle_t *pamh, void *object, int status)
{
	struct kept *kept = object;

	(void)pamh;
	(void)status;
	if (still_ours(kept))
		close_fd(&kept->fd);
	free(kept);
}

/* Keeps the connection for pam_sm_close_session(); it is taken from *fd. */
static int
keep(pam_handle_t *pamh, int *fd, const char *leave_record)
{
	struct kept *kept = calloc(1, sizeof(*kept));
	struct stat status;

	if (kept == NULL)
		return PAM_BUF_ERR;
	if (fstat(*fd, &status) < 0) {
		free(kept);
		return PAM_SYSTEM_ERR;
	}
	*kept = (struct kept){ .fd = *fd, .pid = getpid(),
		.dev = status.st_dev, .ino = status.st_ino };
	snprintf(kept->leave_record, sizeof(kept->leave_record), "%s",
	    leave_record);
	if (pam_set_data(pamh, DATA_NAME, kept, kept_free) != PAM_SUCCESS) {
		free(kept);
		return PAM_BUF_ERR;
	}
	*fd = -1;
	return PAM_SUCCESS;
}

/* The process is inside and the session live. */
static int
settle(const struct door *door, struct jaild_login *login,
    const char *leave_record)
{
	int r = PAM_SUCCESS;

	for (uint32_t i = 0; i < login->grant.n_environment; i++) {
		r = pam_putenv(door->pamh, login->grant.environment[i]);
		if (r != PAM_SUCCESS)
			break;
	}
	if (r == PAM_SUCCESS)
		r = keep(door->pamh, &login->fd, leave_record);
	if (r != PAM_SUCCESS) {
		jail_session_leave(login->fd, leave_record);
		r = PAM_SESSION_ERR;
	}
	jaild_login_free(login);
	return r;
}

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	char leave_record[JAIL_AUDIT_TEXT_MAX];
	struct session_refusal refusal;
	struct jaild_login *login;
	struct door door;
	int r;

	r = door_of(pamh, flags, argc, argv, &door);
	if (r != PAM_SUCCESS)
		return r;
	r = check_door(&door);
	if (r == PAM_SUCCESS && door.arguments.refuse_only)
		return PAM_IGNORE;
	if (r == PAM_SUCCESS)
		r = check_caller(&door);
	if (r != PAM_SUCCESS)
		return r;
	if (jail_session_open(door.arguments.socket_path, &door.request,
	    door.uid, door.arguments.timeout_ms, &login, leave_record,
	    &refusal) == 0)
		return settle(&door, login, leave_record);
	log_refusal(&door, refusal.full_reason);
	tell(&door, refusal.public_reason);
	return PAM_SESSION_ERR;
}

/* MUST use no path, no name service and no exec: it runs as root in what the
 * agent lived in. */
int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	struct arguments arguments;
	const void *object = NULL;
	const struct kept *kept;

	(void)flags;
	arguments_parse(argc, argv, &arguments);
	if (arguments.refuse_only || pam_get_data(pamh, DATA_NAME,
	    &object) != PAM_SUCCESS || object == NULL)
		return PAM_IGNORE;
	kept = object;
	if (kept->pid == getpid() && still_ours(kept))
		jail_session_leave(kept->fd, kept->leave_record);
	return PAM_SUCCESS;
}

/* The account line only ever refuses: an open door says PAM_IGNORE, so that
 * it decides nothing that pam_unix and others have to decide. */
int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct door door;
	int r;

	r = door_of(pamh, flags, argc, argv, &door);
	if (r != PAM_SUCCESS)
		return r;
	r = check_door(&door);
	return r == PAM_SUCCESS ? PAM_IGNORE : r;
}

int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_IGNORE;
}

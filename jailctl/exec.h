/* jailctl exec: a session in an account's jail without a login program.
 *
 *	keeper	outside; keeps the caller's terminal as it was
 *	  session   opens the PAM session, and by that enters the jail
 *	    child     becomes the account and runs its shell
 *
 * No descriptor of outside goes in: the session relays between the caller's
 * three and pipes or a terminal of the jail's own. */
#ifndef JAILCTL_EXEC_H
#define JAILCTL_EXEC_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

#include "jaild/account.h"

/* Exit statuses of jailctl exec itself, as env(1) has them; the command's
 * own is passed on, 128 + N after signal N. */
#define STATUS_EXEC_FAILED 125
#define STATUS_EXEC_CANNOT_RUN 126
#define STATUS_EXEC_NOT_FOUND 127

/* Everything that is known before the jail is entered: inside nothing is
 * asked of the name service. */
struct exec_request {
	const struct account *account;
	const char *command;	/* for the shell's -c; NULL: a login shell */
	bool terminal;
	bool caller_has_terminal;
	struct termios caller_modes; /* of descriptor 0, when it has one */
};

/* The child's ends, and the session's. */
struct exec_pipes {
	int child[3];		/* all three the same with a terminal */
	int session[3];		/* writes to 0, reads from 1 and 2; with a
				 * terminal all the same, 2 unused */
};

/* Opens the session, runs the command and relays until it ends.  Returns the
 * exit status of the process. */
int exec_session_run(const struct exec_request *request);

/* Makes pipes, or a terminal of the mount namespace that the process is in;
 * either belongs to the account.  0 or -errno. */
int exec_pipes_open(const struct exec_request *request,
    struct exec_pipes *ret);
void exec_pipes_close(int fds[3]);

/* Becomes the account and runs its shell; never returns.  What fails is
 * written to error_fd as struct exec_error. */
struct exec_error {
	char step[32];
	int error;		/* errno */
};
_Noreturn void exec_child_run(const struct exec_request *request,
    const struct exec_pipes *pipes, char **environment, int error_fd);

/* The environment of the child: what PAM gave (NULL-terminated, of the form
 * NAME=value, or NULL) before what every login has.  NULL without memory. */
char **exec_environment(const struct account *account, char *const *given);

/* Relays until the child has ended and what it wrote is written, or until a
 * signal asks for the end.  Returns an exit status: the child's, 128 + N. */
int exec_relay(const struct exec_request *request, int session[3],
    pid_t child);

/* One word as it is; several each quoted, so that the shell sees them as they
 * were given.  Returns a new string; NULL without memory. */
char *exec_command_line(char *const *words, int n_words);

#endif

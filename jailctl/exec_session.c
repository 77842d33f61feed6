#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/jail_files.h"
#include "jailctl/exec.h"
#include "jailctl/jailctl.h"

#define PAM_SERVICE_NAME "jailctl"

/* Modules may say something; there is nobody whom they could ask. */
static int
converse(int n, const struct pam_message **messages,
    struct pam_response **ret_responses, void *object)
{
	struct pam_response *responses;

	(void)object;
	if (n <= 0 || n > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	for (int i = 0; i < n; i++)
		if (messages[i]->msg_style != PAM_TEXT_INFO &&
		    messages[i]->msg_style != PAM_ERROR_MSG)
			return PAM_CONV_ERR;
	responses = calloc((size_t)n, sizeof(*responses));
	if (responses == NULL)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++)
		fprintf(stderr, "%s\n", messages[i]->msg);
	*ret_responses = responses;
	return PAM_SUCCESS;
}

/* One PAM transaction. */
struct transaction {
	const struct exec_request *request;
	pam_handle_t *pamh;
	int code;		/* of the last call */
	bool credentials, session;
	struct stat root;	/* of outside */
};

static int
step_start(struct transaction *transaction)
{
	static const struct pam_conv conversation = { converse, NULL };

	return pam_start(PAM_SERVICE_NAME, transaction->request->account->name,
	    &conversation, &transaction->pamh);
}

static int
step_items(struct transaction *transaction)
{
	const char *tty = ttyname(STDIN_FILENO);
	int code = pam_set_item(transaction->pamh, PAM_RUSER, "root");

	if (code == PAM_SUCCESS && tty != NULL)
		code = pam_set_item(transaction->pamh, PAM_TTY, tty);
	return code;
}

static int
step_account(struct transaction *transaction)
{
	return pam_acct_mgmt(transaction->pamh, 0);
}

static int
step_credentials(struct transaction *transaction)
{
	int code = pam_setcred(transaction->pamh, PAM_ESTABLISH_CRED);

	transaction->credentials = code == PAM_SUCCESS;
	return code;
}

static int
step_session(struct transaction *transaction)
{
	int code = pam_open_session(transaction->pamh, 0);

	transaction->session = code == PAM_SUCCESS;
	return code;
}

static const struct {
	const char *words;
	int (*run)(struct transaction *transaction);
} steps[] = {
	{ "starting", step_start },
	{ "naming the terminal", step_items },
	{ "the account", step_account },
	{ "the credentials", step_credentials },
	{ "the session", step_session },
};

/* MUST hold before anything of the account's runs: PAM let the account pass,
 * it is still the same one, and "/" is a jail's, not the host's. */
static int
check_entered(const struct transaction *transaction)
{
	const struct account *account = transaction->request->account;
	const void *user = NULL;
	struct stat root, file;

	if (pam_get_item(transaction->pamh, PAM_USER, &user) != PAM_SUCCESS ||
	    user == NULL || strcmp(user, account->name) != 0) {
		complain("PAM made another account of %s; nothing was run",
		    account->name);
		return -EACCES;
	}
	if (stat("/", &root) < 0 || (root.st_dev == transaction->root.st_dev &&
	    root.st_ino == transaction->root.st_ino) ||
	    lstat(JAIL_SESSION_FILE, &file) < 0 || file.st_uid != 0 ||
	    !S_ISREG(file.st_mode)) {
		complain("PAM let %s pass without a jail; nothing was run: "
		    "/etc/pam.d/" PAM_SERVICE_NAME " needs the line "
		    "`session required pam_jail.so`", account->name);
		return -EACCES;
	}
	return 0;
}

static int
open_session(struct transaction *transaction)
{
	if (stat("/", &transaction->root) < 0) {
		complain("/: %m");
		return -errno;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		transaction->code = steps[i].run(transaction);
		if (transaction->code == PAM_SUCCESS)
			continue;
		complain("PAM refuses %s (%s): %s; nothing was run",
		    transaction->request->account->name, steps[i].words,
		    pam_strerror(transaction->pamh, transaction->code));
		return -EACCES;
	}
	return check_entered(transaction);
}

static void
close_session(struct transaction *transaction)
{
	if (transaction->session)
		transaction->code = pam_close_session(transaction->pamh, 0);
	if (transaction->credentials)
		pam_setcred(transaction->pamh, PAM_DELETE_CRED);
	if (transaction->pamh != NULL)
		pam_end(transaction->pamh, transaction->code);
}

/* Reads what kept the child from running, if anything did: the pipe closes
 * with its exec.  0 or an exit status. */
static int
await_exec(int fd)
{
	struct exec_error error = { 0 };
	ssize_t n;

	do
		n = read(fd, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	if (n == 0)
		return 0;
	if (n != sizeof(error))
		error = (struct exec_error){ .step = "?", .error = EPROTO };
	error.step[sizeof(error.step) - 1] = '\0';
	complain("%s: %s", error.step, strerror(error.error));
	if (strcmp(error.step, "exec") != 0)
		return STATUS_EXEC_FAILED;
	return error.error == ENOENT ? STATUS_EXEC_NOT_FOUND :
	    STATUS_EXEC_CANNOT_RUN;
}

static int
start_child(const struct exec_request *request, struct exec_pipes *pipes,
    char **environment, pid_t *ret_child)
{
	_cleanup_fd_ int read_fd = -1, write_fd = -1;
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0) {
		complain("no pipe: %m");
		return STATUS_EXEC_FAILED;
	}
	read_fd = fds[0];
	write_fd = fds[1];
	child = fork();
	if (child < 0) {
		complain("no process in the jail: %m");
		return STATUS_EXEC_FAILED;
	}
	if (child == 0)
		exec_child_run(request, pipes, environment, write_fd);
	close_fd(&write_fd);
	exec_pipes_close(pipes->child);
	*ret_child = child;
	return await_exec(read_fd);
}

static int
run_command(const struct exec_request *request, pam_handle_t *pamh)
{
	char **given = pam_getenvlist(pamh);
	char **environment = exec_environment(request->account, given);
	struct exec_pipes pipes;
	pid_t child;
	int status, r;

	r = environment == NULL ? -ENOMEM : exec_pipes_open(request, &pipes);
	if (r < 0) {
		complain(request->terminal ? "no terminal in the jail: %s" :
		    "no pipes into the jail: %s", strerrordesc_np(-r));
		return STATUS_EXEC_FAILED;
	}
	status = start_child(request, &pipes, environment, &child);
	if (status == 0)
		status = exec_relay(request, pipes.session, child);
	exec_pipes_close(pipes.session);
	return status;
}

int
exec_session_run(const struct exec_request *request)
{
	struct transaction transaction = { .request = request };
	int status = STATUS_EXEC_FAILED;

	if (open_session(&transaction) == 0)
		status = run_command(request, transaction.pamh);
	close_session(&transaction);
	return status;
}

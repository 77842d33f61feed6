#include "config.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/exec.h"
#include "jailctl/jailctl.h"

static volatile sig_atomic_t session_pid;

/* What only the keeper got; a terminal sends its own to the session too. */
static void
forward(int number)
{
	int saved = errno;

	if (session_pid > 0)
		kill((pid_t)session_pid, number);
	errno = saved;
}

static int
refuse(const char *text, const char *name)
{
	complain("%s %s; nothing was run", name, text);
	return -EACCES;
}

static int
find_agent(const char *name, const char *agents, struct account **ret)
{
	struct account *account;
	int r = account_resolve(name, &account);

	if (r == -ENOENT)
		return refuse("is no account", name);
	if (r == -EPERM)
		return refuse("has uid 0 and is never an agent", name);
	if (r < 0)
		return refuse(strerrordesc_np(-r), name);
	if (!account_in_group(account, agents)) {
		complain("%s is not in the group %s and has no jail, so "
		    "nothing was run; runuser(1) runs commands of other "
		    "accounts", name, agents);
		account_free(account);
		return -EACCES;
	}
	*ret = account;
	return 0;
}

/* The three descriptors are open: no other file takes their place. */
static int
open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			return -errno;
	} while (fd <= STDERR_FILENO);
	close(fd);
	return 0;
}

static int
status_of(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	complain("the session was killed by signal %d: its jail was stopped, "
	    "or could not be entered; jaild's log says which",
	    WTERMSIG(status));
	return 128 + WTERMSIG(status);
}

static int
keep(const struct exec_request *request, pid_t session)
{
	int status;

	while (waitpid(session, &status, 0) < 0)
		if (errno != EINTR) {
			complain("waiting for the session: %m");
			return STATUS_EXEC_FAILED;
		}
	session_pid = 0;
	if (request->terminal && request->caller_has_terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &request->caller_modes);
	return status_of(status);
}

/* What the caller ignores (nohup) stays ignored. */
static void
handle(int number, void (*handler)(int))
{
	const struct sigaction action = { .sa_handler = handler };
	struct sigaction before;

	if (sigaction(number, NULL, &before) == 0 &&
	    before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

static int
run(const struct exec_request *request)
{
	pid_t keeper = getpid(), session;

	fflush(NULL);
	session = fork();
	if (session < 0) {
		complain("no process for the session: %m");
		return STATUS_EXEC_FAILED;
	}
	if (session == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != keeper)
			_exit(STATUS_EXEC_FAILED);
		_exit(exec_session_run(request));
	}
	session_pid = session;
	handle(SIGTERM, forward);
	handle(SIGHUP, forward);
	handle(SIGINT, SIG_IGN);
	handle(SIGQUIT, SIG_IGN);
	return keep(request, session);
}

/* ACCOUNT, or ACCOUNT -- COMMAND [ARGUMENT ...]. */
static int
take_words(const struct arguments *arguments, char **ret_command)
{
	int n = arguments->n_words - 2;

	*ret_command = NULL;
	if (arguments->n_words == 1 && arguments->terminal)
		return 0;
	if (n < 1 || strcmp(arguments->words[1], "--") != 0) {
		complain("exec wants ACCOUNT -- COMMAND; only with -t the "
		    "command may be left out");
		return STATUS_USAGE;
	}
	*ret_command = exec_command_line(arguments->words + 2, n);
	if (*ret_command == NULL) {
		complain("no memory");
		return STATUS_EXEC_FAILED;
	}
	return 0;
}

static int
prepare_and_run(const struct arguments *arguments, const char *command)
{
	struct exec_request request = { .command = command,
		.terminal = arguments->terminal };
	struct account *account;
	struct config *config;
	int status;

	if (open_standard() < 0 || settings_load(arguments, &config) < 0)
		return STATUS_EXEC_FAILED;
	if (find_agent(arguments->words[0], config->agents_group, &account) <
	    0) {
		config_free(config);
		return STATUS_EXEC_FAILED;
	}
	config_free(config);
	request.account = account;
	request.caller_has_terminal =
	    tcgetattr(STDIN_FILENO, &request.caller_modes) == 0;
	status = run(&request);
	account_free(account);
	return status;
}

int
command_exec(const struct arguments *arguments)
{
	_cleanup_free_ char *command = NULL;
	int status = take_words(arguments, &command);

	if (status != 0)
		return status;
	if (geteuid() != 0) {
		complain("only root may enter the jail of another: use sudo");
		return STATUS_EXEC_FAILED;
	}
	return prepare_and_run(arguments, command);
}

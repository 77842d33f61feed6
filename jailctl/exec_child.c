#include "config.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/exec.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"
#define DEFAULT_SHELL "/bin/sh"
#define ERROR_FD 3
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static const char *
shell_of(const struct account *account)
{
	return *account->shell != '\0' ? account->shell : DEFAULT_SHELL;
}

char *
exec_command_line(char *const *words, int n_words)
{
	char *line = NULL;
	size_t length;
	FILE *out;

	if (n_words == 1)
		return strdup(words[0]);
	out = open_memstream(&line, &length);
	if (out == NULL)
		return NULL;
	for (int i = 0; i < n_words; i++) {
		fputs(i == 0 ? "'" : " '", out);
		for (const char *p = words[i]; *p != '\0'; p++)
			if (*p == '\'')
				fputs("'\\''", out);
			else
				fputc(*p, out);
		fputc('\'', out);
	}
	if (fclose(out) != 0) {
		free(line);
		return NULL;
	}
	return line;
}

static bool
has_variable(char *const *environment, size_t n, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (strncmp(environment[i], name, length) == 0 &&
		    environment[i][length] == '=')
			return true;
	return false;
}

char **
exec_environment(const struct account *account, char *const *given)
{
	const struct {
		const char *name, *value;
	} defaults[] = {
		{ "HOME", account->home },
		{ "USER", account->name },
		{ "LOGNAME", account->name },
		{ "SHELL", shell_of(account) },
		{ "PATH", DEFAULT_PATH },
		{ "TERM", getenv("TERM") },
	};
	char **environment;
	size_t n = 0;

	while (given != NULL && given[n] != NULL)
		n++;
	environment = calloc(n + ARRAY_LENGTH(defaults) + 1,
	    sizeof(*environment));
	if (environment == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		environment[i] = given[i];
	for (size_t i = 0; i < ARRAY_LENGTH(defaults); i++) {
		if (defaults[i].value == NULL ||
		    has_variable(environment, n, defaults[i].name))
			continue;
		if (asprintf(&environment[n++], "%s=%s", defaults[i].name,
		    defaults[i].value) < 0)
			return NULL;
	}
	return environment;
}

static _Noreturn void
fail(int error_fd, const char *step)
{
	struct exec_error error = { .error = errno };
	ssize_t n;

	snprintf(error.step, sizeof(error.step), "%s", step);
	n = write(error_fd, &error, sizeof(error));
	_exit(n < 0 ? STATUS_EXEC_CANNOT_RUN : STATUS_EXEC_FAILED);
}

/* What the caller ignores or blocks is no business of the jail's. */
static void
reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
close_from(unsigned first)
{
	long limit = sysconf(_SC_OPEN_MAX);

	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return 0;
	for (long fd = first; fd < limit; fd++)
		close((int)fd);
	return 0;
}

/* Moves the pipe's end that reports errors out of the way of 0 to 2, and
 * then everything else away.  Returns the descriptor, or -errno. */
static int
take_descriptors(const struct exec_pipes *pipes, int error_fd)
{
	int high[3];

	for (int i = 0; i < 3; i++) {
		high[i] = fcntl(pipes->child[i], F_DUPFD_CLOEXEC,
		    ERROR_FD + 1);
		if (high[i] < 0)
			return -errno;
	}
	error_fd = fcntl(error_fd, F_DUPFD_CLOEXEC, ERROR_FD + 1);
	if (error_fd < 0 || dup3(error_fd, ERROR_FD, O_CLOEXEC) < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		if (dup2(high[i], i) < 0)
			return -errno;
	close_from(ERROR_FD + 1);
	return ERROR_FD;
}

/* MUST be done in this order: groups while they can be set, then the group,
 * then the user; the numbers were resolved outside. */
static int
become(const struct account *account)
{
	gid_t gids[1024];
	uid_t real, effective, saved;
	size_t n = account->n_groups;

	if (n > ARRAY_LENGTH(gids)) {
		errno = E2BIG;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		gids[i] = account->groups[i].gid;
	if (setgroups(n, gids) < 0 ||
	    setresgid(account->gid, account->gid, account->gid) < 0 ||
	    setresuid(account->uid, account->uid, account->uid) < 0 ||
	    getresuid(&real, &effective, &saved) < 0)
		return -1;
	if (account->uid == 0 || real != account->uid ||
	    effective != account->uid || saved != account->uid) {
		errno = EPERM;
		return -1;
	}
	return 0;
}

/* "-name" makes a login shell. */
static void
run_shell(const struct exec_request *request, char **environment)
{
	const char *shell = shell_of(request->account);
	const char *slash = strrchr(shell, '/');
	const char *base = slash != NULL ? slash + 1 : shell;
	char name[256], minus_c[] = "-c";
	char *arguments[] = { name, NULL, NULL, NULL };

	snprintf(name, sizeof(name), "%s%s",
	    request->command == NULL ? "-" : "", base);
	if (request->command != NULL) {
		arguments[1] = minus_c;
		arguments[2] = (char *)request->command;
	}
	execve(shell, arguments, environment);
}

_Noreturn void
exec_child_run(const struct exec_request *request,
    const struct exec_pipes *pipes, char **environment, int error_fd)
{
	int fd;

	reset_signals();
	if (setsid() < 0)
		fail(error_fd, "setsid");
	fd = take_descriptors(pipes, error_fd);
	if (fd < 0)
		fail(error_fd, "descriptors");
	if (request->terminal && ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		fail(fd, "terminal");
	if (become(request->account) < 0)
		fail(fd, "becoming the account");
	/* Without privilege: the home is the account's. */
	if (chdir(request->account->home) < 0 && chdir("/") < 0)
		fail(fd, "home");
	run_shell(request, environment);
	fail(fd, "exec");
}

/* The login shell of agents.
 *
 * Outside a jail it says what the account is for and exits 1.  Inside it
 * puts environment, working directory and umask as the policy says, loads
 * the policy's own system call filter, and becomes the agent's real shell.
 * It is depth, not the wall: whatever the agent does to it, the jail stands.
 * See jail-shell(8). */
#include "config.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/jail_files.h"

#define TEXTS_MAX 8

/* What the session file said; strings point into its text. */
struct session {
	const char *account, *shell, *workdir;
	unsigned long umask;
};

/* Says texts, of which the last is NULL, as one line.  printf would be a third
 * of this program. */
static void
say(const char *const *texts)
{
	struct iovec parts[TEXTS_MAX];
	int n = 0;

	for (; n < TEXTS_MAX && texts[n] != NULL; n++)
		parts[n] = (struct iovec){ (void *)(uintptr_t)texts[n],
			strlen(texts[n]) };
	if (writev(STDERR_FILENO, parts, n) < 0)
		_exit(1);
}

static _Noreturn void
die(const char *what, const char *why)
{
	say((const char *[]){ "jail-shell: ", what, why, "\n", NULL });
	_exit(1);
}

/* Says of which thing, if it has a name, and why the last call failed. */
static _Noreturn void
die_of_call(const char *what, const char *name)
{
	const char *error = strerror(errno);

	say((const char *[]){ "jail-shell: ", what, name, ": ", error, "\n",
	    NULL });
	_exit(1);
}

/* Opens a file that jaild made: root's, nobody else can write it. */
static int
open_ours(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
	    status.st_uid != 0 || status.st_mode & (S_IWGRP | S_IWOTH)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

/* The whole of a file that jaild made, with a NUL behind it. */
static char *
read_ours(const char *path, size_t max, size_t *ret_length)
{
	int fd = open_ours(path);
	char *text = malloc(max + 1);
	size_t length = 0;
	ssize_t n = 0;

	if (fd < 0) {
		errno = -fd;
		die_of_call("", path);
	}
	if (text == NULL)
		die("no memory", "");
	while (length < max &&
	    (n = read(fd, text + length, max - length)) > 0)
		length += (size_t)n;
	if (n < 0 || length == max)
		die(path, " cannot be read");
	close(fd);
	text[length] = '\0';
	*ret_length = length;
	return text;
}

static void
take_line(struct session *session, char *line)
{
	char *value = strchr(line, '=');

	if (value == NULL)
		die(JAIL_SESSION_FILE, " is damaged");
	*value++ = '\0';
	if (strcmp(line, "account") == 0)
		session->account = value;
	else if (strcmp(line, "shell") == 0)
		session->shell = value;
	else if (strcmp(line, "workdir") == 0)
		session->workdir = value;
	else if (strcmp(line, "umask") == 0)
		session->umask = strtoul(value, NULL, 8);
	else if (strcmp(line, "env") == 0 && putenv(value) != 0)
		die("no memory", "");
}

static void
read_session(struct session *session)
{
	size_t length;
	char *next = read_ours(JAIL_SESSION_FILE, JAIL_SESSION_MAX, &length);

	for (char *line; (line = strsep(&next, "\n")) != NULL;)
		if (*line != '\0')
			take_line(session, line);
	if (session->shell == NULL || session->workdir == NULL)
		die(JAIL_SESSION_FILE, " is damaged");
}

static void
load_filters(void)
{
	const size_t max = sizeof(struct jail_filters_head) +
	    (size_t)PROTOCOL_FILTERS_MAX * PROTOCOL_FILTER_INSTRUCTIONS_MAX *
	    sizeof(struct sock_filter) + 1;
	size_t length, at = sizeof(struct jail_filters_head);
	char *text = read_ours(JAIL_FILTERS_FILE, max, &length);
	struct jail_filters_head head;

	if (length < sizeof(head))
		die(JAIL_FILTERS_FILE, " is damaged");
	memcpy(&head, text, sizeof(head));
	if (head.magic != JAIL_FILTERS_MAGIC ||
	    head.n_filters > PROTOCOL_FILTERS_MAX)
		die(JAIL_FILTERS_FILE, " is damaged");
	for (uint32_t i = 0; i < head.n_filters; i++) {
		size_t bytes = head.filters[i].instructions *
		    sizeof(struct sock_filter);
		struct sock_fprog program = {
			.len = (unsigned short)head.filters[i].instructions,
			.filter = (void *)(text + at) };

		if (head.filters[i].instructions >
		    PROTOCOL_FILTER_INSTRUCTIONS_MAX || bytes > length - at)
			die(JAIL_FILTERS_FILE, " is damaged");
		at += bytes;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    head.filters[i].flags, &program) != 0)
			die_of_call("the system call filter cannot be loaded",
			    "");
	}
	free(text);
}

static _Noreturn void
explain_outside(void)
{
	say((const char *[]){ "This account belongs to an AI agent.  It works "
	    "only inside its jail, which jaild\nmakes when the agent logs in "
	    "through a door that pam_jail.so guards.  Here is no\njail, so "
	    "there is no shell.  An administrator finds more in "
	    "jail-shell(8), or runs\njailctl doctor.\n", NULL });
	_exit(1);
}

/* "-sh" for a login shell, "/bin/sh" else: what argv[0] means to shells. */
static char *
shell_name(const char *shell, bool login)
{
	const char *base = strrchr(shell, '/');
	char *name = malloc(strlen(shell) + 2);

	if (name == NULL)
		die("no memory", "");
	strcpy(name, login ? "-" : "");
	strcat(name, !login || base == NULL ? shell : base + 1);
	return name;
}

int
main(int argc, char **argv)
{
	struct session session = { .umask = 077 };
	bool login = argc > 0 && argv[0][0] == '-';

	/* Until its exec no process of the same account may change it, through
	 * /proc, and run without the filter that it is about to load. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		die_of_call("dumpable", "");
	if (argc < 1 || open_ours(JAIL_SESSION_FILE) == -ENOENT)
		explain_outside();
	read_session(&session);
	umask((mode_t)session.umask);
	/* These name sockets that no jail has. */
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
	if (setenv("SHELL", session.shell, 1) < 0)
		die("no memory", "");
	if (chdir(session.workdir) < 0)
		die_of_call("the working directory ", session.workdir);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die_of_call("no_new_privs", "");
	load_filters();
	argv[0] = shell_name(session.shell, login);
	execv(session.shell, argv);
	die_of_call("", session.shell);
}

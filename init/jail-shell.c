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

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/jail_files.h"

/* What the session file said; strings point into its text. */
struct session {
	const char *account, *shell, *workdir;
	unsigned long umask;
};

__attribute__((format(printf, 1, 2)))
static _Noreturn void
die(const char *format, ...)
{
	va_list arguments;

	fputs("jail-shell: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
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

	if (fd < 0)
		die("%s: %s", path, strerror(-fd));
	if (text == NULL)
		die("no memory");
	while (length < max &&
	    (n = read(fd, text + length, max - length)) > 0)
		length += (size_t)n;
	if (n < 0 || length == max)
		die("%s cannot be read", path);
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
		die("%s is damaged", JAIL_SESSION_FILE);
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
		die("no memory");
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
		die("%s is damaged", JAIL_SESSION_FILE);
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
		die("%s is damaged", JAIL_FILTERS_FILE);
	memcpy(&head, text, sizeof(head));
	if (head.magic != JAIL_FILTERS_MAGIC ||
	    head.n_filters > PROTOCOL_FILTERS_MAX)
		die("%s is damaged", JAIL_FILTERS_FILE);
	for (uint32_t i = 0; i < head.n_filters; i++) {
		size_t bytes = head.filters[i].instructions *
		    sizeof(struct sock_filter);
		struct sock_fprog program = {
			.len = (unsigned short)head.filters[i].instructions,
			.filter = (void *)(text + at) };

		if (head.filters[i].instructions >
		    PROTOCOL_FILTER_INSTRUCTIONS_MAX || bytes > length - at)
			die("%s is damaged", JAIL_FILTERS_FILE);
		at += bytes;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    head.filters[i].flags, &program) != 0)
			die("the system call filter cannot be loaded: %s",
			    strerror(errno));
	}
	free(text);
}

static _Noreturn void
explain_outside(void)
{
	fputs("This account belongs to an AI agent.  It works only inside its "
	    "jail, which jaild\nmakes when the agent logs in through a door "
	    "that pam_jail.so guards.  Here is no\njail, so there is no "
	    "shell.  An administrator finds more in jail-shell(8), or runs\n"
	    "jailctl doctor.\n", stderr);
	exit(1);
}

/* "-sh" for a login shell, "/bin/sh" else: what argv[0] means to shells. */
static char *
shell_name(const char *shell, bool login)
{
	const char *base = strrchr(shell, '/');
	char *name = NULL;

	base = base == NULL ? shell : base + 1;
	if (asprintf(&name, "%s%s", login ? "-" : "", login ? base : shell) <
	    0)
		die("no memory");
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
		die("dumpable: %s", strerror(errno));
	if (argc < 1 || open_ours(JAIL_SESSION_FILE) == -ENOENT)
		explain_outside();
	read_session(&session);
	umask((mode_t)session.umask);
	/* These name sockets that no jail has. */
	unsetenv("XDG_RUNTIME_DIR");
	unsetenv("DBUS_SESSION_BUS_ADDRESS");
	if (setenv("SHELL", session.shell, 1) < 0)
		die("no memory");
	if (chdir(session.workdir) < 0)
		die("the working directory %s: %s", session.workdir,
		    strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		die("no_new_privs: %s", strerror(errno));
	load_filters();
	argv[0] = shell_name(session.shell, login);
	execv(session.shell, argv);
	die("%s: %s", session.shell, strerror(errno));
}

/* Times logins through PAM against another program, in turn:
 *
 *	pam_client [-j] [-n COUNT] [-c CONFDIR] [-d JAILS] USER -- COMMAND ...
 *	pam_client -k [-c CONFDIR] USER ...
 *
 * One login is what a login program does: it opens a session, forks, becomes
 * the account and runs /bin/true, and closes the session.  Every login has a
 * process of its own, because who entered a jail cannot come back.  COMMAND
 * is run and waited for in the same way.
 *
 * -j: one session stays open, so that every login joins its jail; otherwise
 * every login builds one, and the next waits until it has gone from JAILS.
 *
 * -k: keeps a session of each user.  Says "ready" when the processes for them
 * are there, opens the sessions when it has read a line, says "open", and
 * ends them all at the next line.
 *
 * Prints a line "NAME MICROSECONDS" for each measurement.  The parts of a
 * login are stamped by standing before libc in the order in which the module
 * finds its functions; this program is linked with --export-dynamic. */
#include "config.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"

#define JAIL_GONE_TRIES 5000	/* of a millisecond */

/* Points of one login, in order. */
enum point {
	POINT_BEGIN, POINT_STARTED, POINT_CONNECT, POINT_GRANT, POINT_SETNS,
	POINT_INSIDE, POINT_FILTERS, POINT_FILTERED, POINT_ENTERED,
	POINT_CONFIRMED, POINT_OPEN, POINT_RAN, POINT_CLOSED, POINTS
};

static const struct part {
	const char *name;
	enum point from, to;
} parts[] = {
	{ "pam_start", POINT_BEGIN, POINT_STARTED },
	{ "open", POINT_STARTED, POINT_OPEN },
	{ "ask", POINT_CONNECT, POINT_GRANT },
	{ "check", POINT_GRANT, POINT_SETNS },
	{ "setns", POINT_SETNS, POINT_INSIDE },
	{ "restrict", POINT_INSIDE, POINT_FILTERS },
	{ "filters", POINT_FILTERS, POINT_FILTERED },
	{ "record", POINT_FILTERED, POINT_ENTERED },
	{ "confirm", POINT_ENTERED, POINT_CONFIRMED },
	{ "true", POINT_OPEN, POINT_RAN },
	{ "close", POINT_RAN, POINT_CLOSED },
};

/* Shared with the process of each login. */
static double unshared[POINTS], *stamps = unshared;

static double
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
stamp(enum point point)
{
	stamps[point] = now_us();
}

/* What the module calls. */

int
connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (address->sa_family == AF_UNIX && stamps[POINT_CONNECT] == 0)
		stamp(POINT_CONNECT);
	return (int)syscall(SYS_connect, fd, address, length);
}

int
setns(int fd, int flags)
{
	int r;

	stamp(POINT_SETNS);
	r = (int)syscall(SYS_setns, fd, flags);
	stamp(POINT_INSIDE);
	return r;
}

/* The messages to jaild: the request, and "entered". */
ssize_t
sendmsg(int fd, const struct msghdr *header, int flags)
{
	if (stamps[POINT_FILTERED] != 0 && stamps[POINT_ENTERED] == 0)
		stamp(POINT_ENTERED);
	return syscall(SYS_sendmsg, fd, header, flags);
}

/* The last answer before a point is the one that came. */
ssize_t
recvmsg(int fd, struct msghdr *header, int flags)
{
	ssize_t n = syscall(SYS_recvmsg, fd, header, flags);

	if (stamps[POINT_ENTERED] != 0)
		stamp(POINT_CONFIRMED);
	else if (stamps[POINT_SETNS] == 0)
		stamp(POINT_GRANT);
	return n;
}

long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long arguments[6], r;
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < ARRAY_LENGTH(arguments); i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if (real == NULL)
		real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_seccomp && stamps[POINT_FILTERS] == 0)
		stamp(POINT_FILTERS);
	r = real(number, arguments[0], arguments[1], arguments[2],
	    arguments[3], arguments[4], arguments[5]);
	if (number == SYS_seccomp)
		stamp(POINT_FILTERED);
	return r;
}

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "pam_client: %s: %s\n", what, why);
	exit(1);
}

static int
converse(int n, const struct pam_message **messages,
    struct pam_response **ret_responses, void *object)
{
	(void)object;
	*ret_responses = calloc((size_t)n, sizeof(**ret_responses));
	for (int i = 0; i < n; i++)
		fprintf(stderr, "pam_client: %s\n", messages[i]->msg);
	return *ret_responses != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
}

static pam_handle_t *
open_session(const char *user, const char *confdir)
{
	static const struct pam_conv conversation = { .conv = converse };
	pam_handle_t *handle = NULL;

	stamp(POINT_BEGIN);
	if (pam_start_confdir("sshd", user, &conversation, confdir,
	    &handle) != PAM_SUCCESS)
		die("pam_start", confdir);
	pam_set_item(handle, PAM_TTY, "ssh");
	stamp(POINT_STARTED);
	if (pam_open_session(handle, 0) != PAM_SUCCESS)
		die("pam_open_session", "refused");
	stamp(POINT_OPEN);
	return handle;
}

static _Noreturn void
run_true(const struct passwd *account)
{
	if (setgid(account->pw_gid) < 0 || setuid(account->pw_uid) < 0)
		_exit(126);
	execl("/bin/true", "true", (char *)NULL);
	_exit(127);
}

static void
await_success(pid_t pid, const char *what)
{
	int status = 0;

	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		die(what, strerror(errno));
	if (status != 0)
		die(what, "it failed");
}

/* The whole of one login, in its own process. */
static _Noreturn void
run_login(const struct passwd *account, const char *confdir)
{
	pam_handle_t *handle = open_session(account->pw_name, confdir);
	pid_t child = fork();

	if (child == 0)
		run_true(account);
	await_success(child, "true in the jail");
	stamp(POINT_RAN);
	pam_close_session(handle, PAM_SILENT);
	stamp(POINT_CLOSED);
	_exit(0);
}

static void
time_login(const struct passwd *account, const char *confdir)
{
	double start = now_us();
	pid_t child;

	memset(stamps, 0, POINTS * sizeof(*stamps));
	child = fork();
	if (child == 0)
		run_login(account, confdir);
	await_success(child, "a login");
	printf("login %.0f\n", now_us() - start);
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
		printf("%s %.0f\n", parts[i].name,
		    stamps[parts[i].to] - stamps[parts[i].from]);
}

static void
time_command(char **command)
{
	double start = now_us();
	pid_t child = fork();

	if (child == 0) {
		execv(command[0], command);
		_exit(127);
	}
	await_success(child, command[0]);
	printf("command %.0f\n", now_us() - start);
}

static size_t
count_entries(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	size_t n = 0;

	if (directory == NULL)
		return 0;
	while ((entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(directory);
	return n;
}

static void
rest(long ms)
{
	struct timespec time = { .tv_nsec = ms * 1000000 };

	nanosleep(&time, NULL);
}

/* Neither side pays for what the other, or the one before, left behind. */
static void
settle(const char *jails, size_t n)
{
	for (int i = 0; count_entries(jails) > n; i++) {
		if (i == JAIL_GONE_TRIES)
			die(jails, "the jail does not end");
		rest(1);
	}
	rest(30);
}

/* A process that opens a session when it is told to, and keeps it. */
struct holder {
	pid_t pid;
	int fd;
};

static _Noreturn void
run_holder(int fd, const char *user, const char *confdir)
{
	char byte;

	if (read(fd, &byte, 1) != 1)
		_exit(1);
	open_session(user, confdir);
	if (write(fd, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static struct holder
start_holder(const char *user, const char *confdir)
{
	struct holder holder;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		die("socketpair", strerror(errno));
	holder = (struct holder){ .pid = fork(), .fd = pair[0] };
	if (holder.pid == 0)
		run_holder(pair[1], user, confdir);
	close(pair[1]);
	return holder;
}

static void
open_holder(const struct holder *holder)
{
	char byte;

	if (write(holder->fd, "", 1) != 1 || read(holder->fd, &byte, 1) != 1)
		die("a session", "it cannot be opened");
}

static void
end_holder(const struct holder *holder)
{
	kill(holder->pid, SIGKILL);
	waitpid(holder->pid, NULL, 0);
}

static void
say_and_wait(const char *word)
{
	puts(word);
	fflush(stdout);
	for (int c = 0; c != '\n' && c != EOF;)
		c = getchar();
}

static int
keep_sessions(char **users, size_t n, const char *confdir)
{
	struct holder *holders = calloc(n, sizeof(*holders));

	if (holders == NULL)
		die("sessions", "no memory");
	for (size_t i = 0; i < n; i++)
		holders[i] = start_holder(users[i], confdir);
	say_and_wait("ready");
	for (size_t i = 0; i < n; i++)
		open_holder(&holders[i]);
	say_and_wait("open");
	for (size_t i = 0; i < n; i++)
		end_holder(&holders[i]);
	free(holders);
	return 0;
}

struct settings {
	const char *confdir, *jails;
	bool join, keep;
	long count;
};

static int
take_turns(const struct settings *settings, const char *user, char **command)
{
	const struct passwd *account = getpwnam(user);
	struct holder holder = { .pid = -1 };
	size_t n_kept = settings->join ? 1 : 0;

	if (account == NULL)
		die(user, "no such account");
	if (settings->join) {
		holder = start_holder(user, settings->confdir);
		open_holder(&holder);
	}
	for (long i = 0; i < settings->count; i++) {
		settle(settings->jails, n_kept);
		time_login(account, settings->confdir);
		settle(settings->jails, n_kept);
		time_command(command);
	}
	if (settings->join)
		end_holder(&holder);
	return 0;
}

static int
parse_options(struct settings *settings, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+jkn:c:d:")) != -1)
		switch (option) {
		case 'j':
			settings->join = true;
			break;
		case 'k':
			settings->keep = true;
			break;
		case 'n':
			settings->count = strtol(optarg, NULL, 10);
			break;
		case 'c':
			settings->confdir = optarg;
			break;
		case 'd':
			settings->jails = optarg;
			break;
		default:
			return -1;
		}
	return optind < argc ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct settings settings = { .confdir = "/etc/pam.d",
		.jails = "/run/jaild/jails", .count = 100 };

	if (parse_options(&settings, argc, argv) < 0)
		return 2;
	argv += optind;
	argc -= optind;
	stamps = mmap(NULL, POINTS * sizeof(*stamps), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stamps == MAP_FAILED)
		die("stamps", strerror(errno));
	if (settings.keep)
		return keep_sessions(argv, (size_t)argc, settings.confdir);
	if (argc < 3 || strcmp(argv[1], "--") != 0)
		return 2;
	return take_turns(&settings, argv[0], argv + 2);
}

/* Tries to get out of a jail, a row of the tables an attack.
 *
 * usage: probe outside|chroot|namespace|other [NAME=VALUE ...]
 *        probe table
 *
 * Prints what each attack met and, where that is not what the table says,
 * "WRONG" with what it should have been; the exit status is 1 then.  Outside
 * it runs as root, and most rows have to succeed there, or to fail behind the
 * check that stops them inside: else the row would show nothing.  In a jail
 * that is not ours (other) nothing is expected.  "table" prints what is
 * expected, for the documentation.
 *
 * It is static and linked to low addresses, so that the rows marked I386 can
 * pass their pointers through the 32-bit entry of the kernel. */
#include "config.h"

#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "tests/attack/probe.h"

#define SIGNALED 200	/* + signal number: how a row's process ended */
#define LANDLOCK_SCOPES 6	/* the first version that has them: Linux 6.12 */

struct host_target host_target;
static uid_t agent_uid;
static gid_t agent_gid;
static pid_t parent;		/* of the probe, not of a row's process */
static const char *absent = "", *started_by = "sshd", *shell = "jail-shell";
static int landlock = LANDLOCK_SCOPES;

static const struct row_table *const tables[] = { &tree_rows,
	&namespace_rows, &process_rows, &kernel_rows, &socket_rows,
	&terminal_rows, &file_rows, &privilege_rows, &abi_rows };

/* The kernel's entry for programs of i386: 0x80 is there for them, and
 * 64-bit programs may use it. */
static long
call_i386(const struct row *row)
{
#if defined(__x86_64__) && defined(__LP64__)
	long result;

	__asm__ volatile("int $0x80" : "=a" (result) : "a" (row->number),
	    "b" (row->arguments[0]), "c" (row->arguments[1]),
	    "d" (row->arguments[2]), "S" (row->arguments[3]),
	    "D" (row->arguments[4]) :
	    "memory", "r8", "r9", "r10", "r11");
	return (int)result;
#elif defined(__i386__)
	const long *a = row->arguments;
	long result = syscall(row->number, a[0], a[1], a[2], a[3], a[4]);

	return result < 0 ? -errno : result;
#else
	(void)row;
	return -ENOSYS;
#endif
}

/* Whether a directory has an entry: 0 or ENODATA. */
static int
list(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	int n = 0;

	if (directory == NULL)
		return errno;
	while ((entry = readdir(directory)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(directory);
	return n > 0 ? 0 : ENODATA;
}

/* The path that a row means here. */
static const char *
path_of(const struct row *row, char other[64])
{
	const char *path = (const char *)(uintptr_t)row->arguments[1];

	if (row->flags & PARENT)
		snprintf(other, 64, "/proc/%d/%s", parent, path);
	else if (host_target.place == OUTSIDE && row->flags & FIRST)
		snprintf(other, 64, "/proc/%d%s", host_target.pid,
		    path + strlen("/proc/1"));
	else
		return path;
	return other;
}

/* A row whose call is openat. */
static int
try_open(const struct row *row)
{
	char other[64], byte;
	const char *path = path_of(row, other);
	ssize_t n;
	int fd;

	if (row->flags & LISTS)
		return list(path);
	if (row->flags & CONNECTS)
		return -probe_connect(path, SOCK_STREAM);
	fd = openat(AT_FDCWD, path, (int)row->arguments[2], 0600);
	if (fd < 0)
		return errno;
	if (row->flags & CREATES)
		return unlink(path) < 0 ? errno : 0;
	if (!(row->flags & READS))
		return 0;
	n = read(fd, &byte, 1);
	return n < 0 ? errno : n == 0 ? ENODATA : 0;
}

static int
try(const struct row *row)
{
	const long *a = row->arguments;
	long result, number = row->number;

	if (row->attack != NULL)
		return -row->attack();
	if (number == SYS_openat)
		return try_open(row);
	if (row->flags & I386) {
		result = call_i386(row);
		return result < 0 ? (int)-result : 0;
	}
	if (row->flags & X32)
		number |= 0x40000000;
	result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	return result < 0 ? errno : 0;
}

static int
become_agent(void)
{
	if (syscall(SYS_setgroups, 0, NULL) < 0 ||
	    setresgid(agent_gid, agent_gid, agent_gid) < 0 ||
	    setresuid(agent_uid, agent_uid, agent_uid) < 0)
		return -errno;
	/* Else /proc/self is root's. */
	return prctl(PR_SET_DUMPABLE, 1) < 0 ? -errno : 0;
}

/* Where attacks are let in, what they do to mounts is not the host's: systemd
 * shares all that it mounts. */
static int
leave_mounts(void)
{
	if (unshare(CLONE_NEWNS) < 0)
		return -errno;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* In a process of its own: an attack may change it, or end it. */
static int
run(const struct row *row, enum place place)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return errno;
	if (pid == 0) {
		if (place == OUTSIDE && leave_mounts() < 0)
			_exit(255);
		if (place == OUTSIDE && row->flags & AS_AGENT &&
		    become_agent() < 0)
			_exit(255);
		_exit(try(row) & 0xff);
	}
	if (waitpid(pid, &status, 0) < 0)
		return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    SIGNALED + WTERMSIG(status);
}

static const char *
name_of(int error)
{
	static char text[32];

	if (error == 0)
		return "done";
	if (error > SIGNALED)
		snprintf(text, sizeof(text), "SIG%s",
		    sigabbrev_np(error - SIGNALED));
	else if (strerrorname_np(error) != NULL)
		return strerrorname_np(error);
	else
		snprintf(text, sizeof(text), "%d", error);
	return text;
}

/* Outside said ENOENT or ENETUNREACH: the case passes on the names. */
static bool
is_absent(const struct row *row)
{
	size_t length = strlen(row->name);
	const char *at = absent;

	if (!(row->flags & ABSENT))
		return false;
	while ((at = strstr(at, row->name)) != NULL) {
		if ((at == absent || at[-1] == ',') &&
		    (at[length] == ',' || at[length] == '\0'))
			return true;
		at += length;
	}
	return false;
}

static int
expected(const struct row *row, enum place place)
{
	if (place == OUTSIDE)
		return row->outside[0];
	if (is_absent(row))
		return row->flags & ROUTED ? ENETUNREACH : ENOENT;
	if (row->flags & BY_SHELL && strcmp(shell, "none") == 0)
		return 0;
	if (row->flags & SCOPED && place == CHROOT &&
	    landlock < LANDLOCK_SCOPES)
		return 0;
	return place == CHROOT ? row->chroot : row->namespace;
}

static bool
is_right(const struct row *row, enum place place, int error)
{
	if (place == OTHER)
		return true;
	if (place != OUTSIDE)
		return error == expected(row, place);
	for (size_t i = 0; i < row->n_outside; i++)
		if (row->outside[i] == error)
			return true;
	return false;
}

static bool
report(const struct row *row, enum place place)
{
	int error = run(row, place);
	bool right = is_right(row, place, error);

	printf("%-22s %s", row->name, name_of(error));
	if (!right)
		printf(" WRONG, not %s", name_of(expected(row, place)));
	putchar('\n');
	return right;
}

/* Rows that say nothing here: of a machine that this program is not built
 * for, or of a parent that is another behind this door. */
static bool
is_left_out(const struct row *row)
{
#ifndef __LP64__
	if (row->flags & (X32 | NATIVE))
		return true;
#endif
	return row->flags & SSHD_ONLY && host_target.place != OUTSIDE &&
	    strcmp(started_by, "sshd") != 0;
}

static int
report_all(void)
{
	size_t n = 0;
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++)
		for (size_t j = 0; j < tables[i]->n_rows; j++) {
			const struct row *row = &tables[i]->rows[j];

			if (is_left_out(row))
				continue;
			wrong += !report(row, host_target.place);
			n++;
		}
	printf("%zu attacks, %d wrong\n", n, wrong);
	return wrong > 0;
}

static void
print_cell(int error)
{
	printf(" | %s", name_of(error));
}

/* What the page of the table explains at its end. */
static const char *
mark_of(const struct row *row)
{
	return row->flags & SSHD_ONLY ? " (1)" :
	    row->flags & BY_SHELL ? " (2)" :
	    row->flags & SCOPED ? " (3)" : "";
}

/* Outside an error means: let in, and refused for what was asked. */
static void
print_table(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		printf("\n## %s\n\n| attack | outside | chroot | namespace "
		    "|\n| --- | --- | --- | --- |\n", tables[i]->title);
		for (size_t j = 0; j < tables[i]->n_rows; j++) {
			const struct row *row = &tables[i]->rows[j];

			printf("| %s%s", row->name, mark_of(row));
			print_cell(row->outside[0]);
			print_cell(row->chroot);
			print_cell(row->namespace);
			printf(" |\n");
		}
	}
}

static const struct {
	const char *name;
	int *number;
	const char **text;
} words[] = {
	{ "pid", &host_target.pid, NULL },
	{ "port", &host_target.tcp_port, NULL },
	{ "datagram", NULL, &host_target.datagram },
	{ "parent", NULL, &started_by },
	{ "shell", NULL, &shell },
	{ "landlock", &landlock, NULL },
	{ "shm-id", &host_target.shm_id, NULL },
	{ "shm-key", &host_target.shm_key, NULL },
	{ "semaphore-key", &host_target.semaphore_key, NULL },
	{ "queue-key", &host_target.queue_key, NULL },
	{ "socket", NULL, &host_target.socket },
	{ "setuid", NULL, &host_target.setuid },
	{ "uid", (int *)&agent_uid, NULL },
	{ "gid", (int *)&agent_gid, NULL },
	{ "absent", NULL, &absent },
};

static bool
take_word(const char *word)
{
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		if (word[length] != '=' || strlen(words[i].name) != length ||
		    strncmp(words[i].name, word, length) != 0)
			continue;
		if (words[i].number != NULL)
			*words[i].number = atoi(word + length + 1);
		else
			*words[i].text = word + length + 1;
		return true;
	}
	return false;
}

static enum place
place_of(const char *name)
{
	static const char *const places[PLACES] = { "outside", "chroot",
		"namespace", "other" };
	int place = 0;

	while (place < PLACES && strcmp(name, places[place]) != 0)
		place++;
	return (enum place)place;
}

int
main(int argc, char **argv)
{
	/* As the setuid file of its own row. */
	if (argc == 2 && strcmp(argv[1], "euid") == 0)
		return geteuid() == 0 ? 0 : EPERM;
	if (argc == 2 && strcmp(argv[1], "table") == 0) {
		print_table();
		return 0;
	}
	for (int fd = 3; fd < 4096; fd++)
		host_target.extra_fds += fcntl(fd, F_GETFD) >= 0;
	host_target.place = argc < 2 ? PLACES : place_of(argv[1]);
	for (int i = 2; i < argc; i++)
		if (!take_word(argv[i]))
			host_target.place = PLACES;
	if (host_target.place == PLACES) {
		fprintf(stderr, "usage: probe outside|chroot|namespace|other "
		    "[NAME=VALUE ...]\n       probe table\n");
		return 2;
	}
	parent = getppid();
	return report_all();
}

#include "config.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/process.h"
#include "jaild/sweep.h"

#define STATUS_BYTES 4096
#define ANCESTORS_MAX 3		/* of a login program's last child */
#define FIRST_USER_NAMESPACE 0xEFFFFFFDu	/* linux/proc_ns.h */
#define FIRST_PID_NAMESPACE 0xEFFFFFFCu

/* The text of /proc/PID/name, with a NUL behind it. */
static int
read_text(pid_t pid, const char *name, char *text, size_t size)
{
	_cleanup_fd_ int fd = -1;
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	n = read(fd, text, size - 1);
	if (n < 0)
		return -errno;
	text[n] = '\0';
	return 0;
}

/* What stands behind "\nKey:" or at the beginning; the name of a process has
 * its newlines escaped, so that none can write a line of its own. */
static const char *
value_of(const char *text, const char *key)
{
	size_t length = strlen(key);

	for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, length) == 0)
			return line + length + strspn(line + length, "\t ");
	}
	return NULL;
}

int
sweep_process_read(pid_t pid, struct sweep_process *ret)
{
	char text[STATUS_BYTES];
	const char *state, *parent, *uids, *name;
	int r = read_text(pid, "status", text, sizeof(text));

	if (r < 0)
		return r;
	*ret = (struct sweep_process){ .pid = pid };
	name = value_of(text, "Name:");
	state = value_of(text, "State:");
	parent = value_of(text, "PPid:");
	uids = value_of(text, "Uid:");
	if (name == NULL || state == NULL || parent == NULL || uids == NULL ||
	    sscanf(uids, "%u %u %u %u", &ret->uids[0], &ret->uids[1],
	    &ret->uids[2], &ret->uids[3]) != 4)
		return -EBADMSG;
	ret->state = *state;
	ret->parent = atoi(parent);
	snprintf(ret->comm, sizeof(ret->comm), "%.*s",
	    (int)strcspn(name, "\n"), name);
	return 0;
}

bool
sweep_process_is_root(const struct sweep_process *process)
{
	for (size_t i = 0; i < ARRAY_LENGTH(process->uids); i++)
		if (process->uids[i] == 0)
			return true;
	return false;
}

/* A container that somebody with the host's privileges has made: accounts in
 * it only share their numbers with the host's. */
static int
read_namespace(struct sweep_process *process)
{
	_cleanup_fd_ int fd = -1, owner = -1;
	struct stat status;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)process->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	process->pid_namespace = status.st_ino;
	if (status.st_ino == FIRST_PID_NAMESPACE)
		return 0;
	owner = ioctl(fd, NS_GET_USERNS);
	process->contained = owner >= 0 && fstat(owner, &status) == 0 &&
	    status.st_ino == FIRST_USER_NAMESPACE;
	return 0;
}

/* Whether both run the same file. */
static bool
same_program(pid_t a, pid_t b)
{
	struct stat status[2];
	char path[64];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "/proc/%d/exe",
		    (int)(i == 0 ? a : b));
		if (stat(path, &status[i]) < 0)
			return false;
	}
	return status[0].st_dev == status[1].st_dev &&
	    status[0].st_ino == status[1].st_ino;
}

/* sshd that was refused a session forks a child none the less, and that one
 * a child for the channel, which says so to the client; a mailer forks one to
 * write a mailbox.  None of them has executed anything. */
bool
sweep_process_is_of_login(const struct sweep_process *process)
{
	struct sweep_process parent = *process;

	for (int i = 0; i < ANCESTORS_MAX && parent.parent > 1; i++) {
		if (sweep_process_read(parent.parent, &parent) < 0 ||
		    !same_program(process->pid, parent.pid))
			return false;
		if (parent.uids[0] == 0)
			return true;
	}
	return false;
}

static uint32_t
read_number(pid_t pid, const char *name)
{
	char text[32];

	if (read_text(pid, name, text, sizeof(text)) < 0)
		return UINT32_MAX;
	return (uint32_t)strtoul(text, NULL, 10);
}

int
sweep_process_place(struct sweep_process *process)
{
	int r = read_namespace(process);

	process->login_uid = process->session = UINT32_MAX;
	return r < 0 ? r : process_start_time(process->pid, &process->start);
}

void
sweep_process_describe(struct sweep_process *process)
{
	char path[64];
	ssize_t n;

	process->login_uid = read_number(process->pid, "loginuid");
	process->session = read_number(process->pid, "sessionid");
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)process->pid);
	n = readlink(path, process->path, sizeof(process->path) - 1);
	process->path[n < 0 ? 0 : n] = '\0';
}

uint64_t
sweep_process_age_ms(const struct sweep_process *process)
{
	uint64_t ticks = (uint64_t)sysconf(_SC_CLK_TCK);
	struct timespec now;
	uint64_t now_ms, start_ms = process->start * 1000 / ticks;

	if (clock_gettime(CLOCK_BOOTTIME, &now) < 0)
		return UINT64_MAX;
	now_ms = (uint64_t)now.tv_sec * 1000 +
	    (uint64_t)now.tv_nsec / 1000000;
	return now_ms > start_ms ? now_ms - start_ms : 0;
}

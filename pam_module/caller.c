#include "config.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "pam_module/caller.h"

#define PUBLIC_DESCRIPTOR "the caller's input or output may not go into a jail"
#define PUBLIC_PROGRAM "agents may not log in through this program"
#define PUBLIC_GROUPS "agents have the groups of their account and no other"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Whose terminal may be on the descriptors 0 to 2. */
enum terminal {
	TERMINAL_NONE = 0,
	TERMINAL_OWN,		/* of the program's own session */
	TERMINAL_ANY,		/* the door looks after itself */
};

static const struct {
	enum terminal terminal;
	bool descriptors;	/* inherited from outside: to be checked */
	bool groups;		/* set before the session opens */
} doors[] = {
	[SERVICE_NONE] = { TERMINAL_NONE, true, true },
	[SERVICE_SSHD] = { TERMINAL_ANY, false, false },
	[SERVICE_LOGIN] = { TERMINAL_OWN, true, false },
	[SERVICE_SU] = { TERMINAL_NONE, true, true },
	[SERVICE_CRON] = { TERMINAL_NONE, true, false },
	[SERVICE_EXEC] = { TERMINAL_ANY, false, false },
};

/* Programs that open a session and then execute the service in the same
 * process, which no PID namespace can take in. */
static const char *const forkless[] = { "systemd", "systemd-executor" };

__attribute__((format(printf, 3, 4)))
static int
refuse(struct caller_refusal *refusal, const char *public_reason,
    const char *format, ...)
{
	va_list arguments;

	snprintf(refusal->public_reason, sizeof(refusal->public_reason), "%s",
	    public_reason);
	va_start(arguments, format);
	vsnprintf(refusal->full_reason, sizeof(refusal->full_reason), format,
	    arguments);
	va_end(arguments);
	return -EACCES;
}

static int
check_program(const struct caller *caller, struct caller_refusal *refusal)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	const char *name;

	(void)caller;
	if (length < 0)
		return refuse(refusal, PUBLIC_PROGRAM, "the login program is "
		    "not known: %s", strerrordesc_np(errno));
	path[length] = '\0';
	name = strrchr(path, '/');
	name = name == NULL ? path : name + 1;
	for (size_t i = 0; i < ARRAY_LENGTH(forkless); i++)
		if (strcmp(name, forkless[i]) == 0)
			return refuse(refusal, PUBLIC_PROGRAM, "%s (PAMName= "
			    "of a unit) starts the service without a fork "
			    "and so outside of the jail's PID namespace",
			    path);
	return 0;
}

/* Whether the file has this text in it; -errno. */
static int
file_holds(const char *path, const char *text)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *bytes;
	bool held;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd,
	    0);
	if (bytes == MAP_FAILED)
		return -errno;
	held = memmem(bytes, (size_t)status.st_size, text, strlen(text)) !=
	    NULL;
	munmap(bytes, (size_t)status.st_size);
	return held;
}

/* That of util-linux would only log why, and end. */
static int
check_login(const struct caller *caller, struct caller_refusal *refusal)
{
	int r;

	if (caller->class != SERVICE_LOGIN)
		return 0;
	r = file_holds("/proc/self/exe", "util-linux");
	if (r < 0)
		return refuse(refusal, PUBLIC_PROGRAM, "the login program "
		    "cannot be looked at: %s", strerrordesc_np(-r));
	if (r > 0)
		return refuse(refusal, "util-linux's login cannot bring an "
		    "agent into its jail; ssh can", "login of util-linux "
		    "opens its terminal again in the session, by a name that "
		    "the jail does not have; ssh and `jailctl exec -t %s` "
		    "bring one along", caller->user);
	return 0;
}

/* The account's groups, on the heap; their number or -errno. */
static int
read_groups(const struct caller *caller, gid_t **ret)
{
	_cleanup_free_ gid_t *groups = NULL;
	int n = 64, had;

	do {
		gid_t *more = reallocarray(groups, (size_t)n, sizeof(*more));

		if (more == NULL)
			return -ENOMEM;
		groups = more;
		had = n;
		if (getgrouplist(caller->user, caller->gid, groups, &n) >= 0) {
			*ret = steal_ptr(groups);
			return n;
		}
	} while (n > had && n <= NGROUPS_MAX);
	return -EIO;
}

static bool
holds(const gid_t *groups, int n, gid_t group)
{
	for (int i = 0; i < n; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* `su -G docker claude` asks for a group that no policy has seen. */
static int
check_groups(const struct caller *caller, struct caller_refusal *refusal)
{
	_cleanup_free_ gid_t *theirs = NULL, *ours = NULL;
	int n_theirs, n_ours = getgroups(0, NULL);

	if (!doors[caller->class].groups)
		return 0;
	n_theirs = read_groups(caller, &theirs);
	ours = calloc((size_t)(n_ours > 0 ? n_ours : 0) + 1, sizeof(*ours));
	if (n_theirs < 0 || n_ours < 0 || ours == NULL ||
	    (n_ours = getgroups(n_ours, ours)) < 0)
		return refuse(refusal, PUBLIC_GROUPS, "the groups of the "
		    "login program cannot be compared with the account's");
	for (int i = 0; i < n_ours; i++)
		if (!holds(theirs, n_theirs, ours[i]))
			return refuse(refusal, PUBLIC_GROUPS, "the login "
			    "program has group %u, which the account does not "
			    "have", ours[i]);
	return 0;
}

static int
refuse_terminal(const struct caller *caller, struct caller_refusal *refusal,
    int fd)
{
	char public_reason[PROTOCOL_REASON_MAX];

	snprintf(public_reason, sizeof(public_reason), "this terminal would "
	    "be in the jail's hands: use `jailctl exec -t %s`", caller->user);
	return refuse(refusal, public_reason, "descriptor %d is a terminal of "
	    "outside, which the jail could read, type into and change; "
	    "`jailctl exec -t %s` gives it one of its own", fd, caller->user);
}

static int
check_descriptor(const struct caller *caller, struct caller_refusal *refusal,
    int fd)
{
	enum terminal terminal = doors[caller->class].terminal;
	int flags = fcntl(fd, F_GETFL);
	struct stat status;

	if (flags < 0 && errno == EBADF)
		return 0;
	if (flags < 0 || fstat(fd, &status) < 0)
		return refuse(refusal, PUBLIC_DESCRIPTOR, "descriptor %d "
		    "cannot be looked at: %s", fd, strerrordesc_np(errno));
	if (S_ISDIR(status.st_mode) || flags & O_PATH)
		return refuse(refusal, PUBLIC_DESCRIPTOR, "descriptor %d is a "
		    "directory of outside, which leads out of the jail", fd);
	if (!isatty(fd) || terminal == TERMINAL_ANY)
		return 0;
	if (terminal == TERMINAL_OWN && tcgetsid(fd) == getpid())
		return 0;
	return refuse_terminal(caller, refusal, fd);
}

static int
check_descriptors(const struct caller *caller, struct caller_refusal *refusal)
{
	int r = 0;

	if (!doors[caller->class].descriptors)
		return 0;
	for (int fd = 0; r == 0 && fd < 3; fd++)
		r = check_descriptor(caller, refusal, fd);
	return r;
}

int
caller_check(const struct caller *caller, struct caller_refusal *ret_refusal)
{
	static int (*const checks[])(const struct caller *caller,
	    struct caller_refusal *refusal) = {
		check_program, check_login, check_groups,
		check_descriptors };
	int r = 0;

	if ((size_t)caller->class >= ARRAY_LENGTH(doors))
		return refuse(ret_refusal, PUBLIC_PROGRAM, "this is no door");
	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(checks); i++)
		r = checks[i](caller, ret_refusal);
	return r;
}

/* /dev/tty is the controlling terminal, whatever 0 to 2 are; su without -c
 * keeps it.  Who leads the session would end it for everybody in it. */
static int
leave_terminal(const struct caller *caller, struct caller_refusal *refusal)
{
	_cleanup_fd_ int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 && (errno == ENXIO || errno == ENOENT || errno == ENODEV))
		return 0;
	if (fd >= 0 && getsid(0) != getpid() && ioctl(fd, TIOCNOTTY) == 0)
		return 0;
	return refuse(refusal, PUBLIC_DESCRIPTOR, "the login program cannot "
	    "leave its controlling terminal; `jailctl exec %s` does without",
	    caller->user);
}

int
caller_let_go(const struct caller *caller, struct caller_refusal *ret_refusal)
{
	int r = 0;

	if (!doors[caller->class].descriptors)
		return 0;
	if (doors[caller->class].terminal == TERMINAL_NONE)
		r = leave_terminal(caller, ret_refusal);
	if (r == 0 && syscall(SYS_close_range, 3u, ~0u,
	    CLOSE_RANGE_CLOEXEC) < 0)
		r = refuse(ret_refusal, PUBLIC_DESCRIPTOR, "descriptors of "
		    "outside cannot be marked to be closed: %s",
		    strerrordesc_np(errno));
	return r;
}

/* Preloaded into a program: what the kernel says of audit, which system calls
 * it lacks, and what is mounted, as the file in JAILD_FAKE_KERNEL has it: a
 * line "NAME VALUE" each, asked at every call.
 *
 * enabled, pid, lost, backlog, backlog_limit, rate_limit, features: of audit,
 * which does not answer without "enabled"; task_never 1: has this rule.
 * lacks NUMBER: no such system call.  landlock VERSION: the one it has.
 * mountinfo PATH: is read instead. */
#include "config.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <libaudit.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"

/* It may be newer than the build host's headers. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

static int asked;
static struct audit_status status;
static struct audit_rule_data rule;

static FILE *
real_fopen(const char *path, const char *mode)
{
	FILE *(*next)(const char *, const char *) =
	    (FILE *(*)(const char *, const char *))dlsym(RTLD_NEXT, "fopen");

	return next(path, mode);
}

/* The last value of the name, in *ret of 256; false: it has none. */
static bool
find(const char *name, char *ret)
{
	const char *path = getenv("JAILD_FAKE_KERNEL");
	_cleanup_file_ FILE *file = path != NULL ? real_fopen(path, "re") :
	    NULL;
	char line[512], word[64], value[256];
	bool found = false;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "%63s %255s", word, value) == 2 &&
		    strcmp(word, name) == 0) {
			strcpy(ret, value);
			found = true;
		}
	return found;
}

static uint32_t
number(const char *name)
{
	char value[256];

	return find(name, value) ? (uint32_t)strtoul(value, NULL, 0) : 0;
}

/* Always readable. */
int
audit_open(void)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return -1;
	shutdown(fds[1], SHUT_WR);
	close(fds[1]);
	return fds[0];
}

static int
ask(int type)
{
	char value[256];

	asked = type;
	return find("enabled", value) ? 1 : -EPERM;
}

int
audit_request_status(int fd)
{
	(void)fd;
	return ask(AUDIT_GET);
}

int
audit_request_features(int fd)
{
	(void)fd;
	return ask(AUDIT_GET_FEATURE);
}

int
audit_request_rules_list_data(int fd)
{
	(void)fd;
	return ask(AUDIT_LIST_RULES);
}

int
audit_get_reply(int fd, struct audit_reply *reply, reply_t block, int peek)
{
	static struct audit_features features;

	(void)fd;
	(void)block;
	(void)peek;
	status = (struct audit_status){ .enabled = number("enabled"),
		.pid = number("pid"), .lost = number("lost"),
		.backlog = number("backlog"),
		.backlog_limit = number("backlog_limit"),
		.rate_limit = number("rate_limit") };
	features.features = number("features");
	rule = (struct audit_rule_data){ .flags = AUDIT_FILTER_TASK,
		.action = AUDIT_NEVER };
	*reply = (struct audit_reply){ .type = asked };
	if (asked == AUDIT_GET)
		reply->status = &status;
	else if (asked == AUDIT_GET_FEATURE)
		reply->features = &features;
	else if (number("task_never") == 1)
		reply->ruledata = &rule;
	else
		reply->type = NLMSG_DONE;
	return 1;
}

int
audit_set_backlog_limit(int fd, uint32_t limit)
{
	const char *path = getenv("JAILD_FAKE_KERNEL");
	_cleanup_file_ FILE *file = path != NULL ? real_fopen(path, "ae") :
	    NULL;

	(void)fd;
	return file == NULL || fprintf(file, "backlog_limit %u\n", limit) < 0 ?
	    -EPERM : 1;
}

FILE *
fopen(const char *path, const char *mode)
{
	char instead[256];

	return real_fopen(strcmp(path, "/proc/self/mountinfo") == 0 &&
	    find("mountinfo", instead) ? instead : path, mode);
}

long
syscall(long call, ...)
{
	long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT,
	    "syscall");
	long a[6];
	va_list arguments;

	va_start(arguments, call);
	for (size_t i = 0; i < ARRAY_LENGTH(a); i++)
		a[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number("lacks") == call && call != 0) {
		errno = ENOSYS;
		return -1;
	}
	if (call == SYS_landlock_create_ruleset && number("landlock") > 0)
		return number("landlock");
	return next(call, a[0], a[1], a[2], a[3], a[4], a[5]);
}

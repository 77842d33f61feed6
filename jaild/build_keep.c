#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"

#define LIST_MAX 65536
#define COPY_MAX 65536

/* A kept name is the host's: a directory is bound read-only, a small file is
 * copied (so that a later rename on the host is no surprise in the jail), a
 * larger one bound, a link made again. */
static int
keep_file(struct builder *builder, int fd, const struct stat *status,
    const char *target)
{
	_cleanup_fd_ int reading = -1;
	_cleanup_free_ char *contents = NULL;
	size_t length;
	int r;

	if (status->st_size > COPY_MAX)
		return build_bind(builder, fd, target, STEP_FLAG_READ_ONLY);
	reading = build_reopen(builder, fd, O_RDONLY | O_NONBLOCK);
	if (reading < 0)
		return build_fail(builder, reading, "reading %s", target);
	r = read_all(reading, COPY_MAX, &contents, &length);
	if (r < 0)
		return build_fail(builder, r, "reading %s", target);
	return build_file(builder, target, contents, length,
	    status->st_mode & 0755);
}

static int
keep_link(struct builder *builder, int fd, const char *target)
{
	char says[PATH_MAX];
	ssize_t n = readlinkat(fd, "", says, sizeof(says) - 1);

	if (n < 0)
		return build_fail(builder, -errno, "reading %s", target);
	says[n] = '\0';
	return build_symlink(builder, target, says);
}

static int
keep_name(struct builder *builder, const char *name)
{
	_cleanup_fd_ int parent = -1, fd = -1;
	char target[PATH_MAX];
	const char *last;
	struct stat status;
	int r;

	if (snprintf(target, sizeof(target), "/etc/%s", name) >=
	    (int)sizeof(target))
		return build_fail(builder, -ENAMETOOLONG, "%s", name);
	r = path_open_parent(builder->host_fd, target, 0, &parent, &last);
	if (r == 0) {
		fd = openat(parent, last, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		r = fd < 0 ? -errno : 0;
	}
	if (r == -ENOENT)
		return 0;
	if (r < 0 || fstat(fd, &status) < 0)
		return build_fail(builder, r < 0 ? r : -errno, "%s", target);
	if (status.st_uid != 0)
		return build_fail(builder, -EPERM, "%s, which is not root's,",
		    target);
	switch (status.st_mode & S_IFMT) {
	case S_IFDIR:
		return build_bind(builder, fd, target, STEP_FLAG_READ_ONLY);
	case S_IFREG:
		return keep_file(builder, fd, &status, target);
	case S_IFLNK:
		return keep_link(builder, fd, target);
	default:
		return build_fail(builder, -EINVAL, "%s, which is no file, "
		    "directory or link,", target);
	}
}

/* One line: a name below /etc; "#" starts a comment. */
static int
keep_line(struct builder *builder, char *line, unsigned number)
{
	const char *list = builder->plan->place->keep_list;
	size_t length;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t");
	length = strlen(line);
	while (length > 0 && (line[length - 1] == ' ' ||
	    line[length - 1] == '\t'))
		line[--length] = '\0';
	if (length == 0)
		return 0;
	if (line[0] == '/' || line[length - 1] == '/' ||
	    strstr(line, "..") != NULL || strstr(line, "//") != NULL)
		return build_fail(builder, -EINVAL, "%s:%u: \"%s\" is no name "
		    "below /etc", list, number, line);
	return keep_name(builder, line);
}

int
build_keep(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1;
	_cleanup_free_ char *list = NULL;
	enum trust trust = TRUST_NO;
	size_t length;
	unsigned number = 0;
	char *next;
	int r;

	fd = trusted_open(builder->host_fd, step->source +
	    strspn(step->source, "/"), 0, &trust);
	if (fd < 0)
		return build_fail(builder, fd, "the list %s", step->source);
	if (trust != TRUST_OK)
		return build_fail(builder, -EPERM, "the list %s %s",
		    step->source, trust_reason(trust));
	r = read_all(fd, LIST_MAX, &list, &length);
	if (r < 0)
		return build_fail(builder, r, "the list %s", step->source);
	next = list;
	for (char *line; (line = strsep(&next, "\n")) != NULL;) {
		r = keep_line(builder, line, ++number);
		if (r < 0)
			return r;
	}
	return 0;
}

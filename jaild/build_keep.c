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
#include "lang/ceiling.h"

#define LIST_MAX 65536

/* The jail gets a file of its own under this name, whatever the list says. */
static bool
is_made(const struct builder *builder, const char *target)
{
	const struct plan *plan = builder->plan;

	for (size_t i = 0; i < plan->n_steps; i++)
		if ((plan->steps[i].kind == STEP_FILE ||
		    plan->steps[i].kind == STEP_COPY) &&
		    strcmp(plan->steps[i].target, target) == 0)
			return true;
	return false;
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

/* A kept name is the host's: a directory or file is bound read-only, which
 * costs a jail less memory than a copy; a link is made again. */
static int
keep_name(struct builder *builder, const char *name)
{
	_cleanup_fd_ int parent = -1, fd = -1;
	char target[PATH_MAX];
	const char *last, *rest;
	struct stat status;
	size_t denied = 0;
	int r;

	if (snprintf(target, sizeof(target), "/etc/%s", name) >=
	    (int)sizeof(target))
		return build_fail(builder, -ENAMETOOLONG, "%s", name);
	if (is_made(builder, target) ||
	    ceiling_denies_path(builder->plan->jail, target) != NULL)
		return 0;
	if (ceiling_hides(builder->plan->jail, target, &denied, &rest) != NULL)
		return build_fail(builder, -EPERM, "%s, below which a ceiling "
		    "denies %s,", target, rest);
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
	case S_IFREG:
		return build_bind(builder, fd, target, STEP_FLAG_READ_ONLY);
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

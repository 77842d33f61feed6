#include "config.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "common/trusted.h"
#include "jailctl/file_replace.h"
#include "jailctl/pam_door.h"
#include "jailctl/pam_stack.h"

#define PAM_D "/etc/pam.d"
#define PAM_D_VENDOR "/usr/lib/pam.d"
#define FILE_MAX ((size_t)65536)

const char *const pam_doors[] = { "sshd", "login", "su", "su-l", "runuser",
	"runuser-l", "cron", "crond", "cronie",
	/* no doors */
	"sudo", "sudo-i", "doas", "polkit-1", "atd", "systemd-user", "other",
	NULL };

int
pam_door_find(const char *service)
{
	for (int i = 0; pam_doors[i] != NULL; i++)
		if (strcmp(pam_doors[i], service) == 0)
			return i;
	return -1;
}

static int
open_below(int root_fd, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned)flags | O_CLOEXEC,
		.resolve = root_fd == AT_FDCWD ? 0 : RESOLVE_IN_ROOT };
	int fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

int
pam_directory_open(const char *root, struct pam_directory *ret)
{
	struct pam_directory directory = { .root_fd = AT_FDCWD, .fd = -1 };

	if (root != NULL) {
		directory.root_fd = open(root, O_PATH | O_DIRECTORY |
		    O_CLOEXEC);
		if (directory.root_fd < 0)
			return -errno;
	}
	directory.fd = open_below(directory.root_fd, PAM_D, O_RDONLY |
	    O_DIRECTORY);
	if (directory.fd >= 0 && flock(directory.fd, LOCK_EX) < 0) {
		close(directory.fd);
		directory.fd = -errno;
	}
	if (directory.fd < 0) {
		close_fd(&directory.root_fd);
		return directory.fd;
	}
	*ret = directory;
	return 0;
}

void
pam_directory_close(struct pam_directory *directory)
{
	close_fd(&directory->fd);
	close_fd(&directory->root_fd);
}

void
pam_door_free(struct pam_door *door)
{
	close_fd(&door->fd);
	free(door->why);
	free(door->through);
	free(door->text);
	pam_found_free(&door->found);
	*door = (struct pam_door){ .fd = -1 };
}

/* Returns 1, which ends looking. */
__attribute__((format(printf, 2, 3)))
static int
keep_off(struct pam_door *door, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vasprintf(&door->why, format, arguments);
	va_end(arguments);
	door->state = DOOR_FAULTY;
	if (n < 0) {
		door->why = NULL;
		return -ENOMEM;
	}
	return 1;
}

static int
end_as(struct pam_door *door, enum door_state state)
{
	door->state = state;
	return 1;
}

/* The stack of a service that has no file in /etc/pam.d. */
static int
open_vendor(const struct pam_directory *directory, struct pam_door *door)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, PAM_D_VENDOR "/%s", door->service) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	door->fd = open_below(directory->root_fd, path, O_RDONLY |
	    O_NONBLOCK | O_NOCTTY);
	if (door->fd == -ENOENT)
		return end_as(door, DOOR_NOT_THERE);
	if (door->fd < 0)
		return keep_off(door, "%s cannot be opened: %s", path,
		    strerrordesc_np(-door->fd));
	door->of_package = true;
	return 0;
}

static int
keep_off_vendor(struct pam_door *door)
{
	int r = keep_off(door, "its stack is " PAM_D_VENDOR "/%s, which "
	    "belongs to its package: copy it to " PAM_D " first",
	    door->service);

	if (r == 1 && door->closed)
		door->state = DOOR_OF_PACKAGE;
	return r;
}

/* A file that serves as a service by another name as well is not ours to
 * change. */
static int
open_file(const struct pam_directory *directory, struct pam_door *door)
{
	struct stat status;

	door->fd = openat(directory->fd, door->service, O_RDONLY |
	    O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (door->fd < 0 && errno == ENOENT)
		return open_vendor(directory, door);
	if (door->fd < 0 && errno == ELOOP)
		return keep_off(door, "it is a symbolic link, and what that "
		    "names may serve others: `cp --remove-destination "
		    "\"$(readlink -f " PAM_D "/%s)\" " PAM_D "/%s` makes it "
		    "a file of its own", door->service, door->service);
	if (door->fd < 0 || fstat(door->fd, &status) < 0)
		return keep_off(door, "it cannot be opened: %s",
		    strerrordesc_np(errno));
	if (!S_ISREG(status.st_mode))
		return keep_off(door, "it is not a regular file");
	if (status.st_nlink > 1)
		return keep_off(door, "it has another name too (a hard "
		    "link): `cp -p FILE FILE.new && mv FILE.new FILE` makes "
		    "it a file of its own");
	return 0;
}

static int
read_file(const struct pam_directory *directory, struct pam_door *door)
{
	size_t length = 0;
	int r = open_file(directory, door);

	if (r != 0)
		return r;
	r = read_all(door->fd, FILE_MAX, &door->text, &length);
	if (r == -EFBIG)
		return keep_off(door, "it is larger than 64 KiB");
	if (r < 0)
		return keep_off(door, "it cannot be read: %s",
		    strerrordesc_np(-r));
	if (strlen(door->text) != length)
		return keep_off(door, "it holds a NUL byte");
	return 0;
}

static int
find_lines(struct pam_door *door)
{
	int r = pam_edit_find(door->text, &door->found);

	if (r < 0)
		return r;
	if (door->found.fault == NULL)
		return 0;
	return keep_off(door, "line %u: %s", door->found.line,
	    door->found.fault);
}

static int
read_stack(const struct pam_directory *directory, struct pam_door *door,
    const char *text, struct pam_stack *ret)
{
	_cleanup_free_ char *path = NULL;
	int r;

	if (asprintf(&path, PAM_D "/%s", door->service) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = pam_stack_parse(directory->root_fd, PAM_D, path, text, "session",
	    ret);
	if (r < 0 && r != -ENOMEM)
		return keep_off(door, "its session stack cannot be read: %s",
		    strerrordesc_np(-r));
	return r;
}

static int
end_through(struct pam_door *door, const char *name)
{
	door->through = strdup(name);
	if (door->through == NULL)
		return -ENOMEM;
	return end_as(door, door->found.n_blocks == 0 ? DOOR_THROUGH :
	    DOOR_MOVED);
}

static bool
is_guarded(const struct pam_stack *stack, size_t ours)
{
	const struct pam_line *line = &stack->lines[ours];

	return ours > 0 && pam_line_is(line - 1, PAM_GUARD) &&
	    pam_line_jump(line - 1) == 1;
}

/* Ours without marks: right only with its guard, and that of a door as the
 * last line. */
static int
look_by_hand(struct pam_door *door, const struct pam_stack *stack,
    size_t ours)
{
	const struct pam_line *line = &stack->lines[ours];

	if (strcmp(line->control, "required") == 0 &&
	    is_guarded(stack, ours) &&
	    (door->closed || ours + 1 == stack->n_lines))
		return *line->through == '\0' ?
		    end_as(door, DOOR_BY_HAND) :
		    end_through(door, line->through);
	return keep_off(door, "%s:%u: a line of " PAM_JAIL " was put there by "
	    "hand, and not with its guard%s: take it out", line->file,
	    line->line, door->closed ? " in front" : " at the end");
}

/* What stands in front of the line end could go past it and those behind. */
static int
look_for_ways_past(struct pam_door *door, const struct pam_stack *stack,
    size_t end)
{
	for (size_t i = 0; i < end; i++) {
		const struct pam_line *line = &stack->lines[i];

		if (i + 1 == end && end < stack->n_lines &&
		    is_guarded(stack, end))
			continue;
		if (pam_line_may_end(line) || i + pam_line_jump(line) >= end)
			return keep_off(door, "%s:%u: `%s %s` can end the "
			    "session stack in front of our lines: put it "
			    "into a substack, or write `required`",
			    line->file, line->line, line->control,
			    line->module);
	}
	return 0;
}

/* Without session lines of its own a service has those of `other`, which
 * ours would end; and `other` itself lets nobody in. */
static int
look_at_none(struct pam_door *door)
{
	if (!door->closed)
		return keep_off(door, "it has no session lines of its own, so "
		    "that those of `other` serve; ours would end that");
	return strcmp(door->service, "other") == 0 ?
	    end_as(door, DOOR_NOT_THERE) : end_through(door, "other");
}

/* The stack as it would be without us. */
static int
look_at_others(const struct pam_directory *directory, struct pam_door *door)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };
	int r = read_stack(directory, door, door->found.bare, &stack);
	const char *last;
	size_t ours;

	if (r != 0)
		return r;
	if (stack.n_lines == 0)
		return look_at_none(door);
	last = stack.lines[stack.n_lines - 1].through;
	if (strcmp(last, door->service) != 0 && pam_door_find(last) >= 0)
		return end_through(door, last);
	ours = door->closed ? pam_stack_find(&stack, PAM_JAIL) :
	    pam_stack_find_without(&stack, PAM_JAIL, PAM_REFUSE_ONLY);
	r = look_for_ways_past(door, &stack, ours);
	return r == 0 && ours < stack.n_lines ?
	    look_by_hand(door, &stack, ours) : r;
}

/* The stack as it is, with our block in this file. */
static int
look_at_ours(const struct pam_directory *directory, struct pam_door *door,
    const char *lines)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };
	int r;

	if (door->of_package)
		return keep_off_vendor(door);
	if (door->found.n_blocks == 0)
		return end_as(door, DOOR_WITHOUT);
	if (!pam_edit_same(door->found.inner, lines))
		return keep_off(door, "the lines between jaild's marks are "
		    "others than these settings ask for: `jailctl pam "
		    "disable %s` takes them out, `jailctl pam enable %s` "
		    "makes them anew", door->service, door->service);
	r = read_stack(directory, door, door->text, &stack);
	if (r != 0)
		return r;
	if (door->found.n_blocks > 1 || pam_stack_find_without(&stack,
	    PAM_JAIL, PAM_REFUSE_ONLY) + 1 != stack.n_lines)
		return end_as(door, DOOR_MOVED);
	return end_as(door, DOOR_IN_PLACE);
}

int
pam_door_look(const struct pam_directory *directory, const char *service,
    const char *lines, struct pam_door *ret)
{
	struct pam_door door = { .service = service, .fd = -1,
		.closed = !service_class_open(service_class_of(service)) };
	int r = read_file(directory, &door);

	if (r == 0)
		r = find_lines(&door);
	if (r == 0)
		r = look_at_others(directory, &door);
	if (r == 0)
		r = look_at_ours(directory, &door, lines);
	if (r < 0) {
		pam_door_free(&door);
		return r;
	}
	*ret = door;
	return 0;
}

int
pam_door_write(const struct pam_directory *directory,
    const struct pam_door *door, const char *text)
{
	return file_replace(directory->fd, door->service, door->fd, 0, text,
	    strlen(text));
}

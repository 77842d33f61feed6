#include "config.h"

#include <sys/syscall.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/pam_stack.h"

#define DEPTH_MAX 32

struct reading {
	int root_fd;		/* AT_FDCWD: this host's own */
	const char *directory, *type;
	const char *through;	/* what the first file includes just now */
	struct pam_stack *stack;
	unsigned depth;		/* of substacks */
	unsigned includes;
};

static int read_file(struct reading *reading, const char *name);

void
pam_stack_free(struct pam_stack *stack)
{
	for (size_t i = 0; i < stack->n_lines; i++) {
		free(stack->lines[i].file);
		free(stack->lines[i].through);
		free(stack->lines[i].control);
		free(stack->lines[i].module);
		free(stack->lines[i].arguments);
	}
	free(stack->lines);
	*stack = (struct pam_stack){ 0 };
}

static int
add_line(struct reading *reading, const char *path, unsigned number,
    const char *control, const char *module, const char *arguments)
{
	struct pam_stack *stack = reading->stack;
	struct pam_line *line;

	if (stack->n_lines == stack->n_allocated) {
		size_t n = stack->n_allocated == 0 ? 32 :
		    2 * stack->n_allocated;
		struct pam_line *larger = realloc(stack->lines,
		    n * sizeof(*larger));

		if (larger == NULL)
			return -ENOMEM;
		stack->lines = larger;
		stack->n_allocated = n;
	}
	line = &stack->lines[stack->n_lines++];
	*line = (struct pam_line){ .line = number, .depth = reading->depth };
	line->file = strdup(path);
	line->through = strdup(reading->through != NULL ? reading->through :
	    "");
	line->control = strdup(control);
	line->module = strdup(module);
	line->arguments = strdup(arguments);
	return line->file == NULL || line->through == NULL ||
	    line->control == NULL || line->module == NULL ||
	    line->arguments == NULL ? -ENOMEM : 0;
}

/* Cuts the next word off; one in brackets may hold spaces.  NULL: none. */
static char *
next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char *end;

	if (*word == '\0')
		return NULL;
	end = *word == '[' ? strchr(word, ']') : NULL;
	end = end != NULL ? end + 1 : word + strcspn(word, " \t");
	*at = end;
	if (*end != '\0') {
		*end = '\0';
		*at = end + 1;
	}
	return word;
}

static int
read_include(struct reading *reading, const char *name, bool substack)
{
	int r;

	if (reading->includes == DEPTH_MAX)
		return -ELOOP;
	if (reading->includes++ == 0)
		reading->through = name;
	reading->depth += substack;
	r = read_file(reading, name);
	reading->depth -= substack;
	if (--reading->includes == 0)
		reading->through = NULL;
	return r == -ENOENT ? 0 : r;
}

static int
take_line(struct reading *reading, const char *path, unsigned number,
    char *text)
{
	char *type = next_word(&text), *control, *module;

	if (type == NULL)
		return 0;
	control = next_word(&text);
	if (strcmp(type, "@include") == 0)
		return control == NULL ? 0 :
		    read_include(reading, control, false);
	type += *type == '-';
	module = next_word(&text);
	if (control == NULL || module == NULL ||
	    strcasecmp(type, reading->type) != 0)
		return 0;
	if (strcasecmp(control, "include") == 0)
		return read_include(reading, module, false);
	if (strcasecmp(control, "substack") == 0)
		return read_include(reading, module, true);
	return add_line(reading, path, number, control, module,
	    text + strspn(text, " \t"));
}

/* One line with those that a backslash at the end ties to it, without its
 * comment.  Returns its length, or -1 at the end of the file. */
static ssize_t
read_line(FILE *file, char **ret, size_t *size, unsigned *number)
{
	ssize_t length = getline(ret, size, file);
	char *text = *ret;

	if (length < 0)
		return length;
	++*number;
	text[strcspn(text, "#")] = '\0';
	length = (ssize_t)strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return length;
}

static int
read_lines(struct reading *reading, FILE *file, const char *path)
{
	_cleanup_free_ char *text = NULL, *whole = NULL;
	unsigned number = 0, begun = 0;
	size_t size = 0;
	ssize_t length;
	int r = 0;

	while (r == 0 && (length = read_line(file, &text, &size, &number)) >=
	    0) {
		bool more = length > 0 && text[length - 1] == '\\';
		char *joined;

		if (more)
			text[length - 1] = ' ';
		if (whole == NULL)
			begun = number;
		if (asprintf(&joined, "%s%s", whole != NULL ? whole : "",
		    text) < 0)
			return -ENOMEM;
		free(whole);
		whole = joined;
		if (more)
			continue;
		r = take_line(reading, path, begun, whole);
		free(whole);
		whole = NULL;
	}
	return r;
}

/* Below another root no link leads out of it. */
static FILE *
open_file(const struct reading *reading, const char *path)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT };
	FILE *file;
	int fd;

	if (reading->root_fd == AT_FDCWD)
		return fopen(path, "re");
	fd = (int)syscall(SYS_openat2, reading->root_fd, path, &how,
	    sizeof(how));
	file = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (file == NULL)
		close_fd(&fd);
	return file;
}

static int
read_file(struct reading *reading, const char *name)
{
	_cleanup_file_ FILE *file = NULL;
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s%s%s", *name == '/' ? "" : reading->directory,
	    *name == '/' ? "" : "/", name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	file = open_file(reading, path);
	if (file == NULL)
		return -errno;
	return read_lines(reading, file, path);
}

int
pam_stack_read(const char *directory, const char *service, const char *type,
    struct pam_stack *ret)
{
	struct pam_stack stack = { 0 };
	struct reading reading = { .root_fd = AT_FDCWD,
		.directory = directory, .type = type, .stack = &stack };
	int r = read_file(&reading, service);

	if (r < 0)
		pam_stack_free(&stack);
	else
		*ret = stack;
	return r;
}

int
pam_stack_parse(int root_fd, const char *directory, const char *path,
    const char *text, const char *type, struct pam_stack *ret)
{
	struct pam_stack stack = { 0 };
	struct reading reading = { .root_fd = root_fd,
		.directory = directory, .type = type, .stack = &stack };
	_cleanup_file_ FILE *file = NULL;
	int r = 0;

	if (*text != '\0') {
		/* It is only read from. */
		file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
		r = file == NULL ? -errno : read_lines(&reading, file, path);
	}
	if (r < 0)
		pam_stack_free(&stack);
	else
		*ret = stack;
	return r;
}

static bool
has_argument(const struct pam_line *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *p = line->arguments; *p != '\0'; p += strspn(p,
	    " \t")) {
		size_t n = strcspn(p, " \t");

		if (n == length && strncmp(p, word, n) == 0)
			return true;
		p += n;
	}
	return false;
}

size_t
pam_stack_find(const struct pam_stack *stack, const char *module)
{
	return pam_stack_find_without(stack, module, "");
}

size_t
pam_stack_find_without(const struct pam_stack *stack, const char *module,
    const char *word)
{
	for (size_t i = stack->n_lines; i > 0; i--)
		if (pam_line_is(&stack->lines[i - 1], module) &&
		    !has_argument(&stack->lines[i - 1], word))
			return i - 1;
	return stack->n_lines;
}

bool
pam_line_is(const struct pam_line *line, const char *module)
{
	const char *slash = strrchr(line->module, '/');

	return strcmp(slash != NULL ? slash + 1 : line->module, module) == 0;
}

unsigned
pam_line_jump(const struct pam_line *line)
{
	unsigned most = 0;

	if (*line->control != '[')
		return 0;
	for (const char *p = line->control; (p = strchr(p, '=')) != NULL;) {
		unsigned long jump = strtoul(++p, NULL, 10);

		if (jump > most && jump < 1000)
			most = (unsigned)jump;
	}
	return most;
}

bool
pam_line_may_end(const struct pam_line *line)
{
	return line->depth == 0 && (strcmp(line->control, "sufficient") == 0 ||
	    strstr(line->control, "=done") != NULL);
}

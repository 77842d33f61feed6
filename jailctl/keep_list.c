#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "common/trusted.h"
#include "jailctl/keep_list.h"

#define LIST_MAX 65536

static int
read_text(const char *root, const char *path, char **ret, size_t *ret_length)
{
	_cleanup_fd_ int fd = tree_open(root, path, O_RDONLY | O_NOCTTY |
	    O_NONBLOCK);

	return fd < 0 ? fd : read_all(fd, LIST_MAX, ret, ret_length);
}

/* A name without its comment and blanks; "" for none. */
static char *
trim(char *line)
{
	size_t length;

	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t");
	length = strlen(line);
	while (length > 0 && strchr(" \t", line[length - 1]) != NULL)
		line[--length] = '\0';
	return line;
}

int
keep_list_read(const char *root, const char *path, char ***ret)
{
	_cleanup_free_ char *text = NULL;
	size_t length, n = 0, lines = 2;
	char **names, *copy, *next;
	int r = read_text(root, path, &text, &length);

	if (r < 0)
		return r;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	names = calloc(1, lines * sizeof(*names) + length + 1);
	if (names == NULL)
		return -ENOMEM;
	copy = memcpy(names + lines, text, length);
	next = copy;
	for (char *line; (line = strsep(&next, "\n")) != NULL;) {
		line = trim(line);
		if (*line != '\0')
			names[n++] = line;
	}
	*ret = names;
	return 0;
}

#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/doctor_daemons.h"
#include "jailctl/doctor_sshd.h"

#define TITLE "sshd: "
#define TITLE_MAX ((size_t)65536)
#define OPTIONS_MAX 32

/* The words of a listener's title, which are those it was started with; NULL
 * when the process is something else. */
static char *
read_title(int proc, const char *pid)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	char path[NAME_MAX + 16], *end;
	size_t length;

	snprintf(path, sizeof(path), "%s/cmdline", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, TITLE_MAX, &text, &length) < 0 ||
	    strncmp(text, TITLE, strlen(TITLE)) != 0)
		return NULL;
	end = strstr(text, " [listener]");
	if (end == NULL)
		return NULL;
	*end = '\0';
	return strdup(text + strlen(TITLE));
}

/* Takes -f FILE and -o OPTION from a copy of the title; how many. */
static size_t
take_options(char *words, const char *argv[OPTIONS_MAX + 3])
{
	char *saved = NULL;
	size_t n = 0;

	for (char *word = strtok_r(words, " ", &saved); word != NULL;
	    word = strtok_r(NULL, " ", &saved)) {
		if (strncmp(word, "-f", 2) != 0 &&
		    strncmp(word, "-o", 2) != 0)
			continue;
		if (n + 2 > OPTIONS_MAX)
			break;
		argv[2 + n++] = word;
		if (word[2] == '\0' &&
		    (word = strtok_r(NULL, " ", &saved)) != NULL)
			argv[2 + n++] = word;
		if (word == NULL)
			break;
	}
	argv[2 + n] = NULL;
	return n;
}

static void
look_at(int proc, const char *pid, void (*visit)(const char *const argv[],
    const char *title, void *object), void *object)
{
	_cleanup_free_ char *title = read_title(proc, pid), *words = NULL;
	char path[NAME_MAX + 16], program[PATH_MAX];
	const char *argv[OPTIONS_MAX + 3] = { program, "-T" };
	ssize_t n;

	if (title == NULL || !process_is_ours(proc, pid))
		return;
	snprintf(path, sizeof(path), "%s/exe", pid);
	n = readlinkat(proc, path, program, sizeof(program) - 1);
	words = strdup(title);
	if (n < 0 || words == NULL)
		return;
	program[n] = '\0';
	if (take_options(words, argv) > 0)
		visit(argv, title, object);
}

void
sshd_each_listener(void (*visit)(const char *const argv[], const char *title,
    void *object), void *object)
{
	DIR *directory = opendir("/proc");
	const struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL)
		if (*entry->d_name >= '1' && *entry->d_name <= '9')
			look_at(dirfd(directory), entry->d_name, visit,
			    object);
	if (directory != NULL)
		closedir(directory);
}

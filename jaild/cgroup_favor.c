#include "config.h"

#include <sys/mount.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/cgroup.h"
#include "jaild/cgroup_favor.h"

#define FAVOR "favordynmods"

/* A mount's superblock options in a line of mountinfo, which is cut there. */
static char *
super_options(char *line)
{
	char *options = strstr(line, " - cgroup2 ");

	if (options == NULL)
		return NULL;
	options = strchr(options + strlen(" - cgroup2 "), ' ');
	if (options == NULL)
		return NULL;
	options[strcspn(options, "\n")] = '\0';
	return options + 1;
}

static bool
has_option(const char *options, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = options; *at != '\0';) {
		size_t n = strcspn(at, ",");

		if (n == length && strncmp(at, name, n) == 0)
			return true;
		at += n + (at[n] == ',');
	}
	return false;
}

/* A file system takes what is not said as switched off, so that every option
 * is said again.  "rw" and "ro" are options of all file systems. */
static int
say_options(int fd, char *options)
{
	char *name;

	while ((name = strsep(&options, ",")) != NULL) {
		if (*name == '\0' || strcmp(name, "rw") == 0 ||
		    strcmp(name, "ro") == 0)
			continue;
		if (strchr(name, '=') != NULL)
			return -EOPNOTSUPP;
		if (fsconfig(fd, FSCONFIG_SET_FLAG, name, NULL, 0) < 0)
			return -errno;
	}
	return fsconfig(fd, FSCONFIG_SET_FLAG, FAVOR, NULL, 0) < 0 ? -errno :
	    0;
}

static int
reconfigure(const char *point, char *options)
{
	_cleanup_fd_ int fd = fspick(AT_FDCWD, point,
	    FSPICK_CLOEXEC | FSPICK_NO_AUTOMOUNT);
	int r;

	if (fd < 0)
		return -errno;
	r = say_options(fd, options);
	if (r < 0)
		return r;
	return fsconfig(fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0 ?
	    -errno : 0;
}

int
cgroup_favor_dynmods(const char *mountinfo)
{
	_cleanup_file_ FILE *file = fopen(mountinfo, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		char point[PATH_MAX], *options;

		if (sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1)
			continue;
		options = super_options(line);
		if (options == NULL)
			continue;
		return has_option(options, FAVOR) ? 0 :
		    reconfigure(point, options);
	}
	return -ENOENT;
}

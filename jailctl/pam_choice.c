#include "config.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/file_replace.h"
#include "jailctl/pam_choice.h"

#define CHOICE_FILE "pam-left-out"
#define CHOICE_MAX 4096

static int
open_state(const struct pam_directory *directory, const struct config *config)
{
	struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = directory->root_fd == AT_FDCWD ? 0 :
		RESOLVE_IN_ROOT };
	int fd = (int)syscall(SYS_openat2, directory->root_fd,
	    config->state_dir, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

static uint32_t
set_of(char *text)
{
	uint32_t set = 0;
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		int i = pam_door_find(line);

		if (i >= 0)
			set |= 1u << i;
	}
	return set;
}

int
pam_choice_read(const struct pam_directory *directory,
    const struct config *config, uint32_t *ret)
{
	_cleanup_fd_ int state = open_state(directory, config);
	_cleanup_fd_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	enum trust trust;
	size_t length;
	int r;

	*ret = 0;
	if (state < 0)
		return state == -ENOENT ? 0 : state;
	fd = trusted_open(state, CHOICE_FILE, 0, &trust);
	if (fd < 0)
		return fd == -ENOENT ? 0 : fd;
	r = read_all(fd, CHOICE_MAX, &text, &length);
	if (r == 0)
		*ret = set_of(text);
	return r;
}

int
pam_choice_write(const struct pam_directory *directory,
    const struct config *config, uint32_t set)
{
	_cleanup_fd_ int state = open_state(directory, config);
	char text[CHOICE_MAX] = "";

	if (state < 0)
		return state == -ENOENT && set == 0 ? 0 : state;
	if (set == 0)
		return unlinkat(state, CHOICE_FILE, 0) < 0 &&
		    errno != ENOENT ? -errno : 0;
	for (size_t i = 0; pam_doors[i] != NULL; i++)
		if (set & 1u << i)
			snprintf(text + strlen(text), sizeof(text) -
			    strlen(text), "%s\n", pam_doors[i]);
	return file_replace(state, CHOICE_FILE, -1, 0644, text, strlen(text));
}

/* The door's programs of a live jail, which main keeps for those who join
 * and in the run-time directory for the jaild after it.  A restarted jaild
 * cannot compile the policy of then. */
#include "config.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/daemon.h"

#define FILTER_BYTES_MAX \
	(PROTOCOL_FILTERS_MAX * PROTOCOL_FILTER_INSTRUCTIONS_MAX * 8)
#define SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static int
filters_path(const char *directory, char ret_path[PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/filters", directory);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* The whole of a file of programs; its length or -errno. */
static ssize_t
read_filters(int fd, char **ret_bytes)
{
	_cleanup_free_ char *bytes = malloc(FILTER_BYTES_MAX);
	ssize_t n;

	if (bytes == NULL)
		return -ENOMEM;
	n = pread(fd, bytes, FILTER_BYTES_MAX, 0);
	if (n < 0)
		return -errno;
	*ret_bytes = steal_ptr(bytes);
	return n;
}

static bool
same_bytes(int one_fd, int other_fd)
{
	_cleanup_free_ char *one = NULL, *other = NULL;
	ssize_t n = read_filters(one_fd, &one);

	return n >= 0 && read_filters(other_fd, &other) == n &&
	    memcmp(one, other, (size_t)n) == 0;
}

/* Another live jail of the same programs.  Those of one policy's jail are,
 * if one and the same jaild has compiled them. */
static const struct live_jail *
find_twin(const struct live_jail *jail)
{
	for (const struct live_jail *at = jail->daemon->jails; at != NULL;
	    at = at->next)
		if (at != jail && at->state == JAIL_LIVE &&
		    at->filters_fd >= 0 &&
		    strcmp(at->key.jail, jail->key.jail) == 0 &&
		    strcmp(at->key.policy_sha256, jail->key.policy_sha256) ==
		    0 && same_bytes(at->filters_fd, jail->filters_fd))
			return at;
	return NULL;
}

static int
link_to_twin(const struct live_jail *twin, const char *path)
{
	char directory[PATH_MAX], theirs[PATH_MAX];
	int r = state_directory(twin->daemon, twin->facts.uuid, directory);

	if (r == 0)
		r = filters_path(directory, theirs);
	if (r == 0 && link(theirs, path) < 0)
		r = -errno;
	return r;
}

/* Two hundred jails of one policy need not hold their programs 200 times. */
static int
share_filters(struct live_jail *jail, const char *path)
{
	const struct live_jail *twin = find_twin(jail);
	int fd, r;

	if (twin == NULL)
		return -ENOENT;
	r = link_to_twin(twin, path);
	if (r < 0 && r != -EEXIST)
		return r;
	fd = fcntl(twin->filters_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	close_fd(&jail->filters_fd);
	jail->filters_fd = fd;
	return 0;
}

int
jail_filters_save(struct live_jail *jail)
{
	_cleanup_free_ char *bytes = NULL;
	_cleanup_fd_ int fd = -1;
	char directory[PATH_MAX], path[PATH_MAX];
	int r = state_directory(jail->daemon, jail->facts.uuid, directory);
	ssize_t n;

	if (r == 0)
		r = filters_path(directory, path);
	if (r < 0)
		return r;
	if (share_filters(jail, path) == 0)
		return 0;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? 0 : -errno;
	n = read_filters(jail->filters_fd, &bytes);
	if (n < 0)
		return (int)n;
	return write(fd, bytes, (size_t)n) == n ? 0 : -EIO;
}

int
jail_filters_load(struct live_jail *jail, const char *directory)
{
	_cleanup_free_ char *bytes = NULL;
	_cleanup_fd_ int file = -1, fd = -1;
	char path[PATH_MAX];
	int r = filters_path(directory, path);
	ssize_t n;

	if (r < 0)
		return r;
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;
	n = read_filters(file, &bytes);
	fd = memfd_create("jail-filters", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (n < 0 || fd < 0 || write(fd, bytes, (size_t)n) != n ||
	    fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return -EIO;
	jail->filters_fd = steal_fd(&fd);
	return 0;
}

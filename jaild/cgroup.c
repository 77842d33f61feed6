#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/cgroup.h"

static void
close_directory(DIR **directory)
{
	if (*directory != NULL)
		closedir(*directory);
}

/* path = directory "/" name; -ENAMETOOLONG. */
static int
join(char *path, const char *directory, const char *name)
{
	int n = snprintf(path, PATH_MAX, "%s/%s", directory, name);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* The mount point of the first cgroup2 line of mountinfo. */
static int
find_mount(char *ret_path)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (file == NULL)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		char point[PATH_MAX];

		if (strstr(line, " - cgroup2 ") == NULL ||
		    sscanf(line, "%*s %*s %*s %*s %4095s", point) != 1)
			continue;
		strcpy(ret_path, point);
		return 0;
	}
	return -ENOENT;
}

int
cgroup_make(const char *path)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}

/* What the administrator said, else what the service manager has delegated;
 * NULL where neither did. */
static const char *
find_wanted(const char *configured)
{
	const char *delegated = getenv("JAILD_CGROUP_DIR");

	if (configured[0] != '\0')
		return configured;
	return delegated != NULL && delegated[0] != '\0' ? delegated : NULL;
}

int
cgroup_base_make(const char *configured, char *ret_path)
{
	const char *wanted = find_wanted(configured);
	char path[PATH_MAX], mount[PATH_MAX];
	int r;

	if (wanted != NULL) {
		if (wanted[0] != '/')
			return -EINVAL;
		if (strlen(wanted) >= PATH_MAX)
			return -ENAMETOOLONG;
		strcpy(path, wanted);
	} else {
		r = find_mount(mount);
		if (r == 0)
			r = join(path, mount, "jaild");
		if (r < 0)
			return r;
	}
	if (strlen(path) > CGROUP_BASE_BYTES)
		return -ENAMETOOLONG;
	r = cgroup_make(path);
	if (r < 0)
		return r;
	/* cgroup.procs is what tells a cgroup from any other directory. */
	r = join(mount, path, "cgroup.procs");
	if (r < 0)
		return r;
	if (access(mount, W_OK) < 0)
		return -errno;
	strcpy(ret_path, path);
	return 0;
}

static int
write_file(const char *directory, const char *name, const char *text)
{
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];
	int r = join(path, directory, name);

	if (r < 0)
		return r;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int
cgroup_enter(const char *path, pid_t pid)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", (int)pid);
	return write_file(path, "cgroup.procs", text);
}

/* systemd removes the scope of a login as soon as that is empty.  And out of
 * the place of jails, which has a cpuset of its own there, only CAP_SYS_NICE
 * brings a process whose capabilities are not all among one's own. */
int
cgroup_let_go(const char *base, const char *origin, pid_t pid)
{
	char path[PATH_MAX];
	int r = cgroup_enter(origin, pid);

	if (r == 0 || r == -ESRCH)
		return r;
	r = join(path, base, "leaving");
	if (r == 0)
		r = cgroup_make(path);
	return r < 0 ? r : cgroup_enter(path, pid);
}

int
cgroup_of(const char *base, pid_t pid, char *ret_path)
{
	_cleanup_file_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	char path[64], mount[PATH_MAX];
	size_t size = 0;
	int r;

	(void)base;
	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return errno == ENOENT ? -ESRCH : -errno;
	r = find_mount(mount);
	if (r < 0)
		return r;
	while (getline(&line, &size, file) > 0) {
		if (strncmp(line, "0::/", 4) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		if (line[4] != '\0')
			return join(ret_path, mount, line + 4);
		strcpy(ret_path, mount);
		return 0;
	}
	return -ENOENT;
}

static int
read_populated(int fd)
{
	char text[256];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (n < 0)
		return -errno;
	text[n] = '\0';
	return strstr(text, "populated 1") != NULL;
}

/* cgroup.events is POLLPRI when it changed since it was read. */
static int
wait_empty(const char *path, uint64_t deadline_ms)
{
	_cleanup_fd_ int fd = -1;
	char events[PATH_MAX];
	int r = join(events, path, "cgroup.events");

	if (r < 0)
		return r;
	fd = open(events, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	while ((r = read_populated(fd)) > 0) {
		struct pollfd pollfd = { .fd = fd, .events = POLLPRI };
		uint64_t now = deadline_after(0);

		if (now >= deadline_ms)
			return -ETIMEDOUT;
		if (poll(&pollfd, 1, (int)(deadline_ms - now)) < 0 &&
		    errno != EINTR)
			return -errno;
	}
	return r == -ENODEV ? 0 : r;
}

/* Removes path and the cgroups below it, all of them empty. */
static int
remove_tree(const char *path)
{
	_cleanup_(close_directory) DIR *directory = opendir(path);
	struct dirent *entry;
	char below[PATH_MAX];

	if (directory == NULL)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (join(below, path, entry->d_name) == 0)
			remove_tree(below);
	}
	return rmdir(path) < 0 && errno != ENOENT ? -errno : 0;
}

int
cgroup_end(const char *path, uint64_t deadline_ms)
{
	int r = write_file(path, "cgroup.kill", "1");

	if (r == -ENOENT || r == -ENODEV)
		return remove_tree(path);
	if (r < 0)
		return r;
	r = wait_empty(path, deadline_ms);
	return r < 0 ? r : remove_tree(path);
}

int
cgroup_pids(const char *path, void (*visit)(pid_t pid, void *object),
    void *object)
{
	_cleanup_file_ FILE *file = NULL;
	char procs[PATH_MAX];
	int pid, r = join(procs, path, "cgroup.procs");

	if (r < 0)
		return r;
	file = fopen(procs, "re");
	if (file == NULL)
		return -errno;
	while (fscanf(file, "%d", &pid) == 1)
		visit(pid, object);
	return 0;
}

#include "config.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"

/* The node is made again with the host's owner and mode, without the writing
 * bits where the policy says read-only. */
static int
make_node(struct builder *builder, const struct plan_step *step,
    const char *path)
{
	_cleanup_fd_ int fd = -1, parent = -1;
	struct stat status;
	const char *name;
	mode_t mode;
	int r = path_open_existing(builder->host_fd, path, &fd);

	if (r < 0)
		return build_fail(builder, r, "the device %s", path);
	if (fstat(fd, &status) < 0)
		return build_fail(builder, -errno, "the device %s", path);
	if (!S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode))
		return build_fail(builder, -ENODEV, "%s", path);
	mode = status.st_mode & (step->flags & STEP_FLAG_READ_ONLY ? 0444 :
	    0666);
	r = path_open_parent(builder->root_fd, path, builder->root_dev,
	    &parent, &name);
	if (r < 0)
		return build_fail(builder, r, "the place of %s", path);
	if (mknodat(parent, name, (status.st_mode & S_IFMT) | 0600,
	    status.st_rdev) < 0 ||
	    fchownat(parent, name, status.st_uid, status.st_gid,
	    AT_SYMLINK_NOFOLLOW) < 0 || fchmodat(parent, name, mode, 0) < 0)
		return build_fail(builder, -errno, "the device %s", path);
	return 0;
}

/* The host's /dev is root's; the names are looked up before the jail's tree
 * becomes "/". */
int
build_device(struct builder *builder, const struct plan_step *step)
{
	glob_t found = { 0 };
	int r = glob(step->source, GLOB_NOSORT, NULL, &found);

	if (r == GLOB_NOMATCH)
		return step->flags & STEP_FLAG_OPTIONAL ? 0 :
		    build_fail(builder, -ENOENT, "the device %s",
		    step->source);
	if (r != 0)
		return build_fail(builder, -EIO, "looking for %s",
		    step->source);
	for (size_t i = 0; r == 0 && i < found.gl_pathc; i++)
		r = make_node(builder, step, found.gl_pathv[i]);
	globfree(&found);
	return r;
}

int
build_hostname(struct builder *builder, const struct plan_step *step)
{
	if (sethostname(step->source, strlen(step->source)) < 0)
		return build_fail(builder, -errno, "the host name %s",
		    step->source);
	return 0;
}

int
build_loopback(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	(void)step;
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		return build_fail(builder, -errno, "the loopback interface");
	request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return build_fail(builder, -errno, "the loopback interface");
	return 0;
}

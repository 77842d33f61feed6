/* Steps that make a file system of the jail's own. */
#include "config.h"

#include <sys/stat.h>
#include <sys/sysinfo.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/build_mount.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"

#define SCRATCH_SHARE 8		/* no more than this part of the memory */
#define TMPFS_FILES_MAX "262144"
#define PTYS_MAX "256"	/* of the host's, which all jails share */

int
build_tmpfs(struct builder *builder, const struct plan_step *step)
{
	char mode[16], size[32], uid[16], gid[16];
	const struct mount_option options[] = { { "mode", mode },
		{ "size", size }, { "uid", uid }, { "gid", gid },
		{ "nr_inodes", TMPFS_FILES_MAX },
		{ "source", "jail" }, { NULL, NULL } };
	_cleanup_fd_ int tree = -1;
	int r;

	snprintf(mode, sizeof(mode), "%04o", step->mode);
	snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)step->size_bytes);
	snprintf(uid, sizeof(uid), "%u", step->uid);
	snprintf(gid, sizeof(gid), "%u", step->gid);
	r = mount_new("tmpfs", options, mount_flags_of(step->flags), &tree);
	if (r < 0)
		return build_fail(builder, r, "a tmpfs for %s", step->target);
	return build_attach(builder, tree, step->target, false);
}

/* A directory of the jail's own / under a mount of its own flags: a file
 * system of its own would cost the kernel memory for each jail. */
int
build_dev(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1, tree = -1;
	int r = target_open(builder, step->target, false, &fd);

	if (r < 0)
		return r;
	r = mount_copy(fd, mount_flags_of(step->flags), &tree);
	if (r == 0)
		r = mount_attach(tree, fd);
	return r < 0 ? build_fail(builder, r, "device nodes in %s",
	    step->target) : 0;
}

int
build_scratch(struct builder *builder, const struct plan_step *step)
{
	struct plan_step scratch = *step;
	struct sysinfo host;

	scratch.target = BUILD_SCRATCH;
	scratch.mode = 0755;
	/* What agents write there is the host's memory. */
	if (sysinfo(&host) == 0 && scratch.size_bytes >
	    (uint64_t)host.totalram * host.mem_unit / SCRATCH_SHARE)
		scratch.size_bytes = (uint64_t)host.totalram * host.mem_unit /
		    SCRATCH_SHARE;
	return build_tmpfs(builder, &scratch);
}

int
build_scratch_directory(struct builder *builder,
    const struct plan_step *step)
{
	_cleanup_fd_ int parent = -1, fd = -1;
	const char *name = strrchr(step->target, '/') + 1;
	char unique[64];
	int r;

	/* /tmp and /var/tmp end alike. */
	snprintf(unique, sizeof(unique), "%zu-%s", strlen(step->target), name);
	r = path_open_existing(builder->root_fd, BUILD_SCRATCH, &parent);
	if (r < 0)
		return build_fail(builder, r, "the scratch directories");
	if (mkdirat(parent, unique, 0700) < 0 ||
	    fchmodat(parent, unique, step->mode, 0) < 0)
		return build_fail(builder, -errno, "the scratch directory %s",
		    step->target);
	fd = openat(parent, unique, O_PATH | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fd < 0)
		return build_fail(builder, -errno, "the scratch directory %s",
		    step->target);
	return build_bind(builder, fd, step->target, 0);
}

/* A file system of the jail's own namespaces. */
static int
attach_new(struct builder *builder, const char *type, unsigned flags,
    const struct mount_option *options, const char *target)
{
	_cleanup_fd_ int tree = -1;
	int r = mount_new(type, options, flags, &tree);

	if (r < 0)
		return build_fail(builder, r, "a new %s for %s", type, target);
	return build_attach(builder, tree, target, false);
}

static const struct mount_option no_options[] = { { NULL, NULL } };

int
build_proc(struct builder *builder, const struct plan_step *step)
{
	return attach_new(builder, "proc", MOUNT_FORBIDS_EXEC, no_options,
	    step->target);
}

int
build_sysfs(struct builder *builder, const struct plan_step *step)
{
	return attach_new(builder, "sysfs", MOUNT_FORBIDS_EXEC |
	    MOUNT_FORBIDS_WRITING, no_options, step->target);
}

int
build_mqueue(struct builder *builder, const struct plan_step *step)
{
	return attach_new(builder, "mqueue", MOUNT_FORBIDS_EXEC, no_options,
	    step->target);
}

int
build_devpts(struct builder *builder, const struct plan_step *step)
{
	char gid[16];
	const struct mount_option options[] = { { "gid", gid },
		{ "mode", "0620" }, { "ptmxmode", "0666" },
		{ "max", PTYS_MAX }, { NULL, NULL } };

	snprintf(gid, sizeof(gid), "%u", step->gid);
	return attach_new(builder, "devpts", MOUNT_FORBIDS_EXEC |
	    MOUNT_ALLOWS_DEVICES, options, step->target);
}

#include "config.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/jail_files.h"
#include "common/trusted.h"
#include "jaild/build_mount.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"
#include "lang/mount_target.h"

#define COPY_MAX 65536

/* Says why a source cannot be had.  1: it is optional and not there. */
static int
source_failed(struct builder *builder, const struct plan_step *step, int r)
{
	if (r == -ENOENT && step->flags & STEP_FLAG_OPTIONAL)
		return 1;
	if (r == -ELOOP)
		return build_fail(builder, r, "%s leads over a symbolic link "
		    "that not only root could have made", step->source);
	return build_fail(builder, r, "the source %s on the host",
	    step->source);
}

/* Opens a source on the host.  1: it is optional and not there. */
static int
source_open(struct builder *builder, const struct plan_step *step,
    int *ret_fd)
{
	int r = path_open_existing(builder->host_fd, step->source, ret_fd);

	return r < 0 ? source_failed(builder, step, r) : 0;
}

/* The same for what shall appear where login programs look for code and
 * names, as root: read-only is not enough when an account can change it on
 * the host. */
static int
source_open_for(struct builder *builder, const struct plan_step *step,
    int *ret_fd)
{
	int r;

	if (!mount_target_is_trusted(step->target))
		return source_open(builder, step, ret_fd);
	r = path_open_root_ground(builder->host_fd, step->source, ret_fd);
	if (r == -EPERM)
		return build_fail(builder, r, "the source %s, which not only "
		    "root can change and which shall appear at %s, where "
		    "login programs look for code and names,", step->source,
		    step->target);
	return r < 0 ? source_failed(builder, step, r) : 0;
}

static int
build_root(struct builder *builder, const struct plan_step *step)
{
	static const struct mount_option options[] = {
		{ "mode", "0755" }, { "size", "16M" }, { "source", "jail" },
		{ NULL, NULL } };
	_cleanup_fd_ int tree = -1, place = -1;
	char path[PATH_MAX];
	struct stat status;
	int r;

	(void)step;
	if (snprintf(path, sizeof(path), "%s/root",
	    builder->plan->place->run_dir) >= (int)sizeof(path))
		return build_fail(builder, -ENAMETOOLONG, "the run directory");
	r = path_open_existing(builder->host_fd, path, &place);
	if (r < 0)
		return build_fail(builder, r, "the place %s, where jails are "
		    "made, as the login program sees it", path);
	r = mount_new("tmpfs", options, 0, &tree);
	if (r == 0)
		r = mount_attach(tree, place);
	if (r < 0)
		return build_fail(builder, r, "a tmpfs for the jail's /");
	if (fstat(tree, &status) < 0)
		return build_fail(builder, -errno, "the jail's /");
	builder->root_dev = status.st_dev;
	builder->root_fd = steal_fd(&tree);
	return 0;
}

static int
build_directory(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1, parent = -1;
	const char *name;
	int r = target_open(builder, step->target, false, &fd);

	if (r == 0)
		r = target_parent(builder, step->target, &parent, &name);
	if (r < 0)
		return r;
	if (fchownat(parent, name, step->uid, step->gid,
	    AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(parent, name, step->mode, 0) < 0)
		return build_fail(builder, -errno, "the directory %s",
		    step->target);
	return 0;
}

static int
build_plain_file(struct builder *builder, const struct plan_step *step)
{
	return build_file(builder, step->target, step->contents,
	    strlen(step->contents), step->mode);
}

static int
build_plain_symlink(struct builder *builder, const struct plan_step *step)
{
	return build_symlink(builder, step->target, step->source);
}

/* Directories like /bin are links into /usr on merged hosts. */
static int
build_system(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1;
	char says[PATH_MAX];
	struct stat status;
	ssize_t n;

	fd = openat(builder->host_fd, step->source + 1,
	    O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : build_fail(builder, -errno,
		    "the system directory %s", step->source);
	if (fstat(fd, &status) < 0)
		return build_fail(builder, -errno, "the system directory %s",
		    step->source);
	if (status.st_uid != 0)
		return build_fail(builder, -EPERM, "the system directory %s, "
		    "which is not root's,", step->source);
	if (S_ISDIR(status.st_mode))
		return build_bind(builder, fd, step->target,
		    STEP_FLAG_READ_ONLY);
	n = readlinkat(fd, "", says, sizeof(says) - 1);
	if (n < 0)
		return build_fail(builder, -errno, "the system directory %s",
		    step->source);
	says[n] = '\0';
	return build_symlink(builder, step->target, says);
}

static int
build_copy(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1, reading = -1;
	_cleanup_free_ char *contents = NULL;
	struct stat status;
	size_t length;
	int r = source_open(builder, step, &fd);

	if (r != 0)
		return r < 0 ? r : 0;
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return build_fail(builder, -EINVAL, "%s, which is no regular "
		    "file,", step->source);
	reading = build_reopen(builder, fd, O_RDONLY | O_NONBLOCK);
	if (reading < 0)
		return build_fail(builder, reading, "reading %s",
		    step->source);
	r = read_all(reading, COPY_MAX, &contents, &length);
	if (r < 0)
		return build_fail(builder, r, "reading %s", step->source);
	return build_file(builder, step->target, contents, length, 0644);
}

static int
build_plain_bind(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1;
	int r = source_open_for(builder, step, &fd);

	if (r != 0)
		return r < 0 ? r : 0;
	return build_bind(builder, fd, step->target, step->flags);
}

/* MUST: the home is a directory of the account's own, reached over nothing
 * that somebody else could have put there. */
static int
build_home(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int r = source_open(builder, step, &fd);

	if (r != 0)
		return r < 0 ? r : 0;
	if (fstat(fd, &status) < 0)
		return build_fail(builder, -errno, "the home %s",
		    step->source);
	if (!S_ISDIR(status.st_mode))
		return build_fail(builder, -ENOTDIR, "the home %s",
		    step->source);
	if (status.st_uid != step->uid)
		return build_fail(builder, -EPERM, "the home %s, which is not "
		    "owned by the account,", step->source);
	return build_bind(builder, fd, step->target, step->flags);
}

static int
build_node(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int parent = -1;
	const char *name;
	int r = target_parent(builder, step->target, &parent, &name);

	if (r < 0)
		return r;
	if (mknodat(parent, name, S_IFCHR | 0600,
	    makedev(step->major, step->minor)) < 0 ||
	    fchmodat(parent, name, step->mode, 0) < 0)
		return build_fail(builder, -errno, "the device %s",
		    step->target);
	return 0;
}

/* An empty directory over a directory, an empty file over anything else.  A
 * tmpfs for each would cost the kernel 8 KiB apiece. */
static int
build_hide(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1, tree = -1, empty = -1;
	struct stat status;
	int r = path_open_existing(builder->root_fd, step->target, &fd);

	if (r == -ENOENT && step->flags & STEP_FLAG_OPTIONAL)
		return 0;
	if (r < 0)
		return build_fail(builder, r, "hiding %s (what appears there "
		    "later would be seen)", step->target);
	if (fstat(fd, &status) < 0)
		return build_fail(builder, -errno, "hiding %s", step->target);
	if (S_ISDIR(status.st_mode))
		r = target_open(builder, BUILD_EMPTY_DIRECTORY, false, &empty);
	else
		r = target_open(builder, BUILD_EMPTY_FILE, true, &empty);
	if (r < 0)
		return r;
	r = mount_copy(empty, MOUNT_FORBIDS_WRITING | MOUNT_FORBIDS_EXEC,
	    &tree);
	if (r == 0)
		r = mount_attach(tree, fd);
	return r < 0 ? build_fail(builder, r, "hiding %s", step->target) : 0;
}

static int
build_read_only(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int fd = -1, tree = -1;
	struct statx status;
	unsigned keep = strcmp(step->target, "/dev") == 0 ?
	    MOUNT_ALLOWS_DEVICES : 0;
	int r = path_open_existing(builder->root_fd, step->target, &fd);

	if (r == -ENOENT && step->flags & STEP_FLAG_OPTIONAL)
		return 0;
	if (r == 0 && statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS,
	    &status) < 0)
		r = -errno;
	if (r == 0 && (status.stx_attributes & STATX_ATTR_MOUNT_ROOT)) {
		r = mount_restrict(fd, MOUNT_FORBIDS_WRITING | keep, false);
	} else if (r == 0) {
		r = mount_copy(fd, MOUNT_FORBIDS_WRITING, &tree);
		if (r == 0)
			r = mount_attach(tree, fd);
	}
	return r < 0 ? build_fail(builder, r, "making %s read-only",
	    step->target) : 0;
}

static int
build_log(struct builder *builder, const struct plan_step *step)
{
	if (builder->log_tree < 0)
		return 0;
	return build_attach(builder, builder->log_tree, step->target, false);
}

static int
build_records(struct builder *builder, const struct plan_step *step)
{
	if (builder->records_tree < 0)
		return 0;
	return build_attach(builder, builder->records_tree, step->target,
	    false);
}

static int
build_filters(struct builder *builder, const struct plan_step *step)
{
	const struct filter_set *set = builder->input->shell_filters;
	struct jail_filters_head head = { .magic = JAIL_FILTERS_MAGIC };
	_cleanup_free_ char *contents = NULL;
	size_t bytes = 0;

	if (set != NULL && set->n_filters <= PROTOCOL_FILTERS_MAX)
		head.n_filters = set->n_filters;
	for (uint32_t i = 0; i < head.n_filters; i++) {
		head.filters[i] = set->filters[i];
		bytes += set->filters[i].instructions * UINT64_C(8);
	}
	contents = malloc(sizeof(head) + bytes);
	if (contents == NULL)
		return build_fail(builder, -ENOMEM, "the filters");
	memcpy(contents, &head, sizeof(head));
	if (bytes > 0 && pread(set->memfd, contents + sizeof(head), bytes,
	    0) != (ssize_t)bytes)
		return build_fail(builder, -EIO, "the filters");
	return build_file(builder, step->target, contents,
	    sizeof(head) + bytes, step->mode);
}

static int
build_pivot(struct builder *builder, const struct plan_step *step)
{
	int r = mount_pivot(builder->root_fd);

	(void)step;
	return r < 0 ? build_fail(builder, r, "making the tree the jail's /") :
	    0;
}

static int (*const kinds[STEP_KINDS])(struct builder *builder,
    const struct plan_step *step) = {
	[STEP_ROOT] = build_root,
	[STEP_DIRECTORY] = build_directory,
	[STEP_FILE] = build_plain_file,
	[STEP_SYMLINK] = build_plain_symlink,
	[STEP_SYSTEM] = build_system,
	[STEP_COPY] = build_copy,
	[STEP_KEEP] = build_keep,
	[STEP_BIND] = build_plain_bind,
	[STEP_HOME] = build_home,
	[STEP_TMPFS] = build_tmpfs,
	[STEP_DEV] = build_dev,
	[STEP_SCRATCH] = build_scratch,
	[STEP_SCRATCH_DIRECTORY] = build_scratch_directory,
	[STEP_PROC] = build_proc,
	[STEP_SYSFS] = build_sysfs,
	[STEP_MQUEUE] = build_mqueue,
	[STEP_DEVPTS] = build_devpts,
	[STEP_NODE] = build_node,
	[STEP_DEVICE] = build_device,
	[STEP_HIDE] = build_hide,
	[STEP_READ_ONLY] = build_read_only,
	[STEP_STORAGE] = build_storage,
	[STEP_OVERLAY] = build_overlay,
	[STEP_RECORDS] = build_records,
	[STEP_LOG] = build_log,
	[STEP_FILTERS] = build_filters,
	[STEP_HOSTNAME] = build_hostname,
	[STEP_LOOPBACK] = build_loopback,
	[STEP_PIVOT] = build_pivot,
};

int
build_step(struct builder *builder, const struct plan_step *step)
{
	if (step->kind >= STEP_KINDS || kinds[step->kind] == NULL)
		return build_fail(builder, -ENOSYS, "a step that this "
		    "builder does not know");
	return kinds[step->kind](builder, step);
}

#include "config.h"

#include <sys/mount.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/build_mount.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"

#define DEPTH_MAX 32

/* Makes each directory of path below directory_fd, root's alone, and opens
 * the last one. */
static int
make_path(int directory_fd, const char *path, int *ret_fd)
{
	_cleanup_fd_ int fd = openat(directory_fd, ".", O_RDONLY |
	    O_DIRECTORY | O_CLOEXEC);
	char name[NAME_MAX + 1];

	if (fd < 0)
		return -errno;
	while (*path != '\0') {
		size_t length = strcspn(path, "/");
		int next;

		if (length == 0 || length > NAME_MAX)
			return -EINVAL;
		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		path += length + (path[length] == '/');
		if (mkdirat(fd, name, 0700) < 0 && errno != EEXIST)
			return -errno;
		next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		    O_CLOEXEC);
		if (next < 0)
			return -errno;
		close_fd(&fd);
		fd = next;
	}
	*ret_fd = steal_fd(&fd);
	return 0;
}

/* What an account keeps for itself is its own; layers are root's. */
static int
prepare_one(struct builder *builder, int state_fd,
    const struct plan_step *step, int *ret_tree)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int r = make_path(state_fd, step->storage, &fd);

	if (r < 0)
		return build_fail(builder, r, "the storage %s/%s",
		    builder->plan->place->state_dir, step->storage);
	if (step->kind == STEP_STORAGE) {
		if (fstat(fd, &status) < 0)
			return build_fail(builder, -errno, "the storage %s",
			    step->storage);
		if (status.st_uid == 0 && (fchmod(fd, step->mode) < 0 ||
		    fchown(fd, step->uid, step->gid) < 0))
			return build_fail(builder, -errno, "the storage %s",
			    step->storage);
		if (status.st_uid != 0 && status.st_uid != step->uid)
			return build_fail(builder, -EPERM, "the storage %s, "
			    "which belongs to somebody else,", step->storage);
	}
	r = mount_copy(fd, mount_flags_of(step->flags), ret_tree);
	return r < 0 ? build_fail(builder, r, "the storage %s",
	    step->storage) : 0;
}

int
build_prepare_storage(struct builder *builder)
{
	const struct plan *plan = builder->plan;
	_cleanup_fd_ int state_fd = -1;

	for (size_t i = 0; i < plan->n_steps; i++) {
		int r;

		if (plan->steps[i].storage == NULL)
			continue;
		if (state_fd < 0)
			state_fd = open(plan->place->state_dir, O_RDONLY |
			    O_DIRECTORY | O_CLOEXEC);
		if (state_fd < 0)
			return build_fail(builder, -errno, "the state "
			    "directory %s", plan->place->state_dir);
		r = prepare_one(builder, state_fd, &plan->steps[i],
		    &builder->storage_trees[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
tree_of(const struct builder *builder, const struct plan_step *step)
{
	return builder->storage_trees[step - builder->plan->steps];
}

int
build_storage(struct builder *builder, const struct plan_step *step)
{
	return build_attach(builder, tree_of(builder, step), step->target,
	    false);
}

/* The upper layer's root shows its own owner and mode: they are the lower
 * one's. */
static int
make_layers(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int store = -1, lower = -1;
	struct stat status;
	int r = path_open_existing(builder->root_fd, BUILD_STORE, &store);

	if (r == 0)
		r = path_open_existing(builder->root_fd, BUILD_LOWER, &lower);
	if (r < 0)
		return build_fail(builder, r, "the layers for %s",
		    step->target);
	if (fstat(lower, &status) < 0)
		return build_fail(builder, -errno, "the layers for %s",
		    step->target);
	if (mkdirat(store, "work", 0700) < 0 && errno != EEXIST)
		return build_fail(builder, -errno, "the layers for %s",
		    step->target);
	if (faccessat(store, "upper", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	/* It gets its name when it is whole: a crash leaves no half of it. */
	if ((mkdirat(store, "upper.new", 0700) < 0 && errno != EEXIST) ||
	    fchownat(store, "upper.new", status.st_uid, status.st_gid,
	    AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(store, "upper.new", status.st_mode & 07777, 0) < 0 ||
	    renameat(store, "upper.new", store, "upper") < 0)
		return build_fail(builder, -errno, "the layers for %s",
		    step->target);
	return 0;
}

static int
attach_overlay(struct builder *builder, const struct plan_step *step)
{
	/* Relative to the jail's /, where nobody else can rename. */
	static const struct mount_option options[] = {
		{ "lowerdir", "run/host/lower" },
		{ "upperdir", "run/host/store/upper" },
		{ "workdir", "run/host/store/work" },
		{ "redirect_dir", "off" }, { "metacopy", "off" },
		{ "index", "off" }, { NULL, NULL } };
	_cleanup_fd_ int tree = -1;
	int r;

	if (fchdir(builder->root_fd) < 0)
		return build_fail(builder, -errno, "the jail's /");
	r = mount_new("overlay", options, mount_flags_of(step->flags), &tree);
	if (r < 0)
		return build_fail(builder, r, "an overlay for %s (the file "
		    "system of %s must be able to carry one)", step->target,
		    builder->plan->place->state_dir);
	return build_attach(builder, tree, step->target, false);
}

int
build_overlay(struct builder *builder, const struct plan_step *step)
{
	_cleanup_fd_ int source = -1;
	struct stat status;
	int r = path_open_existing(builder->host_fd, step->source, &source);

	if (r == -ENOENT && step->flags & STEP_FLAG_OPTIONAL)
		return 0;
	if (r == 0 && fstat(source, &status) < 0)
		r = -errno;
	if (r == 0 && !S_ISDIR(status.st_mode))
		r = -ENOTDIR;
	if (r == 0 && step->flags & STEP_FLAG_OWN &&
	    status.st_uid != step->uid)
		return build_fail(builder, -EPERM, "the home %s, which is not "
		    "owned by the account,", step->source);
	if (r < 0)
		return build_fail(builder, r, "the source %s on the host",
		    step->source);
	r = build_bind(builder, source, BUILD_LOWER, STEP_FLAG_READ_ONLY);
	if (r == 0)
		r = build_attach(builder, tree_of(builder, step), BUILD_STORE,
		    false);
	if (r == 0)
		r = make_layers(builder, step);
	if (r == 0)
		r = attach_overlay(builder, step);
	if (r < 0)
		return r;
	/* The overlay holds its layers by itself. */
	if (umount2("run/host/store", MNT_DETACH) < 0 ||
	    umount2("run/host/lower", MNT_DETACH) < 0)
		return build_fail(builder, -errno, "the layers for %s",
		    step->target);
	return 0;
}

/* The first free name of base for what lies too deep. */
static int
move_up(int fd, const char *name, int base_fd, unsigned *n_moved)
{
	char moved[32];

	do {
		snprintf(moved, sizeof(moved), "deep-%u", (*n_moved)++);
		if (renameat2(fd, name, base_fd, moved,
		    RENAME_NOREPLACE) == 0)
			return 0;
	} while (errno == EEXIST);
	return -errno;
}

/* Empties the directory; what lies too deep for descriptors is moved up to
 * base, which is emptied until nothing is left. */
static int
empty_directory(int fd, int base_fd, unsigned depth, unsigned *n_moved)
{
	DIR *directory = fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (directory == NULL) {
		close_fd(&fd);
		return -errno;
	}
	while (r == 0 && (entry = readdir(directory)) != NULL) {
		const char *name = entry->d_name;
		int below;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    unlinkat(dirfd(directory), name, 0) == 0)
			continue;
		if (errno != EISDIR && errno != EPERM)
			r = -errno;
		if (r == 0 && depth >= DEPTH_MAX) {
			r = move_up(dirfd(directory), name, base_fd, n_moved);
			continue;
		}
		below = r < 0 ? -1 : openat(dirfd(directory), name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (below >= 0)
			r = empty_directory(below, base_fd, depth + 1,
			    n_moved);
		else if (r == 0)
			r = -errno;
		if (r == 0 && unlinkat(dirfd(directory), name,
		    AT_REMOVEDIR) < 0 && errno != ENOENT)
			r = -errno;
	}
	closedir(directory);
	return r;
}

int
storage_remove_fresh(const char *state_dir, const char *uuid)
{
	_cleanup_fd_ int state = -1, fresh = -1, base = -1;
	unsigned n_moved = 0, before;
	int r = 0;

	state = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (state < 0)
		return errno == ENOENT ? 0 : -errno;
	fresh = openat(state, "fresh", O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (fresh < 0)
		return errno == ENOENT ? 0 : -errno;
	base = openat(fresh, uuid, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC);
	if (base < 0)
		return errno == ENOENT ? 0 : -errno;
	do {
		int fd = openat(base, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

		before = n_moved;
		r = fd < 0 ? -errno : empty_directory(fd, base, 0, &n_moved);
	} while (r == 0 && n_moved != before);
	if (r == 0 && unlinkat(fresh, uuid, AT_REMOVEDIR) < 0)
		r = -errno;
	return r;
}

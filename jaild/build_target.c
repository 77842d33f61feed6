/* What the steps of a build share: places in the jail, files and mounts at
 * them, and the sentence of a failure. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/build_mount.h"
#include "jaild/builder.h"
#include "jaild/path_open.h"

int
build_fail(struct builder *builder, int error, const char *format, ...)
{
	struct build_failure *failure = builder->failure;
	const char *why = strerrordesc_np(-error);
	size_t n = 0;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(failure->text, sizeof(failure->text), format, arguments);
	va_end(arguments);
	n = strlen(failure->text);
	/* A sentence that ends with a comma has said why itself. */
	if (n > 0 && failure->text[n - 1] == ',')
		failure->text[n - 1] = '\0';
	else
		snprintf(failure->text + n, sizeof(failure->text) - n, ": %s",
		    why != NULL ? why : "unknown error");
	failure->error = -error;
	return error;
}

int
target_open(struct builder *builder, const char *target, bool is_file,
    int *ret_fd)
{
	int r = path_open(builder->root_fd, target, builder->root_dev,
	    is_file ? &BUILD_EMPTY_FILE[1] : NULL, ret_fd);

	if (r == -ENOENT)
		return build_fail(builder, r, "the mount point %s is missing "
		    "in a tree that is not the jail's own", target);
	if (r < 0)
		return build_fail(builder, r, "the place %s of the jail",
		    target);
	return 0;
}

int
build_reopen(const struct builder *builder, int fd, int flags)
{
	char path[64];
	int reopened;

	snprintf(path, sizeof(path), "proc/self/fd/%d", fd);
	reopened = openat(builder->root_fd, path, flags | O_CLOEXEC);
	return reopened < 0 ? -errno : reopened;
}

int
target_parent(struct builder *builder, const char *target, int *ret_fd,
    const char **ret_name)
{
	int r = path_open_parent(builder->root_fd, target, builder->root_dev,
	    ret_fd, ret_name);

	if (r < 0)
		return build_fail(builder, r, "the place of %s in the jail",
		    target);
	return 0;
}

int
build_file(struct builder *builder, const char *target, const void *contents,
    size_t length, mode_t mode)
{
	_cleanup_fd_ int parent = -1, fd = -1;
	const char *name;
	int r = target_parent(builder, target, &parent, &name);

	if (r < 0)
		return r;
	/* A name that the keep list brought gives way. */
	if (unlinkat(parent, name, 0) < 0 && errno != ENOENT)
		return build_fail(builder, -errno, "the file %s", target);
	fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (fd < 0 || fchmod(fd, mode) < 0)
		return build_fail(builder, -errno, "the file %s", target);
	for (const char *at = contents; length > 0;) {
		ssize_t n = write(fd, at, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return build_fail(builder, -errno, "the file %s",
			    target);
		at += n;
		length -= (size_t)n;
	}
	return 0;
}

int
build_symlink(struct builder *builder, const char *target, const char *says)
{
	_cleanup_fd_ int parent = -1;
	const char *name;
	int r = target_parent(builder, target, &parent, &name);

	if (r < 0)
		return r;
	if (unlinkat(parent, name, 0) < 0 && errno != ENOENT)
		return build_fail(builder, -errno, "the link %s", target);
	if (symlinkat(says, parent, name) < 0)
		return build_fail(builder, -errno, "the link %s", target);
	return 0;
}

unsigned
mount_flags_of(unsigned step_flags)
{
	unsigned flags = 0;

	if (step_flags & STEP_FLAG_READ_ONLY)
		flags |= MOUNT_FORBIDS_WRITING;
	if (step_flags & STEP_FLAG_NOEXEC)
		flags |= MOUNT_FORBIDS_EXEC;
	if (step_flags & STEP_FLAG_DEVICES)
		flags |= MOUNT_ALLOWS_DEVICES;
	return flags;
}

int
build_attach(struct builder *builder, int mount_fd, const char *target,
    bool is_file)
{
	_cleanup_fd_ int fd = -1;
	int r = target_open(builder, target, is_file, &fd);

	if (r < 0)
		return r;
	r = mount_attach(mount_fd, fd);
	if (r < 0)
		return build_fail(builder, r, "the mount at %s", target);
	return 0;
}

int
build_bind(struct builder *builder, int source_fd, const char *target,
    unsigned step_flags)
{
	_cleanup_fd_ int tree = -1;
	struct stat status;
	int r;

	if (fstat(source_fd, &status) < 0)
		return build_fail(builder, -errno, "what shall appear at %s",
		    target);
	r = mount_copy(source_fd, mount_flags_of(step_flags), &tree);
	if (r < 0)
		return build_fail(builder, r, "the mount for %s", target);
	return build_attach(builder, tree, target, !S_ISDIR(status.st_mode));
}

/* Opening paths on an account's ground; the numbers are those of the MUST
 * list in jaild/path_open.h.  Who made a link can be tried by root only. */
#include "config.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jaild/path_open.h"

#define AGENT 4711

static char directory[] = "/tmp/test_path_open.XXXXXX";
static int root_fd = -1;
static dev_t root_dev;

static void
make_directory(const char *path, mode_t mode, uid_t owner)
{
	assert_int_equal(mkdirat(root_fd, path, 0700), 0);
	assert_int_equal(fchownat(root_fd, path, owner, owner, 0), 0);
	assert_int_equal(fchmodat(root_fd, path, mode, 0), 0);
}

static void
make_file(const char *path)
{
	int fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void
make_link(const char *says, const char *path, uid_t owner)
{
	assert_int_equal(symlinkat(says, root_fd, path), 0);
	assert_int_equal(fchownat(root_fd, path, owner, owner,
	    AT_SYMLINK_NOFOLLOW), 0);
}

/* ground/ is root's, open/ can be written by all, agent/ is the agent's. */
static int
make_tree(void **state)
{
	struct stat status;

	(void)state;
	umask(022);
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chmod(directory, 0755), 0);
	root_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(root_fd >= 0);
	assert_int_equal(fstat(root_fd, &status), 0);
	root_dev = status.st_dev;
	make_directory("ground", 0755, 0);
	make_directory("ground/real", 0755, 0);
	make_file("ground/real/file");
	make_directory("open", 01777, 0);
	make_directory("shared", 0775, 0);
	make_directory("agent", 0755, AGENT);
	make_link("/ground/real", "ground/absolute", 0);
	make_link("real", "ground/relative", 0);
	make_link("relative", "ground/twice", 0);
	make_link("../ground/real", "ground/dots", 0);
	make_link("/nowhere", "ground/dangling", 0);
	make_link("around", "ground/around", 0);
	make_link("/ground/real", "ground/of-agent", AGENT);
	make_link("/ground/real", "open/of-root", 0);
	make_link("/ground/real", "shared/of-root", 0);
	make_link("/ground/real", "agent/of-root", 0);
	make_link("/ground/real", "agent/of-agent", AGENT);
	make_link("/agent/of-agent", "ground/to-agent", 0);
	make_link("/etc", "ground/etc", 0);
	return 0;
}

static int
remove_tree(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

/* What opening says: 0 and the inode that it led to, or -errno. */
static int
open_path(const char *path, ino_t *ret_ino)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;
	int r = path_open_existing(root_fd, path, &fd);

	if (r < 0) {
		assert_int_equal(fd, -1);
		return r;
	}
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_PATH);
	assert_int_equal(fstat(fd, &status), 0);
	*ret_ino = status.st_ino;
	return 0;
}

static void
test_opening(void **state)
{
	static const struct {
		const char *path;
		int error;
		const char *leads_to;
	} rows[] = {
		{ "/", 0, "." },
		{ "/ground/real/file", 0, "ground/real/file" },
		{ "//ground///real/", 0, "ground/real" },
		{ "/ground/./real/.", 0, "ground/real" },
		{ "/ground/missing", -ENOENT, NULL },
		{ "/ground/real/file/below", -ENOTDIR, NULL },
		/* 2: root's links on root's ground */
		{ "/ground/absolute", 0, "ground/real" },
		{ "/ground/absolute/file", 0, "ground/real/file" },
		{ "/ground/relative/file", 0, "ground/real/file" },
		{ "/ground/twice", 0, "ground/real" },
		{ "/ground/dangling", -ENOENT, NULL },
		/* 2: all others */
		{ "/ground/around", -ELOOP, NULL },
		{ "/ground/of-agent", -ELOOP, NULL },
		{ "/ground/of-agent/file", -ELOOP, NULL },
		{ "/open/of-root", -ELOOP, NULL },
		{ "/shared/of-root", -ELOOP, NULL },
		{ "/agent/of-root", -ELOOP, NULL },
		{ "/agent/of-agent", -ELOOP, NULL },
		{ "/ground/to-agent", -ELOOP, NULL },
		/* 3: out of the root */
		{ "/..", -EXDEV, NULL },
		{ "/ground/../ground", -EXDEV, NULL },
		{ "/ground/dots", -EXDEV, NULL },
		{ "/ground/etc/passwd", -ENOENT, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct stat status;
		ino_t ino = 0;
		int r = open_path(rows[i].path, &ino);

		if (r != rows[i].error)
			print_error("%s: %d, expected %d\n", rows[i].path, r,
			    rows[i].error);
		assert_int_equal(r, rows[i].error);
		if (r < 0)
			continue;
		assert_int_equal(fstatat(root_fd, rows[i].leads_to, &status,
		    0), 0);
		assert_int_equal(ino, status.st_ino);
	}
}

static void
test_lengths(void **state)
{
	char path[PATH_MAX + 8];
	ino_t ino;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(open_path(path, &ino), -ENAMETOOLONG);
	path[NAME_MAX + 2] = '\0';
	assert_int_equal(open_path(path, &ino), -ENAMETOOLONG);
	path[NAME_MAX + 1] = '\0';
	assert_int_equal(open_path(path, &ino), -ENOENT);
}

static mode_t
mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(fstatat(root_fd, path, &status,
	    AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(status.st_uid, 0);
	return status.st_mode;
}

/* 4, on the file system that was meant */
static void
test_making(void **state)
{
	_cleanup_fd_ int one = -1, other = -1, third = -1;

	(void)state;
	assert_int_equal(path_open(root_fd, "/made/below/here", root_dev,
	    NULL, &one), 0);
	assert_int_equal(mode_of("made"), S_IFDIR | 0755);
	assert_int_equal(mode_of("made/below/here"), S_IFDIR | 0755);
	assert_int_equal(path_open(root_fd, "/made/files/file", root_dev,
	    "made/empty", &other), 0);
	assert_int_equal(mode_of("made/files"), S_IFDIR | 0755);
	assert_int_equal(mode_of("made/files/file"), S_IFREG | 0644);
	/* What is there stays what it is. */
	assert_int_equal(path_open(root_fd, "/made/files", root_dev,
	    "made/empty", &third), 0);
	assert_int_equal(mode_of("made/files"), S_IFDIR | 0755);
}

static ino_t
inode_of(const char *path)
{
	struct stat status;

	assert_int_equal(fstatat(root_fd, path, &status,
	    AT_SYMLINK_NOFOLLOW), 0);
	return status.st_ino;
}

/* Files that are made are one inode, that of the empty file. */
static void
test_one_inode(void **state)
{
	_cleanup_fd_ int empty = -1, one = -1, other = -1;

	(void)state;
	assert_int_equal(path_open(root_fd, "/once/empty", root_dev,
	    "once/empty", &empty), 0);
	assert_int_equal(path_open(root_fd, "/once/one", root_dev,
	    "once/empty", &one), 0);
	assert_int_equal(path_open(root_fd, "/once/below/other", root_dev,
	    "once/empty", &other), 0);
	assert_int_equal(inode_of("once/one"), inode_of("once/empty"));
	assert_int_equal(inode_of("once/below/other"),
	    inode_of("once/empty"));
	assert_int_equal(mode_of("once/one"), S_IFREG | 0644);
}

/* 4, on any other */
static void
test_not_making(void **state)
{
	int fd = -1;

	(void)state;
	assert_int_equal(path_open(root_fd, "/ground/new", root_dev + 1,
	    NULL, &fd), -ENOENT);
	assert_int_equal(path_open(root_fd, "/ground/new", 0,
	    "ground/real/file", &fd), -ENOENT);
	assert_int_equal(fd, -1);
	assert_int_equal(faccessat(root_fd, "ground/new", F_OK, 0), -1);
}

static void
test_parent(void **state)
{
	_cleanup_fd_ int fd = -1;
	const char *name = NULL;
	struct stat found, meant;

	(void)state;
	assert_int_equal(path_open_parent(root_fd, "/ground/relative/new", 0,
	    &fd, &name), 0);
	assert_string_equal(name, "new");
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(fstatat(root_fd, "ground/real", &meant, 0), 0);
	assert_int_equal(found.st_ino, meant.st_ino);
	assert_int_equal(path_open_parent(root_fd, "name", 0, &fd, &name),
	    -EINVAL);
	assert_int_equal(path_open_parent(root_fd, "/ground/", 0, &fd,
	    &name), -EINVAL);
	assert_int_equal(path_open_parent(root_fd, "/agent/of-root/x", 0,
	    &fd, &name), -ELOOP);
}

static void
test_root_ground(void **state)
{
	static const struct {
		const char *path;
		int r;
	} rows[] = {
		{ "/ground/real", 0 },
		{ "/ground/relative", 0 },
		{ "/agent", -EPERM },
		{ "/open", -EPERM },
		{ "/shared", -EPERM },
		{ "/agent/of-root", -EPERM },
		{ "/ground/none", -ENOENT },
		{ "/ground/..", -EXDEV },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		_cleanup_fd_ int fd = -1;

		assert_int_equal(path_open_root_ground(root_fd, rows[i].path,
		    &fd), rows[i].r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_making),
		cmocka_unit_test(test_one_inode),
		cmocka_unit_test(test_not_making),
		cmocka_unit_test(test_parent),
		cmocka_unit_test(test_root_ground),
	};

	if (geteuid() != 0) {
		puts("skipped: only root can make what belongs to an agent");
		return 77;
	}
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}

/* Removing what a jail's fresh mounts left: an agent wrote it, root removes
 * it. */
#include "config.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
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
#include "jaild/builder.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define OTHER "99999999-2222-4333-8444-555555555555"

static char directory[] = "/tmp/test_storage.XXXXXX";
static int state_fd = -1, outside_fd = -1;
static char state_dir[64];

static void
make_directory(int at, const char *path)
{
	assert_int_equal(mkdirat(at, path, 0755), 0);
}

static void
make_file(int at, const char *path)
{
	int fd = openat(at, path, O_WRONLY | O_CREAT | O_EXCL, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static bool
exists(int at, const char *path)
{
	return faccessat(at, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
open_directory(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static int
setup(void **state)
{
	(void)state;
	umask(022);
	make_directory(AT_FDCWD, directory);
	snprintf(state_dir, sizeof(state_dir), "%s/state", directory);
	make_directory(AT_FDCWD, state_dir);
	state_fd = open_directory(AT_FDCWD, state_dir);
	make_directory(state_fd, "fresh");
	make_directory(state_fd, "fresh/" UUID);
	make_directory(state_fd, "fresh/" OTHER);
	make_file(state_fd, "fresh/" OTHER "/file");
	make_directory(state_fd, "../outside");
	outside_fd = open_directory(state_fd, "../outside");
	make_directory(outside_fd, "directory");
	make_file(outside_fd, "directory/file");
	make_file(outside_fd, "file");
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	close_fd(&state_fd);
	close_fd(&outside_fd);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

/* The jail's storage is gone, and nothing else. */
static void
assert_removed(void)
{
	assert_int_equal(storage_remove_fresh(state_dir, UUID), 0);
	assert_false(exists(state_fd, "fresh/" UUID));
	assert_true(exists(state_fd, "fresh/" OTHER "/file"));
	assert_true(exists(outside_fd, "directory/file"));
	assert_true(exists(outside_fd, "file"));
}

static void
test_ordinary(void **state)
{
	(void)state;
	make_directory(state_fd, "fresh/" UUID "/home");
	make_directory(state_fd, "fresh/" UUID "/home/empty");
	make_directory(state_fd, "fresh/" UUID "/home/full");
	make_file(state_fd, "fresh/" UUID "/home/full/.hidden");
	make_file(state_fd, "fresh/" UUID "/home/file");
	assert_int_equal(mkfifoat(state_fd, "fresh/" UUID "/home/fifo", 0600),
	    0);
	/* Modes keep nobody out who may override them. */
	if (geteuid() == 0)
		assert_int_equal(fchmodat(state_fd,
		    "fresh/" UUID "/home/full", 0, 0), 0);
	assert_removed();
}

static void
test_links_out(void **state)
{
	static const char *const says[] = { "../../../../outside",
		"../../../../outside/file", "/", ".", "..", "nowhere" };
	char path[128];

	(void)state;
	make_directory(state_fd, "fresh/" UUID "/home");
	for (size_t i = 0; i < ARRAY_LENGTH(says); i++) {
		snprintf(path, sizeof(path), "fresh/" UUID "/home/link-%zu",
		    i);
		assert_int_equal(symlinkat(says[i], state_fd, path), 0);
	}
	assert_int_equal(linkat(outside_fd, "file", state_fd, "fresh/" UUID
	    "/home/hard", 0), 0);
	assert_removed();
}

/* The storage itself, or the directory that holds all of them, is a link. */
static void
test_links_above(void **state)
{
	(void)state;
	assert_int_equal(unlinkat(state_fd, "fresh/" UUID, AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("../../outside", state_fd, "fresh/" UUID),
	    0);
	assert_int_not_equal(storage_remove_fresh(state_dir, UUID), 0);
	assert_true(exists(outside_fd, "directory/file"));
	assert_int_equal(renameat(state_fd, "fresh", state_fd, "moved"), 0);
	assert_int_equal(symlinkat("../outside", state_fd, "fresh"), 0);
	assert_int_not_equal(storage_remove_fresh(state_dir, "directory"), 0);
	assert_true(exists(outside_fd, "directory/file"));
}

/* Each level deeper than a path, and than there are descriptors. */
static void
test_deep(void **state)
{
	struct rlimit few;
	int fd = open_directory(state_fd, "fresh/" UUID);

	(void)state;
	/* valgrind lets nobody change the hard limit */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &few), 0);
	few.rlim_cur = 128;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (unsigned depth = 0; depth < 5000; depth++) {
		int below;

		make_directory(fd, "d");
		make_file(fd, "f");
		assert_int_equal(symlinkat("../outside", fd, "l"), 0);
		below = open_directory(fd, "d");
		close(fd);
		fd = below;
	}
	close(fd);
	assert_removed();
}

/* The names that deep directories get meanwhile may be taken. */
static void
test_deep_names_taken(void **state)
{
	int fd = open_directory(state_fd, "fresh/" UUID);

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		char name[32];

		snprintf(name, sizeof(name), "deep-%u", i);
		make_directory(fd, name);
		snprintf(name, sizeof(name), "deep-%u/file", i);
		make_file(fd, name);
	}
	for (unsigned depth = 0; depth < 100; depth++) {
		int below;

		make_directory(fd, "deep-9");
		below = open_directory(fd, "deep-9");
		close(fd);
		fd = below;
	}
	close(fd);
	assert_removed();
}

static void
test_nothing(void **state)
{
	(void)state;
	assert_int_equal(storage_remove_fresh(state_dir, "no-such"), 0);
	assert_int_equal(storage_remove_fresh("/nonexistent", UUID), 0);
	assert_removed();
	assert_int_equal(storage_remove_fresh(state_dir, UUID), 0);
}

#define test_with_tree(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test_with_tree(test_ordinary),
		test_with_tree(test_links_out),
		test_with_tree(test_links_above),
		test_with_tree(test_deep),
		test_with_tree(test_deep_names_taken),
		test_with_tree(test_nothing),
	};

	if (mkdtemp(directory) == NULL || rmdir(directory) < 0)
		return 99;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

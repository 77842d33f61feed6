/* A file is replaced whole, with what belongs to it, or not at all. */
#include "config.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <dirent.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/replace.h"

static char directory[] = "test_replace.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void
check_file(const char *name, const char *wanted)
{
	_cleanup_fd_ int fd = open(name, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t length;

	assert_int_equal(read_all(fd, 1000, &text, &length), 0);
	assert_string_equal(text, wanted);
}

static int
replace(const char *name, const char *old, const char *new)
{
	const char *why = NULL;
	int r = replace_file(name, old, strlen(old), new, strlen(new), &why);

	assert_true((r == 0) == (why == NULL));
	return r;
}

static unsigned
count_files(void)
{
	DIR *here = opendir(".");
	unsigned n = 0;

	assert_non_null(here);
	while (readdir(here) != NULL)
		n++;
	closedir(here);
	return n - 2;
}

static void
test_keeps(void **state)
{
	struct stat before, after;
	char value[8] = "";
	bool attribute;

	(void)state;
	write_file("a", "old");
	assert_int_equal(chmod("a", 04751), 0);
	attribute = setxattr("a", "user.test", "kept", 4, 0) == 0;
	if (!attribute)
		print_message("no user attributes here: %m\n");
	assert_int_equal(stat("a", &before), 0);
	assert_int_equal(replace("a", "old", "new and longer"), 0);
	check_file("a", "new and longer");
	assert_int_equal(stat("a", &after), 0);
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	assert_int_not_equal(before.st_ino, after.st_ino);
	if (attribute) {
		assert_int_equal(getxattr("a", "user.test", value, 8), 4);
		assert_string_equal(value, "kept");
	}
	assert_int_equal(count_files(), 1);
	unlink("a");
}

static void
test_stale(void **state)
{
	(void)state;
	write_file("a", "somebody else's");
	assert_int_equal(replace("a", "old", "new"), -ESTALE);
	assert_int_equal(replace("a", "somebody else", "new"), -ESTALE);
	assert_int_equal(replace("a", "somebody else's!", "new"), -ESTALE);
	check_file("a", "somebody else's");
	assert_int_equal(count_files(), 1);
	unlink("a");
}

static void
test_refuses(void **state)
{
	(void)state;
	assert_int_equal(replace("none", "", ""), -ENOENT);
	assert_int_equal(replace(".", "", ""), -EINVAL);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(replace("fifo", "", ""), -EINVAL);
	unlink("fifo");
	write_file("a", "old");
	assert_int_equal(link("a", "b"), 0);
	assert_int_equal(replace("a", "old", "new"), -EMLINK);
	check_file("b", "old");
	unlink("b");
	unlink("a");
	assert_int_equal(count_files(), 0);
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(directory) == NULL ? -1 : chdir(directory);
}

static int
teardown(void **state)
{
	(void)state;
	return chdir("..") < 0 ? -1 : rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_refuses),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

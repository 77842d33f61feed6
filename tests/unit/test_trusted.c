/* Which files are trusted, and reading them whole. */
#include "config.h"

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
#include "common/trusted.h"

static char directory[] = "/tmp/test_trusted.XXXXXX";
static int directory_fd = -1;

static enum trust
trust_of(const char *name, uid_t owner)
{
	enum trust trust = TRUST_NO;
	_cleanup_fd_ int fd = trusted_open(directory_fd, name, owner, &trust);

	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	return trust;
}

static void
test_modes(void **state)
{
	static const struct {
		mode_t mode;
		enum trust trust;
	} rows[] = {
		{ 0600, TRUST_OK }, { 0644, TRUST_OK }, { 0755, TRUST_OK },
		{ 0400, TRUST_OK }, { 0620, TRUST_WRITABLE },
		{ 0602, TRUST_WRITABLE }, { 0666, TRUST_WRITABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		assert_int_equal(fchmodat(directory_fd, "file",
		    rows[i].mode, 0), 0);
		assert_int_equal(trust_of("file", geteuid()), rows[i].trust);
		/* The owner is looked at whatever the mode is. */
		assert_int_equal(trust_of("file", geteuid() + 1),
		    TRUST_OWNER);
	}
	assert_int_equal(fchmodat(directory_fd, "file", 0644, 0), 0);
}

/* The verdict is on what was opened; nothing waits for a peer. */
static void
test_kinds(void **state)
{
	enum trust trust = TRUST_OK;

	(void)state;
	assert_int_equal(trust_of("link", geteuid()), TRUST_OK);
	assert_int_equal(trust_of("fifo", geteuid()), TRUST_NOT_REGULAR);
	assert_int_equal(trust_of(".", geteuid()), TRUST_NOT_REGULAR);
	assert_int_equal(trust_of("/dev/null", 0), TRUST_NOT_REGULAR);
	assert_int_equal(trusted_open(directory_fd, "missing", geteuid(),
	    &trust), -ENOENT);
	assert_int_equal(trusted_open(directory_fd, "file/x", geteuid(),
	    &trust), -ENOTDIR);
	assert_int_equal(trust, TRUST_OK);
}

static void
test_reasons(void **state)
{
	(void)state;
	for (int i = TRUST_NO; i <= TRUST_OK; i++) {
		assert_non_null(trust_reason((enum trust)i));
		for (int k = TRUST_NO; k < i; k++)
			assert_string_not_equal(trust_reason((enum trust)i),
			    trust_reason((enum trust)k));
	}
	assert_string_equal(trust_reason((enum trust)99),
	    trust_reason(TRUST_NO));
}

/* A file of length bytes, read with that much room. */
static int
read_file(size_t length, size_t max, char **ret, size_t *ret_length)
{
	_cleanup_free_ char *bytes = malloc(length + 1);
	_cleanup_fd_ int fd = openat(directory_fd, "read", O_RDWR | O_CREAT |
	    O_TRUNC | O_CLOEXEC, 0600);

	assert_non_null(bytes);
	assert_true(fd >= 0);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i % 251);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return read_all(fd, max, ret, ret_length);
}

static void
test_read_all(void **state)
{
	static const size_t lengths[] = {
		0, 1, 4094, 4095, 4096, 4097, 8191, 8192, 65536, 100000,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
		_cleanup_free_ char *text = NULL, *none = NULL;
		size_t length = 0, n = lengths[i];

		assert_int_equal(read_file(n, n, &text, &length), 0);
		assert_int_equal(length, n);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(text[k], (char)(k % 251));
		assert_int_equal(text[n], '\0');
		if (n == 0)
			continue;
		assert_int_equal(read_file(n, n - 1, &none, &length),
		    -EFBIG);
		assert_null(none);
		assert_int_equal(length, n);
	}
}

static void
test_read_errors(void **state)
{
	_cleanup_fd_ int writable = openat(directory_fd, "file", O_WRONLY |
	    O_CLOEXEC);
	char *text = NULL;
	size_t length = 77;

	(void)state;
	assert_int_equal(read_all(-1, 10, &text, &length), -EBADF);
	assert_int_equal(read_all(writable, 10, &text, &length), -EBADF);
	assert_int_equal(read_all(directory_fd, 10, &text, &length),
	    -EISDIR);
	assert_int_equal(read_all(directory_fd, SIZE_MAX, &text, &length),
	    -EINVAL);
	assert_null(text);
	assert_int_equal(length, 77);
}

static int
setup(void **state)
{
	_cleanup_fd_ int fd = -1;

	(void)state;
	if (mkdtemp(directory) == NULL)
		return -1;
	directory_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = openat(directory_fd, "file", O_WRONLY | O_CREAT | O_CLOEXEC,
	    0644);
	if (fd < 0 || symlinkat("file", directory_fd, "link") < 0 ||
	    mkfifoat(directory_fd, "fifo", 0600) < 0)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "file", "link", "fifo", "read" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		unlinkat(directory_fd, names[i], 0);
	close_fd(&directory_fd);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_read_all),
		cmocka_unit_test(test_read_errors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

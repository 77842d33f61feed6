/* What fault injection takes for an order, and what it does not. */
#include "config.h"

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "jaild/fault.h"

static char path[] = "/tmp/test_fault.XXXXXX";

static void
assert_fault(size_t fail_step, size_t hold_step)
{
	struct fault fault = fault_read();

	assert_int_equal(fault.fail_step, fail_step);
	assert_int_equal(fault.hold_step, hold_step);
}

static void
write_order(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
test_variable(void **state)
{
	(void)state;
	assert_fault(0, 0);
	assert_int_equal(setenv("JAILD_FAIL_STEP", "17", 1), 0);
	assert_fault(17, 0);
	assert_int_equal(setenv("JAILD_FAIL_STEP", "", 1), 0);
	assert_fault(0, 0);
	assert_int_equal(unsetenv("JAILD_FAIL_STEP"), 0);
}

static void
test_file(void **state)
{
	static const struct {
		const char *text;
		size_t fail_step, hold_step;
	} rows[] = {
		{ "3\n", 3, 0 }, { "3", 3, 0 }, { "hold 4\n", 0, 4 },
		{ "", 0, 0 }, { "hold", 0, 0 }, { "all", 0, 0 },
	};

	(void)state;
	assert_int_equal(setenv("JAILD_FAIL_STEP_FILE", path, 1), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_order(rows[i].text);
		assert_fault(rows[i].fail_step, rows[i].hold_step);
	}
}

/* Nobody but root gives orders. */
static void
test_trust(void **state)
{
	(void)state;
	write_order("3\n");
	assert_fault(3, 0);
	assert_int_equal(chmod(path, 0620), 0);
	assert_fault(0, 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(chown(path, 4711, 0), 0);
	assert_fault(0, 0);
	assert_int_equal(unlink(path), 0);
	assert_fault(0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_variable),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_trust),
	};
	int fd;

	if (geteuid() != 0) {
		puts("skipped: only a file of root's is read");
		return 77;
	}
	fd = mkstemp(path);
	if (fd < 0)
		return 99;
	close(fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

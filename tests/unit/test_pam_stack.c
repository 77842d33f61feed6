/* PAM stacks are read as libpam reads them: includes, substacks, comments,
 * continued lines, controls. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
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
#include "jailctl/pam_stack.h"

static char directory[] = "/tmp/test_pam_stack.XXXXXX";

static const char *const files[][2] = {
	{ "door", "#%PAM-1.0\n"
	    "auth required pam_unix.so\n"
	    "  session\trequired pam_a.so one  two # comment\n"
	    "# session required pam_hidden.so\n"
	    "@include part\n"
	    "SESSION include part\n"
	    "session substack inner\n"
	    "-session optional pam_b.so\n"
	    "session [success=2 \\\n default=ignore] /lib/security/pam_c.so "
	    "x\n"
	    "session required pam_c.so\n" },
	{ "part", "session required pam_part.so\naccount required p.so\n" },
	{ "inner", "session sufficient pam_inner.so\n" },
	{ "ring", "@include ring\n" },
	{ "gap", "@include missing\nsession required pam_a.so\n" },
	{ "short", "session\nsession required\n\n\\\n@include\n" },
};

static int
make_files(void **state)
{
	(void)state;
	if (mkdtemp(directory) == NULL || chdir(directory) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		FILE *file = fopen(files[i][0], "w");

		if (file == NULL || fputs(files[i][1], file) < 0 ||
		    fclose(file) != 0)
			return -1;
	}
	return 0;
}

static int
remove_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		unlink(files[i][0]);
	return rmdir(directory);
}

static void
test_reads_in_order(void **state)
{
	static const struct {
		const char *file, *control, *module, *arguments;
		unsigned line, depth;
	} expected[] = {
		{ "door", "required", "pam_a.so", "one  two", 3, 0 },
		{ "part", "required", "pam_part.so", "", 1, 0 },
		{ "part", "required", "pam_part.so", "", 1, 0 },
		{ "inner", "sufficient", "pam_inner.so", "", 1, 1 },
		{ "door", "optional", "pam_b.so", "", 8, 0 },
		{ "door", "[success=2   default=ignore]",
		    "/lib/security/pam_c.so", "x", 9, 0 },
		{ "door", "required", "pam_c.so", "", 11, 0 },
	};
	struct pam_stack stack;

	(void)state;
	assert_int_equal(pam_stack_read(directory, "door", "session", &stack),
	    0);
	assert_int_equal(stack.n_lines, ARRAY_LENGTH(expected));
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
		const struct pam_line *line = &stack.lines[i];

		assert_string_equal(strrchr(line->file, '/') + 1,
		    expected[i].file);
		assert_string_equal(line->control, expected[i].control);
		assert_string_equal(line->module, expected[i].module);
		assert_string_equal(line->arguments, expected[i].arguments);
		assert_int_equal(line->line, expected[i].line);
		assert_int_equal(line->depth, expected[i].depth);
	}
	assert_int_equal(pam_stack_find(&stack, "pam_c.so"), 6);
	assert_int_equal(pam_stack_find(&stack, "pam_part.so"), 2);
	assert_int_equal(pam_stack_find(&stack, "pam_x.so"), stack.n_lines);
	assert_true(pam_line_is(&stack.lines[5], "pam_c.so"));
	assert_int_equal(pam_line_jump(&stack.lines[5]), 2);
	pam_stack_free(&stack);
}

static void
test_other_types_and_files(void **state)
{
	struct pam_stack stack;

	(void)state;
	assert_int_equal(pam_stack_read(directory, "door", "account", &stack),
	    0);
	assert_int_equal(stack.n_lines, 1);
	pam_stack_free(&stack);
	assert_int_equal(pam_stack_read(directory, "gap", "session", &stack),
	    0);
	assert_int_equal(stack.n_lines, 1);
	pam_stack_free(&stack);
	assert_int_equal(pam_stack_read(directory, "short", "session",
	    &stack), 0);
	assert_int_equal(stack.n_lines, 0);
	pam_stack_free(&stack);
	assert_int_equal(pam_stack_read(directory, "none", "session", &stack),
	    -ENOENT);
	assert_int_equal(pam_stack_read(directory, "ring", "session", &stack),
	    -ELOOP);
}

static void
test_controls(void **state)
{
	static struct {
		char control[64];
		unsigned depth, jump;
		bool may_end;
	} table[] = {
		{ "required", 0, 0, false },
		{ "requisite", 0, 0, false },
		{ "optional", 0, 0, false },
		{ "sufficient", 0, 0, true },
		{ "sufficient", 1, 0, false },
		{ "[success=1 default=ignore]", 0, 1, false },
		{ "[default=3 success=1]", 0, 3, false },
		{ "[success=done default=bad]", 0, 0, true },
		{ "[success=done default=bad]", 1, 0, false },
		{ "[success=ok ignore=ignore default=bad]", 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		const struct pam_line line = { .control = table[i].control,
			.depth = table[i].depth };

		assert_int_equal(pam_line_jump(&line), table[i].jump);
		assert_int_equal(pam_line_may_end(&line), table[i].may_end);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_in_order),
		cmocka_unit_test(test_other_types_and_files),
		cmocka_unit_test(test_controls),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}

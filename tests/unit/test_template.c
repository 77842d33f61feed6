/* ${...} in a jail's strings. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/template.h"

static const struct template_values values = {
	.user = "claude", .uid = "1001", .gid = "1002", .group = "agents",
	.home = "/home/claude", .jail = "coder", .host = "build7",
};

static void
test_expand(void **state)
{
	static const struct {
		const char *template, *expected;
	} rows[] = {
		{ "", "" },
		{ "/srv", "/srv" },
		{ "/srv/${user}", "/srv/claude" },
		{ "${uid}.${gid}.${group}", "1001.1002.agents" },
		{ "${home}/x", "/home/claude/x" },
		{ "${jail}-${host}", "coder-build7" },
		{ "$$", "$" },
		{ "$${user}", "${user}" },
		{ "$$$$a}", "$$a}" },
		{ "${user}${user}", "claudeclaude" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		_cleanup_free_ char *text = NULL;
		const char *variable = NULL;

		assert_int_equal(template_expand(rows[i].template, &values,
		    &text, &variable), 0);
		assert_string_equal(text, rows[i].expected);
		assert_null(variable);
	}
}

static void
test_malformed(void **state)
{
	static const char *const rows[] = {
		"$", "$x", "${", "${user", "${}", "${nobody}", "${USER}",
		"${user }", "a$", "$$$",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		char *text = NULL;
		const char *variable = NULL;

		assert_int_equal(template_expand(rows[i], &values, &text,
		    &variable), -EINVAL);
		assert_null(text);
		assert_string_equal(variable, "?");
	}
}

/* A value of a directory service that could lead elsewhere. */
static void
test_unsafe_values(void **state)
{
	static const char *const unsafe[] = {
		NULL, "", ".", "..", "a/b", "/", "/etc",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(unsafe); i++) {
		struct template_values wrong = values;
		_cleanup_free_ char *text = NULL;
		const char *variable = NULL;

		wrong.user = unsafe[i];
		assert_int_equal(template_expand("/srv/${user}", &wrong,
		    &text, &variable), -EINVAL);
		assert_null(text);
		assert_string_equal(variable, "user");
		/* Only what is used matters. */
		assert_int_equal(template_expand("/srv/${uid}", &wrong,
		    &text, &variable), 0);
		assert_string_equal(text, "/srv/1001");
	}
}

static void
test_home(void **state)
{
	static const char *const unsafe[] = { NULL, "", ".", ".." };
	struct template_values wrong = values;
	const char *variable;
	char *text = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(unsafe); i++) {
		variable = NULL;
		wrong.home = unsafe[i];
		assert_int_equal(template_expand("${home}", &wrong, &text,
		    &variable), -EINVAL);
		assert_string_equal(variable, "home");
	}
	assert_null(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_unsafe_values),
		cmocka_unit_test(test_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

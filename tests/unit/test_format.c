/* Properties of the one layout, over all golden pairs of the language: it is
 * its own layout, no comment is lost wherever one may stand, and the policy
 * stays the same.  tests/lang/run-format has what it looks like. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <glob.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "lang/format.h"
#include "lang/load.h"
#include "lang/policy.h"

static const struct load_options options = { .root_file = "test.jail" };

/* The text in the one layout (free()); NULL when it has none. */
static char *
layout_of(const char *text)
{
	size_t length;
	char *laid_out;
	int r = policy_format(&options, text, strlen(text), &laid_out,
	    &length);

	if (r == 0) {
		assert_int_equal(strlen(laid_out), length);
		return laid_out;
	}
	if (r != -EINVAL)
		fail_msg("%s: %s", strerrordesc_np(-r), text);
	return NULL;
}

static void
check_idempotent(const char *laid_out)
{
	_cleanup_free_ char *again = layout_of(laid_out);

	assert_non_null(again);
	assert_string_equal(again, laid_out);
}

/* sha256 of what the text compiles to; "" when it does not. */
static void
identify(const char *text, char ret[65])
{
	struct policy *policy;

	strcpy(ret, "");
	if (policy_load_memory(&options, text, strlen(text), &policy) < 0)
		return;
	strcpy(ret, policy->sha256);
	policy_free(policy);
}

static void
check_same_policy(const char *text, const char *laid_out)
{
	char before[65], after[65];

	identify(text, before);
	identify(laid_out, after);
	assert_string_equal(before, after);
}

static unsigned
count(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* The text with a comment put in at offset. */
static void
check_comment(const char *text, size_t offset, const char *comment,
    unsigned *n_good)
{
	_cleanup_free_ char *more = NULL, *laid_out = NULL;

	assert_true(asprintf(&more, "%.*s%s%s", (int)offset, text, comment,
	    text + offset) > 0);
	laid_out = layout_of(more);
	if (laid_out == NULL)
		return;
	++*n_good;
	assert_int_equal(count(laid_out, "# X"), count(more, "# X"));
	check_idempotent(laid_out);
	if (count(text, "include") == 0)
		check_same_policy(more, laid_out);
}

static bool
may_part(char c)
{
	return strchr(" \t\n;{},()=|&", c) != NULL;
}

/* A comment between any two tokens, on a line of its own or not. */
static void
check_comments(const char *text, unsigned *n_good)
{
	size_t length = strlen(text);

	for (size_t i = 0; i <= length && length < 3000; i++) {
		if (i > 0 && !may_part(text[i]) && !may_part(text[i - 1]))
			continue;
		check_comment(text, i, " # X1\n", n_good);
		check_comment(text, i, "\n\n\n# X2\n\n\n# X3\n", n_good);
	}
}

static char *
read_file(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;
	size_t length;

	assert_true(fd >= 0);
	assert_int_equal(read_all(fd, 1 << 20, &text, &length), 0);
	return text;
}

static void
test_pairs(void **state)
{
	const char *srcdir = getenv("srcdir");
	_cleanup_free_ char *pattern = NULL;
	unsigned n_laid_out = 0, n_good = 0;
	glob_t found;

	(void)state;
	assert_true(asprintf(&pattern, "%s/tests/lang/*/*.jail",
	    srcdir == NULL ? "." : srcdir) > 0);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		_cleanup_free_ char *text = read_file(found.gl_pathv[i]);
		_cleanup_free_ char *laid_out = layout_of(text);

		if (laid_out == NULL)
			continue;
		n_laid_out++;
		check_idempotent(laid_out);
		if (count(text, "include") == 0)
			check_same_policy(text, laid_out);
		check_comments(text, &n_good);
	}
	globfree(&found);
	assert_true(n_laid_out > 50);
	assert_true(n_good > 2000);
}

/* What is no policy is left alone. */
static void
test_mistakes(void **state)
{
	static const char *const texts[] = {
		"jail {\n}\n", "jail a {\n", "define x = {\n", "a\r\n",
		"version 1 \\\n", "jail a\n{\n}\n", "}\n", "\"",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
		assert_null(layout_of(texts[i]));
}

/* A large file takes time in proportion. */
static void
test_large(void **state)
{
	_cleanup_free_ char *laid_out = NULL, *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_non_null(out);
	fputs("version 1\ndefine x = {", out);
	for (unsigned i = 0; i < 60000; i++)
		fprintf(out, "%s%s%u", i > 0 ? "," : "", i % 7 == 0 ?
		    "# c\n" : "", i);
	fputs("}\njail a { syscalls default {\n", out);
	for (unsigned i = 0; i < 20000; i++)
		fprintf(out, "deny ptrace(request == %u) # c\n", i);
	fputs("}}\n", out);
	assert_int_equal(fclose(out), 0);
	laid_out = layout_of(text);
	assert_non_null(laid_out);
	check_idempotent(laid_out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

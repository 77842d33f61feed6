/* Our lines go into a PAM file and out of it again, and leave every byte of
 * others as it was. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "jailctl/pam_edit.h"

#define WORDS ": made by `jailctl pam enable`; has to stand last\n"
#define BEGIN "# >>> jaild" WORDS
#define GLUED "# >>> jaild, behind a last line without its newline" WORDS
#define GUARD "session [success=1 default=ignore] pam_succeed_if.so quiet " \
	"user notingroup agents shell != " JAILD_PKGLIBEXECDIR "/jail-shell\n"
#define MODULE "session required pam_jail.so\n"
#define END "# <<< jaild\n"
#define BLOCK BEGIN GUARD MODULE END
#define GLUED_BLOCK GLUED GUARD MODULE END

static void
test_there_and_back(void **state)
{
	static const struct {
		const char *before, *after;
	} table[] = {
		{ "", BLOCK },
		{ "\n", "\n" BLOCK },
		{ "session required a.so\n", "session required a.so\n" BLOCK },
		{ "session required a.so", "session required a.so\n"
		    GLUED_BLOCK },
		{ "@include common-session\n\n\n",
		    "@include common-session\n\n\n" BLOCK },
		{ "a\r\nb\r\n", "a\r\nb\r\n" BLOCK },
		{ "session required a.so \\\n x\n",
		    "session required a.so \\\n x\n" BLOCK },
		{ "# a comment does not go on \\\n",
		    "# a comment does not go on \\\n" BLOCK },
		{ "session required a.so # nor this \\",
		    "session required a.so # nor this \\\n" GLUED_BLOCK },
		{ "\xff\xfe not utf-8\t\n", "\xff\xfe not utf-8\t\n" BLOCK },
		{ "x\\\n\n", "x\\\n\n" BLOCK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		_cleanup_(pam_found_free) struct pam_found found = { 0 };
		_cleanup_free_ char *after = NULL;

		assert_int_equal(pam_edit_add(table[i].before, GUARD MODULE,
		    &after), 0);
		assert_string_equal(after, table[i].after);
		assert_int_equal(pam_edit_find(after, &found), 0);
		assert_null(found.fault);
		assert_int_equal(found.n_blocks, 1);
		assert_string_equal(found.bare, table[i].before);
		assert_string_equal(found.inner, GUARD MODULE);
	}
}

/* The last line goes on in what would come behind it. */
static void
test_lines_that_go_on(void **state)
{
	static const char *const table[] = {
		"session required a.so \\", "session required a.so \\\n",
		"a\nsession required a.so \\ \t\n", "\\",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		char *after = NULL;

		assert_int_equal(pam_edit_add(table[i], GUARD MODULE, &after),
		    -EINVAL);
		assert_null(after);
	}
}

/* What somebody wrote since stays. */
static void
test_edited_around(void **state)
{
	static const struct {
		const char *text, *bare;
		unsigned n_blocks;
	} table[] = {
		{ "a\n", "a\n", 0 },
		{ "a", "a", 0 },
		{ "a\n" BLOCK "b\n", "a\nb\n", 1 },
		{ "a\n" BLOCK "b", "a\nb", 1 },
		{ "a\nnew\n" BLOCK, "a\nnew\n", 1 },
		{ BLOCK "a\n", "a\n", 1 },
		{ "a\n" GLUED_BLOCK, "a", 1 },
		{ "a\n" GLUED_BLOCK "b\n", "a\nb\n", 1 },
		{ "a\n" GLUED_BLOCK "b", "a\nb", 1 },
		{ "a\n" BLOCK "b\n" BLOCK "c\n", "a\nb\nc\n", 2 },
		{ "a\n" BEGIN GUARD MODULE "# <<< jaild", "a\n", 1 },
		{ "a\n" GLUED GUARD MODULE "# <<< jaild", "a", 1 },
		{ "a\n# >>> jaild\n" GUARD MODULE "# <<< jaild was here\nb\n",
		    "a\nb\n", 1 },
		{ "a\n" BEGIN END "b\n", "a\nb\n", 1 },
		{ "a\n" BEGIN MODULE END, "a\n", 1 },
		{ "a\n" BEGIN GUARD "session required pam_jail.so timeout=9\n"
		    END, "a\n", 1 },
		{ MODULE, MODULE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		_cleanup_(pam_found_free) struct pam_found found = { 0 };

		assert_int_equal(pam_edit_find(table[i].text, &found), 0);
		assert_null(found.fault);
		assert_string_equal(found.bare, table[i].bare);
		assert_int_equal(found.n_blocks, table[i].n_blocks);
	}
}

/* What is not certainly ours is left to who wrote it. */
static void
test_faults(void **state)
{
	static const struct {
		const char *text, *fault;
		unsigned line;
	} table[] = {
		{ "a\n" BEGIN GUARD MODULE, "without its last one", 2 },
		{ "a\n" GUARD MODULE END "b\n", "without its first one", 4 },
		{ BEGIN GUARD BEGIN GUARD MODULE END, "a second first mark",
		    3 },
		{ BEGIN GUARD MODULE END END, "without its first one", 5 },
		{ BEGIN GUARD MODULE "session optional pam_x.so\n" END,
		    "not jaild's", 4 },
		{ BEGIN "\n" GUARD MODULE END, "not jaild's", 2 },
		{ BEGIN "# mine\n" GUARD MODULE END, "not jaild's", 2 },
		{ BEGIN MODULE GUARD END, "not jaild's", 3 },
		{ BEGIN GUARD GUARD MODULE END, "not jaild's", 3 },
		{ BEGIN GUARD MODULE MODULE END, "not jaild's", 4 },
		{ BEGIN "account required pam_jail.so\n" END, "not jaild's",
		    2 },
		{ BEGIN "session required my_pam_jail.so\n" END,
		    "not jaild's", 2 },
		{ BEGIN "session required pam_jail.sound\n" END,
		    "not jaild's", 2 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		_cleanup_(pam_found_free) struct pam_found found = { 0 };

		assert_int_equal(pam_edit_find(table[i].text, &found), 0);
		assert_non_null(found.fault);
		assert_non_null(strstr(found.fault, table[i].fault));
		assert_int_equal(found.line, table[i].line);
		assert_null(found.bare);
	}
}

static void
test_lines_of_settings(void **state)
{
	static const struct {
		const char *group, *run_dir;
		uint32_t timeout_ms;
		const char *guard, *module;
	} table[] = {
		{ "agents", JAILD_RUNDIR, 10000, " notingroup agents shell ",
		    MODULE },
		{ "agents", JAILD_RUNDIR, 19999, "", MODULE },
		{ "bots", JAILD_RUNDIR, 10000, " notingroup bots shell ",
		    "session required pam_jail.so agents=bots\n" },
		{ "agents", "/run/other", 10000, "",
		    "session required pam_jail.so "
		    "socket=/run/other/login.sock\n" },
		{ "agents", JAILD_RUNDIR, 20000, "",
		    "session required pam_jail.so timeout=25\n" },
		{ "agents", JAILD_RUNDIR, 600000, "",
		    "session required pam_jail.so timeout=600\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		char group[32], run_dir[64];
		struct config config = { .agents_group = group,
			.run_dir = run_dir,
			.login_timeout_ms = table[i].timeout_ms };
		_cleanup_free_ char *lines = NULL;

		snprintf(group, sizeof(group), "%s", table[i].group);
		snprintf(run_dir, sizeof(run_dir), "%s", table[i].run_dir);
		assert_int_equal(pam_edit_lines(&config, &lines), 0);
		assert_non_null(strstr(lines, table[i].guard));
		assert_string_equal(strchr(lines, '\n') + 1,
		    table[i].module);
	}
}

static void
test_same(void **state)
{
	static const struct {
		const char *inner;
		bool same;
	} table[] = {
		{ NULL, false },
		{ "", false },
		{ GUARD, false },
		{ MODULE, false },
		{ GUARD MODULE, true },
		{ GUARD "session required pam_jail.so timeout=60\n", true },
		{ GUARD "session optional pam_jail.so\n", false },
		{ GUARD "session required pam_jail.sox\n", false },
		{ "session [success=1 default=ignore] pam_succeed_if.so quiet"
		    " user notingroup others\n" MODULE, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
		assert_int_equal(pam_edit_same(table[i].inner, GUARD MODULE),
		    table[i].same);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_lines_that_go_on),
		cmocka_unit_test(test_edited_around),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_lines_of_settings),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

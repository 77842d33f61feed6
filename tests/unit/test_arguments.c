/* The words behind pam_jail.so in a PAM configuration file. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "pam_module/arguments.h"
#include "pam_module/jaild_client.h"

#define WORDS_MAX 4

struct row {
	const char *words[WORDS_MAX];	/* up to a NULL */
	struct arguments expected;	/* a member that is 0: the default */
};

static const struct row rows[] = {
	{ { NULL }, { 0 } },
	{ { "agents=bots" }, { .agents = "bots" } },
	{ { "socket=/run/x" }, { .socket_path = "/run/x" } },
	{ { "timeout=1" }, { .timeout_ms = 1000 } },
	{ { "timeout=600" }, { .timeout_ms = 600000 } },
	{ { "timeout=007" }, { .timeout_ms = 7000 } },
	{ { "agents=a", "timeout=2", "socket=/s" }, { .agents = "a",
	    .socket_path = "/s", .timeout_ms = 2000 } },
	{ { "agents=a", "agents=b" }, { .agents = "b" } },
	{ { "refuse-only", "agents=a" }, { .agents = "a",
	    .refuse_only = true } },
	/* not understood: remembered, and the defaults stay */
	{ { "" }, { .bad = "" } },
	{ { "agents" }, { .bad = "agents" } },
	{ { "agents=" }, { .bad = "agents=" } },
	{ { "Agents=x" }, { .bad = "Agents=x" } },
	{ { "debug" }, { .bad = "debug" } },
	{ { "refuse" }, { .bad = "refuse" } },
	{ { "refuse-only=" }, { .bad = "refuse-only=" } },
	{ { "refuse-only-x" }, { .bad = "refuse-only-x" } },
	{ { "socket=" }, { .bad = "socket=" } },
	{ { "socket=run/x" }, { .bad = "socket=run/x" } },
	{ { "timeout=" }, { .bad = "timeout=" } },
	{ { "timeout=0" }, { .bad = "timeout=0" } },
	{ { "timeout=601" }, { .bad = "timeout=601" } },
	{ { "timeout=4294967297" }, { .bad = "timeout=4294967297" } },
	{ { "timeout=18446744073709551617" },
	    { .bad = "timeout=18446744073709551617" } },
	{ { "timeout=-1" }, { .bad = "timeout=-1" } },
	{ { "timeout=1s" }, { .bad = "timeout=1s" } },
	{ { "timeout= 1" }, { .bad = "timeout= 1" } },
	/* the first one is shown, those that are understood still count */
	{ { "x", "agents=a", "y" }, { .agents = "a", .bad = "x" } },
	{ { "agents=a", "agents=" }, { .agents = "a", .bad = "agents=" } },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct arguments *expected = &rows[i].expected;
		const char *words[WORDS_MAX];
		struct arguments arguments;
		int n = 0;

		memcpy(words, rows[i].words, sizeof(words));
		while (n < WORDS_MAX && words[n] != NULL)
			n++;
		memset(&arguments, 0x55, sizeof(arguments));
		arguments_parse(n, words, &arguments);
		assert_string_equal(arguments.agents, expected->agents ==
		    NULL ? "agents" : expected->agents);
		assert_string_equal(arguments.socket_path,
		    expected->socket_path == NULL ? JAILD_LOGIN_SOCKET :
		    expected->socket_path);
		assert_int_equal(arguments.timeout_ms, expected->timeout_ms ==
		    0 ? 20000 : expected->timeout_ms);
		assert_int_equal(arguments.refuse_only, expected->refuse_only);
		if (expected->bad == NULL)
			assert_null(arguments.bad);
		else
			assert_string_equal(arguments.bad, expected->bad);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

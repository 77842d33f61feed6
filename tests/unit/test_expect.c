/* A policy's own tests, and single actions. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/expect.h"
#include "lang/load.h"

static const char text[] =
    "version 1\n"
    "jail coder { mount \"/srv\" at \"/home/ci-1/${group}\" read-write }\n"
    "jail other { home read-write }\n"
    "match user \"ci-*\" group wheel service cron use coder\n"
    "match user mia from { local, 192.0.2.0/24 } use other\n"
    "test ";

struct row {
	const char *lines;
	bool holds;
	unsigned line;		/* of the policy; 0: none */
};

static const struct row rows[] = {
	{ "as coder; expect deny write \"/usr/bin/x\"", true, 0 },
	{ "as coder; expect allow write \"/usr/bin/x\"", false, 0 },
	{ "as coder; expect deny syscall clone", false, 0 },
	{ "as coder; expect allow syscall clone", false, 0 },
	{ "as coder; expect allow syscall clone(flags == 17)", true, 0 },
	{ "as coder; expect allow read \"${home}/x\"", true, 0 },
	{ "as other; expect allow write \"/home/agent/x\"", true, 3 },
	{ "as user ci-1 group { wheel, x } service cron; expect use coder",
	    true, 4 },
	{ "as user ci-1 group x service cron; expect use coder", false, 0 },
	{ "as user ci-1 group x service cron; expect refuse", true, 0 },
	{ "as user ci-1 group x service cron; expect deny read \"/x\"",
	    false, 0 },
	{ "as user ci-1 group { wheel } service cron; "
	    "expect allow write \"${home}/wheel/x\"", true, 2 },
	{ "as user mia service sshd from 192.0.2.77; expect use other", true,
	    5 },
	{ "as user mia service sshd from 192.0.3.77; expect use other", false,
	    0 },
	{ "as user mia service sshd from \"evil.example.org\"; "
	    "expect refuse", true, 5 },
	{ "as user mia service sshd from local; "
	    "expect allow write \"/home/mia/x\"", true, 3 },
};

static struct policy *
load(const char *lines)
{
	struct load_options options = { .root_file = "p.jail",
		.diagnostics = stderr };
	struct policy *policy = NULL;
	char whole[2048];
	const char *end = strstr(text, "test ");
	int length = snprintf(whole, sizeof(whole), "%.*stest \"t\" { %s }\n",
	    (int)(end - text), text, lines);

	assert_int_equal(policy_load_memory(&options, whole, (size_t)length,
	    &policy), 0);
	return policy;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct policy *policy = load(rows[i].lines);
		struct expect_result result;
		const struct policy_test *test = &policy->tests[0];

		assert_int_equal(policy->n_tests, 1);
		assert_int_equal(test->n_expectations, 1);
		expect_try(policy, &test->expectations[0], NULL, &result);
		if (result.holds != rows[i].holds)
			print_error("%s: %s\n", rows[i].lines, result.why);
		assert_int_equal(result.holds, rows[i].holds);
		assert_int_equal(result.origin == NULL ? 0 :
		    result.origin->line, rows[i].line);
		assert_true(result.why[0] != '\0');
		policy_free(policy);
	}
}

/* A define and a group are several expectations. */
static void
test_several(void **state)
{
	struct policy *policy = load("as coder; expect deny syscall @mount; "
	    "expect deny connect tcp 192.0.2.1");

	(void)state;
	assert_true(policy->tests[0].n_expectations > 5);
	policy_free(policy);
}

static void
test_action(void **state)
{
	static const struct {
		const char *text;
		enum action_kind kind;
		size_t n;	/* 0: a mistake */
	} table[] = {
		{ "connect tcp 192.0.2.1 port 80", ACTION_CONNECT, 1 },
		{ "\n resolve \"a.example.org\" \n", ACTION_RESOLVE, 1 },
		{ "syscall socket(domain == AF_INET)", ACTION_SYSCALL, 1 },
		{ "read \"/etc/shadow\"", ACTION_READ, 1 },
		{ "device \"/dev/kvm\"", ACTION_DEVICE, 1 },
		{ "capability CAP_KILL", ACTION_CAPABILITY, 1 },
		{ "syscall @swap", ACTION_SYSCALL, 2 },
		{ "", ACTION_INVALID, 0 },
		{ "read", ACTION_INVALID, 0 },
		{ "read \"/x\" \"/y\"", ACTION_INVALID, 0 },
		{ "read \"/x\"; read \"/y\"", ACTION_INVALID, 0 },
		{ "connect tcp $x", ACTION_INVALID, 0 },
		{ "\xff", ACTION_INVALID, 0 },
	};
	_cleanup_free_ char *messages = NULL;
	size_t length = 0;
	struct load_options options = { .root_file = "action" };

	(void)state;
	options.diagnostics = open_memstream(&messages, &length);
	assert_non_null(options.diagnostics);
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		const struct action *actions = NULL;
		void *memory = NULL;
		size_t n = 0;
		int r;

		rewind(options.diagnostics);
		r = actions_load(&options, table[i].text,
		    strlen(table[i].text), &actions, &n, &memory);
		fflush(options.diagnostics);
		assert_int_equal(r, table[i].n == 0 ? -EINVAL : 0);
		assert_int_equal(n, table[i].n);
		if (n != 0)
			assert_int_equal(actions[0].kind, table[i].kind);
		else
			assert_true(strstr(messages, "action:") != NULL);
		actions_free(memory);
	}
	fclose(options.diagnostics);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_action),
	};

	return cmocka_run_group_tests_name("expect", tests, NULL, NULL);
}

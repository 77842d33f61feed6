/* Which jail a login gets, on policies made by hand; the numbers are those
 * of the list above decide_login(). */
#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/load.h"
#include "lang/utf8.h"

#define FILE_NAME "/etc/jaild/policy.jail"

static const struct jail jails[] = {
	{ .name = "batch" }, { .name = "coder" }, { .name = "quiet" },
};

static const struct name_pattern ci_users[] = { { "ci-*", true } };
static const struct name_pattern two_users[] = {
	{ "claude", false }, { "a?c", true },
};
static const struct name_pattern star_literal[] = { { "x*", false } };
static const struct name_pattern groups[] = { { "research", false } };
static const enum service_class cron[] = { SERVICE_CRON };
static struct address_range office[] = {
	{ .family = 0 },
	{ .family = AF_INET, .prefix_bits = 15 },
	{ .family = AF_INET6, .prefix_bits = 48 },
};
static struct address_range remote_only[] = {
	{ .family = AF_INET, .prefix_bits = 0 },
	{ .family = AF_INET6, .prefix_bits = 0 },
};

#define AT(number) .origin = { FILE_NAME, number, 1, NULL }

static const struct match_rule rules[] = {
	{ .users = ci_users, .n_users = 1, .services = cron, .n_services = 1,
	    .jail = &jails[0], AT(10) },
	{ .groups = groups, .n_groups = 1, .from = office, .n_from = 3,
	    .jail = &jails[1], AT(11) },
	{ .users = two_users, .n_users = 2, .jail = &jails[2], AT(12) },
	{ .users = star_literal, .n_users = 1, .jail = &jails[2], AT(13) },
	{ .groups = groups, .n_groups = 1,
	    .reason = "agents work from the office network only", AT(14) },
	{ .users = ci_users, .n_users = 1, AT(15) },
	{ .from = office, .n_from = 1, .jail = &jails[0], AT(16) },
	{ .from = remote_only, .n_from = 2, .services = cron, .n_services = 1,
	    .jail = &jails[0], AT(17) },
};

static const struct policy policy = {
	.root_file = FILE_NAME, .matches = rules,
	.n_matches = ARRAY_LENGTH(rules),
};

struct row {
	const char *user, *group;
	enum service_class service;
	const char *rhost;
	const char *jail;	/* NULL: refused */
	unsigned line;		/* of the deciding rule; 0: none */
	const char *reason;
};

static const struct row rows[] = {
	{ "ci-1", "agents", SERVICE_CRON, "", "batch", 10, NULL },
	{ "ci-", "agents", SERVICE_CRON, NULL, "batch", 10, NULL },
	{ "ci-1", "agents", SERVICE_SSHD, "192.0.2.1", NULL, 15,
	    FILE_NAME ":15 refuses ci-1 at sshd." },
	{ "xci-1", "agents", SERVICE_CRON, "192.0.2.1", "batch", 17, NULL },
	/* groups, and where from */
	{ "mia", "research", SERVICE_SSHD, "", "coder", 11, NULL },
	{ "mia", "research", SERVICE_SSHD, "10.2.0.1", "coder", 11, NULL },
	{ "mia", "research", SERVICE_SSHD, "10.3.255.255", "coder", 11,
	    NULL },
	{ "mia", "research", SERVICE_SSHD, "::ffff:10.3.0.9", "coder", 11,
	    NULL },
	{ "mia", "research", SERVICE_SSHD, "2001:db8:1:ffff::1", "coder", 11,
	    NULL },
	{ "mia", "research", SERVICE_SSHD, "2001:db8:1::1%eth0", "coder", 11,
	    NULL },
	{ "mia", "research", SERVICE_SSHD, "10.4.0.0", NULL, 14,
	    FILE_NAME ":14 refuses this login: agents work from the office "
	    "network only" },
	{ "mia", "research", SERVICE_SSHD, "10.1.255.255", NULL, 14, NULL },
	{ "mia", "research", SERVICE_SSHD, "2001:db8:2::1", NULL, 14, NULL },
	{ "mia", "research", SERVICE_SSHD, "0a02::1", NULL, 14, NULL },
	/* 4: a name at a line with `from`, with and without a later line */
	{ "mia", "research", SERVICE_SSHD, "evil.example.org", NULL, 11,
	    FILE_NAME ":11 decides by address, and the remote host "
	    "\"evil.example.org\" is a name." },
	{ "claude", "research", SERVICE_SSHD, "evil.example.org", NULL, 11,
	    NULL },
	{ "mia", "research", SERVICE_SSHD, "10.2.0.1%eth0", NULL, 11, NULL },
	{ "mia", "research", SERVICE_SSHD, "10.2.0.1 ", NULL, 11, NULL },
	{ "mia", "research", SERVICE_SSHD, "a\nb", NULL, 11,
	    FILE_NAME ":11 decides by address, and the remote host "
	    "\"a?b\" is a name." },
	{ "mia", "research", SERVICE_SSHD, "\303\244\303\033[2J\377\302\205",
	    NULL, 11, FILE_NAME ":11 decides by address, and the remote host "
	    "\"\303\244??[2J???\" is a name." },
	{ "zoe", "agents", SERVICE_SSHD, "evil.example.org", NULL, 16, NULL },
	{ "claude", "agents", SERVICE_SSHD, "evil.example.org", "quiet", 12,
	    NULL },
	/* globs, and names that are none */
	{ "abc", "agents", SERVICE_SSHD, "192.0.2.1", "quiet", 12, NULL },
	{ "abbc", "agents", SERVICE_SSHD, "192.0.2.1", NULL, 0, NULL },
	{ "x*", "agents", SERVICE_SSHD, "192.0.2.1", "quiet", 13, NULL },
	{ "xy", "agents", SERVICE_SSHD, "192.0.2.1", NULL, 0, NULL },
	{ "claude2", "agents", SERVICE_SSHD, "192.0.2.1", NULL, 0, NULL },
	/* 5: local, and the whole world, which is not local */
	{ "zoe", "agents", SERVICE_SSHD, "", "batch", 16, NULL },
	{ "zoe", "agents", SERVICE_CRON, "0.0.0.0", "batch", 17, NULL },
	{ "zoe", "agents", SERVICE_CRON, "::", "batch", 17, NULL },
	{ "zoe", "agents", SERVICE_CRON, "", "batch", 16, NULL },
	/* 1: nothing fits */
	{ "zoe", "agents", SERVICE_SSHD, "192.0.2.1", NULL, 0,
	    "No match line of " FILE_NAME " fits zoe at sshd from "
	    "192.0.2.1." },
	/* 3: no door */
	{ "claude", "agents", SERVICE_NONE, "", NULL, 0,
	    "The service is no door for agents." },
};

static int
setup(void **state)
{
	(void)state;
	inet_pton(AF_INET, "10.2.0.0", &office[1].address);
	inet_pton(AF_INET6, "2001:db8:1::", &office[2].address);
	return 0;
}

static void
assert_row(const struct row *row)
{
	const char *const names[] = { "agents", row->group };
	const struct login_facts facts = { .user = row->user,
		.groups = names, .n_groups = 2, .service = row->service,
		.rhost = row->rhost };
	struct decision decision;

	memset(&decision, 0x55, sizeof(decision));
	decide_login(&policy, &facts, &decision);
	if (row->jail == NULL) {
		assert_int_equal(decision.verdict, VERDICT_REFUSE);
		assert_null(decision.jail);
		assert_true(strlen(decision.reason) > 0);
	} else {
		assert_int_equal(decision.verdict, VERDICT_JAIL);
		assert_string_equal(decision.jail->name, row->jail);
		assert_string_equal(decision.reason, "");
	}
	if (row->line == 0) {
		assert_null(decision.rule);
	} else {
		assert_non_null(decision.rule);
		assert_int_equal(decision.rule->origin.line, row->line);
	}
	if (row->reason != NULL)
		assert_string_equal(decision.reason, row->reason);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		assert_row(&rows[i]);
}

/* 2: of two lines that fit the first decides, in either order. */
static void
test_first_decides(void **state)
{
	const struct match_rule both[] = {
		{ .jail = &jails[0], AT(1) }, { .jail = &jails[1], AT(2) },
		{ .jail = NULL, AT(3) }, { .jail = &jails[0], AT(4) },
	};
	struct policy short_policy = { .root_file = FILE_NAME };
	const struct login_facts facts = { .user = "a",
		.service = SERVICE_SSHD };
	struct decision decision;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(both); i++) {
		short_policy.matches = both + i;
		short_policy.n_matches = ARRAY_LENGTH(both) - i;
		decide_login(&short_policy, &facts, &decision);
		assert_ptr_equal(decision.rule, &both[i]);
		assert_ptr_equal(decision.jail, both[i].jail);
	}
	short_policy.n_matches = 0;
	decide_login(&short_policy, &facts, &decision);
	assert_int_equal(decision.verdict, VERDICT_REFUSE);
	assert_string_equal(decision.reason, "No match line of " FILE_NAME
	    " fits a at sshd.");
}

static void
assert_utf8(const char *text)
{
	size_t left = strlen(text);
	uint32_t code;

	while (left > 0) {
		unsigned n = utf8_decode(text, left, &code);

		assert_true(n > 0);
		text += n;
		left -= n;
	}
}

/* Whatever a name is made of, the reason is bounded and one line. */
static void
test_long_names(void **state)
{
	static char long_name[2000];
	const struct login_facts facts = { .user = long_name,
		.service = SERVICE_SSHD, .rhost = long_name };
	struct decision decision;

	(void)state;
	memset(long_name, '\n', sizeof(long_name) - 1);
	decide_login(&policy, &facts, &decision);
	assert_int_equal(decision.verdict, VERDICT_REFUSE);
	assert_true(strlen(decision.reason) < sizeof(decision.reason));
	assert_null(strchr(decision.reason, '\n'));
	/* What is cut in the middle of a character is still UTF-8. */
	for (size_t i = 0; i + 1 < sizeof(long_name) - 1; i += 2)
		memcpy(long_name + i, "\303\244", 2);
	for (size_t i = 0; i < 2; i++) {
		const struct login_facts odd = { .user = long_name + i,
			.service = SERVICE_SSHD, .rhost = "192.0.2.1" };

		decide_login(&policy, &odd, &decision);
		assert_int_equal(decision.verdict, VERDICT_REFUSE);
		assert_true(strchr(decision.reason, '?') == NULL || i == 1);
		assert_utf8(decision.reason);
	}
}

/* Longer than what the index knows of a glob. */
#define LONG "l234567890123456789012345678901234567890123456789012345678901" \
	"234567890"

static const char *const criteria[] = {
	"user \"*\"", "user \"*b\"", "user \"bo*\"", "user \"bob*\"",
	"user \"an?\"", "user { \"c*\", \"d?\" }", "group \"bl*k\"",
	"group \"*d\"", "user \"" LONG "*\"", "user \"l2*\"",
	"user ann", "user bob", "user \"b*\"", "user \"?x\"",
	"user { ann, cy }", "user \"cy\"", "group red", "group { red, blue }",
	"group \"b*\"", "service sshd", "from 10.0.0.0/8", "from local",
	"user ann group red", "user bob from 10.1.0.0/16",
	"group blue service cron",
};

static struct policy *
random_policy(void)
{
	struct load_options options = { .root_file = "p.jail" };
	struct policy *ret = NULL;

	for (int tries = 0; ret == NULL && tries < 1000; tries++) {
		_cleanup_free_ char *text = NULL;
		size_t length = 0;
		FILE *out = open_memstream(&text, &length);

		assert_non_null(out);
		fputs("version 1\njail j { }\n", out);
		for (int i = 0; i < 4; i++)
			fprintf(out, "match %s use j\n", criteria[
			    (size_t)rand() % ARRAY_LENGTH(criteria)]);
		fclose(out);
		if (policy_load_memory(&options, text, length, &ret) < 0)
			ret = NULL;
	}
	assert_non_null(ret);
	return ret;
}

/* The index passes over lines, and never over one that decides. */
static void
test_index(void **state)
{
	static const char *const users[] = { "ann", "bob", "cy", "ax", "di",
		LONG "x" };
	static const char *const teams[] = { "red", "blue", "black" };
	static const char *const rhosts[] = { "", "10.1.2.3", "192.0.2.1",
		"host.example.org" };

	(void)state;
	srand(5);
	for (int i = 0; i < 500; i++) {
		struct policy *loaded = random_policy();
		struct policy plain = *loaded;

		plain.index = NULL;
		for (int k = 0; k < 40; k++) {
			const char *const names[] = { "agents",
				teams[(size_t)rand() % 3],
				teams[(size_t)rand() % 3] };
			const struct login_facts facts = {
				.user = users[(size_t)rand() % 6],
				.groups = names, .n_groups = 3,
				.service = rand() % 2 ? SERVICE_SSHD :
				    SERVICE_CRON,
				.rhost = rhosts[(size_t)rand() % 4] };
			struct decision with, without;

			decide_login(loaded, &facts, &with);
			decide_login(&plain, &facts, &without);
			assert_int_equal(with.verdict, without.verdict);
			assert_ptr_equal(with.rule, without.rule);
			assert_string_equal(with.reason, without.reason);
		}
		policy_free(loaded);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_first_decides),
		cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_index),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

/* The index of match lines, and which of them cover others, against all lines
 * one after the other; and how few of them are looked at. */
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
#include "lang/arena.h"
#include "lang/compile_covered.h"
#include "lang/decide.h"
#include "lang/match_index.h"

#define ARENA_BYTES ((size_t)256 << 20)
#define LINES 1000
#define LOOKED_AT_MAX 16

static const struct jail jail = { .name = "j" };

/* Rules, their index, and what holds them. */
struct made {
	struct arena *arena;
	struct match_rule *rules;
	size_t n;
	struct policy policy;
};

static size_t
below(size_t n)
{
	return (size_t)rand() % n;
}

static struct address_range
range_of(const char *text)
{
	struct address_range range = { 0 };
	char address[64];
	unsigned bits;

	if (strcmp(text, "local") == 0)
		return range;
	assert_int_equal(sscanf(text, "%63[^/]/%u", address, &bits), 2);
	range.prefix_bits = bits;
	range.family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;
	assert_int_equal(inet_pton(range.family, address, &range.address), 1);
	return range;
}

static const char *const patterns[] = {
	"*", "?", "??", "a*", "*a", "*a*", "a*b", "a?b", "?a?", "b*a*b",
	"*ab", "ab*", "*a*b*", "*aa*b*", "a*a*b", "?b*", "*b?", "abab*",
	"*baba", "*\303\244*", "\303?", "**a**",
	"*ababababababababababababababababababababab*",
	"ababababababababababababababababababababab*",
	"*babababababababababababababababababababababababab",
	/* whole names */
	"a", "b", "ab", "ba", "aab", "aba", "abab", "\303\244",
};
#define GLOBS (ARRAY_LENGTH(patterns) - 8)

static const char *const networks[] = {
	"local", "0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.128.0/17",
	"10.1.2.0/23", "10.1.2.3/32", "192.0.2.0/25", "128.0.0.0/1",
	"::/0", "2001:db8::/32", "2001:db8:1::/47", "2001:db8:1::1/128",
	"::ffff:0:0/96", "fe80::/10",
};

static const char *const rhosts[] = {
	"", "10.1.2.3", "10.1.3.3", "10.1.200.1", "10.2.0.1", "192.0.2.127",
	"192.0.2.128", "2001:db8:1::1", "2001:db8:1::2", "2001:db8:2::1",
	"::ffff:10.1.2.3", "fe80::1%eth0", "host.example.org", "::1",
};

static const enum service_class services[] = { SERVICE_SSHD, SERVICE_LOGIN,
	SERVICE_SU, SERVICE_CRON, SERVICE_EXEC };

/* Mostly few, sometimes more than are copied below another criterion. */
static size_t
some(void)
{
	return below(20) == 0 ? 5 + below(20) : 1 + below(3);
}

static void
add_pattern(struct made *made, const struct name_pattern **list, size_t *n)
{
	struct name_pattern *items = (struct name_pattern *)*list;
	size_t which = below(ARRAY_LENGTH(patterns));

	*arena_push(made->arena, items, *n) = (struct name_pattern) {
		patterns[which], which < GLOBS || below(2) == 0 };
	*list = items;
}

static void
add_random(struct made *made, struct match_rule *rule)
{
	enum service_class *classes = NULL;
	struct address_range *ranges = NULL;

	for (size_t i = below(2) ? some() : 0; i > 0; i--)
		add_pattern(made, &rule->users, &rule->n_users);
	for (size_t i = below(3) == 0 ? some() : 0; i > 0; i--)
		add_pattern(made, &rule->groups, &rule->n_groups);
	for (size_t i = below(3) == 0 ? 1 + below(4) : 0; i > 0; i--)
		*arena_push(made->arena, classes, rule->n_services) =
		    services[below(ARRAY_LENGTH(services))];
	for (size_t i = below(2) ? some() : 0; i > 0; i--)
		*arena_push(made->arena, ranges, rule->n_from) =
		    range_of(networks[below(ARRAY_LENGTH(networks))]);
	rule->services = classes;
	rule->from = ranges;
}

static void
begin(struct made *made)
{
	*made = (struct made) { .arena = arena_new(ARENA_BYTES) };
	assert_non_null(made->arena);
}

static struct match_rule *
add_rule(struct made *made)
{
	struct match_rule *rule = arena_push(made->arena, made->rules,
	    made->n);

	rule->jail = &jail;
	rule->origin = (struct origin) { "p.jail", (uint32_t)made->n, 1,
		NULL };
	return rule;
}

static void
end(struct made *made)
{
	made->policy = (struct policy) { .root_file = "p.jail",
		.matches = made->rules, .n_matches = made->n,
		.index = match_index_new(made->arena, made->rules, made->n) };
}

static void
random_name(char name[64])
{
	size_t length = below(8) == 0 ? 20 + below(43) : 1 + below(5);

	memset(name, 0, 64);
	for (size_t i = 0; i < length; i++)
		name[i] = below(8) == 0 ? (char)(i % 2 == 0 ? 'a' : 'b') :
		    "ab"[below(2)];
	if (below(3) == 0)
		for (size_t i = 0; i < length; i++)
			name[i] = "ab"[i % 2];
	if (below(8) == 0)
		strcpy(name, "\303\244");
}

static void
assert_same(const struct made *made)
{
	struct policy plain = made->policy;
	char user[64], team[64];
	const char *const groups[] = { "agents", team };
	const struct login_facts facts = { .user = user, .groups = groups,
		.n_groups = 1 + below(2),
		.service = services[below(ARRAY_LENGTH(services))],
		.rhost = rhosts[below(ARRAY_LENGTH(rhosts))] };
	struct decision with, without;

	random_name(user);
	random_name(team);
	plain.index = NULL;
	decide_login(&made->policy, &facts, &with);
	decide_login(&plain, &facts, &without);
	assert_ptr_equal(with.rule, without.rule);
	assert_int_equal(with.verdict, without.verdict);
	assert_string_equal(with.reason, without.reason);
}

static void
try_random(void *context)
{
	struct made *made = context;

	for (size_t n = 1 + below(120); n > 0; n--)
		add_random(made, add_rule(made));
	end(made);
	for (int i = 0; i < 60; i++)
		assert_same(made);
}

/* Whatever the lines are, the first one in the file that fits decides. */
static void
test_random(void **state)
{
	struct made made;

	(void)state;
	srand(11);
	for (int i = 0; i < 600; i++) {
		begin(&made);
		assert_int_equal(arena_guard(made.arena, try_random, &made),
		    0);
		arena_free(made.arena);
	}
}

/* The first of the lines that none covers. */
static size_t
first_covering(const struct match_rule *rules, const bool *covered, size_t n)
{
	size_t i = 0;

	while (i + 1 < n && (covered[i] ||
	    !match_covers(&rules[i], &rules[n - 1])))
		i++;
	return i + 1 < n ? i : n;
}

static void
try_covered(void *context)
{
	static const struct tree_match line;
	static struct tree tree;
	struct made *made = context;
	struct compiler compiler = { .checker = { .arena = made->arena,
		.tree = &tree } };
	const struct tree_match *lines[300];
	struct covering covering = { .c = &compiler, .lines = lines };
	bool covered[300] = { false };

	for (size_t n = 1; n <= ARRAY_LENGTH(lines); n++) {
		size_t found;

		add_random(made, add_rule(made));
		lines[n - 1] = &line;
		found = covering_find(&covering, made->rules, n);
		assert_int_equal(found, first_covering(made->rules, covered,
		    n));
		covered[n - 1] = found < n;
		if (!covered[n - 1])
			covering_add(&covering, &made->rules[n - 1], n - 1);
	}
}

/* An earlier line that covers one is found, and no other one. */
static void
test_covered(void **state)
{
	struct made made;

	(void)state;
	srand(12);
	for (int i = 0; i < 40; i++) {
		begin(&made);
		assert_int_equal(arena_guard(made.arena, try_covered, &made),
		    0);
		arena_free(made.arena);
	}
}

/* Lines that differ in one thing, and a login that one of them fits. */
struct kind {
	const char *user, *group, *from;	/* with the number */
	bool same_user, same_group, service;	/* in all lines */
	bool by_turns;		/* user or from, not both */
	const char *login, *rhost;
};

static const struct kind kinds[] = {
	{ .user = "user-#", .login = "user-#" },
	{ .user = "user-#-*", .login = "user-#-x" },
	{ .user = "*-#", .login = "x-#" },
	{ .user = "*-#-*", .login = "x-#-y" },
	{ .user = "ci-*-#", .login = "ci-x-#" },
	{ .user = "ci-*-#-?", .login = "ci-x-#-y" },
	{ .group = "team-#", .login = "team-#" },
	{ .group = "team-#-*", .login = "team-#-x" },
	{ .group = "*-#", .login = "x-#" },
	{ .from = "10.#.#.7/32", .rhost = "10.#.#.7" },
	{ .from = "10.#.#.0/24", .rhost = "10.#.#.7" },
	{ .from = "2001:db8:#:#::/64", .rhost = "2001:db8:#:#::1" },
	{ .from = "10.#.#.0/24", .rhost = "10.#.#.7", .service = true },
	{ .from = "10.#.#.0/24", .rhost = "10.#.#.7", .same_user = true },
	{ .from = "10.#.#.0/24", .rhost = "10.#.#.7",
	    .same_group = true },
	{ .group = "team-#", .same_user = true, .login = "team-#" },
	{ .group = "team-#", .same_user = true, .login = "team-#",
	    .from = "10.#.#.0/24", .rhost = "10.#.#.7" },
	{ .user = "user-#", .login = "user-#", .by_turns = true,
	    .from = "10.#.#.0/24", .rhost = "10.#.#.7" },
};

/* '#' is the number; where there are two, its parts. */
static char *
fill(char out[64], const char *form, unsigned number)
{
	bool two = strchr(form, '#') != strrchr(form, '#');
	unsigned parts[2] = { two ? number / 200 : number, number % 200 };
	size_t n = 0, part = 0;

	for (; *form != '\0' && n < 63; form++)
		if (*form == '#')
			n += (size_t)snprintf(out + n, 64 - n, "%u",
			    parts[part++]);
		else
			out[n++] = *form;
	out[n] = '\0';
	return out;
}

static const struct name_pattern *
one_pattern(struct made *made, const char *text)
{
	struct name_pattern *pattern = arena_alloc(made->arena, 1,
	    sizeof(*pattern));

	pattern->pattern = arena_strndup(made->arena, text, strlen(text));
	pattern->glob = true;
	return pattern;
}

static void
add_kind(struct made *made, const struct kind *kind, unsigned number)
{
	struct match_rule *rule = add_rule(made);
	struct address_range *range;
	char text[64];

	rule->n_users = kind->user != NULL || kind->same_user;
	if (rule->n_users != 0)
		rule->users = one_pattern(made, kind->same_user ? "claude" :
		    fill(text, kind->user, number));
	rule->n_groups = kind->group != NULL || kind->same_group;
	if (rule->n_groups != 0)
		rule->groups = one_pattern(made, kind->same_group ? "all" :
		    fill(text, kind->group, number));
	if (kind->service) {
		rule->services = services;
		rule->n_services = 2;
	}
	if (kind->from != NULL) {
		range = arena_alloc(made->arena, 1, sizeof(*range));
		*range = range_of(fill(text, kind->from, number));
		rule->from = range;
		rule->n_from = 1;
	}
	if (kind->by_turns && number % 2 == 0)
		rule->n_from = 0;
	else if (kind->by_turns)
		rule->n_users = 0;
}

struct seen {
	const struct made *made;
	size_t n;
	bool found;
	uint32_t wanted;
};

static void
count(void *context, const uint32_t *lines, size_t n)
{
	struct seen *seen = context;

	seen->n += n;
	for (size_t i = 0; i < n; i++)
		seen->found = seen->found || lines[i] == seen->wanted;
}

/* number: of the line that fits; LINES: none does. */
static void
assert_few(const struct made *made, const struct kind *kind, unsigned number)
{
	char name[64] = "claude", rhost[64] = "192.0.2.9";
	const char *const groups[] = { "agents", "all", name };
	struct match_login login = { .user = kind->same_user ? "claude" :
		name, .groups = groups, .n_groups = 3,
		.service = SERVICE_SSHD };
	struct seen seen = { made, 0, false, number };

	if (kind->login != NULL)
		fill(name, kind->login, number);
	if (kind->rhost != NULL && number < LINES)
		fill(rhost, kind->rhost, number);
	login.from.family = strchr(rhost, ':') == NULL ? AF_INET : AF_INET6;
	login.from.prefix_bits = login.from.family == AF_INET ? 32 : 128;
	assert_int_equal(inet_pton(login.from.family, rhost,
	    &login.from.address), 1);
	match_index_find(made->policy.index, &login, count, &seen);
	assert_true(seen.n <= LOOKED_AT_MAX);
	assert_int_equal(seen.found, number < LINES);
}

static void
try_kind(void *context)
{
	struct made *made = ((void **)context)[0];
	const struct kind *kind = ((void **)context)[1];

	for (unsigned i = 0; i < LINES; i++)
		add_kind(made, kind, i);
	end(made);
	for (unsigned i = 0; i <= LINES; i++)
		assert_few(made, kind, i);
}

/* The number of lines that are looked at does not grow with those that do
 * not fit. */
static void
test_few(void **state)
{
	struct made made;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		const void *context[] = { &made, &kinds[i] };

		begin(&made);
		assert_int_equal(arena_guard(made.arena, try_kind, context),
		    0);
		arena_free(made.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_covered),
		cmocka_unit_test(test_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A policy's own tests. */
#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <string.h>

#include "lang/compile.h"

/* One test being made. */
struct testing {
	struct compiler *c;
	struct policy_test *test;
	struct test_expectation *expectations;
};

static const char *
read_from(struct checker *c, const struct token_list *list)
{
	struct values values = check_expand(c, list);
	const struct token *token;
	char text[INET6_ADDRSTRLEN];

	if (values.n == 0)
		return "";
	token = values.items[0].token;
	if (token->broken)
		return NULL;
	if (values.n == 1 && token->kind == TOKEN_WORD &&
	    strcmp(token->text, "local") == 0)
		return "";
	if (values.n == 1 && token->kind == TOKEN_STRING)
		return check_plain(c, token);
	if (values.n == 1 && token->kind == TOKEN_ADDRESS &&
	    token->address.prefix_bits ==
	    (token->address.family == AF_INET ? 32 : 128) &&
	    inet_ntop(token->address.family, &token->address.address, text,
	    sizeof(text)) != NULL)
		return arena_strndup(c->arena, text, strlen(text));
	report_error(c->diagnostics, &token->place, NULL,
	    "expected one address, a host's name in quotes, or local");
	check_note_use(c, &values.items[0]);
	return NULL;
}

static bool
read_user(struct checker *c, const struct token_list *list, const char **ret)
{
	struct values values = check_expand(c, list);

	if (values.n > 1)
		report_error(c->diagnostics, &list->items[0]->place, NULL,
		    "a login has one account");
	if (values.n != 1)
		return false;
	*ret = check_name(c, &values.items[0]);
	return *ret != NULL;
}

static bool
read_login(struct checker *c, const struct tree_subject *tree,
    struct test_subject *ret)
{
	const struct value service = { .token = tree->service };
	struct values groups = check_expand(c, &tree->groups);
	bool good = read_user(c, &tree->user, &ret->user);
	const char **names = NULL, *name;

	for (size_t i = 0; i < groups.n; i++) {
		name = check_name(c, &groups.items[i]);
		if (name != NULL)
			*arena_push(c->arena, names, ret->n_groups) = name;
		else
			good = false;
	}
	ret->groups = names;
	ret->rhost = read_from(c, &tree->from);
	return check_service(c, &service, &ret->service) && good &&
	    ret->rhost != NULL;
}

static const struct test_subject *
read_subject(struct testing *t, const struct tree_subject *tree)
{
	struct checker *c = &t->c->checker;
	struct test_subject *subject =
	    arena_alloc(c->arena, 1, sizeof(*subject));

	if (tree->broken)
		return NULL;
	subject->origin = origin_of(tree->keyword, NULL);
	if (tree->jail == NULL)
		return read_login(c, tree, subject) ? subject : NULL;
	subject->jail = compile_find_jail(t->c, tree->jail);
	return subject->jail == NULL ? NULL : subject;
}

static void
add(struct testing *t, const struct test_expectation *e)
{
	*arena_push(t->c->checker.arena, t->expectations,
	    t->test->n_expectations) = *e;
}

static void
read_verdict(struct testing *t, const struct tree_expectation *tree,
    struct test_expectation *e)
{
	if (tree->subject->jail != NULL)
		report_error(t->c->checker.diagnostics, &tree->keyword->place,
		    NULL, "whether a login is refused or which jail it gets "
		    "is asked of a login: as user NAME service SERVICE");
	if (tree->jail != NULL) {
		e->jail = compile_find_jail(t->c, tree->jail);
		if (e->jail == NULL)
			return;
	}
	if (tree->subject->jail == NULL && e->subject != NULL)
		add(t, e);
}

static void
read_expectation(struct testing *t, const struct tree_expectation *tree)
{
	struct test_expectation e = { .kind = tree->kind,
		.allowed = tree->allowed, .subject = tree->subject->made,
		.origin = origin_of(tree->keyword, NULL) };
	struct actions actions;

	if (tree->kind != EXPECT_ANSWER) {
		read_verdict(t, tree, &e);
		return;
	}
	if (!check_action(&t->c->checker, &tree->action, &actions) ||
	    e.subject == NULL)
		return;
	for (size_t i = 0; i < actions.n; i++) {
		e.action = actions.items[i];
		add(t, &e);
	}
}

static void
read_test(struct testing *t, const struct tree_test *tree)
{
	struct checker *c = &t->c->checker;

	t->expectations = NULL;
	t->test->name = check_plain(c, tree->name);
	t->test->origin = origin_of(tree->keyword, NULL);
	for (size_t i = 0; i < tree->n_subjects; i++)
		tree->subjects[i]->made = read_subject(t, tree->subjects[i]);
	for (size_t i = 0; i < tree->n_expectations; i++)
		read_expectation(t, &tree->expectations[i]);
	t->test->expectations = t->expectations;
	if (tree->n_expectations == 0 && !tree->broken)
		report_warning(c->diagnostics, &tree->keyword->place,
		    "the test expects nothing");
}

void
compile_tests(struct compiler *c, struct policy *policy)
{
	const struct tree *tree = c->checker.tree;
	struct policy_test *tests =
	    arena_alloc(c->checker.arena, tree->n_tests + 1, sizeof(*tests));
	struct testing t = { .c = c };

	for (size_t i = 0; i < tree->n_tests; i++) {
		t.test = &tests[i];
		read_test(&t, tree->tests[i]);
	}
	policy->tests = tests;
	policy->n_tests = tree->n_tests;
}

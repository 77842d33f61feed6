/* Tests, and the actions that they speak of. */
#include "config.h"

#include "common/cleanup.h"
#include "lang/parse.h"
#include "lang/words.h"

/* connect proto value [ port NUMBER ] */
static bool
parse_connect(struct parser *p, struct tree_action *action)
{
	unsigned choice;

	action->protocol = parse_choice(p, protocol_words, "a protocol",
	    &choice);
	if (action->protocol == NULL ||
	    !parse_value(p, &action->to, "where to"))
		return false;
	if (!parse_is_word(p, "port"))
		return true;
	if (choice == 2)
		report_error(p->diagnostics, &p->at->place, NULL,
		    "icmp has no ports");
	parse_next(p);
	action->port = parse_expect(p, TOKEN_NUMBER, "a port");
	return action->port != NULL;
}

static bool
parse_name(struct parser *p, struct tree_action *action)
{
	action->text = parse_expect(p, TOKEN_STRING, "a host name in quotes");
	return action->text != NULL;
}

static bool
parse_syscall(struct parser *p, struct tree_action *action)
{
	return parse_call(p, &action->call);
}

static bool
parse_path(struct parser *p, struct tree_action *action)
{
	action->text = parse_expect(p, TOKEN_STRING, "a path in quotes");
	return action->text != NULL;
}

static bool
parse_capability(struct parser *p, struct tree_action *action)
{
	action->text = parse_expect(p, TOKEN_WORD, "a capability");
	return action->text != NULL;
}

static bool (*const parsers[ACTION_KINDS])(struct parser *p,
    struct tree_action *action) = {
	[ACTION_CONNECT] = parse_connect, [ACTION_RESOLVE] = parse_name,
	[ACTION_SYSCALL] = parse_syscall, [ACTION_READ] = parse_path,
	[ACTION_WRITE] = parse_path, [ACTION_EXECUTE] = parse_path,
	[ACTION_DEVICE] = parse_path, [ACTION_CAPABILITY] = parse_capability,
};

bool
parse_action(struct parser *p, struct tree_action *action)
{
	const char *words[ACTION_KINDS] = { NULL };
	unsigned choice;

	for (int i = 0; i + 1 < ACTION_KINDS; i++)
		words[i] = action_kind_name((enum action_kind)(i + 1));
	action->keyword = parse_choice(p, words, "an action", &choice);
	if (action->keyword == NULL)
		return false;
	action->kind = (enum action_kind)(choice + 1);
	return parsers[action->kind](p, action);
}

/* user value [ group values ] service WORD [ from value ] */
static bool
parse_login(struct parser *p, struct tree_subject *subject)
{
	if (!parse_value(p, &subject->user, "an account's name"))
		return false;
	if (parse_accept_word(p, "group") &&
	    !parse_values(p, &subject->groups, "a group's name"))
		return false;
	if (!parse_accept_word(p, "service"))
		return parse_error(p, subject->groups.n == 0 ?
		    "'group' or 'service'" : "'service'");
	subject->service = parse_expect(p, TOKEN_WORD, "a service");
	if (subject->service == NULL)
		return false;
	return !parse_accept_word(p, "from") ||
	    parse_value(p, &subject->from, "an address or 'local'");
}

static bool
parse_as(struct parser *p, struct tree_test *test)
{
	struct tree_subject *subject =
	    arena_alloc(p->arena, 1, sizeof(*subject));

	subject->keyword = parse_next(p);
	*arena_push(p->arena, test->subjects, test->n_subjects) = subject;
	if (parse_accept_word(p, "user")) {
		subject->broken = !parse_login(p, subject);
		return !subject->broken;
	}
	subject->jail = parse_expect(p, TOKEN_WORD, "a jail or 'user'");
	subject->broken = subject->jail == NULL;
	return !subject->broken;
}

static bool
parse_expected(struct parser *p, struct tree_expectation *e)
{
	static const char *const words[] = {
		"allow", "deny", "use", "refuse", NULL
	};
	unsigned choice;

	if (parse_choice(p, words, "an expectation", &choice) == NULL)
		return false;
	e->allowed = choice == 0;
	if (choice < 2)
		return parse_action(p, &e->action);
	if (choice == 3) {
		e->kind = EXPECT_REFUSE;
		return true;
	}
	e->kind = EXPECT_USE;
	e->jail = parse_expect(p, TOKEN_WORD, "a jail's name");
	return e->jail != NULL;
}

static bool
parse_expect_line(struct parser *p, struct tree_test *test)
{
	struct tree_expectation e = { .keyword = parse_next(p) };

	if (test->n_subjects != 0) {
		e.subject = test->subjects[test->n_subjects - 1];
	} else {
		test->broken = true;
		report_error(p->diagnostics, &e.keyword->place, NULL,
		    "an 'as' above says of whom this is expected");
	}
	if (!parse_expected(p, &e))
		return false;
	if (e.subject != NULL)
		*arena_push(p->arena, test->expectations,
		    test->n_expectations) = e;
	return true;
}

static bool
parse_test_line(struct parser *p, void *context)
{
	static const char *const words[] = { "as", "expect", NULL };
	struct tree_test *test = context;
	bool good = false;
	unsigned choice;

	if (parse_is_word(p, "as"))
		good = parse_as(p, test);
	else if (parse_is_word(p, "expect"))
		good = parse_expect_line(p, test);
	else
		parse_choice(p, words, "a line of a test", &choice);
	if (!good || !parse_at_end(p))
		test->broken = true;
	return good;
}

bool
parse_test(struct parser *p)
{
	struct tree_test *test = arena_alloc(p->arena, 1, sizeof(*test));

	test->keyword = parse_next(p);
	test->name = parse_expect(p, TOKEN_STRING,
	    "what the test shows, in quotes");
	if (test->name == NULL)
		return false;
	if (!parse_at_block(p))
		return parse_error(p, "'{' on the same line");
	*arena_push(p->arena, p->tree->tests, p->tree->n_tests) = test;
	return parse_block(p, test->keyword, parse_test_line, test);
}

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lang/expect.h"

#define HOME_MAX_BYTES 320

static void
try_login(const struct policy *policy, const struct test_subject *subject,
    struct expect_result *ret)
{
	const struct login_facts facts = { .user = subject->user,
		.groups = subject->groups, .n_groups = subject->n_groups,
		.service = subject->service, .rhost = subject->rhost };
	const struct match_rule *rule;

	decide_login(policy, &facts, &ret->login);
	rule = ret->login.rule;
	ret->jail = ret->login.jail;
	ret->origin = rule == NULL ? NULL : &rule->origin;
	if (ret->login.verdict == VERDICT_JAIL)
		snprintf(ret->why, sizeof(ret->why), "The login gets jail "
		    "%s.", ret->jail->name);
	else
		snprintf(ret->why, sizeof(ret->why), "%s", ret->login.reason);
}

static void
try_action(const struct test_expectation *e, const char *const *kept,
    struct expect_result *ret)
{
	const struct test_subject *subject = e->subject;
	char home[HOME_MAX_BYTES];
	struct template_values account = { .user = subject->user,
		.uid = "1000", .gid = "1000", .group = subject->user,
		.home = home, .host = "localhost" };
	struct decide_facts facts = { .kept = kept };

	if (subject->jail == NULL) {
		snprintf(home, sizeof(home), "/home/%.256s", subject->user);
		if (subject->n_groups != 0)
			account.group = subject->groups[0];
		facts.account = &account;
	}
	decide_action(ret->jail, &facts, &e->action, &ret->action);
	ret->has_action = true;
	ret->origin = ret->action.origin;
	snprintf(ret->why, sizeof(ret->why), "%s", ret->action.why);
	ret->holds = e->allowed ? ret->action.answer >= ANSWER_LOG :
	    ret->action.answer == ANSWER_DENY;
}

void
expect_try(const struct policy *policy, const struct test_expectation *e,
    const char *const *kept, struct expect_result *ret)
{
	*ret = (struct expect_result) { .jail = e->subject->jail };
	if (ret->jail == NULL)
		try_login(policy, e->subject, ret);
	if (e->kind == EXPECT_USE)
		ret->holds = ret->jail == e->jail;
	else if (e->kind == EXPECT_REFUSE)
		ret->holds = ret->jail == NULL;
	else if (ret->jail != NULL)
		try_action(e, kept, ret);
}

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/action_text.h"
#include "jailctl/keep_list.h"
#include "jailctl/policy_input.h"
#include "lang/expect.h"

struct run {
	const struct policy *policy;
	char **kept;		/* NULL: as etc-keep.conf is shipped */
	json_t *tests;		/* NULL: for people */
	size_t passed, failed;
};

static void
outcome_text(char *text, size_t size, const struct expect_result *result)
{
	if (result->has_action)
		action_outcome(text, size, &result->action);
	else if (result->jail == NULL)
		snprintf(text, size, "the login is refused");
	else
		snprintf(text, size, "the login gets jail %s",
		    result->jail->name);
}

/* "deny read \"/etc/shadow\"", "use coder", "refuse" (free()). */
static char *
expectation_text(const struct test_expectation *e)
{
	_cleanup_free_ char *action = NULL;
	char *text = NULL;
	int r;

	if (e->kind == EXPECT_REFUSE)
		return strdup("refuse");
	if (e->kind == EXPECT_USE) {
		r = asprintf(&text, "use %s", e->jail->name);
		return r < 0 ? NULL : text;
	}
	action = action_text(&e->action);
	if (action == NULL)
		return NULL;
	r = asprintf(&text, "%s %s", e->allowed ? "allow" : "deny", action);
	return r < 0 ? NULL : text;
}

static void
print_failure(const struct test_expectation *e,
    const struct expect_result *result)
{
	_cleanup_free_ char *text = expectation_text(e);
	char outcome[128];

	outcome_text(outcome, sizeof(outcome), result);
	fputs("  ", stdout);
	origin_print(&e->origin);
	printf(": expected %s, but %s:\n    %s", text == NULL ? "?" : text,
	    outcome, result->why);
	if (result->origin != NULL || result->has_action) {
		fputs(" (", stdout);
		origin_print(result->origin);
		fputc(')', stdout);
	}
	fputc('\n', stdout);
}

static json_t *
expectation_json(const struct test_expectation *e,
    const struct expect_result *result)
{
	_cleanup_free_ char *text = expectation_text(e);
	json_t *json = origin_json(&e->origin);

	if (text != NULL && json != NULL && json_object_update_new(json,
	    json_pack("{s:b, s:s, s:s?, s:s?, s:s, s:o}", "ok",
	    result->holds, "expected", text, "jail", result->jail == NULL ?
	    NULL : result->jail->name, "answer", result->has_action ?
	    answer_name(result->action.answer) : NULL, "why", result->why,
	    "decided", origin_json(result->origin))) == 0)
		return json;
	json_decref(json);
	return NULL;
}

static bool
holds(const struct run *run, const struct policy_test *test)
{
	struct expect_result result;

	for (size_t i = 0; i < test->n_expectations; i++) {
		expect_try(run->policy, &test->expectations[i],
		    (const char *const *)run->kept, &result);
		if (!result.holds)
			return false;
	}
	return true;
}

static void
print_test(const struct run *run, const struct policy_test *test, bool ok)
{
	struct expect_result result;

	printf("%s  %s\n", ok ? "ok  " : "FAIL", test->name);
	for (size_t i = 0; !ok && i < test->n_expectations; i++) {
		expect_try(run->policy, &test->expectations[i],
		    (const char *const *)run->kept, &result);
		if (!result.holds)
			print_failure(&test->expectations[i], &result);
	}
}

static json_t *
test_json(const struct run *run, const struct policy_test *test, bool ok)
{
	json_t *expectations = json_array();
	json_t *json = json_pack("{s:s, s:b, s:o}", "name", test->name, "ok",
	    ok, "expectations", expectations);
	struct expect_result result;

	for (size_t i = 0; json != NULL && i < test->n_expectations; i++) {
		expect_try(run->policy, &test->expectations[i],
		    (const char *const *)run->kept, &result);
		if (json_array_append_new(expectations, expectation_json(
		    &test->expectations[i], &result)) < 0) {
			json_decref(json);
			return NULL;
		}
	}
	if (json == NULL || json_object_update_new(json,
	    origin_json(&test->origin)) == 0)
		return json;
	json_decref(json);
	return NULL;
}

static int
run_tests(struct run *run)
{
	for (size_t i = 0; i < run->policy->n_tests; i++) {
		const struct policy_test *test = &run->policy->tests[i];
		bool ok = holds(run, test);

		if (ok)
			run->passed++;
		else
			run->failed++;
		if (run->tests == NULL)
			print_test(run, test, ok);
		else if (json_array_append_new(run->tests,
		    test_json(run, test, ok)) < 0)
			return complain("no memory");
	}
	return run->failed == 0 ? STATUS_OK : STATUS_FAILED;
}

static void
print_sum(const struct run *run)
{
	size_t n = run->passed + run->failed;

	if (n == 0)
		printf("%s: there are no tests\n", run->policy->root_file);
	else
		printf("%s: %zu test%s, %zu failed\n", run->policy->root_file,
		    n, n == 1 ? "" : "s", run->failed);
}

static int
run_all(struct run *run, bool json)
{
	int status;

	run->tests = json ? json_array() : NULL;
	status = run_tests(run);
	if (!json) {
		print_sum(run);
		return status;
	}
	if (print_json(json_pack("{s:i, s:b, s:s, s:I, s:I, s:o}", "version",
	    JSON_VERSION, "ok", run->failed == 0, "policy_sha256",
	    run->policy->sha256, "passed", (json_int_t)run->passed,
	    "failed", (json_int_t)run->failed, "tests", run->tests)) !=
	    STATUS_OK)
		status = STATUS_FAILED;
	return status;
}

/* The policy of a host is tried with that host's list of /etc. */
static int
read_kept(const struct arguments *arguments, const struct policy_input *input,
    struct run *run)
{
	int r;

	if (arguments->n_words > 0)
		return STATUS_OK;
	r = keep_list_read(arguments->root, input->config->keep_list,
	    &run->kept);
	return r == 0 ? STATUS_OK : complain("%s%s: %s",
	    arguments->root == NULL ? "" : arguments->root,
	    input->config->keep_list, strerrordesc_np(-r));
}

int
command_test(const struct arguments *arguments)
{
	struct policy_input input;
	struct run run = { 0 };
	int status = STATUS_FAILED;

	if (policy_input_open(arguments, arguments->n_words > 0 ?
	    arguments->words[0] : NULL, MESSAGES_IF_WRONG, &input) == 0) {
		run.policy = input.policy;
		status = read_kept(arguments, &input, &run);
		if (status == STATUS_OK)
			status = run_all(&run, arguments->json);
	}
	free(run.kept);
	policy_input_close(&input);
	return status;
}

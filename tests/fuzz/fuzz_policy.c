/* libFuzzer target: any bytes are a policy or a list of mistakes, what a
 * policy compiles to is a policy that compiles to the same, and its tests and
 * jails have answers.  The bytes are tried as an action, too. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/dump.h"
#include "lang/expect.h"
#include "lang/load.h"
#include "lang/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void
load_again(const struct policy *policy)
{
	struct load_options options = { .root_file = "again.jail",
		.diagnostics = stderr };
	_cleanup_free_ char *text = NULL;
	struct policy *again = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL || policy_dump(out, policy) < 0 || fclose(out) != 0 ||
	    policy_load_memory(&options, text, length, &again) < 0 ||
	    strcmp(policy->sha256, again->sha256) != 0)
		abort();
	policy_free(again);
}

static void
decide_all(const struct policy *policy, FILE *nowhere)
{
	struct action action = { .kind = ACTION_READ, .text = "/etc/x" };
	struct action_decision decision;
	struct expect_result result;

	for (size_t i = 0; i < policy->n_tests; i++)
		for (size_t k = 0; k < policy->tests[i].n_expectations; k++)
			expect_try(policy, &policy->tests[i].expectations[k],
			    NULL, &result);
	for (size_t i = 0; i < policy->n_jails; i++) {
		decide_action(&policy->jails[i], NULL, &action, &decision);
		if (jail_explain(nowhere, &policy->jails[i]) < 0)
			abort();
	}
}

static void
load_action(const struct load_options *options, const uint8_t *bytes,
    size_t length)
{
	const struct jail jail = { .name = "j", .root = ROOT_HOST };
	const struct action *actions;
	struct action_decision decision;
	void *memory;
	size_t n;

	if (actions_load(options, (const char *)bytes, length, &actions, &n,
	    &memory) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		decide_action(&jail, NULL, &actions[i], &decision);
	actions_free(memory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static FILE *nowhere;
	struct load_options options = { .root_file = "fuzz.jail" };
	struct policy *policy = NULL;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	options.diagnostics = nowhere;
	load_action(&options, bytes, length);
	options.strict = length % 2 != 0;
	if (policy_load_memory(&options, (const char *)bytes, length,
	    &policy) < 0)
		return 0;
	load_again(policy);
	decide_all(policy, nowhere);
	policy_free(policy);
	return 0;
}

/* libFuzzer target: any bytes are a policy or a list of mistakes, and what
 * a policy compiles to is a policy that compiles to the same. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/dump.h"
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

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static FILE *nowhere;
	struct load_options options = { .root_file = "fuzz.jail" };
	struct policy *policy = NULL;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	options.diagnostics = nowhere;
	options.strict = length % 2 != 0;
	if (policy_load_memory(&options, (const char *)bytes, length,
	    &policy) < 0)
		return 0;
	load_again(policy);
	policy_free(policy);
	return 0;
}

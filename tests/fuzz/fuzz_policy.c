/* libFuzzer target: any bytes are a policy or a list of mistakes, and
 * whatever loads has one canonical text. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/load.h"
#include "lang/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static FILE *nowhere;
	struct load_options options = { .root_file = "fuzz.jail" };
	struct policy *first = NULL, *second = NULL;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	options.diagnostics = nowhere;
	options.strict = length % 2 != 0;
	if (policy_load_memory(&options, (const char *)bytes, length,
	    &first) < 0)
		return 0;
	if (policy_load_memory(&options, (const char *)bytes, length,
	    &second) < 0 || strcmp(first->sha256, second->sha256) != 0)
		abort();
	policy_free(first);
	policy_free(second);
	return 0;
}

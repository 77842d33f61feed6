/* libFuzzer target: any bytes have a layout or mistakes in their grammar; the
 * layout is its own layout, and the same policy. */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/format.h"
#include "lang/load.h"
#include "lang/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct load_options options = { .root_file = "fuzz.jail" };

/* sha256 of what it compiles to; "" when it does not. */
static void
identify(const char *text, size_t length, char ret[65])
{
	struct policy *policy;

	strcpy(ret, "");
	if (policy_load_memory(&options, text, length, &policy) < 0)
		return;
	strcpy(ret, policy->sha256);
	policy_free(policy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	_cleanup_free_ char *text = NULL, *again = NULL;
	size_t text_length, again_length;
	char before[65], after[65];
	int r = policy_format(&options, (const char *)bytes, length, &text,
	    &text_length);

	if (r == -EINVAL || r == -ENOMEM)
		return 0;
	if (r < 0)
		abort();
	if (policy_format(&options, text, text_length, &again,
	    &again_length) < 0 || text_length != again_length ||
	    memcmp(text, again, text_length) != 0)
		abort();
	identify((const char *)bytes, length, before);
	identify(text, text_length, after);
	if (strcmp(before, after) != 0)
		abort();
	return 0;
}

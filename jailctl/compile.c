#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/policy_input.h"
#include "lang/dump.h"

static int
print_text(const struct policy_input *input)
{
	int r = policy_dump(stdout, input->policy);

	return r == 0 ? STATUS_OK : complain("%s: %s", input->name,
	    strerrordesc_np(-r));
}

/* The text in memory (free()); NULL without a policy, or -errno in *ret. */
static char *
text_of(const struct policy *policy, int *ret)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	FILE *out;

	*ret = 0;
	if (policy == NULL)
		return NULL;
	out = open_memstream(&text, &length);
	*ret = out == NULL ? -errno : policy_dump(out, policy);
	if (out != NULL && fclose(out) != 0 && *ret == 0)
		*ret = -errno;
	return *ret == 0 ? steal_ptr(text) : NULL;
}

static int
print_answer_json(const struct policy_input *input)
{
	const struct policy *policy = input->policy;
	int r;
	_cleanup_free_ char *text = text_of(policy, &r);

	if (r < 0)
		return complain("%s: %s", input->name, strerrordesc_np(-r));
	return print_json(json_pack("{s:i, s:b, s:s?, s:s?, s:O}", "version",
	    JSON_VERSION, "ok", policy != NULL, "policy_sha256",
	    policy == NULL ? NULL : policy->sha256, "text", text,
	    "diagnostics", input->diagnostics));
}

int
command_compile(const struct arguments *arguments)
{
	struct policy_input input;
	int r = policy_input_open(arguments, arguments->n_words > 0 ?
	    arguments->words[0] : NULL, arguments->json ? MESSAGES_JSON :
	    MESSAGES_IF_WRONG, &input);
	int status = r < 0 ? STATUS_FAILED : STATUS_OK;

	if (arguments->json && input.diagnostics != NULL &&
	    print_answer_json(&input) != STATUS_OK)
		status = STATUS_FAILED;
	if (!arguments->json && r == 0)
		status = print_text(&input);
	policy_input_close(&input);
	return status;
}

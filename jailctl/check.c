#include "config.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/policy_input.h"

static const char *
plural(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

static void
print_text(const struct policy_input *input)
{
	const struct policy *policy = input->policy;

	if (policy == NULL)
		return;
	printf("%s: %zu %s, %zu %s, sha256 %s\n", policy->root_file,
	    policy->n_jails, plural(policy->n_jails, "jail", "jails"),
	    policy->n_matches, plural(policy->n_matches, "match", "matches"),
	    policy->sha256);
}

static json_int_t
count(const json_t *diagnostics, const char *severity)
{
	json_int_t n = 0;

	for (size_t i = 0; i < json_array_size(diagnostics); i++)
		n += strcmp(severity, json_string_value(json_object_get(
		    json_array_get(diagnostics, i), "severity"))) == 0;
	return n;
}

static json_t *
answer_json(const struct policy_input *input)
{
	const struct policy *policy = input->policy;
	json_t *found = input->diagnostics;

	return json_pack("{s:i, s:b, s:o, s:o, s:s?, s:I, s:I, s:O}",
	    "version", JSON_VERSION, "ok", policy != NULL,
	    "jails", policy == NULL ? json_null() :
	    json_integer((json_int_t)policy->n_jails),
	    "matches", policy == NULL ? json_null() :
	    json_integer((json_int_t)policy->n_matches),
	    "policy_sha256", policy == NULL ? NULL : policy->sha256,
	    "errors", count(found, "error"),
	    "warnings", count(found, "warning"), "diagnostics", found);
}

int
command_check(const struct arguments *arguments)
{
	struct policy_input input;
	int r = policy_input_open(arguments, arguments->n_words > 0 ?
	    arguments->words[0] : NULL, arguments->json ? MESSAGES_JSON :
	    MESSAGES_ALL, &input);
	int status = r < 0 ? STATUS_FAILED : STATUS_OK;

	if (!arguments->json)
		print_text(&input);
	else if (input.diagnostics != NULL &&
	    print_json(answer_json(&input)) != STATUS_OK)
		status = STATUS_FAILED;
	policy_input_close(&input);
	return status;
}

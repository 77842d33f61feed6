#include "config.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/policy_input.h"
#include "lang/diff.h"

struct answer {
	bool json;
	json_t *differences;
	size_t n[EFFECTS];
	char *jail;		/* of the last difference shown */
};

static void
print_origins(const struct difference *difference)
{
	const struct origin *after = difference->after;
	const struct origin *before = difference->before;

	if (after != NULL)
		printf(" (%s:%u:%u", after->file, after->line, after->column);
	if (before != NULL)
		printf("%s%s:%u:%u", after != NULL ? ", was " : " (was ",
		    before->file, before->line, before->column);
	puts(after != NULL || before != NULL ? ")" : "");
}

static int
print_text(struct answer *answer, const struct difference *difference)
{
	const char *jail = difference->jail == NULL ? "" : difference->jail;

	if (answer->jail == NULL || strcmp(answer->jail, jail) != 0) {
		printf("%s%s%s\n", answer->jail == NULL ? "" : "\n",
		    *jail == '\0' ? "logins" : "jail ", jail);
		free(answer->jail);
		answer->jail = strdup(jail);
		if (answer->jail == NULL)
			return -ENOMEM;
	}
	printf("  %-7s  %s", effect_name(difference->effect),
	    difference->text);
	print_origins(difference);
	return 0;
}

static json_t *
origin_json(const struct origin *origin)
{
	if (origin == NULL)
		return json_null();
	return json_pack("{s:s, s:I, s:I}", "file", origin->file, "line",
	    (json_int_t)origin->line, "column", (json_int_t)origin->column);
}

static int
add_json(struct answer *answer, const struct difference *difference)
{
	json_t *json = json_pack("{s:s, s:s?, s:s, s:o, s:o}", "effect",
	    effect_name(difference->effect), "jail", difference->jail,
	    "text", difference->text, "before",
	    origin_json(difference->before), "after",
	    origin_json(difference->after));

	return json_array_append_new(answer->differences, json) < 0 ?
	    -ENOMEM : 0;
}

static int
take(const struct difference *difference, void *context)
{
	struct answer *answer = context;

	answer->n[difference->effect]++;
	return answer->json ? add_json(answer, difference) :
	    print_text(answer, difference);
}

static int
print_all_json(struct answer *answer, const struct policy_input *old,
    const struct policy_input *new)
{
	return print_json(json_pack("{s:i, s:s, s:s, s:I, s:I, s:I, s:o}",
	    "version", JSON_VERSION, "old_sha256", old->policy->sha256,
	    "new_sha256", new->policy->sha256,
	    "opens", (json_int_t)answer->n[EFFECT_OPENS],
	    "closes", (json_int_t)answer->n[EFFECT_CLOSES],
	    "changes", (json_int_t)answer->n[EFFECT_CHANGES],
	    "differences", json_incref(answer->differences)));
}

static int
compare(const struct arguments *arguments, const struct policy_input *old,
    const struct policy_input *new)
{
	struct answer answer = { .json = arguments->json,
		.differences = json_array() };
	int r = policy_diff(old->policy, new->policy, take, &answer);
	int status = STATUS_TROUBLE;

	if (r < 0)
		complain("%s", strerrordesc_np(-r));
	else if (!answer.json || print_all_json(&answer, old, new) ==
	    STATUS_OK)
		status = answer.n[EFFECT_OPENS] + answer.n[EFFECT_CLOSES] +
		    answer.n[EFFECT_CHANGES] > 0 ? STATUS_FAILED : STATUS_OK;
	json_decref(answer.differences);
	free(answer.jail);
	return status;
}

int
command_diff(const struct arguments *arguments)
{
	struct policy_input old = { 0 }, new = { 0 };
	int status = STATUS_TROUBLE;

	if (strcmp(arguments->words[0], "-") == 0 &&
	    strcmp(arguments->words[1], "-") == 0)
		complain("only one of the two can be standard input");
	else if (policy_input_open(arguments, arguments->words[0],
	    MESSAGES_IF_WRONG, &old) == 0 && policy_input_open(arguments,
	    arguments->words[1], MESSAGES_IF_WRONG, &new) == 0)
		status = compare(arguments, &old, &new);
	policy_input_close(&old);
	policy_input_close(&new);
	return status;
}

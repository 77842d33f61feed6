#include "config.h"

#include <stdio.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/question.h"
#include "lang/dump.h"

static int
print_text(const struct question *question)
{
	question_print(question);
	if (question->reason != NULL)
		return STATUS_FAILED;
	putchar('\n');
	jail_explain(stdout, question->admission.decision.jail);
	if (question->arguments->plan) {
		putchar('\n');
		plan_print(stdout, question->plan);
	}
	return STATUS_OK;
}

static json_t *
plan_json(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->n_steps; i++) {
		char text[1024];

		plan_step_describe(&plan->steps[i], text, sizeof(text));
		json_array_append_new(array, json_string(text));
	}
	return array;
}

static int
answer_json(const struct question *question)
{
	bool refused = question->reason != NULL;
	json_t *json = question_json(question);

	if (!refused)
		json_object_update_new(json,
		    jail_explain_json(question->admission.decision.jail));
	if (!refused && question->arguments->plan)
		json_object_set_new(json, "plan", plan_json(question->plan));
	if (print_json(json) != STATUS_OK)
		return STATUS_FAILED;
	return refused ? STATUS_FAILED : STATUS_OK;
}

int
command_explain(const struct arguments *arguments)
{
	struct question question;
	int status = question_open(arguments, &question);

	if (status == STATUS_OK)
		status = arguments->json ? answer_json(&question) :
		    print_text(&question);
	question_close(&question);
	return status;
}

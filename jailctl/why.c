#include "config.h"

#include <arpa/inet.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/action_text.h"
#include "jailctl/keep_list.h"
#include "jailctl/question.h"
#include "lang/load.h"

struct actions {
	const struct action *items;
	size_t n;
	void *memory;
};

/* The account, for variables in paths. */
struct account_values {
	struct template_values values;
	char uid[16], gid[16];
};

static bool
is_address(const char *word)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, word, bytes) == 1 ||
	    inet_pton(AF_INET6, word, bytes) == 1;
}

/* The shell has taken the quotes of paths and names away. */
static bool
wants_quotes(char *const *words, int i)
{
	static const char *const quoted[] = {
		"resolve", "read", "write", "execute", "device"
	};

	if (words[i][0] == '"')
		return false;
	if (i == 2 && strcmp(words[0], "connect") == 0)
		return !is_address(words[i]) &&
		    strpbrk(words[i], ".") != NULL;
	for (size_t k = 0; i == 1 && k < ARRAY_LENGTH(quoted); k++)
		if (strcmp(words[0], quoted[k]) == 0)
			return true;
	return false;
}

/* The words of the command line as one action (free()). */
static char *
join_words(char *const *words, int n)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return NULL;
	for (int i = 0; i < n; i++) {
		const char *quote = n > 1 && wants_quotes(words, i) ? "\"" :
		    "";

		fprintf(out, "%s%s%s%s", i > 0 ? " " : "", quote, words[i],
		    quote);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static int
read_actions(const struct arguments *arguments, struct actions *ret)
{
	const struct load_options options = { .root_file = "action",
		.diagnostics = stderr, .colour = wants_colour() };
	_cleanup_free_ char *text = join_words(arguments->words + 1,
	    arguments->n_words - 1);
	int r = text == NULL ? -ENOMEM : actions_load(&options, text,
	    strlen(text), &ret->items, &ret->n, &ret->memory);

	if (r == -ENOMEM)
		complain("no memory");
	return r;
}

static void
fill_account(const struct question *question, struct account_values *ret)
{
	const struct account *account = question->admission.account;

	snprintf(ret->uid, sizeof(ret->uid), "%u", account->uid);
	snprintf(ret->gid, sizeof(ret->gid), "%u", account->gid);
	ret->values = (struct template_values){ .user = account->name,
		.uid = ret->uid, .gid = ret->gid,
		.group = account->n_groups > 0 ? account->groups[0].name :
		NULL, .home = account->home,
		.jail = question->admission.decision.jail->name,
		.host = question->host_name };
}

static void
print_one(const struct action *action, const struct action_decision *decision)
{
	_cleanup_free_ char *text = action_text(action);
	char outcome[64];

	action_outcome(outcome, sizeof(outcome), decision);
	printf("%s: %s\n  %s (", text == NULL ? "?" : text, outcome,
	    decision->why);
	origin_print(decision->origin);
	puts(")");
	if (action_has_permissions(action, decision))
		puts("  Owner, mode and access control list of the file may "
		    "still deny it.");
}

static json_t *
one_json(const struct action *action, const struct action_decision *decision)
{
	_cleanup_free_ char *text = action_text(action);
	json_t *json = action_decision_json(decision);

	if (text == NULL || json == NULL || json_object_update_new(json,
	    json_pack("{s:s, s:b}", "action", text, "permissions_may_deny",
	    action_has_permissions(action, decision))) < 0) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* Each action is decided; answers is NULL for people. */
static int
decide_all(const struct question *question, const struct actions *actions,
    json_t *answers)
{
	const struct config *config = question->input.config;
	struct account_values account;
	_cleanup_free_ char **kept = NULL;
	struct decide_facts facts = { .account = &account.values };
	int status = STATUS_OK;
	int r = keep_list_read(question->arguments->root, config->keep_list,
	    &kept);

	/* A policy can be asked about where jaild is not installed. */
	if (r < 0 && (r != -ENOENT || question->arguments->policy == NULL))
		return complain("%s%s: %s",
		    question->arguments->root == NULL ? "" :
		    question->arguments->root, config->keep_list,
		    strerrordesc_np(-r));
	facts.kept = (const char *const *)kept;
	fill_account(question, &account);
	for (size_t i = 0; i < actions->n; i++) {
		struct action_decision decision = { 0 };

		decide_action(question->admission.decision.jail, &facts,
		    &actions->items[i], &decision);
		if (decision.answer < ANSWER_LOG)
			status = STATUS_FAILED;
		if (answers == NULL)
			print_one(&actions->items[i], &decision);
		else if (json_array_append_new(answers, one_json(
		    &actions->items[i], &decision)) < 0)
			return complain("no memory");
	}
	return status;
}

static int
answer_json(const struct question *question, const struct actions *actions)
{
	json_t *json = question_json(question), *answers = json_array();
	int status = STATUS_FAILED;

	json_object_set_new(json, "jail", question->reason != NULL ?
	    json_null() :
	    json_string(question->admission.decision.jail->name));
	if (question->reason == NULL)
		status = decide_all(question, actions, answers);
	json_object_set_new(json, "answers", answers);
	return print_json(json) == STATUS_OK ? status : STATUS_FAILED;
}

static int
answer(const struct question *question, const struct actions *actions)
{
	if (question->arguments->json)
		return answer_json(question, actions);
	question_print(question);
	if (question->reason != NULL)
		return STATUS_FAILED;
	return decide_all(question, actions, NULL);
}

int
command_why(const struct arguments *arguments)
{
	struct question question = { .arguments = arguments };
	struct actions actions = { 0 };
	int status = STATUS_USAGE;

	if (read_actions(arguments, &actions) == 0)
		status = question_open(arguments, &question);
	if (status == STATUS_OK)
		status = answer(&question, &actions);
	question_close(&question);
	actions_free(actions.memory);
	return status;
}

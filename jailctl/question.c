#include "config.h"

#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "jailctl/question.h"

#define TTY_GID 5	/* where the host has no group "tty" */
#define UUID_OF_NO_JAIL "00000000-0000-0000-0000-000000000000"

void
question_close(struct question *question)
{
	plan_free(question->plan);
	account_free(question->admission.account);
	policy_input_close(&question->input);
	free(question->reason);
}

/* Notes why there is no jail.  Returns -EACCES. */
__attribute__((format(printf, 2, 3)))
static int
refuse(struct question *question, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&question->reason, format, arguments) < 0)
		question->reason = NULL;
	va_end(arguments);
	return -EACCES;
}

static int
decide(struct question *question)
{
	const struct admit_request request = {
		.user = question->arguments->words[0],
		.rhost = question->arguments->from,
		.service = question->service,
		.agents_group = question->input.config->agents_group,
		.policy = question->input.policy,
		.tree = question->arguments->root };
	int r;

	if (question->service == SERVICE_NONE)
		return refuse(question, "PAM service %s is no door for "
		    "agents: %s", question->service_name,
		    service_closed(question->service_name)->reason);
	r = admit(&request, &question->admission);
	return r == 0 ? 0 : refuse(question, "%s",
	    question->admission.reason);
}

/* As the daemon fills it. */
static void
fill_place(struct question *question)
{
	const struct group *group = getgrnam("tty");

	gethostname(question->host_name, sizeof(question->host_name) - 1);
	question->place = (struct plan_place){
		.state_dir = question->input.config->state_dir,
		.run_dir = question->input.config->run_dir,
		.jail_shell = JAILD_PKGLIBEXECDIR "/jail-shell",
		.keep_list = question->input.config->keep_list,
		.host_name = question->host_name,
		.tty_gid = group != NULL ? group->gr_gid : TTY_GID };
}

/* Also without --plan: a jail that cannot be planned is a refusal. */
static int
plan(struct question *question)
{
	_cleanup_free_ char *reason = NULL;
	int r;

	fill_place(question);
	r = plan_make(question->admission.decision.jail,
	    question->admission.account, &question->place, UUID_OF_NO_JAIL,
	    &question->plan, &reason);
	if (r < 0)
		return refuse(question, "%s", reason != NULL ? reason :
		    strerrordesc_np(-r));
	return 0;
}

static void
print_rule(const struct match_rule *rule)
{
	if (rule == NULL)
		puts("decided by no line: no match fits");
	else
		printf("decided by %s:%u:%u\n", rule->origin.file,
		    rule->origin.line, rule->origin.column);
}

static json_t *
rule_json(const struct match_rule *rule)
{
	if (rule == NULL)
		return json_null();
	return json_pack("{s:s, s:I, s:I}", "file", rule->origin.file, "line",
	    (json_int_t)rule->origin.line, "column",
	    (json_int_t)rule->origin.column);
}

void
question_print(const struct question *question)
{
	const struct arguments *arguments = question->arguments;
	bool refused = question->reason != NULL;

	printf("%s through %s from %s: ", arguments->words[0],
	    question->service_name, arguments->from == NULL ?
	    "this host" : arguments->from);
	if (refused)
		printf("refused: %s\n", question->reason);
	else
		printf("jail %s\n", question->admission.decision.jail->name);
	if (question->admission.decision.rule != NULL || !refused)
		print_rule(question->admission.decision.rule);
}

void *
question_json(const struct question *question)
{
	return json_pack("{s:i, s:s, s:s, s:s?, s:s, s:s?, s:o, s:s}",
	    "version", JSON_VERSION, "account",
	    question->arguments->words[0], "service",
	    question->service_name, "from",
	    question->arguments->from, "verdict", question->reason != NULL ?
	    "refuse" : "jail", "reason", question->reason, "rule",
	    rule_json(question->admission.decision.rule), "policy_sha256",
	    question->input.policy->sha256);
}

/* The policy's word, or a name for PAM, also of a service that is closed. */
static int
find_service(struct question *question)
{
	const char *name = question->arguments->service != NULL ?
	    question->arguments->service : "sshd";

	question->service_name = name;
	question->service = service_class_find(name, strlen(name));
	if (question->service == SERVICE_NONE)
		question->service = service_class_of(name);
	if (question->service != SERVICE_NONE ||
	    service_closed(name)->pam_service != NULL)
		return STATUS_OK;
	complain("'%s' is no service of the policy language: sshd, login, "
	    "su, cron and exec are; and none of PAM that pam_jail(8) names",
	    name);
	return STATUS_USAGE;
}

int
question_open(const struct arguments *arguments, struct question *question)
{
	int r, status;

	*question = (struct question){ .arguments = arguments };
	status = find_service(question);
	if (status != STATUS_OK)
		return status;
	if (policy_input_open(arguments, arguments->policy,
	    MESSAGES_IF_WRONG, &question->input) < 0)
		return question->input.config == NULL ? STATUS_FAILED :
		    complain("a policy with mistakes is not loaded, and "
		    "decides nothing");
	r = decide(question);
	if (r == 0)
		r = plan(question);
	if (r < 0 && question->reason == NULL)
		return complain("no memory");
	return STATUS_OK;
}

/* jailctl adopt: makes an account an agent's, whole or not at all. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/adoption.h"
#include "jailctl/adoption_keys.h"
#include "jailctl/adoption_record.h"
#include "jailctl/confirm.h"
#include "jailctl/policy_input.h"
#include "jaild/admit.h"

/* What is to be done, in the order of adoption_steps; NULL: nothing. */
struct plan {
	json_t *data[16];
	size_t n;		/* steps that do something */
};

static void
plan_free(struct plan *plan)
{
	for (size_t i = 0; i < ARRAY_LENGTH(plan->data); i++)
		json_decref(plan->data[i]);
}

static int
make_plan(struct adoption *adoption, struct plan *plan)
{
	int r = 0;

	for (size_t i = 0; r == 0 && adoption_steps[i] != NULL; i++) {
		r = adoption_steps[i]->plan(adoption, &plan->data[i]);
		plan->n += plan->data[i] != NULL;
	}
	return r;
}

static void
print_plan(const struct adoption *adoption, const struct plan *plan)
{
	printf("To adopt %s:\n", adoption->name);
	for (size_t i = 0; adoption_steps[i] != NULL; i++) {
		if (plan->data[i] == NULL)
			continue;
		fputs("  - ", stdout);
		adoption_steps[i]->tell(stdout, adoption, plan->data[i]);
		putchar('\n');
	}
	if (plan->n == 0)
		puts("  - nothing but a record of it");
}

/* A step is on record before it is begun, so that `jailctl release` can undo
 * it even when this process dies in the middle of it. */
static int
do_step(struct adoption *adoption, int records_fd,
    const struct adoption_step *step, json_t *data)
{
	int r;

	json_object_set_new(data, "step", json_string(step->name));
	json_array_append(adoption_record_steps(adoption), data);
	r = adoption_record_write(adoption, records_fd);
	return r == 0 ? step->apply(adoption, data) : r;
}

/* Why an adoption failed is not forgotten over what undoing says. */
static void
undo_all(struct adoption *adoption, int records_fd)
{
	json_t *steps = adoption_record_steps(adoption);
	bool failed = false;

	for (size_t i = json_array_size(steps); i > 0; i--) {
		json_t *data = json_array_get(steps, i - 1);
		const struct adoption_step *step = adoption_step_find(
		    json_string_value(json_object_get(data, "step")));

		if (step->undo(adoption, data) < 0) {
			complain("%s", adoption->why);
			failed = true;
		}
	}
	if (!failed && adoption_record_remove(adoption, records_fd) == 0)
		complain("what was done for %s is undone", adoption->name);
	else
		complain("not all of it could be undone: `jailctl release "
		    "%s` tries it again", adoption->name);
}

static int
do_plan(struct adoption *adoption, int records_fd, const struct plan *plan)
{
	int r = 0;

	adoption->record = adoption_record_new(adoption);
	if (adoption->record == NULL)
		return complain("no memory");
	for (size_t i = 0; r == 0 && adoption_steps[i] != NULL; i++)
		if (plan->data[i] != NULL)
			r = do_step(adoption, records_fd, adoption_steps[i],
			    plan->data[i]);
	if (r == 0) {
		adoption_record_complete(adoption);
		r = adoption_record_write(adoption, records_fd);
	}
	if (r == 0)
		return STATUS_OK;
	complain("%s", adoption->why);
	undo_all(adoption, records_fd);
	return STATUS_FAILED;
}

/* The adoption stands either way: whoever has no jail does not log in. */
static void
say_what_follows(const struct adoption *adoption,
    const struct arguments *arguments)
{
	const char *name = adoption->name;
	struct policy_input input = { 0 };
	struct admission admission;
	int r;

	(void)policy_input_open(arguments, NULL, false, &input);
	r = admit(&(struct admit_request){ .user = name,
	    .service = SERVICE_SSHD, .policy = input.policy,
	    .agents_group = adoption->config->agents_group }, &admission);
	printf("%s is adopted: uid %u\n", name, adoption->uid);
	if (r == 0)
		printf("its logins by ssh end in the jail %s (%s:%u)\n",
		    admission.decision.jail->name,
		    admission.decision.rule->origin.file,
		    admission.decision.rule->origin.line);
	else
		complain("%s does not log in yet: %s; a line `match user %s "
		    "use JAIL` in %s, and `jailctl reload`, let it", name,
		    admission.reason, name, adoption->config->policy_file);
	account_free(admission.account);
	policy_input_close(&input);
}

static int
adopt(struct adoption *adoption, int records_fd,
    const struct arguments *arguments)
{
	_cleanup_(plan_free) struct plan plan = { 0 };
	int status;

	if (adoption_refuse(adoption) < 0 || make_plan(adoption, &plan) < 0)
		return complain("%s", adoption->why);
	print_plan(adoption, &plan);
	if (arguments->dry_run)
		return STATUS_OK;
	if (!adoption->create && !confirm(arguments, "Go on?"))
		return STATUS_FAILED;
	fflush(stdout);
	adoption_ignore_signals();
	status = do_plan(adoption, records_fd, &plan);
	if (status == STATUS_OK)
		say_what_follows(adoption, arguments);
	return status;
}

/* Adopting again is no mistake; with --key it is how keys are changed. */
static int
adopt_again(struct adoption *adoption, const struct arguments *arguments)
{
	json_t *steps = adoption_record_steps(adoption), *step;
	bool has_keys = false;
	size_t i;

	if (!adoption_record_is_complete(adoption))
		return complain("an adoption of %s was interrupted: `jailctl "
		    "release %s` undoes what was done of it", adoption->name,
		    adoption->name);
	json_array_foreach(steps, i, step)
		has_keys = has_keys || strcmp(json_string_value(
		    json_object_get(step, "step")), adoption_keys.name) == 0;
	printf("%s is adopted already\n", adoption->name);
	if (adoption->keys == NULL)
		return STATUS_OK;
	if (!has_keys)
		return complain("there was no sshd when %s was adopted: "
		    "release it, and adopt it again", adoption->name);
	if (!arguments->dry_run && adoption_keys_replace(adoption) < 0)
		return complain("%s", adoption->why);
	puts(arguments->dry_run ? "its keys would be exchanged" :
	    "its keys are exchanged");
	return STATUS_OK;
}

static int
begin(struct adoption *adoption, const struct arguments *arguments)
{
	_cleanup_fd_ int records_fd = -1;
	int r = 0;

	if (arguments->key != NULL)
		r = adoption_keys_read(adoption, arguments->key);
	if (r == 0)
		r = adoption_record_lock(adoption, &records_fd);
	if (r < 0)
		return complain("%s", adoption->why);
	if (!adoption_may_be_recorded(adoption))
		return adopt(adoption, records_fd, arguments);
	r = adoption_record_read(adoption, records_fd);
	if (r < 0 && r != -ENOENT)
		return complain("%s", adoption->why);
	return r == 0 ? adopt_again(adoption, arguments) : adopt(adoption,
	    records_fd, arguments);
}

int
command_adopt(const struct arguments *arguments)
{
	struct adoption adoption = { .name = arguments->words[0],
		.create = arguments->create, .uid = ADOPTION_UID_NONE };

	return adoption_command(&adoption, arguments, begin);
}

/* jailctl release: undoes an adoption, exactly. */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jailctl/adoption.h"
#include "jailctl/adoption_record.h"
#include "jailctl/confirm.h"
#include "jailctl/control.h"
#include "jailctl/jail_table.h"

#define END_TIMEOUT_MS 60000
#define LOOK_AGAIN_MS 20

static void
print_plan(const struct adoption *adoption)
{
	json_t *steps = adoption_record_steps(adoption);

	printf("To release %s:\n", adoption->name);
	for (size_t i = json_array_size(steps); i > 0; i--) {
		json_t *data = json_array_get(steps, i - 1);

		fputs("  - ", stdout);
		adoption_step_find(json_string_value(json_object_get(data,
		    "step")))->tell_undo(stdout, adoption, data);
		putchar('\n');
	}
}

/* Jails of the account that live without a process of it; none where no
 * daemon answers. */
static size_t
live_jails(const struct adoption *adoption)
{
	_cleanup_free_ char *path = NULL;
	json_t *reply = NULL, *jail;
	size_t i, n = 0;

	if (asprintf(&path, "%s/control.sock", adoption->config->run_dir) <
	    0) {
		path = NULL;
		return 0;
	}
	if (control_ask_at(path, "list", NULL, &reply) < 0)
		return 0;
	json_array_foreach(json_object_get(reply, "jails"), i, jail)
		n += jail_is_named(jail, adoption->name);
	json_decref(reply);
	return n;
}

static bool
lives(const struct adoption *adoption)
{
	return (adoption->uid != ADOPTION_UID_NONE &&
	    adoption_processes(adoption->uid) > 0) ||
	    live_jails(adoption) > 0;
}

static bool
await_end(const struct adoption *adoption)
{
	uint64_t deadline = deadline_after(END_TIMEOUT_MS);
	bool left;

	while ((left = lives(adoption)) && deadline_after(0) < deadline)
		poll(NULL, 0, LOOK_AGAIN_MS);
	return !left;
}

/* By jaild, which knows what belongs to the jails. */
static int
stop(const struct adoption *adoption, const struct arguments *arguments)
{
	json_t *reply = NULL;

	if (live_jails(adoption) > 0) {
		if (control_ask(arguments, "stop", adoption->name, &reply) <
		    0)
			return -EIO;
		json_decref(reply);
	}
	if (await_end(adoption))
		return 0;
	complain("processes of %s are left outside of jails: `pkill -KILL "
	    "-u %s` ends them", adoption->name, adoption->name);
	return -ETIMEDOUT;
}

static int
refuse_live(const struct adoption *adoption)
{
	return complain("%s has %zu jails and %zu processes: `jailctl "
	    "release --stop %s` ends them first", adoption->name,
	    live_jails(adoption), adoption->uid == ADOPTION_UID_NONE ? 0 :
	    adoption_processes(adoption->uid), adoption->name);
}

/* A record that is not undone to its end stays, with what is left to do. */
static int
undo(struct adoption *adoption, int records_fd)
{
	json_t *steps = adoption_record_steps(adoption);
	int r = 0;

	for (size_t i = json_array_size(steps); r == 0 && i > 0; i--) {
		json_t *data = json_array_get(steps, i - 1);
		const struct adoption_step *step = adoption_step_find(
		    json_string_value(json_object_get(data, "step")));

		r = step->undo(adoption, data);
		if (r < 0)
			break;
		json_array_remove(steps, i - 1);
		r = adoption_record_write(adoption, records_fd);
	}
	if (r == 0)
		r = adoption_record_remove(adoption, records_fd);
	if (r < 0)
		return complain("%s; what is left to undo stays on record",
		    adoption->why);
	return STATUS_OK;
}

/* Under the same name there may be another account by now. */
static int
check_same(struct adoption *adoption)
{
	uid_t uid = adoption->uid;
	int r = adoption_look_up(adoption);

	if (r == -ENOMEM)
		return complain("no memory");
	if (r == 0 && uid == ADOPTION_UID_NONE &&
	    strcmp(adoption->shell, AGENT_SHELL) != 0)
		return complain("the making of %s was interrupted, and the "
		    "account is not one that it could have made: remove "
		    "%s/adopted/%s", adoption->name,
		    adoption->config->state_dir, adoption->name);
	if (r == 0 && uid != ADOPTION_UID_NONE && uid != adoption->uid)
		return complain("%s has the uid %u, the adopted one had %u: "
		    "%s/adopted/%s speaks of another account",
		    adoption->name, adoption->uid, uid,
		    adoption->config->state_dir, adoption->name);
	return STATUS_OK;
}

static int
release(struct adoption *adoption, int records_fd,
    const struct arguments *arguments)
{
	if (check_same(adoption) != STATUS_OK)
		return STATUS_FAILED;
	print_plan(adoption);
	if (arguments->dry_run)
		return STATUS_OK;
	if (!arguments->stop && lives(adoption))
		return refuse_live(adoption);
	if (!confirm(arguments, "Go on?"))
		return STATUS_FAILED;
	fflush(stdout);
	if (arguments->stop && stop(adoption, arguments) < 0)
		return STATUS_FAILED;
	adoption_ignore_signals();
	if (undo(adoption, records_fd) != STATUS_OK)
		return STATUS_FAILED;
	printf("%s is released\n", adoption->name);
	return STATUS_OK;
}

static int
begin(struct adoption *adoption, const struct arguments *arguments)
{
	_cleanup_fd_ int records_fd = -1;
	int r = adoption_record_lock(adoption, &records_fd);

	if (r == 0)
		r = adoption_may_be_recorded(adoption) ?
		    adoption_record_read(adoption, records_fd) : -ENOENT;
	if (r == -ENOENT)
		return complain("%s was not adopted by `jailctl adopt`: "
		    "nothing is known of what to undo", adoption->name);
	if (r < 0)
		return complain("%s", adoption->why);
	return release(adoption, records_fd, arguments);
}

int
command_release(const struct arguments *arguments)
{
	struct adoption adoption = { .name = arguments->words[0],
		.keep_home = !arguments->remove_home,
		.remove_storage = arguments->remove_home,
		.uid = ADOPTION_UID_NONE };

	return adoption_command(&adoption, arguments, begin);
}

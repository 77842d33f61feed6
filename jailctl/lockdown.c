#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/confirm.h"
#include "jailctl/lockdown.h"

static enum finding
finding_named(const char *id)
{
	for (size_t i = FINDING_OK + 1; i < FINDINGS; i++)
		if (strcmp(finding_kinds[i].id, id) == 0)
			return (enum finding)i;
	return FINDING_OK;
}

static int
check_words(const struct arguments *arguments)
{
	for (int i = 0; i < arguments->n_words; i++) {
		const char *id = arguments->words[i];
		enum finding finding = finding_named(id);

		if (finding == FINDING_OK)
			complain("lockdown: doctor has no finding '%s'; "
			    "`jailctl doctor --list` has them all", id);
		else if (!lockdown_closes(finding))
			complain("lockdown: '%s' is closed by hand; `jailctl "
			    "doctor` says how", id);
		else
			continue;
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* Without names all that no administrator could want to keep. */
static bool
wanted(const struct arguments *arguments, enum finding finding)
{
	if (arguments->n_words == 0)
		return finding_kinds[finding].closing == CLOSING_LOCKDOWN;
	for (int i = 0; i < arguments->n_words; i++)
		if (finding_named(arguments->words[i]) == finding)
			return true;
	return false;
}

/* Calls lockdown_close() for what is wanted; how many cannot be closed. */
static size_t
plan(const struct arguments *arguments, const struct doctor *doctor,
    struct lockdown *lockdown)
{
	size_t i, n_failed = 0;
	json_t *row;

	json_array_foreach(doctor->findings, i, row) {
		const char *id = "", *subject = "";
		enum finding finding;

		json_unpack(row, "{s:s, s:s}", "id", &id, "subject",
		    &subject);
		finding = finding_named(id);
		if (!lockdown_closes(finding) || !wanted(arguments, finding))
			continue;
		if (lockdown_close(lockdown, finding, subject) < 0) {
			complain("%s of %s cannot be closed", id, subject);
			n_failed++;
		}
	}
	return n_failed;
}

/* What of it doctor still finds. */
static int
look_again(const struct arguments *arguments, const struct config *config)
{
	struct doctor doctor;
	int status = STATUS_OK;
	json_t *row;
	size_t i;

	if (doctor_run(config, arguments->socket, &doctor) < 0)
		return complain("no memory");
	json_array_foreach(doctor.findings, i, row) {
		const char *id = "", *text = "";
		enum finding finding;

		json_unpack(row, "{s:s, s:s}", "id", &id, "text", &text);
		finding = finding_named(id);
		if (lockdown_closes(finding) && wanted(arguments, finding))
			status = complain("still open: %s [%s]", text, id);
	}
	doctor_free(&doctor);
	return status;
}

static int
apply(const struct arguments *arguments, struct lockdown *lockdown)
{
	int status;

	lockdown_show(lockdown);
	if (arguments->dry_run)
		return STATUS_OK;
	if (!confirm(arguments, "Make these changes?"))
		return STATUS_FAILED;
	if (lockdown_apply(lockdown) < 0)
		return complain("nothing was changed");
	status = lockdown_tell(lockdown);
	if (look_again(arguments, lockdown->config) != STATUS_OK)
		status = STATUS_FAILED;
	puts("`jailctl lockdown --undo` takes it back");
	return status;
}

static int
close_findings(const struct arguments *arguments,
    const struct config *config)
{
	struct lockdown lockdown = { .config = config };
	struct doctor doctor;
	size_t n_failed;
	int status = STATUS_OK;

	if (doctor_run(config, arguments->socket, &doctor) < 0)
		return complain("no memory");
	n_failed = plan(arguments, &doctor, &lockdown);
	doctor_free(&doctor);
	if (n_failed > 0)
		status = complain("nothing was changed; name the findings "
		    "that are to be closed");
	else if (lockdown_empty(&lockdown) &&
	    (status = look_again(arguments, config)) == STATUS_OK)
		puts("there is nothing to close");
	else if (status != STATUS_OK)
		complain("nothing was changed");
	else
		status = apply(arguments, &lockdown);
	lockdown_free(&lockdown);
	return status;
}

int
command_lockdown(const struct arguments *arguments)
{
	struct config *config;
	int status = check_words(arguments);

	if (status != STATUS_OK)
		return status;
	if (arguments->undo && arguments->n_words > 0) {
		complain("lockdown: --undo takes everything back, and no "
		    "names");
		return STATUS_USAGE;
	}
	if (geteuid() != 0)
		return complain("lockdown: only root can");
	if (settings_load(arguments, &config) < 0)
		return STATUS_FAILED;
	status = arguments->undo ? lockdown_undo(arguments, config) :
	    close_findings(arguments, config);
	config_free(config);
	return status;
}

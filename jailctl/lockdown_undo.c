#include "config.h"

#include <errno.h>
#include <limits.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/diff_show.h"
#include "jailctl/doctor_settings.h"
#include "jailctl/confirm.h"
#include "jailctl/lockdown.h"

enum outcome {
	STAYS = 0,	/* others changed it since */
	GONE,		/* it is what it was before */
	UNDOABLE,
};

static enum outcome
look_at_file(const struct file_change *change)
{
	enum outcome outcome = STAYS;
	struct file_state now;

	if (file_state_read(change->path, &now) < 0)
		return STAYS;
	if (file_state_same(&now, &change->after))
		outcome = UNDOABLE;
	else if (file_state_same(&now, &change->before))
		outcome = GONE;
	file_state_free(&now);
	return outcome;
}

static enum outcome
look_at_setting(const struct setting_change *change)
{
	char now[SETTING_VALUE_MAX];

	lockdown_setting_read(change->name, now);
	if (strcmp(now, change->after) == 0)
		return UNDOABLE;
	return strcmp(now, change->before) == 0 ? GONE : STAYS;
}

/* What lockdown did to it, backwards. */
static void
explain_file(const struct file_change *change)
{
	complain("%s was changed since: it stays.  To take back by hand what "
	    "lockdown did, make this change, and then run `jailctl lockdown "
	    "--undo` again, which forgets it when the file is what it was:",
	    change->path);
	(void)diff_show(change->path, change->after.kind == FILE_TEXT ?
	    change->after.text : "", change->before.kind == FILE_TEXT ?
	    change->before.text : "");
}

/* A directory that others put something into stays, as theirs. */
static bool
undo_file(struct file_change *change)
{
	int r;

	switch (look_at_file(change)) {
	case GONE:
		change->done = false;
		return true;
	case STAYS:
		explain_file(change);
		return false;
	default:
		break;
	}
	r = file_state_put(change->path, &change->after, &change->before);
	if (r == 0 || (change->after.kind == FILE_DIRECTORY &&
	    (r == -ENOTEMPTY || r == -EEXIST))) {
		change->done = false;
		return true;
	}
	complain("%s: %s", change->path, strerrordesc_np(-r));
	return false;
}

/* What the running kernel has is gone with its next start anyway. */
static bool
undo_setting(struct setting_change *change)
{
	enum outcome outcome = look_at_setting(change);
	int r = 0;

	if (outcome == UNDOABLE)
		r = lockdown_setting_write(change->name, change->before);
	if (outcome == STAYS)
		complain("%s was changed since: it stays", change->name);
	else if (r < 0)
		complain("%s: %s; it is %s again after the next start of "
		    "the machine", change->name, strerrordesc_np(-r),
		    change->before);
	change->done = false;
	return outcome != STAYS && r == 0;
}

/* Backwards: of two changes to one file the later comes first. */
static int
undo_all(struct lockdown *record)
{
	int status = STATUS_OK;

	for (size_t i = record->n_settings; i > 0; i--)
		if (!undo_setting(&record->settings[i - 1]))
			status = STATUS_FAILED;
	for (size_t i = record->n_files; i > 0; i--)
		if (!undo_file(&record->files[i - 1]))
			status = STATUS_FAILED;
	return status;
}

static void
turn_around(struct lockdown *record)
{
	for (size_t i = 0; i < record->n_files; i++) {
		struct file_state state = record->files[i].before;

		record->files[i].before = record->files[i].after;
		record->files[i].after = state;
	}
	for (size_t i = 0; i < record->n_settings; i++) {
		char *value = record->settings[i].before;

		record->settings[i].before = record->settings[i].after;
		record->settings[i].after = value;
	}
}

static int
undo(struct lockdown *record)
{
	char path[PATH_MAX];
	int status, r;

	if (lckpwdf() < 0)
		return complain("/etc/.pwd.lock: %m");
	status = undo_all(record);
	ulckpwdf();
	r = lockdown_record_write(record);
	lockdown_record_path(record->config, path);
	if (r < 0)
		status = complain("%s: %s", path, strerrordesc_np(-r));
	if (lockdown_tell(record) != STATUS_OK)
		status = STATUS_FAILED;
	if (status == STATUS_OK)
		puts("everything is as it was");
	return status;
}

int
lockdown_undo(const struct arguments *arguments, const struct config *config)
{
	struct lockdown record;
	char path[PATH_MAX];
	int r = lockdown_record_read(config, &record), status = STATUS_OK;

	lockdown_record_path(config, path);
	if (r < 0)
		return complain("%s: %s", path, r == -EBADMSG ? "it is no "
		    "record of this version of jailctl" :
		    strerrordesc_np(-r));
	if (record.n_files + record.n_settings == 0) {
		puts("nothing is on record: there is nothing to undo");
		return STATUS_OK;
	}
	turn_around(&record);
	lockdown_show(&record);
	turn_around(&record);
	if (arguments->dry_run)
		status = STATUS_OK;
	else if (confirm(arguments, "Take this back?"))
		status = undo(&record);
	else
		status = STATUS_FAILED;
	lockdown_free(&record);
	return status;
}

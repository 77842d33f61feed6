#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/diff_show.h"
#include "jailctl/lockdown.h"

void
lockdown_free(struct lockdown *lockdown)
{
	for (size_t i = 0; i < lockdown->n_files; i++) {
		free(lockdown->files[i].path);
		file_state_free(&lockdown->files[i].before);
		file_state_free(&lockdown->files[i].after);
	}
	for (size_t i = 0; i < lockdown->n_settings; i++) {
		free(lockdown->settings[i].name);
		free(lockdown->settings[i].before);
		free(lockdown->settings[i].after);
	}
	free(lockdown->files);
	free(lockdown->settings);
	*lockdown = (struct lockdown){ 0 };
}

static int
add_file(struct lockdown *lockdown, const char *path,
    const struct file_state *state)
{
	struct file_change *larger = realloc(lockdown->files,
	    (lockdown->n_files + 1) * sizeof(*larger));
	struct file_change change = { 0 };

	if (larger == NULL)
		return -ENOMEM;
	lockdown->files = larger;
	change.path = strdup(path);
	if (change.path == NULL ||
	    file_state_copy(state, &change.before) < 0 ||
	    file_state_copy(state, &change.after) < 0) {
		free(change.path);
		file_state_free(&change.before);
		return -ENOMEM;
	}
	larger[lockdown->n_files++] = change;
	return 0;
}

struct file_state *
lockdown_file(struct lockdown *lockdown, const char *path)
{
	struct file_state state;
	int r;

	for (size_t i = 0; i < lockdown->n_files; i++)
		if (strcmp(lockdown->files[i].path, path) == 0)
			return &lockdown->files[i].after;
	r = file_state_read(path, &state);
	if (r == 0) {
		r = add_file(lockdown, path, &state);
		file_state_free(&state);
	}
	if (r < 0) {
		complain("%s: %s", path, strerrordesc_np(-r));
		return NULL;
	}
	return &lockdown->files[lockdown->n_files - 1].after;
}

int
lockdown_directory(struct lockdown *lockdown, const char *path)
{
	struct file_state *state = lockdown_file(lockdown, path);

	if (state == NULL)
		return -ENOMEM;
	if (state->kind == FILE_ABSENT) {
		state->kind = FILE_DIRECTORY;
		state->mode = 0755;
	}
	if (state->kind == FILE_DIRECTORY)
		return 0;
	complain("%s is no directory", path);
	return -ENOTDIR;
}

int
lockdown_setting(struct lockdown *lockdown, const char *name,
    const char *before, const char *after)
{
	struct setting_change *larger = realloc(lockdown->settings,
	    (lockdown->n_settings + 1) * sizeof(*larger));
	struct setting_change change = { .name = strdup(name),
		.before = strdup(before), .after = strdup(after) };

	if (larger != NULL)
		lockdown->settings = larger;
	if (larger == NULL || change.name == NULL || change.before == NULL ||
	    change.after == NULL) {
		free(change.name);
		free(change.before);
		free(change.after);
		return -ENOMEM;
	}
	larger[lockdown->n_settings++] = change;
	return 0;
}

static void
show_text(const struct file_change *change)
{
	const char *before = change->before.kind == FILE_TEXT ?
	    change->before.text : "";
	const char *after = change->after.kind == FILE_TEXT ?
	    change->after.text : "";

	if (diff_show(change->path, before, after) < 0)
		printf("%s changes (without diff(1) it is not shown how)\n",
		    change->path);
}

static void
show_file(const struct file_change *change)
{
	if (change->after.kind == FILE_LINK)
		printf("new link %s -> %s\n", change->path,
		    change->after.text);
	else if (change->after.kind == FILE_DIRECTORY)
		printf("new directory %s\n", change->path);
	else if (change->after.kind == FILE_ABSENT &&
	    (change->before.kind != FILE_TEXT || change->before.length == 0))
		printf("%s is removed\n", change->path);
	else
		show_text(change);
	if (change->before.kind == FILE_ABSENT &&
	    change->after.kind == FILE_TEXT && change->after.length == 0)
		printf("new empty file %s\n", change->path);
}

void
lockdown_show(const struct lockdown *lockdown)
{
	for (size_t i = 0; i < lockdown->n_files; i++) {
		const struct file_change *change = &lockdown->files[i];

		if (!file_state_same(&change->before, &change->after))
			show_file(change);
	}
	for (size_t i = 0; i < lockdown->n_settings; i++)
		printf("%s: %s -> %s\n", lockdown->settings[i].name,
		    lockdown->settings[i].before,
		    lockdown->settings[i].after);
	fflush(stdout);
}

bool
lockdown_empty(const struct lockdown *lockdown)
{
	for (size_t i = 0; i < lockdown->n_files; i++)
		if (!file_state_same(&lockdown->files[i].before,
		    &lockdown->files[i].after))
			return false;
	return lockdown->n_settings == 0;
}

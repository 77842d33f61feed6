/* jailctl pam: puts our session lines to the ends of the doors' stacks. */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/diff_show.h"
#include "jailctl/jailctl.h"
#include "jailctl/pam_choice.h"
#include "jailctl/pam_door.h"
#include "jailctl/table.h"

#define PAM_D "/etc/pam.d"

/* Words for people and programs, by enum door_state. */
static const char *const state_names[DOOR_STATES] = {
	[DOOR_FAULTY] = "faulty",
	[DOOR_NOT_THERE] = "not there",
	[DOOR_OF_PACKAGE] = "of its package",
	[DOOR_WITHOUT] = "without",
	[DOOR_MOVED] = "moved",
	[DOOR_THROUGH] = "through",
	[DOOR_BY_HAND] = "by hand",
	[DOOR_IN_PLACE] = "in place",
};

struct run {
	const struct arguments *arguments;
	struct config *config;
	struct pam_directory directory;
	char *lines;
	uint32_t doors;		/* what the command line means */
	bool named;		/* it named them */
	uint32_t left_out;
	int status;
};

static void
refuse(struct run *run, const char *service, const char *why)
{
	run->status = complain("%s: nothing was changed: %s", service, why);
}

/* Writes what became of the door's text, or shows it. */
static bool
change(struct run *run, const struct pam_door *door, const char *text,
    const char *said)
{
	_cleanup_free_ char *path = NULL;
	int r;

	if (asprintf(&path, PAM_D "/%s", door->service) < 0) {
		path = NULL;
		refuse(run, door->service, "no memory");
		return false;
	}
	if (run->arguments->dry_run)
		r = diff_show(path, door->text, text);
	else
		r = pam_door_write(&run->directory, door, text);
	if (r < 0)
		refuse(run, door->service, r == -ESTALE ?
		    "somebody changes the file just now" :
		    strerrordesc_np(-r));
	else if (!run->arguments->dry_run)
		printf("%s: %s\n", door->service, said);
	return r == 0;
}

static void
put(struct run *run, const struct pam_door *door)
{
	_cleanup_free_ char *text = NULL;
	const char *inner = door->found.inner != NULL ? door->found.inner :
	    run->lines;
	int r;

	if (door->through != NULL) {
		(void)change(run, door, door->found.bare, "lines taken out, "
		    "which another file brings too");
		return;
	}
	r = pam_edit_add(door->found.bare, inner, &text);
	if (r == -EINVAL)
		refuse(run, door->service, "the last line goes on behind its "
		    "\\: write a newline there");
	else if (r < 0)
		refuse(run, door->service, strerrordesc_np(-r));
	else
		(void)change(run, door, text, door->state == DOOR_MOVED ?
		    "lines put back to the end" : "lines added");
}

/* The lines are in another door's file, and so is what to do. */
static void
check_through(struct run *run, const struct pam_door *door)
{
	struct pam_door other = { .fd = -1 };
	_cleanup_free_ char *why = NULL;
	int i = pam_door_find(door->through);

	if (i < 0 || run->doors & 1u << i)
		return;
	if (pam_door_look(&run->directory, door->through, run->lines,
	    &other) < 0)
		return;
	if (other.state != DOOR_IN_PLACE && other.state != DOOR_BY_HAND &&
	    other.state != DOOR_THROUGH && asprintf(&why, "its session stack "
	    "ends with that of %s: enable %s", door->through,
	    door->through) < 0)
		why = NULL;
	if (why != NULL)
		refuse(run, door->service, why);
	pam_door_free(&other);
}

static void
enable_door(struct run *run, const struct pam_door *door)
{
	switch (door->state) {
	case DOOR_WITHOUT:
	case DOOR_MOVED:
		put(run, door);
		break;
	case DOOR_THROUGH:
		if (run->named)
			check_through(run, door);
		break;
	case DOOR_NOT_THERE:
		if (run->named)
			refuse(run, door->service, "there is no " PAM_D
			    " file of this service");
		break;
	case DOOR_BY_HAND:
	case DOOR_IN_PLACE:
		break;
	case DOOR_OF_PACKAGE:
		if (run->named)
			refuse(run, door->service, door->why);
		break;
	default:
		refuse(run, door->service, door->why);
	}
}

static void
disable_door(struct run *run, const struct pam_door *door)
{
	if (door->found.n_blocks > 0)
		(void)change(run, door, door->found.bare, "lines taken out");
	else if (door->state == DOOR_BY_HAND)
		refuse(run, door->service, "its lines were put there by "
		    "hand: take them out by hand");
	else if (door->state == DOOR_FAULTY && door->found.bare == NULL)
		refuse(run, door->service, door->why);
	else if (door->state == DOOR_NOT_THERE && run->named)
		refuse(run, door->service, "there is no " PAM_D " file of "
		    "this service");
}

static void
each_door(struct run *run, uint32_t doors,
    void (*act)(struct run *run, const struct pam_door *door))
{
	for (size_t i = 0; pam_doors[i] != NULL; i++) {
		struct pam_door door;

		if (!(doors & 1u << i))
			continue;
		if (pam_door_look(&run->directory, pam_doors[i], run->lines,
		    &door) < 0) {
			refuse(run, pam_doors[i], "no memory");
			continue;
		}
		act(run, &door);
		pam_door_free(&door);
	}
}

static void
remember(struct run *run, uint32_t left_out)
{
	int r;

	if (run->arguments->dry_run || left_out == run->left_out)
		return;
	r = pam_choice_write(&run->directory, run->config, left_out);
	if (r < 0)
		run->status = complain("%s: what was chosen is not "
		    "remembered: %s", run->config->state_dir,
		    strerrordesc_np(-r));
}

static void
run_enable(struct run *run)
{
	each_door(run, run->doors, enable_door);
	remember(run, run->left_out & ~run->doors);
}

static void
run_disable(struct run *run)
{
	each_door(run, run->doors, disable_door);
	if (!run->arguments->for_now)
		remember(run, run->left_out | run->doors);
}

static void
run_repair(struct run *run)
{
	run->doors &= ~run->left_out;
	run->named = false;
	each_door(run, run->doors, enable_door);
}

static void
add_row(struct table *table, const struct pam_door *door, bool left_out)
{
	_cleanup_free_ char *words = NULL;

	if (door->why != NULL)
		words = strdup(door->why);
	else if (asprintf(&words, "%s%s%s%s", state_names[door->state],
	    door->state == DOOR_THROUGH ? " " : "", door->state ==
	    DOOR_THROUGH ? door->through : "", left_out ? ", as chosen" :
	    "") < 0)
		words = NULL;
	table_add(table, door->service);
	table_add(table, words != NULL ? words : "no memory");
}

static json_t *
door_json(const struct pam_door *door, bool left_out)
{
	return json_pack("{s:s, s:s, s:s*, s:s*, s:b}", "service",
	    door->service, "state", state_names[door->state], "why",
	    door->why, "through",
	    door->state == DOOR_THROUGH ? door->through : NULL, "left_out",
	    left_out);
}

/* A door that is there, was not left out, and has not its lines, fails. */
static void
run_status(struct run *run)
{
	struct table table = { .n_columns = 2 };
	json_t *list = json_array();

	table_add(&table, "SERVICE");
	table_add(&table, "LINES");
	for (size_t i = 0; pam_doors[i] != NULL; i++) {
		bool left_out = run->left_out & 1u << i;
		struct pam_door door;

		if (!(run->doors & 1u << i) || pam_door_look(&run->directory,
		    pam_doors[i], run->lines, &door) < 0)
			continue;
		if (door.state == DOOR_FAULTY || door.state == DOOR_MOVED ||
		    (door.state == DOOR_WITHOUT && !left_out))
			run->status = STATUS_FAILED;
		add_row(&table, &door, left_out && door.state ==
		    DOOR_WITHOUT);
		json_array_append_new(list, door_json(&door, left_out));
		pam_door_free(&door);
	}
	if (run->arguments->json) {
		print_json(list);
	} else {
		table_print(&table);
		json_decref(list);
	}
	table_free(&table);
}

static const struct {
	const char *name;
	void (*run)(struct run *run);
} actions[] = {
	{ "enable", run_enable },
	{ "disable", run_disable },
	{ "repair", run_repair },
	{ "status", run_status },
};

static int
take_services(struct run *run)
{
	const struct arguments *arguments = run->arguments;

	run->named = arguments->n_words > 1;
	for (int word = 1; word < arguments->n_words; word++) {
		int i = pam_door_find(arguments->words[word]);

		if (i < 0)
			return complain("pam: '%s' is none of the services "
			    "that have lines: `jailctl pam status` lists them",
			    arguments->words[word]);
		run->doors |= 1u << i;
	}
	for (size_t i = 0; !run->named && pam_doors[i] != NULL; i++)
		run->doors |= 1u << i;
	return STATUS_OK;
}

/* What is to be taken out is known by its marks, also where the settings have
 * a mistake: those of a file that is not there do. */
static int
load_settings(struct run *run, bool takes_out)
{
	int r = settings_load_below(run->arguments->root, run->arguments,
	    &run->config);

	if (r < 0 && takes_out)
		r = config_load("", true, false, stderr, &run->config);
	return r;
}

static int
begin(struct run *run, bool takes_out)
{
	const char *root = run->arguments->root;
	int r = load_settings(run, takes_out);

	if (r < 0)
		return STATUS_FAILED;
	r = pam_directory_open(root, &run->directory);
	if (r < 0)
		return complain("%s" PAM_D ": %s", root != NULL ? root : "",
		    strerrordesc_np(-r));
	r = pam_choice_read(&run->directory, run->config, &run->left_out);
	if (r < 0)
		return complain("%s: which doors were left out is not known: "
		    "%s", run->config->state_dir, strerrordesc_np(-r));
	if (pam_edit_lines(run->config, &run->lines) < 0)
		return complain("no memory");
	return STATUS_OK;
}

int
command_pam(const struct arguments *arguments)
{
	struct run run = { .arguments = arguments, .directory = { .fd = -1,
		.root_fd = -1 } };
	size_t i = 0;

	while (i < ARRAY_LENGTH(actions) &&
	    strcmp(actions[i].name, arguments->words[0]) != 0)
		i++;
	if (i == ARRAY_LENGTH(actions)) {
		complain("pam: '%s' is none of enable, disable, repair and "
		    "status", arguments->words[0]);
		return STATUS_USAGE;
	}
	if (take_services(&run) != STATUS_OK)
		return STATUS_USAGE;
	run.status = begin(&run, actions[i].run == run_disable);
	if (run.status == STATUS_OK)
		actions[i].run(&run);
	pam_directory_close(&run.directory);
	free(run.lines);
	config_free(run.config);
	return run.status;
}

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor_pam.h"

#define GUARD "pam_succeed_if.so"

void
doctor_module(struct doctor *doctor)
{
	static const char path[] = JAILD_SECUREDIR "/" PAM_MODULE;

	if (access(path, R_OK) == 0)
		doctor_report(doctor, SEVERITY_OK, "", "%s is there", path);
	else
		doctor_report(doctor, SEVERITY_ERROR, "install jaild again",
		    "%s: %s; agents are refused on every service", path,
		    strerrordesc_np(errno));
}

char *
pam_append_command(const struct doctor *doctor, const char *type,
    const char *file)
{
	char *command;

	if (asprintf(&command, "printf '%s [success=1 default=ignore] " GUARD
	    " quiet user notingroup %s shell != " JAILD_PKGLIBEXECDIR
	    "/jail-shell\\n%s required " PAM_MODULE
	    "\\n' >>%s", type, doctor->config->agents_group, type, file) < 0)
		return NULL;
	return command;
}

static bool
is_guard(const struct pam_line *line)
{
	return pam_line_is(line, GUARD) &&
	    strstr(line->arguments, "notingroup") != NULL &&
	    pam_line_jump(line) == 1;
}

static void
check_file(struct doctor *doctor, const struct pam_line *ours)
{
	if (*ours->module != '/' || access(ours->module, R_OK) == 0)
		return;
	doctor_report(doctor, SEVERITY_ERROR, "sed -i 's|[^ ]*/" PAM_MODULE "|"
	    PAM_MODULE "|' /etc/pam.d/*", "%s:%u: %s: %s; agents are refused",
	    ours->file, ours->line, ours->module, strerrordesc_np(errno));
}

static void
check_control(struct doctor *doctor, const struct pam_line *ours)
{
	if (strcmp(ours->control, "required") == 0 ||
	    strcmp(ours->control, "requisite") == 0)
		return;
	doctor_report(doctor, SEVERITY_ERROR, "write `session required "
	    PAM_MODULE "`", "%s:%u: `%s` lets an agent in without its jail "
	    "when there is none", ours->file, ours->line, ours->control);
}

static void
check_guard(struct doctor *doctor, const struct pam_stack *stack, size_t ours)
{
	const struct pam_line *line = &stack->lines[ours];

	if (ours > 0 && is_guard(&stack->lines[ours - 1]))
		return;
	doctor_report(doctor, SEVERITY_WARNING, "write `session [success=1 "
	    "default=ignore] " GUARD " quiet user notingroup GROUP shell != "
	    JAILD_PKGLIBEXECDIR "/jail-shell` in front",
	    "%s:%u: no guard stands in front, so that a missing module would "
	    "lock everybody out", line->file, line->line);
}

/* What comes earlier may go past us. */
static void
check_before(struct doctor *doctor, const struct pam_stack *stack,
    size_t ours)
{
	for (size_t i = 0; i < ours; i++) {
		const struct pam_line *line = &stack->lines[i];

		if (i + 1 == ours && is_guard(line))
			continue;
		if (pam_line_may_end(line) ||
		    i + pam_line_jump(line) >= ours)
			doctor_report(doctor, SEVERITY_ERROR, "put it behind "
			    "a substack, or write `required`",
			    "%s:%u: `%s %s` can go past " PAM_MODULE
			    ": then an agent is in without its jail",
			    line->file, line->line, line->control,
			    line->module);
	}
}

/* What comes later works inside the jail, and sees what the agent sees. */
static void
check_behind(struct doctor *doctor, const struct pam_stack *stack,
    size_t ours)
{
	for (size_t i = ours + 1; i < stack->n_lines; i++)
		doctor_report(doctor, SEVERITY_ERROR, "move our two lines to "
		    "the end of the session stack", "%s:%u: %s stands behind "
		    PAM_MODULE " and would run inside the jail",
		    stack->lines[i].file, stack->lines[i].line,
		    stack->lines[i].module);
}

static bool
check_stack(struct doctor *doctor, const struct pam_stack *stack)
{
	size_t ours = pam_stack_find(stack, PAM_MODULE);
	size_t before = json_array_size(doctor->findings);

	if (ours == stack->n_lines) {
		_cleanup_free_ char *fix = pam_append_command(doctor,
		    "session", PAM_DIRECTORY "/sshd");

		doctor_report(doctor, SEVERITY_ERROR, fix != NULL ? fix : "",
		    "no session line of " PAM_MODULE ": agents log in "
		    "without a jail, or are refused");
		return false;
	}
	check_file(doctor, &stack->lines[ours]);
	check_control(doctor, &stack->lines[ours]);
	check_guard(doctor, stack, ours);
	check_before(doctor, stack, ours);
	check_behind(doctor, stack, ours);
	return json_array_size(doctor->findings) == before;
}

void
doctor_sshd_stack(struct doctor *doctor)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };
	int r = pam_stack_read(PAM_DIRECTORY, "sshd", "session", &stack);

	if (r == -ENOENT) {
		doctor_report(doctor, SEVERITY_NOTE, "", "there is no "
		    PAM_DIRECTORY "/sshd: the stack of `other` serves");
		return;
	}
	if (r < 0) {
		doctor_report(doctor, SEVERITY_ERROR, "", PAM_DIRECTORY
		    "/sshd: %s", strerrordesc_np(-r));
		return;
	}
	if (check_stack(doctor, &stack))
		doctor_report(doctor, SEVERITY_OK, "", "our lines are the "
		    "last of the session stack of sshd");
}


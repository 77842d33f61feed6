#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "jailctl/doctor_pam.h"
#include "jailctl/doctor_sshd.h"

#define GUARD "pam_succeed_if.so"

void
doctor_module(struct doctor *doctor)
{
	static const char path[] = JAILD_SECUREDIR "/" PAM_MODULE;

	if (access(path, R_OK) == 0)
		doctor_fine(doctor, "%s is there", path);
	else
		doctor_report(doctor, FINDING_PAM_MODULE_MISSING, path,
		    "install jaild again", "%s: %s; agents are refused on "
		    "every service", path, strerrordesc_np(errno));
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
	doctor_report(doctor, FINDING_PAM_LINE_PATH, ours->file,
	    "sed -i 's|[^ ]*/" PAM_MODULE "|" PAM_MODULE "|' "
	    PAM_DIRECTORY "/*", "%s:%u: %s: %s; agents are refused",
	    ours->file, ours->line, ours->module, strerrordesc_np(errno));
}

static void
check_control(struct doctor *doctor, const struct pam_line *ours)
{
	if (strcmp(ours->control, "required") == 0 ||
	    strcmp(ours->control, "requisite") == 0)
		return;
	doctor_report(doctor, FINDING_PAM_LINE_CONTROL, ours->file,
	    "write `session required " PAM_MODULE "`",
	    "%s:%u: `%s` lets an agent in without its jail when there is none",
	    ours->file, ours->line, ours->control);
}

static void
check_guard(struct doctor *doctor, const struct pam_stack *stack, size_t ours)
{
	const struct pam_line *line = &stack->lines[ours];

	if (ours > 0 && is_guard(&stack->lines[ours - 1]))
		return;
	doctor_report(doctor, FINDING_PAM_LINE_UNGUARDED, line->file,
	    "write `session [success=1 default=ignore] " GUARD " quiet user "
	    "notingroup GROUP shell != " JAILD_PKGLIBEXECDIR
	    "/jail-shell` in front",
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
			doctor_report(doctor, FINDING_PAM_LINE_SKIPPED,
			    line->file, "put it behind a substack, or write "
			    "`required`",
			    "%s:%u: `%s %s` can go past " PAM_MODULE
			    ": then an agent is in without its jail",
			    line->file, line->line, line->control,
			    line->module);
	}
}

/* What comes later works inside the jail, and sees what the agent sees. */
static void
check_behind(struct doctor *doctor, const char *service,
    const struct pam_stack *stack, size_t ours)
{
	char text[FIX_MAX];

	for (size_t i = ours + 1; i < stack->n_lines; i++)
		doctor_report(doctor, FINDING_PAM_LINE_BEHIND,
		    stack->lines[i].file, doctor_fix(text,
		    "jailctl pam enable %s", service),
		    "%s:%u: %s stands behind "
		    PAM_MODULE " and would run inside the jail",
		    stack->lines[i].file, stack->lines[i].line,
		    stack->lines[i].module);
}

/* Only where our line sees the session's own login uid set in front of it,
 * records of the session carry it; behind it the file that sets it is out of
 * reach.  su and runuser keep the administrator's by intent. */
static void
check_loginuid(struct doctor *doctor, const char *service,
    const struct pam_stack *stack, size_t ours)
{
	enum service_class class = service_class_of(service);

	for (size_t i = 0; i < ours; i++)
		if (pam_line_is(&stack->lines[i], "pam_loginuid.so"))
			return;
	if (class == SERVICE_SU || class == SERVICE_EXEC)
		return;
	doctor_report(doctor, FINDING_PAM_NO_LOGINUID, service,
	    "write `session required pam_loginuid.so` in front of our two "
	    "lines", PAM_DIRECTORY "/%s: no pam_loginuid.so in front of "
	    PAM_MODULE ": `ausearch -ul` does not find what agents did",
	    service);
}

/* Modules that open a session on the host, and would have to end it there. */
static const struct {
	const char *module, *means;
} closers[] = {
	{ "pam_ecryptfs.so", "leaves its mount" },
	{ "pam_encfs.so", "leaves its mount" },
	{ "pam_exec.so", "runs its program inside the jail" },
	{ "pam_fscrypt.so", "leaves the directory unlocked" },
	{ "pam_mount.so", "leaves its mounts" },
	{ "pam_namespace.so", "leaves its mounts" },
	{ "pam_script.so", "runs its program inside the jail" },
	{ "pam_zfs_key.so", "leaves its mount" },
};

static void
check_closers(struct doctor *doctor, const struct pam_stack *stack,
    size_t ours)
{
	for (size_t i = 0; i < ours; i++)
		for (size_t k = 0; k < ARRAY_LENGTH(closers); k++) {
			const struct pam_line *line = &stack->lines[i];

			if (!pam_line_is(line, closers[k].module))
				continue;
			doctor_report(doctor, FINDING_PAM_CLOSE, line->file,
			    "write `session [success=1 default=ignore] "
			    "pam_succeed_if.so quiet user ingroup agents` in "
			    "front", "%s:%u: %s %s when an agent's session "
			    "ends: the process is in the jail by then",
			    line->file, line->line, closers[k].module,
			    closers[k].means);
		}
}

/* Read by root on the host: a pipe in the place of the file holds the login
 * up for ever.  The auth stack's line does it, too, when setcred is called. */
static void
check_user_env(struct doctor *doctor, const char *service, const char *type)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };
	char text[FIX_MAX];

	if (pam_stack_read(PAM_DIRECTORY, service, type, &stack) < 0)
		return;
	for (size_t i = 0; i < stack.n_lines; i++) {
		const struct pam_line *line = &stack.lines[i];

		if (pam_line_is(line, "pam_env.so") &&
		    strstr(line->arguments, "user_readenv=1") != NULL)
			doctor_report(doctor, FINDING_PAM_USER_ENV,
			    line->file, doctor_fix(text,
			    "sed -i 's/[[:space:]]user_readenv=1//' %s",
			    line->file), "%s:%u: user_readenv=1 reads "
			    "~/.pam_environment before the entry; a pipe of "
			    "that name holds an agent's login up for ever",
			    line->file, line->line);
	}
}

static void
check_stack(struct doctor *doctor, const char *service,
    const struct pam_stack *stack)
{
	size_t ours = pam_stack_find_without(stack, PAM_MODULE,
	    PAM_REFUSE_ONLY);
	char text[FIX_MAX];

	if (ours == stack->n_lines) {
		doctor_report(doctor, FINDING_PAM_LINE_MISSING, service,
		    doctor_fix(text, "jailctl pam enable %s", service),
		    PAM_DIRECTORY "/%s: no session line of " PAM_MODULE
		    ": agents log in without a jail, or are refused",
		    service);
		return;
	}
	check_file(doctor, &stack->lines[ours]);
	check_control(doctor, &stack->lines[ours]);
	check_guard(doctor, stack, ours);
	check_before(doctor, stack, ours);
	check_behind(doctor, service, stack, ours);
	check_loginuid(doctor, service, stack, ours);
	check_closers(doctor, stack, ours);
	check_user_env(doctor, service, "auth");
	check_user_env(doctor, service, "session");
}

static void
check_door(struct doctor *doctor, const char *service)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };
	int r = pam_stack_read(PAM_DIRECTORY, service, "session", &stack);

	if (r == 0)
		check_stack(doctor, service, &stack);
	else if (r != -ENOENT)
		doctor_report(doctor, FINDING_PAM_UNREADABLE, service, "",
		    PAM_DIRECTORY "/%s: %s", service, strerrordesc_np(-r));
	else if (strcmp(service, "sshd") == 0 && sshd_find() != NULL)
		doctor_report(doctor, FINDING_PAM_NO_SERVICE, service, "",
		    "there is no " PAM_DIRECTORY "/sshd: the stack of `other` "
		    "serves");
}

/* PAM lets agents in through these; `jailctl exec` has a check of its own. */
void
doctor_doors(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	for (size_t i = 0; pam_doors[i] != NULL; i++)
		if (service_class_open(service_class_of(pam_doors[i])))
			check_door(doctor, pam_doors[i]);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "our lines are the last of the session "
		    "stack of every door");
}

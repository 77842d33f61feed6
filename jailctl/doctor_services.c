#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "jailctl/doctor.h"
#include "jailctl/doctor_pam.h"

/* Where pam-auth-update(8) finds our account lines. */
#define PROFILE "/usr/share/pam-configs/jaild"

/* Parts that services include; none of them is a service. */
static const char *const parts[] = { "config-util", "fingerprint-auth",
	"password-auth", "postlogin", "smartcard-auth", "system-auth" };

/* Services whose account stacks end in the same file, where one pair of
 * lines closes all of them. */
struct gap {
	struct gap *next;
	char *file;
	char *services;		/* "login, su" */
};

static void
gaps_free(struct gap **gaps)
{
	while (*gaps != NULL) {
		struct gap *gap = *gaps;

		*gaps = gap->next;
		free(gap->file);
		free(gap->services);
		free(gap);
	}
}

static int
is_service(const struct dirent *entry)
{
	if (strpbrk(entry->d_name, ".~") != NULL ||
	    strncmp(entry->d_name, "common-", strlen("common-")) == 0)
		return 0;
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
		if (strcmp(parts[i], entry->d_name) == 0)
			return 0;
	return 1;
}

/* The service's own lines of this type, or else those of `other`. */
static bool
read_stack(const char *service, const char *type, struct pam_stack *stack)
{
	if (pam_stack_read(PAM_DIRECTORY, service, type, stack) == 0 &&
	    stack->n_lines > 0)
		return true;
	pam_stack_free(stack);
	return pam_stack_read(PAM_DIRECTORY, "other", type, stack) == 0 &&
	    stack->n_lines > 0;
}

static bool
has_our_line(const char *service, const char *type)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };

	return read_stack(service, type, &stack) &&
	    pam_stack_find_without(&stack, PAM_MODULE, strcmp(type,
	    "session") == 0 ? PAM_REFUSE_ONLY : "") < stack.n_lines;
}

static bool
opens_sessions(const char *service)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };

	return read_stack(service, "session", &stack);
}

static int
add_gap(struct gap **gaps, const char *file, const char *service)
{
	struct gap *gap = *gaps;
	char *services;

	while (gap != NULL && strcmp(gap->file, file) != 0)
		gap = gap->next;
	if (gap == NULL) {
		gap = calloc(1, sizeof(*gap));
		if (gap == NULL)
			return -ENOMEM;
		gap->next = *gaps;
		*gaps = gap;
		gap->file = strdup(file);
	}
	if (gap->file == NULL || asprintf(&services, "%s%s%s",
	    gap->services != NULL ? gap->services : "",
	    gap->services != NULL ? ", " : "", service) < 0)
		return -ENOMEM;
	free(gap->services);
	gap->services = services;
	return 0;
}

/* A service that opens sessions has an account line of ours, which refuses
 * agents wherever they may not come in. */
static int
check_service(struct gap **gaps, const char *service)
{
	_cleanup_(pam_stack_free) struct pam_stack stack = { 0 };

	if (!opens_sessions(service) || has_our_line(service, "account"))
		return 0;
	if (!read_stack(service, "account", &stack))
		return add_gap(gaps, PAM_DIRECTORY "/other", service);
	return add_gap(gaps, stack.lines[stack.n_lines - 1].file, service);
}

static int
find_gaps(struct gap **gaps)
{
	struct dirent **entries;
	int n = scandir(PAM_DIRECTORY, &entries, is_service, alphasort);
	int r = 0;

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = check_service(gaps, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return r;
}

static void
report_gaps(struct doctor *doctor, const struct gap *gaps)
{
	for (const struct gap *gap = gaps; gap != NULL; gap = gap->next) {
		_cleanup_free_ char *fix = access(PROFILE, F_OK) == 0 ?
		    strdup("pam-auth-update --enable jaild") :
		    pam_append_command(doctor, "account", gap->file);

		doctor_report(doctor, FINDING_PAM_ACCOUNT_MISSING, gap->file,
		    fix, "no account line of " PAM_MODULE
		    " refuses agents at: %s", gap->services);
	}
}

/* Whoever the account stack was asked about, a session of an agent is refused
 * at a service that is no door.  Where it is asked about the agent, its line
 * does. */
static void
check_closed(struct doctor *doctor, const struct pam_door *door)
{
	char text[FIX_MAX];

	if (door->state != DOOR_FAULTY && door->state != DOOR_OF_PACKAGE &&
	    door->state != DOOR_WITHOUT)
		return;
	if (!service_closed(door->service)->session_alone &&
	    has_our_line(door->service, "account"))
		return;
	doctor_report(doctor, FINDING_PAM_CLOSED_MISSING, door->service,
	    doctor_fix(text, "%s%s%sjailctl pam enable %s",
	    door->of_package ? "cp /usr/lib/pam.d/" : "", door->of_package ?
	    door->service : "", door->of_package ? " /etc/pam.d/ && " : "",
	    door->service), "%s: no session line of " PAM_MODULE " refuses "
	    "agents, so that things can be run as one through it, outside of "
	    "its jail%s%s", door->service, door->why != NULL ? ": " : "",
	    door->why != NULL ? door->why : "");
}

static int
check_closed_services(struct doctor *doctor)
{
	_cleanup_free_ char *lines = NULL;
	struct pam_directory directory;
	int r = pam_edit_lines(doctor->config, &lines);

	if (r == 0)
		r = pam_directory_open(NULL, &directory);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && pam_doors[i] != NULL; i++) {
		struct pam_door door;

		r = pam_door_look(&directory, pam_doors[i], lines, &door);
		if (r == 0 && door.closed)
			check_closed(doctor, &door);
		if (r == 0)
			pam_door_free(&door);
	}
	pam_directory_close(&directory);
	return r;
}

void
doctor_services(struct doctor *doctor)
{
	_cleanup_(gaps_free) struct gap *gaps = NULL;
	size_t before = json_array_size(doctor->findings);
	int r = find_gaps(&gaps);

	if (r == 0)
		r = check_closed_services(doctor);
	if (r < 0) {
		doctor_report(doctor, FINDING_PAM_UNREADABLE, PAM_DIRECTORY,
		    "", PAM_DIRECTORY ": %s", strerrordesc_np(-r));
		return;
	}
	report_gaps(doctor, gaps);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "every service that opens "
		    "sessions jails agents or refuses them");
	if (!has_our_line("jailctl", "session"))
		doctor_report(doctor, FINDING_PAM_EXEC_MISSING,
		    PAM_DIRECTORY "/jailctl", "echo 'session required "
		    PAM_MODULE "' >>" PAM_DIRECTORY "/jailctl",
		    "without a session line in " PAM_DIRECTORY "/jailctl "
		    "`jailctl exec` runs nothing");
}

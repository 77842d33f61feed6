#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"

static const char *const severity_names[SEVERITY_LEVELS] = { "ok", "note",
	"warning", "error" };

static const struct {
	const char *topic;
	void (*run)(struct doctor *doctor);
} checks[] = {
	{ "group", doctor_find_agents },
	{ "kernel", doctor_kernel },
	{ "settings", doctor_settings },
	{ "audit", doctor_audit },
	{ "auditd", doctor_auditd },
	{ "module", doctor_module },
	{ "doors", doctor_doors },
	{ "services", doctor_services },
	{ "sshd", doctor_sshd },
	{ "daemons", doctor_daemons },
	{ "jobs", doctor_jobs },
	{ "mail", doctor_mail },
	{ "units", doctor_units },
	{ "sudo", doctor_sudo },
	{ "policy", doctor_policy },
	{ "jaild", doctor_daemon },
	{ "agents", doctor_agents },
	{ "homes", doctor_homes },
};

/* Each agent may bring the same to light. */
static bool
known(const struct doctor *doctor, enum finding finding, const char *text)
{
	json_t *row;
	size_t i;

	json_array_foreach(doctor->findings, i, row) {
		const char *id = "", *said = "";

		json_unpack(row, "{s:s, s:s}", "id", &id, "text", &said);
		if (strcmp(id, finding_kinds[finding].id) == 0 &&
		    strcmp(said, text) == 0)
			return true;
	}
	return false;
}

static void
add(struct doctor *doctor, enum severity severity, enum finding finding,
    const char *subject, const char *fix, char *text)
{
	const struct finding_kind *kind = &finding_kinds[finding];
	const char *says = text != NULL ? text : "no memory";

	if (severity > doctor->worst)
		doctor->worst = severity;
	if (!known(doctor, finding, says)) {
		doctor->n_closable += kind->closing == CLOSING_LOCKDOWN;
		json_array_append_new(doctor->findings, json_pack("{s:s, s:s, "
		    "s:s, s:s, s:s, s:s, s:b}", "id", kind->id, "severity",
		    severity_names[severity], "topic", doctor->topic,
		    "subject", subject, "text", says, "fix", fix != NULL ?
		    fix : "", "lockdown", kind->closing != CLOSING_BY_HAND));
	}
	free(text);
}

__attribute__((format(printf, 1, 0)))
static char *
text_of(const char *format, va_list arguments)
{
	char *text;

	return vasprintf(&text, format, arguments) < 0 ? NULL : text;
}

void
doctor_report(struct doctor *doctor, enum finding finding,
    const char *subject, const char *fix, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(doctor, finding_kinds[finding].severity, finding, subject, fix,
	    text_of(format, arguments));
	va_end(arguments);
}

void
doctor_report_as(struct doctor *doctor, enum severity severity,
    enum finding finding, const char *subject, const char *fix,
    const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(doctor, severity, finding, subject, fix, text_of(format,
	    arguments));
	va_end(arguments);
}

void
doctor_fine(struct doctor *doctor, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(doctor, SEVERITY_OK, FINDING_OK, "", "", text_of(format,
	    arguments));
	va_end(arguments);
}

bool
doctor_needs_root(struct doctor *doctor, const char *what)
{
	if (doctor->root)
		return false;
	doctor_report(doctor, FINDING_NEEDS_ROOT, "", "sudo jailctl doctor",
	    "only root may look at %s", what);
	return true;
}

const char *
doctor_fix(char text[FIX_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, FIX_MAX, format, arguments);
	va_end(arguments);
	return text;
}

bool
doctor_nothing_since(const struct doctor *doctor, size_t n)
{
	for (; n < json_array_size(doctor->findings); n++) {
		const char *severity = "";

		json_unpack(json_array_get(doctor->findings, n), "{s:s}",
		    "severity", &severity);
		if (strcmp(severity, severity_names[SEVERITY_NOTE]) != 0)
			return false;
	}
	return true;
}

int
doctor_run(const struct config *config, const char *socket,
    struct doctor *ret)
{
	struct doctor doctor = { .config = config, .socket = socket,
		.root = geteuid() == 0, .findings = json_array() };

	if (doctor.findings == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_LENGTH(checks); i++) {
		doctor.topic = checks[i].topic;
		checks[i].run(&doctor);
	}
	*ret = doctor;
	return 0;
}

void
doctor_free(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->n_agents; i++)
		account_free(doctor->agents[i]);
	free(doctor->agents);
	json_decref(doctor->findings);
	*doctor = (struct doctor){ 0 };
}

static void
print_text(const struct doctor *doctor)
{
	json_t *finding;
	size_t i;

	json_array_foreach(doctor->findings, i, finding) {
		const char *severity = "", *topic = "", *text = "", *fix = "";
		const char *id = "";

		json_unpack(finding, "{s:s, s:s, s:s, s:s, s:s}", "id", &id,
		    "severity", &severity, "topic", &topic, "text", &text,
		    "fix", &fix);
		printf("%-7s  %s: %s", severity, topic, text);
		if (strcmp(id, finding_kinds[FINDING_OK].id) != 0)
			printf(" [%s]", id);
		putchar('\n');
		if (*fix != '\0')
			printf("         -> %s\n", fix);
	}
	if (doctor->n_closable > 0)
		printf("\n%zu of these can be closed by `jailctl lockdown`; "
		    "--dry-run shows how.\n", doctor->n_closable);
}

static int
list_findings(bool json)
{
	static const char *const closings[] = { "by hand", "lockdown",
		"lockdown, when named" };
	json_t *rows = json_array();

	for (size_t i = FINDING_OK + 1; i < FINDINGS; i++) {
		const struct finding_kind *kind = &finding_kinds[i];

		if (!json) {
			printf("%-22s %-8s %-20s %s\n", kind->id,
			    severity_names[kind->severity],
			    closings[kind->closing], kind->means);
			continue;
		}
		json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s}",
		    "id", kind->id, "severity",
		    severity_names[kind->severity], "closed",
		    closings[kind->closing], "means", kind->means));
	}
	if (json)
		return print_json(rows);
	json_decref(rows);
	return STATUS_OK;
}

int
command_doctor(const struct arguments *arguments)
{
	static const int statuses[SEVERITY_LEVELS] = { 0, 0, 1, 2 };
	struct config *config;
	struct doctor doctor;
	int status;

	if (arguments->list)
		return list_findings(arguments->json);
	if (settings_load(arguments, &config) < 0)
		return STATUS_DOCTOR_FAILED;
	if (doctor_run(config, arguments->socket, &doctor) < 0) {
		config_free(config);
		complain("no memory");
		return STATUS_DOCTOR_FAILED;
	}
	status = statuses[doctor.worst];
	if (!arguments->json)
		print_text(&doctor);
	else if (print_json(json_incref(doctor.findings)) != STATUS_OK)
		status = STATUS_DOCTOR_FAILED;
	doctor_free(&doctor);
	config_free(config);
	return status;
}

#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"

static const char *const severity_names[SEVERITY_LEVELS] = { "ok", "note",
	"warning", "error" };

static const struct {
	const char *topic;
	void (*run)(struct doctor *doctor);
} checks[] = {
	{ "kernel", doctor_kernel },
	{ "audit", doctor_audit },
	{ "module", doctor_module },
	{ "sshd stack", doctor_sshd_stack },
	{ "services", doctor_services },
	{ "sshd", doctor_sshd },
	{ "policy", doctor_policy },
	{ "jaild", doctor_daemon },
	{ "agents", doctor_agents },
};

void
doctor_report(struct doctor *doctor, enum severity severity, const char *fix,
    const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (severity > doctor->worst)
		doctor->worst = severity;
	json_array_append_new(doctor->findings, json_pack("{s:s, s:s, s:s, "
	    "s:s}", "severity", severity_names[severity], "topic",
	    doctor->topic, "text", text != NULL ? text : "no memory", "fix",
	    fix));
}

static void
print_text(json_t *findings)
{
	json_t *finding;
	size_t i;

	json_array_foreach(findings, i, finding) {
		const char *severity = "", *topic = "", *text = "", *fix = "";

		json_unpack(finding, "{s:s, s:s, s:s, s:s}", "severity",
		    &severity, "topic", &topic, "text", &text, "fix", &fix);
		printf("%-7s  %s: %s\n", severity, topic, text);
		if (*fix != '\0')
			printf("         -> %s\n", fix);
	}
}

int
command_doctor(const struct arguments *arguments)
{
	/* STATUS_USAGE is what errors share with a wrong command line. */
	static const int statuses[SEVERITY_LEVELS] = { 0, 0, 1, 2 };
	struct doctor doctor = { .socket = arguments->socket,
		.root = geteuid() == 0, .findings = json_array() };
	struct config *config;

	if (settings_load(arguments, &config) < 0)
		return statuses[SEVERITY_ERROR];
	doctor.config = config;
	for (size_t i = 0; i < ARRAY_LENGTH(checks); i++) {
		doctor.topic = checks[i].topic;
		checks[i].run(&doctor);
	}
	if (arguments->json) {
		print_json(doctor.findings);
	} else {
		print_text(doctor.findings);
		json_decref(doctor.findings);
	}
	config_free(config);
	return statuses[doctor.worst];
}

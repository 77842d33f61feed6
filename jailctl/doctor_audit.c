#include "config.h"

#include <string.h>

#include "jailctl/doctor.h"
#include "jaild/audit.h"

#define BACKLOG_ENOUGH 1024

/* With audit_required, what breaks the trail refuses every agent. */
static enum severity
severity_of_gap(const struct doctor *doctor)
{
	return doctor->config->audit_required ? SEVERITY_ERROR :
	    SEVERITY_WARNING;
}

static const char *
meaning_of_gap(const struct doctor *doctor)
{
	return doctor->config->audit_required ?
	    "every agent's login is refused (audit_required)" :
	    "what agents do is not on record";
}

static void
check_numbers(struct doctor *doctor, const struct audit_state *state)
{
	if (state->lost > 0)
		doctor_report(doctor, SEVERITY_NOTE, "auditctl -b 8192",
		    "%u records were lost since the machine started (or since "
		    "`auditctl --reset-lost`); a login during which one is "
		    "lost is refused", state->lost);
	if (state->backlog_limit < BACKLOG_ENOUGH)
		doctor_report(doctor, SEVERITY_NOTE, "auditctl -b 8192",
		    "only %u records may wait for auditd: a busy agent can "
		    "push others' out", state->backlog_limit);
	else if (state->backlog > state->backlog_limit / 4 * 3)
		doctor_report(doctor, SEVERITY_WARNING,
		    "systemctl restart auditd",
		    "%u records wait for auditd, %u may: soon they get lost",
		    state->backlog, state->backlog_limit);
	if (state->rate_limit > 0)
		doctor_report(doctor, SEVERITY_WARNING, "auditctl -r 0",
		    "records beyond %u a second are thrown away",
		    state->rate_limit);
}

void
doctor_audit(struct doctor *doctor)
{
	struct audit_state state;
	enum severity before = doctor->worst;
	int r;

	if (!doctor->root) {
		doctor_report(doctor, SEVERITY_NOTE, "sudo jailctl doctor",
		    "only root may look at the kernel's audit trail");
		return;
	}
	r = audit_state_get(&state);
	if (r < 0) {
		doctor_report(doctor, severity_of_gap(doctor),
		    "run jaild in the first namespaces of the host",
		    "the kernel does not answer (%s): %s",
		    strerrordesc_np(-r), meaning_of_gap(doctor));
		return;
	}
	if (state.enabled == 0)
		doctor_report(doctor, severity_of_gap(doctor),
		    "auditctl -e 1", "the kernel's audit is off: %s",
		    meaning_of_gap(doctor));
	if (state.daemon_pid == 0)
		doctor_report(doctor, severity_of_gap(doctor),
		    "systemctl enable --now auditd",
		    "no auditd is running: %s", meaning_of_gap(doctor));
	check_numbers(doctor, &state);
	if (doctor->worst <= before && state.enabled != 0 &&
	    state.daemon_pid != 0)
		doctor_report(doctor, SEVERITY_OK, "", "on, and auditd "
		    "(pid %u) listens", state.daemon_pid);
}

#include "config.h"

#include <errno.h>
#include <libaudit.h>
#include <poll.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"
#include "jaild/audit.h"

#define BACKLOG_ENOUGH 1024
#define LOCKED 2
#define REPLY_TIMEOUT_MS 1000
/* Of linux/audit.h: AUDIT_FEATURE_TO_MASK(AUDIT_FEATURE_LOGINUID_IMMUTABLE)
 * is not there for every libaudit. */
#define LOGINUID_IMMUTABLE (1u << 1)

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
		doctor_report(doctor, FINDING_AUDIT_LOST, "",
		    "auditctl -b 8192",
		    "%u records were lost since the machine started (or since "
		    "`auditctl --reset-lost`); a login during which one is "
		    "lost is refused", state->lost);
	if (state->backlog_limit < BACKLOG_ENOUGH)
		doctor_report(doctor, FINDING_AUDIT_BACKLOG_SHORT, "",
		    "auditctl -b 8192",
		    "only %u records may wait for auditd: a busy agent can "
		    "push others' out", state->backlog_limit);
	else if (state->backlog > state->backlog_limit / 4 * 3)
		doctor_report(doctor, FINDING_AUDIT_BACKLOG_FULL, "",
		    "systemctl restart auditd",
		    "%u records wait for auditd, %u may: soon they get lost",
		    state->backlog, state->backlog_limit);
	if (state->rate_limit > 0)
		doctor_report(doctor, FINDING_AUDIT_RATE, "",
		    "auditctl -r 0",
		    "records beyond %u a second are thrown away",
		    state->rate_limit);
}

/* Asks the kernel by request, and gives each reply of one type to visit until
 * that returns true, or no more come. */
static void
ask(int (*request)(int fd), int type,
    bool (*visit)(struct doctor *doctor, const struct audit_reply *reply),
    struct doctor *doctor)
{
	int fd = audit_open();
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	struct audit_reply reply;
	bool done = fd < 0 || request(fd) < 0;

	while (!done && poll(&pollfd, 1, REPLY_TIMEOUT_MS) > 0) {
		if (audit_get_reply(fd, &reply, GET_REPLY_NONBLOCKING, 0) <=
		    0)
			continue;
		if (reply.type == type)
			done = visit(doctor, &reply);
		else
			done = reply.type == NLMSG_DONE ||
			    (reply.type == NLMSG_ERROR &&
			    reply.error->error != 0);
	}
	if (fd >= 0)
		audit_close(fd);
}

static bool
visit_features(struct doctor *doctor, const struct audit_reply *reply)
{
	if (!(reply->features->features & LOGINUID_IMMUTABLE))
		doctor_report(doctor, FINDING_AUDIT_LOGINUID, "",
		    "echo --loginuid-immutable >/etc/audit/rules.d/"
		    "11-loginuid.rules && augenrules --load",
		    "a login uid can be changed: programs of root outside of "
		    "a jail can make records that name somebody else (where "
		    "sshd is started by hand instead of by systemd, do not "
		    "close this: it would let nobody in)");
	return true;
}

/* `-a task,never`, as Fedora and RHEL come: new processes are not audited. */
static bool
visit_rule(struct doctor *doctor, const struct audit_reply *reply)
{
	const struct audit_rule_data *rule = reply->ruledata;

	if ((rule->flags & ~(uint32_t)AUDIT_FILTER_PREPEND) !=
	    AUDIT_FILTER_TASK || rule->action != AUDIT_NEVER)
		return false;
	doctor_report(doctor, FINDING_AUDIT_NO_TASKS, "",
	    "sed -i '/task,never/d; /never,task/d' /etc/audit/rules.d/*.rules "
	    "&& augenrules --load", "a rule excepts new processes from "
	    "auditing: which system calls agents make is not on record");
	return true;
}

void
doctor_audit(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);
	struct audit_state state;
	int r;

	if (doctor_needs_root(doctor, "the kernel's audit trail"))
		return;
	r = audit_state_get(&state);
	if (r < 0) {
		doctor_report_as(doctor, severity_of_gap(doctor),
		    FINDING_AUDIT_UNREACHABLE, "",
		    "run jaild in the first namespaces of the host",
		    "the kernel does not answer (%s): %s",
		    strerrordesc_np(-r), meaning_of_gap(doctor));
		return;
	}
	if (state.enabled == 0)
		doctor_report_as(doctor, severity_of_gap(doctor),
		    FINDING_AUDIT_OFF, "", "auditctl -e 1",
		    "the kernel's audit is off: %s", meaning_of_gap(doctor));
	if (state.daemon_pid == 0)
		doctor_report_as(doctor, severity_of_gap(doctor),
		    FINDING_AUDITD_MISSING, "",
		    "systemctl enable --now auditd",
		    "no auditd is running: %s", meaning_of_gap(doctor));
	if (state.enabled == LOCKED)
		doctor_report(doctor, FINDING_AUDIT_LOCKED, "", "reboot",
		    "the rules are locked (-e 2): others come into force "
		    "with the next start of the machine only");
	check_numbers(doctor, &state);
	ask(audit_request_rules_list_data, AUDIT_LIST_RULES, visit_rule,
	    doctor);
	ask(audit_request_features, AUDIT_GET_FEATURE, visit_features,
	    doctor);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "on, and auditd (pid %u) listens",
		    state.daemon_pid);
}

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/control.h"
#include "jailctl/doctor.h"
#include "lang/load.h"
#include "lang/policy.h"

static int
load_policy(const struct doctor *doctor, struct policy **ret)
{
	const struct load_options options = { .check_trust = true,
		.root_file = doctor->config->policy_file };

	return policy_load(&options, ret);
}

void
doctor_policy(struct doctor *doctor)
{
	struct policy *policy;

	int r = load_policy(doctor, &policy);

	if (r < 0) {
		doctor_report(doctor, FINDING_POLICY_BROKEN,
		    doctor->config->policy_file, "jailctl check",
		    "%s %s: it cannot be put into force",
		    doctor->config->policy_file, r == -EINVAL ?
		    "has mistakes" : "cannot be read");
		return;
	}
	doctor_fine(doctor, "%s is without mistakes",
	    doctor->config->policy_file);
	policy_free(policy);
}

static void
check_socket(struct doctor *doctor, const char *path)
{
	struct stat status;

	if (lstat(path, &status) < 0)
		doctor_report(doctor, FINDING_SOCKET_MISSING, path,
		    control_start_command(), "%s: %s; every agent's "
		    "login is refused", path, strerrordesc_np(errno));
	else if (!S_ISSOCK(status.st_mode) || status.st_uid != 0 ||
	    (status.st_mode & 0777) != 0600)
		doctor_report(doctor, FINDING_SOCKET_WRONG, path,
		    control_start_command(), "%s is not jaild's socket of "
		    "mode 0600", path);
	else
		doctor_fine(doctor, "%s is there", path);
}

/* The policy in force is what was loaded last, not what stands in the file. */
static void
compare_policy(struct doctor *doctor, json_t *reply)
{
	const char *running = "";
	struct policy *policy;

	json_unpack(reply, "{s:{s:s}}", "policy", "sha256", &running);
	if (*running == '\0') {
		doctor_report(doctor, FINDING_POLICY_NONE, "",
		    "jailctl check && jailctl reload",
		    "no policy is in force: every agent's "
		    "login is refused");
		return;
	}
	if (load_policy(doctor, &policy) < 0)
		return;
	if (strcmp(policy->sha256, running) != 0)
		doctor_report(doctor, FINDING_POLICY_STALE,
		    policy->root_file, "jailctl reload",
		    "%s is not what is in force", policy->root_file);
	policy_free(policy);
}

static void
ask_daemon(struct doctor *doctor)
{
	char path[PATH_MAX];
	json_t *reply;
	int r;

	snprintf(path, sizeof(path), "%s/control.sock",
	    doctor->config->run_dir);
	r = control_ask_at(doctor->socket != NULL ? doctor->socket : path,
	    "list", NULL, &reply);
	if (r < 0) {
		doctor_report(doctor, FINDING_DAEMON_SILENT, path,
		    r == -ENOENT || r == -ECONNREFUSED ?
		    control_start_command() :
		    control_next_step(r),
		    "%s: %s", doctor->socket != NULL ? doctor->socket : path,
		    strerrordesc_np(-r));
		return;
	}
	doctor_fine(doctor, "answers; live jails: %zu",
	    json_array_size(json_object_get(reply, "jails")));
	compare_policy(doctor, reply);
	json_decref(reply);
}

/* Started by hand it is gone after the next start of the machine. */
static void
check_enabled(struct doctor *doctor)
{
	static const char *const links[] = {
		"/etc/systemd/system/multi-user.target.wants/jaild.service",
		"/etc/systemd/system/sockets.target.wants/jaild.socket",
		"/usr/lib/systemd/system/multi-user.target.wants/jaild.service"
	};

	if (access("/run/systemd/system", F_OK) != 0)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(links); i++) {
		struct stat status;

		if (lstat(links[i], &status) == 0)
			return;
	}
	doctor_report(doctor, FINDING_DAEMON_DISABLED, "jaild.service",
	    "systemctl enable jaild", "jaild.service is not enabled: after "
	    "the next start of the machine agents are refused");
}

void
doctor_daemon(struct doctor *doctor)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/login.sock",
	    doctor->config->run_dir);
	check_socket(doctor, path);
	check_enabled(doctor);
	if (!doctor_needs_root(doctor, "what jaild answers"))
		ask_daemon(doctor);
}

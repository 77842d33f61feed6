#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"

#define AUDITD_CONF "/etc/audit/auditd.conf"
#define LOG_ENOUGH_MIB 256ul

/* Of auditd.conf(5); what it does without a line. */
struct auditd_conf {
	char write_logs[32], max_log_file_action[32];
	char admin_space_left_action[32], disk_full_action[32];
	char disk_error_action[32], max_log_file[32], num_logs[32];
};

#define KEY(name) { #name, offsetof(struct auditd_conf, name) }

static const struct {
	const char *name;
	size_t offset;
} keys[] = {
	KEY(write_logs), KEY(max_log_file_action),
	KEY(admin_space_left_action), KEY(disk_full_action),
	KEY(disk_error_action), KEY(max_log_file), KEY(num_logs),
};

static void
read_conf(FILE *file, struct auditd_conf *conf)
{
	char line[1024], name[64], value[32];

	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, " %63[a-z_] = %31[^ \n]", name, value) != 2)
			continue;
		for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
			if (strcmp(name, keys[i].name) == 0)
				memcpy((char *)conf + keys[i].offset, value,
				    sizeof(value));
	}
}

/* Neither of them ends auditd, so that jaild sees one all the time. */
static bool
goes_on(const char *action)
{
	return strcasecmp(action, "suspend") == 0 ||
	    strcasecmp(action, "ignore") == 0;
}

static void
check_actions(struct doctor *doctor, const struct auditd_conf *conf)
{
	const struct {
		const char *name, *action;
	} actions[] = {
		{ "admin_space_left_action", conf->admin_space_left_action },
		{ "disk_full_action", conf->disk_full_action },
		{ "disk_error_action", conf->disk_error_action },
	};
	char names[128] = "";

	for (size_t i = 0; i < ARRAY_LENGTH(actions); i++)
		if (goes_on(actions[i].action))
			strcat(strcat(names, *names != '\0' ? ", " : ""),
			    actions[i].name);
	if (*names == '\0')
		return;
	doctor_report(doctor, FINDING_AUDITD_SUSPENDS, AUDITD_CONF,
	    "watch the disk of /var/log/audit (space_left_action = email)",
	    "%s: auditd stays and writes nothing when the disk is full, and "
	    "agents go on logging in", names);
}

static void
check_rotation(struct doctor *doctor, const struct auditd_conf *conf)
{
	unsigned long size = strtoul(conf->max_log_file, NULL, 10);
	unsigned long count = strtoul(conf->num_logs, NULL, 10);

	if (strcasecmp(conf->max_log_file_action, "rotate") != 0 ||
	    count == 0 || size == 0 || size * count >= LOG_ENOUGH_MIB)
		return;
	doctor_report(doctor, FINDING_AUDITD_ROTATES, AUDITD_CONF,
	    "jailctl lockdown auditd-rotates", "%lu logs of %lu MiB are "
	    "kept: an agent that is on record for all it runs can push old "
	    "records out", count, size);
}

void
doctor_auditd(struct doctor *doctor)
{
	struct auditd_conf conf = { .write_logs = "yes",
		.max_log_file_action = "rotate", .max_log_file = "8",
		.num_logs = "5", .admin_space_left_action = "suspend",
		.disk_full_action = "suspend",
		.disk_error_action = "suspend" };
	size_t before = json_array_size(doctor->findings);
	_cleanup_file_ FILE *file = NULL;

	if (doctor_needs_root(doctor, AUDITD_CONF))
		return;
	file = fopen(AUDITD_CONF, "re");
	if (file == NULL)
		return;
	read_conf(file, &conf);
	if (strcasecmp(conf.write_logs, "no") == 0) {
		doctor_report(doctor, FINDING_AUDITD_WRITES_NOTHING,
		    AUDITD_CONF, "sed -i 's/^write_logs.*/write_logs = yes/' "
		    AUDITD_CONF " && systemctl reload auditd", "write_logs "
		    "is no: ausearch finds nothing");
	} else {
		check_actions(doctor, &conf);
		check_rotation(doctor, &conf);
	}
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, AUDITD_CONF " keeps a log");
}

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"

static const char *const sshd_paths[] = { "/usr/sbin/sshd",
	"/usr/local/sbin/sshd" };

static const char *
find_sshd(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(sshd_paths); i++)
		if (access(sshd_paths[i], X_OK) == 0)
			return sshd_paths[i];
	return NULL;
}

/* What `sshd -T` says of UsePAM: 1 yes, 0 no, -1 it says nothing. */
static int
ask_sshd(const char *sshd)
{
	char command[256], line[4096];
	int answer = -1;
	FILE *pipe;

	snprintf(command, sizeof(command), "exec %s -T 2>/dev/null", sshd);
	pipe = popen(command, "re");
	if (pipe == NULL)
		return -1;
	while (fgets(line, sizeof(line), pipe) != NULL)
		if (strncasecmp(line, "usepam ", strlen("usepam ")) == 0)
			answer = strncasecmp(line + strlen("usepam "), "yes",
			    3) == 0;
	pclose(pipe);
	return answer;
}

void
doctor_sshd(struct doctor *doctor)
{
	const char *sshd = find_sshd();

	if (sshd == NULL) {
		doctor_report(doctor, SEVERITY_NOTE, "",
		    "no sshd is installed here");
		return;
	}
	if (!doctor->root) {
		doctor_report(doctor, SEVERITY_NOTE, "sudo jailctl doctor",
		    "only root may ask sshd for its settings");
		return;
	}
	switch (ask_sshd(sshd)) {
	case 1:
		doctor_report(doctor, SEVERITY_OK, "", "UsePAM is yes");
		break;
	case 0:
		doctor_report(doctor, SEVERITY_ERROR, "echo 'UsePAM yes' "
		    ">/etc/ssh/sshd_config.d/00-jaild.conf && systemctl "
		    "reload ssh", "UsePAM is no: agents log in without a "
		    "jail");
		break;
	default:
		doctor_report(doctor, SEVERITY_WARNING, "sshd -T", "`sshd "
		    "-T` fails, so that UsePAM is not known");
	}
}

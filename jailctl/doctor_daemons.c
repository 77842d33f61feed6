#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/doctor.h"
#include "jailctl/doctor_daemons.h"

#define PROGRAM_MAX ((size_t)64 << 20)

/* Daemons that let people in, or run things for them.  A program without
 * libpam in it asks nobody. */
static const struct {
	const char *path;
	enum finding finding;
} daemons[] = {
	{ "/usr/sbin/dropbear", FINDING_OTHER_SSH },
	{ "/usr/bin/dropbear", FINDING_OTHER_SSH },
	{ "/usr/sbin/lshd", FINDING_OTHER_SSH },
	{ "/usr/sbin/tinysshd", FINDING_OTHER_SSH },
	{ "/usr/sbin/tailscaled", FINDING_OTHER_SSH },
	{ "/usr/local/bin/teleport", FINDING_OTHER_SSH },
	{ "/usr/sbin/in.rshd", FINDING_OTHER_SSH },
	{ "/usr/sbin/in.rexecd", FINDING_OTHER_SSH },
	{ "/usr/sbin/cron", FINDING_CRON_WITHOUT_PAM },
	{ "/usr/sbin/crond", FINDING_CRON_WITHOUT_PAM },
	{ "/usr/sbin/fcron", FINDING_CRON_WITHOUT_PAM },
	{ "/usr/sbin/incrond", FINDING_CRON_WITHOUT_PAM },
	{ "/usr/sbin/bcron-exec", FINDING_CRON_WITHOUT_PAM },
	{ "/usr/lib/systemd/system-generators/systemd-crontab-generator",
	    FINDING_CRON_WITHOUT_PAM },
};

static bool
asks_pam(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	_cleanup_free_ char *text = NULL;
	size_t length;

	return fd >= 0 && read_all(fd, PROGRAM_MAX, &text, &length) == 0 &&
	    memmem(text, length, "libpam.so", strlen("libpam.so")) != NULL;
}

bool
process_is_ours(int proc, const char *pid)
{
	char path[NAME_MAX + 8], theirs[64] = "", ours[64] = "";

	snprintf(path, sizeof(path), "%s/ns/mnt", pid);
	return readlinkat(proc, path, theirs, sizeof(theirs) - 1) > 0 &&
	    readlink("/proc/self/ns/mnt", ours, sizeof(ours) - 1) > 0 &&
	    strcmp(theirs, ours) == 0;
}

static bool
runs(const char *program)
{
	const char *slash = strrchr(program, '/');
	DIR *directory = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	while (directory != NULL && !found &&
	    (entry = readdir(directory)) != NULL) {
		char path[NAME_MAX + 8], link[PATH_MAX];
		ssize_t n;

		if (*entry->d_name < '1' || *entry->d_name > '9')
			continue;
		snprintf(path, sizeof(path), "%s/exe", entry->d_name);
		n = readlinkat(dirfd(directory), path, link,
		    sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = '\0';
		found = strrchr(link, '/') != NULL &&
		    strcmp(strrchr(link, '/'), slash) == 0 &&
		    process_is_ours(dirfd(directory), entry->d_name);
	}
	if (directory != NULL)
		closedir(directory);
	return found;
}

static void
report(struct doctor *doctor, const char *path, enum finding finding)
{
	const char *name = strrchr(path, '/') + 1;
	char text[FIX_MAX];
	bool running = runs(path);

	if (finding == FINDING_OTHER_SSH)
		doctor_report_as(doctor, running ? SEVERITY_ERROR :
		    SEVERITY_WARNING, finding, path, doctor_fix(text,
		    "systemctl disable --now %s", name), "%s %s and does not "
		    "ask PAM: agents that it lets in are in no jail", path,
		    running ? "runs" : "is installed");
	else
		doctor_report(doctor, finding, path, "apt install cron",
		    "%s does not ask PAM: a job of an agent's runs in no "
		    "jail", path);
}

bool
cron_without_pam(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(daemons); i++)
		if (daemons[i].finding == FINDING_CRON_WITHOUT_PAM &&
		    access(daemons[i].path, F_OK) == 0 &&
		    !asks_pam(daemons[i].path))
			return true;
	return false;
}

void
doctor_daemons(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	for (size_t i = 0; i < ARRAY_LENGTH(daemons); i++)
		if (access(daemons[i].path, F_OK) == 0 &&
		    !asks_pam(daemons[i].path))
			report(doctor, daemons[i].path, daemons[i].finding);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "no other ssh daemon and no cron that "
		    "goes past PAM");
}

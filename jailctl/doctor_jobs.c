#include "config.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"
#include "jailctl/doctor_daemons.h"

static void
report_cron(struct doctor *doctor, const char *account, const char *path,
    const char *fix)
{
	bool past = cron_without_pam();

	doctor_report_as(doctor, past ? SEVERITY_ERROR : SEVERITY_NOTE,
	    FINDING_CRON_JOB, account, fix, "%s has jobs of %s: %s", path,
	    account, past ? "cron runs them outside of the jail" :
	    "they run in the jail where the policy lets the service cron "
	    "in, and are refused where it does not");
}

/* crontab(1) keeps one file an account. */
static void
check_crontab(struct doctor *doctor, const struct account *account)
{
	static const char *const spools[] = { "/var/spool/cron/crontabs",
		"/var/spool/cron/tabs", "/var/spool/cron",
		"/var/spool/fcron" };

	for (size_t i = 0; i < ARRAY_LENGTH(spools); i++) {
		char path[PATH_MAX], text[FIX_MAX];
		struct stat status;

		snprintf(path, sizeof(path), "%s/%s", spools[i],
		    account->name);
		if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
			report_cron(doctor, account->name, path,
			    doctor_fix(text, "crontab -r -u %s",
			    account->name));
	}
}

/* The account is the word behind the times: five, or one as in @daily. */
static bool
line_is_of(const char *line, const struct account *account)
{
	char words[7][256] = { "" };
	int n = sscanf(line, "%255s %255s %255s %255s %255s %255s %255s",
	    words[0], words[1], words[2], words[3], words[4], words[5],
	    words[6]);
	int at = *words[0] == '@' ? 1 : 5;

	return *words[0] != '#' && n > at + 1 &&
	    strcmp(words[at], account->name) == 0;
}

static void
check_table(struct doctor *doctor, const char *path)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	char line[2048], text[FIX_MAX];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		for (size_t i = 0; i < doctor->n_agents; i++)
			if (line_is_of(line, doctor->agents[i]))
				report_cron(doctor, doctor->agents[i]->name,
				    path, doctor_fix(text, "edit %s",
				    path));
}

static void
check_tables(struct doctor *doctor)
{
	DIR *directory = opendir("/etc/cron.d");
	const struct dirent *entry;
	char path[PATH_MAX];

	check_table(doctor, "/etc/crontab");
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		snprintf(path, sizeof(path), "/etc/cron.d/%s",
		    entry->d_name);
		if (*entry->d_name != '.')
			check_table(doctor, path);
	}
	if (directory != NULL)
		closedir(directory);
}

static void
check_at_job(struct doctor *doctor, const char *path, uid_t uid)
{
	char text[FIX_MAX];

	for (size_t i = 0; i < doctor->n_agents; i++)
		if (doctor->agents[i]->uid == uid)
			doctor_report(doctor, FINDING_AT_JOB,
			    doctor->agents[i]->name, doctor_fix(text,
			    "rm %s", path), "%s is a job of %s: at is no "
			    "door for agents, and refuses it when its time "
			    "comes", path, doctor->agents[i]->name);
}

static void
check_at(struct doctor *doctor)
{
	static const char *const spools[] = { "/var/spool/cron/atjobs",
		"/var/spool/at", "/var/spool/atjobs" };

	for (size_t i = 0; i < ARRAY_LENGTH(spools); i++) {
		DIR *directory = opendir(spools[i]);
		const struct dirent *entry;

		while (directory != NULL &&
		    (entry = readdir(directory)) != NULL) {
			char path[PATH_MAX];
			struct stat status;

			snprintf(path, sizeof(path), "%s/%s", spools[i],
			    entry->d_name);
			if (*entry->d_name != '.' &&
			    lstat(path, &status) == 0 &&
			    S_ISREG(status.st_mode))
				check_at_job(doctor, path, status.st_uid);
		}
		if (directory != NULL)
			closedir(directory);
	}
}

void
doctor_jobs(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	if (doctor->n_agents == 0 ||
	    doctor_needs_root(doctor, "the jobs of cron and at"))
		return;
	for (size_t i = 0; i < doctor->n_agents; i++)
		check_crontab(doctor, doctor->agents[i]);
	check_tables(doctor);
	check_at(doctor);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "no job of an agent's goes past its "
		    "jail");
}

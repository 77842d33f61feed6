#include "config.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"
#include "jailctl/path_write.h"

/* For all homes together: the doctor is to be quick. */
#define WALK_MS 250

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
visit(struct doctor *doctor, const struct account *account,
    const FTSENT *entry)
{
	char text[FIX_MAX];

	if (entry->fts_info != FTS_F || entry->fts_statp->st_uid !=
	    account->uid || !(entry->fts_statp->st_mode & S_ISUID))
		return;
	doctor_report(doctor, FINDING_AGENT_SETUID, entry->fts_path,
	    doctor_fix(text, "chmod u-s '%s'", entry->fts_path),
	    "%s is setuid: whoever runs it on the host acts as %s outside of "
	    "a jail", entry->fts_path, account->name);
}

/* False when there was no time for all of it. */
static bool
walk(struct doctor *doctor, const struct account *account, int64_t deadline)
{
	char *const roots[] = { account->home, NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR,
	    NULL);
	bool in_time = true;
	FTSENT *entry;

	while (tree != NULL && in_time && (entry = fts_read(tree)) != NULL) {
		visit(doctor, account, entry);
		in_time = now_ms() < deadline;
	}
	if (tree != NULL)
		fts_close(tree);
	return in_time;
}

/* False: there is nothing to look at. */
static bool
check_home(struct doctor *doctor, const struct account *account)
{
	struct stat status;
	char part[PATH_MAX], text[FIX_MAX];

	if (lstat(account->home, &status) < 0) {
		doctor_report(doctor, FINDING_AGENT_HOME_MISSING,
		    account->name, doctor_fix(text, "mkhomedir_helper %s",
		    account->name), "the home of %s, %s: %s; a jail that "
		    "shows it refuses the login", account->name,
		    account->home, strerrordesc_np(errno));
		return false;
	}
	if (status.st_uid != account->uid)
		doctor_report(doctor, FINDING_AGENT_HOME_SHARED,
		    account->name, doctor_fix(text, "chown %s: %s",
		    account->name, account->home), "the home of %s, %s, "
		    "belongs to uid %u: a jail that shows it refuses the "
		    "login", account->name, account->home, status.st_uid);
	if (path_others_write(account->home, account->uid, part))
		doctor_report(doctor, FINDING_AGENT_HOME_PATH, account->name,
		    doctor_fix(text, "chown root: '%s' && chmod go-w '%s'",
		    part, part), "%s, on the way to the home of %s, can be "
		    "written by others than root: they can put another in "
		    "its place", part, account->name);
	return status.st_uid == account->uid;
}

static bool
suid_counts(const char *path)
{
	struct statvfs status;

	return statvfs(path, &status) == 0 &&
	    !(status.f_flag & ST_NOSUID);
}

void
doctor_homes(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);
	int64_t deadline = now_ms() + WALK_MS;
	bool all = true;

	if (doctor->n_agents == 0 ||
	    doctor_needs_root(doctor, "the homes of agents"))
		return;
	for (size_t i = 0; i < doctor->n_agents; i++)
		if (check_home(doctor, doctor->agents[i]) &&
		    suid_counts(doctor->agents[i]->home))
			all = walk(doctor, doctor->agents[i], deadline) &&
			    all;
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "nothing is wrong with the homes%s", all ?
		    "" : "; there was no time to look for setuid files in "
		    "all of them: `find HOME -xdev -perm -4000`");
}

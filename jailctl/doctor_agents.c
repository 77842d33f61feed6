#include "config.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor.h"
#include "jaild/admit.h"

#define AGENT_SHELL JAILD_PKGLIBEXECDIR "/jail-shell"
#define NSPAWN "/usr/bin/systemd-nspawn"

static void
check_shell(struct doctor *doctor, const struct account *account)
{
	char text[FIX_MAX];

	if (strcmp(account->shell, AGENT_SHELL) == 0)
		return;
	doctor_report(doctor, FINDING_AGENT_SHELL, account->name,
	    doctor_fix(text, "usermod -s " AGENT_SHELL " %s",
	    account->name), "the shell of %s is %s: inside the jail it "
	    "runs without the policy's own system call rules, and outside it "
	    "would run", account->name,
	    *account->shell != '\0' ? account->shell : "not set");
}

static void
check_linger(struct doctor *doctor, const struct account *account)
{
	const char *name = account->name;
	char path[PATH_MAX], text[FIX_MAX];

	snprintf(path, sizeof(path), ADMIT_LINGER_DIRECTORY "/%s", name);
	if (access(path, F_OK) == 0)
		doctor_report(doctor, FINDING_AGENT_LINGERS, name,
		    doctor_fix(text, "loginctl disable-linger %s", name),
		    "%s lingers: its services run outside the jail, so its "
		    "logins are refused", name);
}

/* With a range of its own an account can make user namespaces with any
 * mapping, on the host as well. */
static void
check_ranges(struct doctor *doctor, const struct account *account,
    const char *path)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	char line[512], uid[32], text[FIX_MAX];

	snprintf(uid, sizeof(uid), "%u", account->uid);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, ":")] = '\0';
		if (strcmp(line, account->name) != 0 && strcmp(line, uid) != 0)
			continue;
		doctor_report(doctor, FINDING_AGENT_SUBIDS, account->name,
		    doctor_fix(text, "sed -i '/^%s:/d' %s", line, path),
		    "%s has subordinate "
		    "ids in %s", account->name, path);
		return;
	}
}

static void
check_groups(struct doctor *doctor, const struct account *account)
{

	for (size_t i = 0; admit_root_groups[i] != NULL; i++) {
		const char *group = admit_root_groups[i];
		char text[FIX_MAX];

		if (!account_in_group(account, group))
			continue;
		doctor_report(doctor, FINDING_AGENT_GROUP, account->name,
		    doctor_fix(text, "gpasswd -d %s %s", account->name,
		    group), "%s is in "
		    "group %s, which is as good as root: its logins are "
		    "refused unless a match line names that group",
		    account->name, group);
	}
}

/* logind would start it outside the jail. */
static void
check_user_unit(struct doctor *doctor, const struct account *account)
{
	static const char *const directories[] = { "/etc/systemd/system",
		"/run/systemd/system" };
	char path[PATH_MAX], to[PATH_MAX], text[FIX_MAX];
	unsigned uid = account->uid;

	if (access("/run/systemd/system", F_OK) != 0)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(directories); i++) {
		ssize_t n;

		snprintf(path, sizeof(path), "%s/user@%u.service",
		    directories[i], uid);
		n = readlink(path, to, sizeof(to) - 1);
		if (n > 0) {
			to[n] = '\0';
			if (strcmp(to, "/dev/null") == 0)
				return;
		}
	}
	doctor_report(doctor, FINDING_AGENT_USER_UNIT, account->name,
	    doctor_fix(text, "systemctl mask user@%u.service", uid),
	    "user@%u.service of %s is "
	    "not masked: logind starts it outside the jail", uid,
	    account->name);
}

/* Uids that others hand out as they need them. */
static const struct {
	unsigned first, last;
	const char *giver, *needs;
} ranges[] = {
	{ 60001, 60513, "systemd-homed", "/usr/lib/systemd/systemd-homed" },
	{ 61184, 65519, "systemd to services with DynamicUser=",
	    "/usr/lib/systemd/systemd" },
	{ 524288, 1879048191, "systemd-nspawn to containers", NSPAWN },
};

static void
check_uid_range(struct doctor *doctor, const struct account *account)
{
	for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++)
		if (account->uid >= ranges[i].first &&
		    account->uid <= ranges[i].last &&
		    access(ranges[i].needs, F_OK) == 0)
			doctor_report(doctor, FINDING_AGENT_UID_RANGE,
			    account->name, "give it another uid: usermod -u "
			    "UID ACCOUNT", "the uid %u of %s is also given "
			    "by %s", account->uid, account->name,
			    ranges[i].giver);
}

/* Somebody else's subordinate uids: its containers run as the agent. */
static void
check_uid_lent(struct doctor *doctor, const struct account *account)
{
	_cleanup_file_ FILE *file = fopen("/etc/subuid", "re");
	char line[512];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		unsigned long first, count;
		char owner[256];

		if (sscanf(line, "%255[^:]:%lu:%lu", owner, &first, &count) !=
		    3 || account->uid < first ||
		    account->uid - first >= count)
			continue;
		doctor_report(doctor, FINDING_AGENT_UID_RANGE, account->name,
		    "give it another uid: usermod -u UID ACCOUNT", "the uid "
		    "%u of %s is one of the subordinate uids of %s in "
		    "/etc/subuid, whose containers run as it", account->uid,
		    account->name, owner);
	}
}

static void
check_local(struct doctor *doctor, const struct account *account)
{
	if (!account_is_local(account->name))
		doctor_report(doctor, FINDING_AGENT_NOT_LOCAL, account->name,
		    "", "%s is not in /etc/passwd: when the directory it "
		    "comes from is away, its logins fail", account->name);
}

static bool
is_agent(const struct doctor *doctor, const char *name)
{
	for (size_t i = 0; i < doctor->n_agents; i++)
		if (strcmp(doctor->agents[i]->name, name) == 0)
			return true;
	return false;
}

/* Names, not uids, are in the group: another name of the same uid is not
 * jailed. */
static void
check_shared(struct doctor *doctor, const struct passwd *passwd)
{
	for (size_t i = 0; i < doctor->n_agents; i++) {
		const struct account *account = doctor->agents[i];
		bool agent = is_agent(doctor, passwd->pw_name);
		char text[FIX_MAX];

		if (strcmp(account->name, passwd->pw_name) == 0)
			continue;
		if (account->uid == passwd->pw_uid)
			doctor_report_as(doctor, agent ? SEVERITY_WARNING :
			    SEVERITY_ERROR, FINDING_AGENT_UID_SHARED,
			    account->name, doctor_fix(text, "usermod -u UID "
			    "%s", passwd->pw_name), "%s has the uid of %s%s",
			    passwd->pw_name, account->name, agent ?
			    ": each may end the other's processes" :
			    " and is not jailed");
		if (strcmp(account->home, passwd->pw_dir) == 0)
			doctor_report(doctor, FINDING_AGENT_HOME_SHARED,
			    account->name, doctor_fix(text, "usermod -d "
			    "/home/%s -m %s", account->name, account->name),
			    "%s and %s have the same home, %s",
			    account->name, passwd->pw_name, account->home);
	}
}

static void
check_others(struct doctor *doctor)
{
	const struct passwd *passwd;

	setpwent();
	while ((passwd = getpwent()) != NULL)
		check_shared(doctor, passwd);
	endpwent();
}

static void
check_subuids(struct doctor *doctor, const struct account *account)
{
	check_ranges(doctor, account, "/etc/subuid");
}

static void
check_subgids(struct doctor *doctor, const struct account *account)
{
	check_ranges(doctor, account, "/etc/subgid");
}

static void (*const of_agents[])(struct doctor *doctor,
    const struct account *account) = {
	check_shell,
	check_linger,
	check_subuids,
	check_subgids,
	check_groups,
	check_user_unit,
	check_uid_range,
	check_uid_lent,
	check_local,
};

void
doctor_agents(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	for (size_t i = 0; i < doctor->n_agents; i++)
		for (size_t k = 0; k < ARRAY_LENGTH(of_agents); k++)
			of_agents[k](doctor, doctor->agents[i]);
	check_others(doctor);
	if (doctor->n_agents > 0 && doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "members of %s: %zu, and nothing is wrong "
		    "with them", doctor->config->agents_group,
		    doctor->n_agents);
}

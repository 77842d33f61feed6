#include "config.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"

/* Names, each once. */
struct names {
	char **list;
	size_t n;
};

static int
add_name(struct names *names, const char *name)
{
	char **larger;

	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->list[i], name) == 0)
			return 0;
	larger = realloc(names->list, (names->n + 1) * sizeof(*larger));
	if (larger == NULL)
		return -ENOMEM;
	names->list = larger;
	larger[names->n] = strdup(name);
	if (larger[names->n] == NULL)
		return -ENOMEM;
	names->n++;
	return 0;
}

/* Members by the group's list, and by their own primary group. */
static int
find_members(const struct group *group, struct names *names)
{
	const struct passwd *passwd;
	gid_t gid = group->gr_gid;
	int r = 0;

	for (char **name = group->gr_mem; r == 0 && *name != NULL; name++)
		r = add_name(names, *name);
	setpwent();
	while (r == 0 && (passwd = getpwent()) != NULL)
		if (passwd->pw_gid == gid)
			r = add_name(names, passwd->pw_name);
	endpwent();
	return r;
}

static void
resolve(struct doctor *doctor, const char *name)
{
	struct account *account;
	int r = account_resolve(name, &account);

	if (r == 0) {
		doctor->agents[doctor->n_agents++] = account;
	} else if (r == -EPERM) {
		doctor_report(doctor, FINDING_AGENT_ROOT, name, "",
		    "%s has uid 0: it is in the agents group, but never "
		    "jailed", name);
	} else {
		doctor_report(doctor, FINDING_AGENT_MISSING, name, "",
		    "%s is in the agents group: %s", name, r == -ENOENT ?
		    "there is no such account" : strerrordesc_np(-r));
	}
}

static bool
is_local(const char *name)
{
	_cleanup_file_ FILE *file = fopen("/etc/group", "re");
	const struct group *group;

	while (file != NULL && (group = fgetgrent(file)) != NULL)
		if (strcmp(group->gr_name, name) == 0)
			return true;
	return false;
}

void
doctor_find_agents(struct doctor *doctor)
{
	const char *name = doctor->config->agents_group;
	const struct group *group = getgrnam(name);
	struct names names = { 0 };
	char text[FIX_MAX];

	if (group == NULL) {
		doctor_report(doctor, FINDING_GROUP_MISSING, name,
		    doctor_fix(text, "groupadd --system %s", name),
		    "there is no group %s: nobody is jailed", name);
		return;
	}
	if (find_members(group, &names) == 0)
		doctor->agents = calloc(names.n + 1, sizeof(*doctor->agents));
	for (size_t i = 0; i < names.n; i++) {
		if (doctor->agents != NULL)
			resolve(doctor, names.list[i]);
		free(names.list[i]);
	}
	free(names.list);
	if (!is_local(name))
		doctor_report(doctor, FINDING_GROUP_NOT_LOCAL, name,
		    doctor_fix(text, "groupadd --system %s, and put the "
		    "agents into it", name), "the group %s is not in "
		    "/etc/group: when the directory that has it is away, "
		    "agents whose shell is a usual one are not jailed",
		    name);
	if (names.n == 0)
		doctor_report(doctor, FINDING_GROUP_EMPTY, name,
		    "jailctl adopt ACCOUNT",
		    "the group %s has no members: nobody is jailed", name);
	else
		doctor_fine(doctor, "members of %s: %zu", name, names.n);
}

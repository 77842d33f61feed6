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
#define FIX_MAX 512

/* One member of the agents group. */
struct member {
	struct doctor *doctor;
	const struct account *account;
};

__attribute__((format(printf, 2, 3)))
static const char *
fix(char text[FIX_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, FIX_MAX, format, arguments);
	va_end(arguments);
	return text;
}

static void
check_shell(const struct member *member)
{
	const struct account *account = member->account;
	char text[FIX_MAX];

	if (strcmp(account->shell, AGENT_SHELL) == 0)
		return;
	doctor_report(member->doctor, SEVERITY_WARNING, fix(text,
	    "usermod -s " AGENT_SHELL " %s", account->name), "the shell of "
	    "%s is %s: inside the jail it runs without the policy's own "
	    "system call rules, and outside it would run", account->name,
	    *account->shell != '\0' ? account->shell : "not set");
}

static void
check_linger(const struct member *member)
{
	const char *name = member->account->name;
	char path[PATH_MAX], text[FIX_MAX];

	snprintf(path, sizeof(path), ADMIT_LINGER_DIRECTORY "/%s", name);
	if (access(path, F_OK) == 0)
		doctor_report(member->doctor, SEVERITY_ERROR, fix(text,
		    "loginctl disable-linger %s", name), "%s lingers: its "
		    "services run outside the jail, so its logins are "
		    "refused", name);
}

/* With a range of its own an account can make user namespaces with any
 * mapping, on the host as well. */
static void
check_ranges(const struct member *member, const char *path)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	const struct account *account = member->account;
	char line[512], uid[32], text[FIX_MAX];

	snprintf(uid, sizeof(uid), "%u", account->uid);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, ":")] = '\0';
		if (strcmp(line, account->name) != 0 && strcmp(line, uid) != 0)
			continue;
		doctor_report(member->doctor, SEVERITY_WARNING, fix(text,
		    "sed -i '/^%s:/d' %s", line, path), "%s has subordinate "
		    "ids in %s", account->name, path);
		return;
	}
}

static void
check_groups(const struct member *member)
{
	const struct account *account = member->account;

	for (size_t i = 0; admit_root_groups[i] != NULL; i++) {
		const char *group = admit_root_groups[i];
		char text[FIX_MAX];

		if (!account_in_group(account, group))
			continue;
		doctor_report(member->doctor, SEVERITY_WARNING, fix(text,
		    "gpasswd -d %s %s", account->name, group), "%s is in "
		    "group %s, which is as good as root: its logins are "
		    "refused unless a match line names that group",
		    account->name, group);
	}
}

/* logind would start it outside the jail. */
static void
check_user_unit(const struct member *member)
{
	static const char *const directories[] = { "/etc/systemd/system",
		"/run/systemd/system" };
	char path[PATH_MAX], to[PATH_MAX], text[FIX_MAX];
	unsigned uid = member->account->uid;

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
	doctor_report(member->doctor, SEVERITY_WARNING, fix(text,
	    "systemctl mask user@%u.service", uid), "user@%u.service of %s is "
	    "not masked: logind starts it outside the jail", uid,
	    member->account->name);
}

static void
check_member(struct doctor *doctor, const char *name)
{
	struct account *account;
	int r = account_resolve(name, &account);
	struct member member = { .doctor = doctor };

	if (r == -EPERM) {
		doctor_report(doctor, SEVERITY_WARNING, "", "%s has uid 0: "
		    "it is in the agents group, but never jailed", name);
		return;
	}
	if (r < 0) {
		doctor_report(doctor, SEVERITY_NOTE, "", "%s is in the agents "
		    "group: %s", name, r == -ENOENT ? "there is no such "
		    "account" : strerrordesc_np(-r));
		return;
	}
	member.account = account;
	check_shell(&member);
	check_linger(&member);
	check_ranges(&member, "/etc/subuid");
	check_ranges(&member, "/etc/subgid");
	check_groups(&member);
	check_user_unit(&member);
	account_free(account);
}

/* Members by the group's list, and by their own primary group. */
static int
find_members(const struct group *group, char ***ret, size_t *ret_n)
{
	const struct passwd *passwd;
	char **names = NULL;
	size_t n = 0;

	for (char **name = group->gr_mem; *name != NULL; name++)
		n++;
	names = calloc(n + 1, sizeof(*names));
	if (names == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		names[i] = strdup(group->gr_mem[i]);
	setpwent();
	while ((passwd = getpwent()) != NULL) {
		char **larger;

		if (passwd->pw_gid != group->gr_gid)
			continue;
		larger = realloc(names, (n + 2) * sizeof(*names));
		if (larger == NULL)
			break;
		names = larger;
		names[n++] = strdup(passwd->pw_name);
	}
	endpwent();
	*ret = names;
	*ret_n = n;
	return 0;
}

void
doctor_agents(struct doctor *doctor)
{
	const char *name = doctor->config->agents_group;
	const struct group *group = getgrnam(name);
	size_t n = 0, before = json_array_size(doctor->findings);
	char **members = NULL, text[FIX_MAX];

	if (group == NULL) {
		doctor_report(doctor, SEVERITY_ERROR, fix(text,
		    "groupadd --system %s", name), "there is no group %s: "
		    "nobody is jailed", name);
		return;
	}
	if (find_members(group, &members, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (members[i] != NULL)
			check_member(doctor, members[i]);
		free(members[i]);
	}
	free(members);
	if (n == 0)
		doctor_report(doctor, SEVERITY_NOTE, fix(text,
		    "gpasswd -a ACCOUNT %s", name), "the group %s has no "
		    "members: nobody is jailed", name);
	else if (json_array_size(doctor->findings) == before)
		doctor_report(doctor, SEVERITY_OK, "", "members of %s: %zu, "
		    "and nothing is wrong with them", name, n);
}

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/command_run.h"
#include "jailctl/doctor.h"

#define SUDOERS "/etc/sudoers"
#define DOAS_CONF "/etc/doas.conf"

/* True when a member of a list of cvtsudoers(1) names the account by itself,
 * or when all, by "ALL" or one of its groups. */
static bool
names_account(json_t *member, const struct account *account, bool all)
{
	const char *user = NULL, *group = NULL;
	json_int_t uid = -1, gid = -1;

	json_unpack(member, "{s?:s, s?:s, s?:I, s?:I}", "username", &user,
	    "usergroup", &group, "userid", &uid, "usergid", &gid);
	if (user != NULL && strcmp(user, "ALL") == 0)
		return all;
	if (user != NULL)
		return strcmp(user, account->name) == 0;
	if (group != NULL)
		return account_in_group(account, group);
	if (gid >= 0)
		return gid == account->gid;
	return uid == (json_int_t)account->uid;
}

static bool
list_names(json_t *list, const struct account *account, bool all)
{
	json_t *member;
	bool named = false;
	size_t i;

	json_array_foreach(list, i, member)
		if (names_account(member, account, all))
			named = !json_is_true(json_object_get(member,
			    "negated"));
	return named;
}

static void
check_rule(struct doctor *doctor, json_t *rule,
    const struct account *account)
{
	json_t *parts = json_object_get(rule, "Cmnd_Specs"), *part;
	bool by = false, to = false;
	size_t i;

	if (list_names(json_object_get(rule, "User_List"), account, true))
		by = true;
	json_array_foreach(parts, i, part)
		if (list_names(json_object_get(part, "runasusers"), account,
		    false))
			to = true;
	if (by)
		doctor_report(doctor, FINDING_SUDO_BY_AGENT, account->name,
		    "visudo", SUDOERS ": a rule lets %s run things as "
		    "somebody else: outside of a jail it can",
		    account->name);
	if (to)
		doctor_report(doctor, FINDING_SUDO_TO_AGENT, account->name,
		    "visudo", SUDOERS ": a rule lets somebody run things as "
		    "%s, outside of its jail; `jailctl exec` runs them "
		    "inside", account->name);
}

/* With aliases resolved; sudo's own parser reads it. */
static void
check_sudoers(struct doctor *doctor)
{
	static const char *const argv[] = { "cvtsudoers", "-e", "-f", "json",
		SUDOERS, NULL };
	_cleanup_free_ char *text = NULL;
	json_t *whole = NULL, *rules, *rule;
	int status = command_run(argv, 0, &text);
	size_t i;

	if (status == 0)
		whole = json_loads(text, 0, NULL);
	if (whole == NULL) {
		doctor_report(doctor, FINDING_SUDO_UNKNOWN, SUDOERS,
		    "visudo -c", SUDOERS " was not looked at: cvtsudoers, "
		    "which reads it, %s", status == 127 ? "is not installed" :
		    "does not");
		return;
	}
	rules = json_object_get(whole, "User_Specs");
	json_array_foreach(rules, i, rule)
		for (size_t k = 0; k < doctor->n_agents; k++)
			check_rule(doctor, rule, doctor->agents[k]);
	json_decref(whole);
}

/* doas.conf(5): permit [options] identity [as target] [cmd ...] */
static void
check_doas_line(struct doctor *doctor, char *line)
{
	bool as = false;
	char *saved = NULL;
	char *word = strtok_r(line, " \t\n", &saved);

	if (word == NULL || strcmp(word, "permit") != 0)
		return;
	while ((word = strtok_r(NULL, " \t\n", &saved)) != NULL &&
	    strcmp(word, "cmd") != 0) {
		for (size_t i = 0; i < doctor->n_agents; i++) {
			const struct account *account = doctor->agents[i];

			if (strcmp(word, account->name) != 0 && (as ||
			    *word != ':' ||
			    !account_in_group(account, word + 1)))
				continue;
			if (as)
				doctor_report(doctor, FINDING_SUDO_TO_AGENT,
				    account->name, "edit " DOAS_CONF,
				    DOAS_CONF ": a rule lets somebody "
				    "become %s", account->name);
			else
				doctor_report(doctor, FINDING_SUDO_BY_AGENT,
				    account->name, "edit " DOAS_CONF,
				    DOAS_CONF ": a rule lets %s run things "
				    "as somebody else", account->name);
		}
		as = strcmp(word, "as") == 0;
	}
}

static void
check_doas(struct doctor *doctor)
{
	_cleanup_file_ FILE *file = fopen(DOAS_CONF, "re");
	char line[1024];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "#")] = '\0';
		check_doas_line(doctor, line);
	}
}

void
doctor_sudo(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	if (doctor->n_agents == 0)
		return;
	if (doctor_needs_root(doctor, "the rules of sudo"))
		return;
	if (access(SUDOERS, F_OK) == 0)
		check_sudoers(doctor);
	check_doas(doctor);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "no rule of sudo or doas is about an "
		    "agent");
}

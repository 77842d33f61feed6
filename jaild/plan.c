#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/jail_files.h"
#include "jaild/plan.h"
#include "jaild/plan_files.h"
#include "jaild/plan_tree.h"
#include "jaild/planner.h"
#include "lang/enforced.h"

static void
add_table(struct planner *planner, const struct plan_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		planner_add(planner, &steps[i]);
}

static void
add_file(struct planner *planner, const char *target, char *contents)
{
	struct plan_step step = { STEP_FILE, .target = target, .mode = 0644,
		.contents = planner_own(planner, contents) };

	planner_add(planner, &step);
}

static void
add_etc(struct planner *planner)
{
	const struct plan *plan = planner->plan;
	struct plan_step keep = { STEP_KEEP, .target = "/etc",
		.source = plan->place->keep_list };
	struct plan_step resolv = { STEP_COPY, STEP_FLAG_OPTIONAL,
		.source = "/etc/resolv.conf", .target = "/etc/resolv.conf" };
	char *hostname = NULL;

	planner_add(planner, &keep);
	add_file(planner, "/etc/passwd", passwd_contents(planner->account,
	    plan->place->jail_shell));
	add_file(planner, "/etc/group", group_contents(planner->account,
	    plan->place->tty_gid));
	add_file(planner, "/etc/nsswitch.conf", nsswitch_contents());
	add_file(planner, "/etc/hosts", hosts_contents(planner->hostname));
	if (plan->jail->network == NETWORK_HOST)
		planner_add(planner, &resolv);
	else
		add_file(planner, "/etc/resolv.conf", strdup(""));
	if (asprintf(&hostname, "%s\n", planner->hostname) < 0)
		hostname = NULL;
	add_file(planner, "/etc/hostname", hostname);
}

static void
add_session(struct planner *planner)
{
	struct plan *plan = planner->plan;
	const struct jail *jail = plan->jail;

	plan->shell = jail->shell;
	if (plan->shell == NULL)
		plan->shell = strcmp(planner->account->shell,
		    plan->place->jail_shell) == 0 ||
		    planner->account->shell[0] != '/' ? "/bin/bash" :
		    planner_own_text(planner, "%s", planner->account->shell);
	else
		plan->shell = planner_expand(planner, jail->shell,
		    &jail->shell_origin);
	plan->workdir = jail->workdir == NULL ? planner->account->home :
	    planner_expand(planner, jail->workdir, &jail->workdir_origin);
	plan->workdir = planner_own_text(planner, "%s", plan->workdir);
	plan->environment = calloc(jail->n_environment + 1,
	    sizeof(*plan->environment));
	if (plan->environment == NULL) {
		planner_own(planner, NULL);
		return;
	}
	for (size_t i = 0; i < jail->n_environment; i++) {
		const struct policy_variable *variable =
		    &jail->environment[i];
		const char *value = planner_expand(planner, variable->value,
		    &variable->origin);

		if (strpbrk(value, "\n") != NULL)
			planner_fail(planner, -EINVAL, &variable->origin,
			    "a variable cannot hold a newline");
		plan->environment[plan->n_environment++] =
		    planner_own_text(planner, "%s=%s", variable->name, value);
	}
}

static uint32_t
namespaces_of(const struct jail *jail)
{
	uint32_t mask = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC;

	if (jail->network != NETWORK_HOST)
		mask |= CLONE_NEWNET;
	if (jail->tier != TIER_CHROOT)
		mask |= CLONE_NEWUTS | CLONE_NEWCGROUP;
	return mask;
}

/* Printable ASCII, no path, no field of its own in any file of ours. */
static bool
is_account_name(const char *name)
{
	for (const char *p = name; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("/:=\"'", *p) != NULL)
			return false;
	return name[0] != '\0' && name[0] != '.';
}

/* What would otherwise be found out half-way, or not at all. */
static void
check_account(struct planner *planner)
{
	const struct account *account = planner->account;

	if (!is_account_name(account->name))
		planner_fail(planner, -EINVAL, NULL,
		    "the account's name cannot stand "
		    "in a path and in a record");
	if (!is_passwd_field(account->home) ||
	    !plan_path_is_clean(account->home) ||
	    strcmp(account->home, "/") == 0)
		planner_fail(planner, -EINVAL, NULL,
		    "the home of %s, \"%s\", is no "
		    "plain absolute path", account->name, account->home);
	if (strpbrk(account->shell, "\n") != NULL)
		planner_fail(planner, -EINVAL, NULL,
		    "the shell of %s holds a newline",
		    account->name);
	for (size_t i = 0; i < account->n_groups; i++)
		if (!is_passwd_field(account->groups[i].name))
			planner_fail(planner, -EINVAL, NULL,
			    "a group of %s has a "
			    "name that no group file can hold", account->name);
}

/* What this build has no builder for; `jailctl check` warned of it. */
static void
check_jail(struct planner *planner)
{
	struct unenforced found;
	unsigned index = 0;

	if (jail_unenforced(planner->plan->jail, &index, &found))
		planner_fail(planner, -ENOTSUP, found.origin,
		    "this build cannot enforce %s", found.what);
}

static void
set_values(struct planner *planner)
{
	const struct account *account = planner->account;
	const struct plan *plan = planner->plan;

	snprintf(planner->uid, sizeof(planner->uid), "%u", account->uid);
	snprintf(planner->gid, sizeof(planner->gid), "%u", account->gid);
	planner->values = (struct template_values){ .user = account->name,
		.uid = planner->uid, .gid = planner->gid,
		.group = account->n_groups > 0 ? account->groups[0].name :
		    NULL, .home = account->home, .jail = plan->jail->name,
		.host = plan->place->host_name };
}

static void
set_hostname(struct planner *planner)
{
	const struct plan *plan = planner->plan;

	if (plan->jail->tier == TIER_CHROOT)
		planner->hostname = plan->place->host_name;
	else
		planner->hostname = plan->jail->hostname == NULL ?
		    plan->jail->name : planner_expand(planner,
		    plan->jail->hostname, &plan->jail->hostname_origin);
	if (strlen(planner->hostname) > 64 ||
	    strpbrk(planner->hostname, " \t\n/") != NULL)
		planner_fail(planner, -EINVAL, &plan->jail->hostname_origin,
		    "\"%s\" is no host name", planner->hostname);
}

static void
add_all(struct planner *planner)
{
	struct plan *plan = planner->plan;
	struct plan_step hostname = { STEP_HOSTNAME };
	struct plan_step loopback = { STEP_LOOPBACK };
	const struct plan_step *steps;
	size_t n;

	check_account(planner);
	check_jail(planner);
	set_hostname(planner);
	add_session(planner);
	plan_first_steps(&steps, &n);
	add_table(planner, steps, n);
	add_etc(planner);
	plan_add_mounts(planner);
	plan_add_devices(planner);
	if (planner->error == 0)
		add_file(planner, JAIL_SESSION_FILE, session_contents(plan,
		    planner->account));
	hostname.source = planner->hostname;
	if (plan->namespaces & CLONE_NEWUTS)
		planner_add(planner, &hostname);
	if (plan->namespaces & CLONE_NEWNET)
		planner_add(planner, &loopback);
	plan_last_steps(&steps, &n);
	add_table(planner, steps, n);
	for (size_t i = 0; i < plan->n_steps; i++)
		if (plan->steps[i].kind == STEP_DEVPTS)
			plan->steps[i].gid = plan->place->tty_gid;
}

int
plan_make(const struct jail *jail, const struct account *account,
    const struct plan_place *place, const char *uuid, struct plan **ret,
    char **ret_reason)
{
	struct planner planner = { .account = account };

	planner.plan = calloc(1, sizeof(*planner.plan));
	if (planner.plan == NULL)
		return -ENOMEM;
	planner.plan->jail = jail;
	planner.plan->place = place;
	planner.plan->uid = account->uid;
	planner.plan->gid = account->gid;
	planner.plan->namespaces = namespaces_of(jail);
	snprintf(planner.plan->uuid, sizeof(planner.plan->uuid), "%s", uuid);
	set_values(&planner);
	add_all(&planner);
	if (planner.error != 0) {
		plan_free(planner.plan);
		*ret_reason = planner.reason;
		return planner.error;
	}
	*ret = planner.plan;
	return 0;
}

void
plan_free(struct plan *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->n_strings; i++)
		free(plan->strings[i]);
	free(plan->strings);
	free(plan->environment);
	free(plan->steps);
	free(plan);
}

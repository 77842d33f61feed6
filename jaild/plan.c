#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/jail_files.h"
#include "jaild/plan.h"
#include "jaild/plan_files.h"
#include "jaild/plan_tree.h"
#include "jaild/planner.h"
#include "lang/ceiling.h"
#include "lang/enforced.h"
#include "lang/mount_target.h"
#include "lang/template.h"

#define STEPS_MAX 16384

int
planner_fail(struct planner *planner, int error, const struct origin *origin,
    const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	if (planner->error != 0)
		return planner->error;
	planner->error = error;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text == NULL)
		planner->error = -ENOMEM;
	else if (origin != NULL && origin->file != NULL) {
		if (asprintf(&planner->reason, "%s:%u:%u: %s", origin->file,
		    origin->line, origin->column, text) < 0)
			planner->reason = NULL;
	} else {
		planner->reason = steal_ptr(text);
	}
	return planner->error;
}

/* The plan owns string from here on; NULL counts as no memory. */
static const char *
own(struct planner *planner, char *string)
{
	struct plan *plan = planner->plan;
	char **larger;

	if (string == NULL) {
		planner_fail(planner, -ENOMEM, NULL, "there is no memory for a plan");
		return "";
	}
	larger = realloc(plan->strings,
	    (plan->n_strings + 1) * sizeof(*plan->strings));
	if (larger == NULL) {
		free(string);
		return own(planner, NULL);
	}
	plan->strings = larger;
	plan->strings[plan->n_strings++] = string;
	return string;
}

const char *
planner_own_text(struct planner *planner, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	return own(planner, text);
}

struct plan_step *
planner_add(struct planner *planner, const struct plan_step *step)
{
	struct plan *plan = planner->plan;

	if (planner->error != 0)
		return NULL;
	if (plan->n_steps == plan->n_allocated) {
		size_t n = plan->n_allocated == 0 ? 128 :
		    plan->n_allocated * 2;
		struct plan_step *larger = n > STEPS_MAX ? NULL :
		    reallocarray(plan->steps, n, sizeof(*larger));

		if (larger == NULL) {
			planner_fail(planner, -ENOMEM, NULL, "the jail has more parts "
			    "than there is memory for");
			return NULL;
		}
		plan->steps = larger;
		plan->n_allocated = n;
	}
	plan->steps[plan->n_steps] = *step;
	return &plan->steps[plan->n_steps++];
}

static void
add_table(struct planner *planner, const struct plan_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		planner_add(planner, &steps[i]);
}

static const char *
expand(struct planner *planner, const char *template,
    const struct origin *origin)
{
	const char *variable = "?";
	char *text = NULL;
	int r;

	if (planner->error != 0)
		return "";
	r = template_expand(template, &planner->values, &text, &variable);
	if (r == -EINVAL)
		planner_fail(planner, r, origin, "${%s} has no value for %s that "
		    "could stand here", variable, planner->account->name);
	else if (r < 0)
		planner_fail(planner, r, NULL, "there is no memory for a plan");
	return r < 0 ? "" : own(planner, text);
}

static void
check_target(struct planner *planner, const char *target,
    enum mount_mode mode, const struct origin *origin)
{
	const char *objection = !plan_path_is_clean(target) ?
	    "is no absolute path without \"..\" and empty parts" :
	    mount_target_objection(target, mode);

	if (objection != NULL)
		planner_fail(planner, -EINVAL, origin, "\"%s\" %s", target, objection);
}

/* A path below the state directory for what is kept of target. */
static const char *
storage_path(struct planner *planner, const char *target, bool fresh)
{
	const struct plan *plan = planner->plan;
	char name[1024];
	size_t n = 0;

	for (const char *p = target + 1; *p != '\0' && n + 4 < sizeof(name);
	    p++) {
		if (*p == '/' || *p == '%')
			n += (size_t)sprintf(name + n, "%%%02X", *p);
		else
			name[n++] = *p;
	}
	name[n] = '\0';
	if (n + 4 >= sizeof(name) || n > 255)
		planner_fail(planner, -EINVAL, NULL, "the path %s is too long to "
		    "keep data of", target);
	if (fresh)
		return planner_own_text(planner, "fresh/%s/%s", plan->uuid, name);
	return planner_own_text(planner, "storage/%s/%s/%s", planner->account->name,
	    plan->jail->name, name);
}

static void
add_home(struct planner *planner)
{
	const struct jail *jail = planner->plan->jail;
	const struct account *account = planner->account;
	struct plan_step step = { .source = account->home,
		.target = account->home, .uid = account->uid,
		.gid = account->gid, .mode = 0700,
		.origin = jail->home_origin };

	check_target(planner, account->home, MOUNT_READ_ONLY,
	    &jail->home_origin);
	if (jail->home_fresh)
		step.flags |= STEP_FLAG_FRESH;
	switch (jail->home) {
	case HOME_NONE:
		step = (struct plan_step){ STEP_DIRECTORY,
			.target = account->home, .mode = 0755,
			.origin = jail->home_origin };
		break;
	case HOME_READ_ONLY:
		step.kind = STEP_HOME;
		step.flags |= STEP_FLAG_READ_ONLY;
		break;
	case HOME_READ_WRITE:
		step.kind = STEP_HOME;
		break;
	case HOME_PRIVATE:
		step.kind = STEP_STORAGE;
		break;
	case HOME_COPY_ON_WRITE:
		step.kind = STEP_OVERLAY;
		step.flags |= STEP_FLAG_OWN;
		break;
	}
	if (step.kind == STEP_STORAGE || step.kind == STEP_OVERLAY)
		step.storage = storage_path(planner, account->home,
		    jail->home_fresh);
	if (jail->home != HOME_NONE && jail->home != HOME_READ_ONLY)
		check_target(planner, account->home, MOUNT_READ_WRITE,
		    &jail->home_origin);
	step.flags |= STEP_FLAG_RECORD;
	planner_add(planner, &step);
}

static const enum step_kind mount_steps[] = {
	[MOUNT_HIDDEN] = STEP_HIDE,
	[MOUNT_READ_ONLY] = STEP_BIND,
	[MOUNT_TMPFS] = STEP_TMPFS,
	[MOUNT_COPY_ON_WRITE] = STEP_OVERLAY,
	[MOUNT_READ_WRITE] = STEP_BIND,
};

static void
add_mount(struct planner *planner, const struct policy_mount *mount)
{
	struct plan_step step = { .kind = mount_steps[mount->mode],
		.flags = STEP_FLAG_RECORD,
		.size_bytes = mount->size_bytes, .mode = mount->permissions,
		.uid = planner->account->uid, .gid = planner->account->gid,
		.origin = mount->origin };

	step.target = expand(planner, mount->target, &mount->origin);
	if (mount->source != NULL)
		step.source = expand(planner, mount->source, &mount->origin);
	if (mount->mode == MOUNT_READ_ONLY)
		step.flags |= STEP_FLAG_READ_ONLY;
	if (mount->mode == MOUNT_TMPFS)
		step.uid = 0, step.gid = 0;
	if (mount->noexec)
		step.flags |= STEP_FLAG_NOEXEC;
	if (mount->optional)
		step.flags |= STEP_FLAG_OPTIONAL;
	if (mount->fresh)
		step.flags |= STEP_FLAG_FRESH;
	check_target(planner, step.target, mount->mode, &mount->origin);
	if (step.source != NULL && planner->error == 0)
		plan_check_source(planner, step.source, ceiling_forbids_mount(
		    planner->plan->jail, step.source,
		    mount->mode == MOUNT_READ_WRITE));
	if (mount->mode == MOUNT_COPY_ON_WRITE && planner->error == 0)
		step.storage = storage_path(planner, step.target,
		    mount->fresh);
	planner_add(planner, &step);
}

/* A parent sorts before what is below it. */
static int
compare_targets(const void *a, const void *b)
{
	const struct plan_step *one = a, *other = b;

	return strcmp(one->target, other->target);
}

static void
add_mounts(struct planner *planner)
{
	struct plan *plan = planner->plan;
	size_t first = plan->n_steps;

	add_home(planner);
	for (size_t i = 0; i < plan->jail->n_mounts; i++)
		add_mount(planner, &plan->jail->mounts[i]);
	plan_hide_denied(planner, first);
	if (planner->error != 0)
		return;
	qsort(plan->steps + first, plan->n_steps - first,
	    sizeof(*plan->steps), compare_targets);
	plan_hide_once(plan, first);
	for (size_t i = first + 1; i < plan->n_steps; i++)
		if (strcmp(plan->steps[i - 1].target,
		    plan->steps[i].target) == 0)
			planner_fail(planner, -EINVAL, &plan->steps[i].origin,
			    "for account %s the target %s is given twice",
			    planner->account->name, plan->steps[i].target);
}

static void
add_devices(struct planner *planner)
{
	const struct jail *jail = planner->plan->jail;

	for (size_t i = 0; i < jail->n_devices; i++) {
		const struct policy_device *device = &jail->devices[i];
		struct plan_step step = { STEP_DEVICE, STEP_FLAG_RECORD,
			.source = expand(planner, device->path,
			    &device->origin), .origin = device->origin };

		if (device->read_only)
			step.flags |= STEP_FLAG_READ_ONLY;
		if (device->optional)
			step.flags |= STEP_FLAG_OPTIONAL;
		if (planner->error == 0 &&
		    (!plan_path_is_clean(step.source) ||
		    strncmp(step.source, "/dev/", 5) != 0))
			planner_fail(planner, -EINVAL, &device->origin, "\"%s\" is "
			    "not below /dev", step.source);
		planner_add(planner, &step);
	}
}

static void
add_file(struct planner *planner, const char *target, char *contents)
{
	struct plan_step step = { STEP_FILE, .target = target, .mode = 0644,
		.contents = own(planner, contents) };

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
		plan->shell = expand(planner, jail->shell,
		    &jail->shell_origin);
	plan->workdir = jail->workdir == NULL ? planner->account->home :
	    expand(planner, jail->workdir, &jail->workdir_origin);
	plan->workdir = planner_own_text(planner, "%s", plan->workdir);
	plan->environment = calloc(jail->n_environment + 1,
	    sizeof(*plan->environment));
	if (plan->environment == NULL) {
		own(planner, NULL);
		return;
	}
	for (size_t i = 0; i < jail->n_environment; i++) {
		const struct policy_variable *variable =
		    &jail->environment[i];
		const char *value = expand(planner, variable->value,
		    &variable->origin);

		if (strpbrk(value, "\n") != NULL)
			planner_fail(planner, -EINVAL, &variable->origin,
			    "a variable cannot hold a newline");
		plan->environment[plan->n_environment++] = planner_own_text(planner,
		    "%s=%s", variable->name, value);
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
		planner_fail(planner, -EINVAL, NULL, "the account's name cannot stand "
		    "in a path and in a record");
	if (!is_passwd_field(account->home) ||
	    !plan_path_is_clean(account->home) ||
	    strcmp(account->home, "/") == 0)
		planner_fail(planner, -EINVAL, NULL, "the home of %s, \"%s\", is no "
		    "plain absolute path", account->name, account->home);
	if (strpbrk(account->shell, "\n") != NULL)
		planner_fail(planner, -EINVAL, NULL, "the shell of %s holds a newline",
		    account->name);
	for (size_t i = 0; i < account->n_groups; i++)
		if (!is_passwd_field(account->groups[i].name))
			planner_fail(planner, -EINVAL, NULL, "a group of %s has a "
			    "name that no group file can hold", account->name);
}

/* What this build has no builder for; `jailctl check` warned of it. */
static void
check_jail(struct planner *planner)
{
	struct unenforced found;
	unsigned index = 0;

	if (jail_unenforced(planner->plan->jail, &index, &found))
		planner_fail(planner, -ENOTSUP, found.origin, "this build cannot "
		    "enforce %s", found.what);
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
		    plan->jail->name : expand(planner, plan->jail->hostname,
		    &plan->jail->hostname_origin);
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
	add_mounts(planner);
	add_devices(planner);
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

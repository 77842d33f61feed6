/* What appears in a jail: the home, mounts and devices of its policy. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jaild/plan_tree.h"
#include "jaild/planner.h"
#include "lang/ceiling.h"
#include "lang/mount_target.h"

static void
check_target(struct planner *planner, const char *target,
    enum mount_mode mode, const struct origin *origin)
{
	const char *objection = !plan_path_is_clean(target) ?
	    "is no absolute path without \"..\" and empty parts" :
	    mount_target_objection(target, mode);

	if (objection != NULL)
		planner_fail(planner, -EINVAL, origin, "\"%s\" %s", target,
		    objection);
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
		planner_fail(planner, -EINVAL, NULL,
		    "the path %s is too long to keep data of", target);
	if (fresh)
		return planner_own_text(planner,
		    "fresh/%s/%s", plan->uuid, name);
	return planner_own_text(planner,
	    "storage/%s/%s/%s", planner->account->name,
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

	step.target = planner_expand(planner, mount->target,
	    &mount->origin);
	if (mount->source != NULL)
		step.source = planner_expand(planner, mount->source,
		    &mount->origin);
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

void
plan_add_mounts(struct planner *planner)
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

void
plan_add_devices(struct planner *planner)
{
	const struct jail *jail = planner->plan->jail;

	for (size_t i = 0; i < jail->n_devices; i++) {
		const struct policy_device *device = &jail->devices[i];
		struct plan_step step = { STEP_DEVICE, STEP_FLAG_RECORD,
			.source = planner_expand(planner, device->path,
			    &device->origin), .origin = device->origin };

		if (device->read_only)
			step.flags |= STEP_FLAG_READ_ONLY;
		if (device->optional)
			step.flags |= STEP_FLAG_OPTIONAL;
		if (planner->error == 0 &&
		    (!plan_path_is_clean(step.source) ||
		    strncmp(step.source, "/dev/", 5) != 0))
			planner_fail(planner, -EINVAL, &device->origin,
			    "\"%s\" is not below /dev", step.source);
		planner_add(planner, &step);
	}
}

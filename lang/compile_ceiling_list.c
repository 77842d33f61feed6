/* Bounds that are lists: each thing of a jail is within or outside. */
#include "config.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lang/base_tree.h"
#include "lang/compile_ceiling.h"

/* The host's network cannot be kept from anything. */
static bool
has_host_network(struct bounding *b)
{
	if (b->jail->network != NETWORK_HOST)
		return false;
	bounding_outside(b, &b->jail->network_origin, "network host");
	return true;
}

void
bound_flow_deny(struct bounding *b)
{
	if (has_host_network(b))
		return;
	for (size_t i = 0; i < b->jail->n_flows; i++) {
		const struct flow_rule *rule = &b->jail->flows[i];

		if (!bounding_may_look(b, flow_looks(&b->bound->flow,
		    &rule->flow)))
			return;
		if (rule->action != FLOW_DENY &&
		    flow_covers(&b->bound->flow, &rule->flow))
			bounding_outside(b, &rule->origin,
			    "what is allowed here");
	}
}

static bool
meets_some(struct bounding *b, const struct flow *flow)
{
	const struct policy_ceiling *ceiling = b->ceiling->made;

	for (size_t i = 0; i < ceiling->n_bounds; i++) {
		const struct policy_bound *bound = &ceiling->bounds[i];

		if (!bounding_may_look(b, bound->kind != BOUND_FLOW_ONLY ? 1 :
		    flow_looks(&bound->flow, flow)))
			return true;	/* which is an error by itself */
		if (bound->kind == BOUND_FLOW_ONLY &&
		    flows_meet(&bound->flow, flow))
			return true;
	}
	return false;
}

void
bound_flow_only(struct bounding *b)
{
	if (b->bound != b->ceiling->first[BOUND_FLOW_ONLY])
		return;		/* they were looked at together */
	if (has_host_network(b))
		return;
	for (size_t i = 0; i < b->jail->n_flows; i++) {
		const struct flow_rule *rule = &b->jail->flows[i];

		if (rule->action != FLOW_DENY &&
		    !meets_some(b, &rule->flow))
			bounding_outside(b, &rule->origin,
			    "what is allowed here");
	}
}

static bool
denies_whole(const struct policy_bound *bound, const char *call)
{
	for (size_t i = 0; i < bound->n_rules; i++)
		if (bound->rules[i].n_conditions == 0 &&
		    strcmp(bound->rules[i].call, call) == 0)
			return true;
	return false;
}

/* The ceiling's denials stand in front. */
void
bound_calls(struct bounding *b)
{
	struct jail *jail = b->jail;
	struct syscall_rule *rules = NULL;
	size_t n = 0;

	if (!bounding_may_look(b, (b->bound->n_rules + 1) *
	    jail->n_syscall_rules))
		return;
	for (size_t i = 0; i < jail->n_syscall_rules; i++)
		if (jail->syscall_rules[i].action >= SYSCALL_LOG &&
		    denies_whole(b->bound, jail->syscall_rules[i].call))
			bounding_outside(b, &jail->syscall_rules[i].origin,
			    "allowing '%s'", jail->syscall_rules[i].call);
	for (size_t i = 0; i < b->bound->n_rules; i++)
		*arena_push(b->c->checker.arena, rules, n) =
		    b->bound->rules[i];
	for (size_t i = 0; i < jail->n_syscall_rules; i++)
		*arena_push(b->c->checker.arena, rules, n) =
		    jail->syscall_rules[i];
	jail->syscall_rules = rules;
	jail->n_syscall_rules = n;
}

/* What a template begins with, in whole components: "/srv/${user}/x" is below
 * "/srv" whoever it is.  What follows has no "..". */
static char *
fixed_front(struct compiler *c, const char *template)
{
	const char *dollar = strstr(template, "${");
	size_t length = dollar == NULL ? strlen(template) :
	    (size_t)(dollar - template);

	while (dollar != NULL && length > 1 && template[length - 1] != '/')
		length--;
	if (dollar != NULL && length > 1)
		length--;
	return arena_strndup(c->checker.arena, template, length);
}

/* The first bound that names the path or a folder above it. */
static const struct policy_bound *
named_by(const struct names *paths, char *path)
{
	const struct policy_bound *found = names_find(paths, "/");
	size_t length = strlen(path);

	while (length > 1) {
		char kept = path[length];
		const struct policy_bound *bound;

		path[length] = '\0';
		bound = names_find(paths, path);
		path[length] = kept;
		if (bound != NULL && (found == NULL || bound < found))
			found = bound;
		while (path[--length] != '/')
			;
	}
	return found;
}

/* The first bound of the ceiling that forbids to mount the path; of those
 * that say `only` there is one. */
static const struct policy_bound *
forbidding(const struct tree_ceiling *ceiling, char *path, bool writable)
{
	const struct policy_bound *found =
	    named_by(&ceiling->paths[BOUND_MOUNT_DENY], path);

	for (int kind = BOUND_MOUNT_ONLY; kind <= BOUND_MOUNT_WRITE_ONLY;
	    kind++) {
		const struct policy_bound *only = ceiling->first[kind];

		if (only != NULL && (kind == BOUND_MOUNT_ONLY || writable) &&
		    (found == NULL || only < found) &&
		    named_by(&ceiling->paths[kind], path) == NULL)
			found = only;
	}
	return found;
}

/* Lets b be about the bound.  False: an outer ceiling says it already. */
static bool
is_first_to_say(struct bounding *b, const struct policy_bound *bound,
    char *path, bool writable, bool as_mount)
{
	for (size_t i = 0; b->jail->ceilings[i] != b->ceiling->made; i++) {
		const struct tree_ceiling *outer = check_find_ceiling(
		    b->c->checker.tree, b->jail->ceilings[i]->name);

		if (as_mount ? forbidding(outer, path, writable) != NULL :
		    named_by(&outer->paths[BOUND_MOUNT_DENY], path) != NULL)
			return false;
	}
	b->index = (size_t)(bound - b->ceiling->made->bounds);
	return true;
}

/* What `root host` has of the host cannot be denied as a whole. */
static void
check_base(struct bounding *b)
{
	size_t n;
	const struct base_path *rows = base_tree(b->jail->root, &n);
	const struct policy_bound *bound;
	char path[PATH_MAX];

	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s", rows[i].path);
		bound = rows[i].of_host ? named_by(
		    &b->ceiling->paths[BOUND_MOUNT_DENY], path) : NULL;
		if (bound != NULL &&
		    is_first_to_say(b, bound, path, false, false))
			bounding_outside(b, &b->jail->root_origin,
			    "root host, which has \"%s\",", rows[i].path);
	}
}

/* A path with variables is looked at here as far as it is known, and whole
 * when somebody logs in. */
static void
check_mount_source(struct bounding *b, const struct policy_mount *mount)
{
	bool writable = mount->mode == MOUNT_READ_WRITE;
	char *front = fixed_front(b->c, mount->source);
	bool whole = strstr(mount->source, "${") == NULL;
	const struct policy_bound *bound = forbidding(b->ceiling, front,
	    writable);

	if (bound != NULL && (whole || bound->kind == BOUND_MOUNT_DENY) &&
	    is_first_to_say(b, bound, front, writable, true))
		bounding_outside(b, &mount->origin, "the mount of \"%s\"",
		    mount->source);
}

/* All bounds on mounts together. */
void
bound_mounts(struct bounding *b)
{
	for (int kind = BOUND_MOUNT_ONLY; kind <= BOUND_MOUNT_DENY; kind++)
		if (b->ceiling->first[kind] != NULL &&
		    b->ceiling->first[kind] < b->bound)
			return;
	check_base(b);
	for (size_t i = 0; i < b->jail->n_mounts; i++)
		if (b->jail->mounts[i].source != NULL)
			check_mount_source(b, &b->jail->mounts[i]);
}

static bool
device_is_among(const char *path, const struct policy_bound *bound)
{
	bool glob = strpbrk(path, "*?[") != NULL;

	for (size_t i = 0; i < bound->n_texts; i++)
		if (strcmp(path, bound->texts[i]) == 0 ||
		    (!glob && fnmatch(bound->texts[i], path,
		    FNM_PATHNAME | FNM_PERIOD) == 0))
			return true;
	return false;
}

void
bound_devices(struct bounding *b)
{
	if (!bounding_may_look(b, b->jail->n_devices * b->bound->n_texts))
		return;
	for (size_t i = 0; i < b->jail->n_devices; i++)
		if (!device_is_among(b->jail->devices[i].path, b->bound))
			bounding_outside(b, &b->jail->devices[i].origin,
			    "the device \"%s\"", b->jail->devices[i].path);
}

static bool
secret_is_among(const struct policy_secret *secret,
    const struct policy_bound *bound)
{
	for (size_t i = 0; i < bound->n_texts; i++) {
		const char *text = bound->texts[i];

		if (text[0] == '/' ? path_is_within(secret->source, text) :
		    strcmp(secret->name, text) == 0)
			return true;
	}
	return false;
}

void
bound_secrets(struct bounding *b)
{
	if (!bounding_may_look(b, b->jail->n_secrets * b->bound->n_texts))
		return;
	for (size_t i = 0; i < b->jail->n_secrets; i++)
		if (!secret_is_among(&b->jail->secrets[i], b->bound))
			bounding_outside(b, &b->jail->secrets[i].origin,
			    "the secret '%s'", b->jail->secrets[i].name);
}

void
bound_tolerated(struct bounding *b)
{
	if (!bounding_may_look(b, b->jail->n_tolerated * b->bound->n_texts))
		return;
	for (size_t i = 0; i < b->jail->n_tolerated; i++) {
		const char *name = b->jail->tolerated[i].name;
		size_t k = 0;

		while (k < b->bound->n_texts &&
		    strcmp(b->bound->texts[k], name) != 0)
			k++;
		if (k == b->bound->n_texts)
			bounding_outside(b, &b->jail->tolerated[i].origin,
			    "tolerating that '%s' is missing", name);
	}
}

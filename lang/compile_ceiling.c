/* What stands above a jail: wholly outside is a mistake with both lines,
 * what nobody said is lowered, what lies partly outside is cut. */
#include "config.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <string.h>

#include "lang/base_tree.h"
#include "lang/ceiling.h"
#include "lang/compile.h"
#include "lang/source.h"
#include "lang/syscall_table.h"

/* One bound over one jail. */
struct bounding {
	struct compiler *c;
	struct jail *jail;
	const struct tree_ceiling *ceiling;
	size_t index;			/* of the bound in the ceiling */
	const struct policy_bound *bound;
};

static bool
is_at(const struct token *token, const struct origin *origin)
{
	return token->place.line == origin->line &&
	    token->place.column == origin->column &&
	    token->place.source->name == origin->file;
}

/* The token that an origin is of: a setting's keyword, or a rule's. */
static const struct token *
token_of(const struct compiler *c, const struct origin *origin)
{
	for (size_t i = 0; i < c->part->n_ancestry; i++) {
		const struct part *part = c->part->ancestry[i];

		for (size_t k = 0; k < part->n_settings; k++) {
			const struct setting *s = part->settings[k];

			if (is_at(s->keyword, origin))
				return s->keyword;
			for (size_t m = 0; m < s->n_call_rules; m++)
				if (is_at(s->call_rules[m].keyword, origin))
					return s->call_rules[m].keyword;
			for (size_t m = 0; m < s->n_flow_rules; m++)
				if (is_at(s->flow_rules[m].keyword, origin))
					return s->flow_rules[m].keyword;
		}
	}
	return c->part->name;
}

/* The mistake at what the jail says, and where the ceiling says otherwise. */
__attribute__((format(printf, 3, 4)))
static void
outside(struct bounding *b, const struct origin *origin, const char *format,
    ...)
{
	struct diagnostics *d = b->c->checker.diagnostics;
	const struct token *token = token_of(b->c, origin);
	const char *name = b->ceiling->made->name, *text;
	va_list arguments;

	va_start(arguments, format);
	text = arena_vprintf(b->c->checker.arena, format, arguments);
	va_end(arguments);
	report_error(d, &token->place, NULL, "%s goes beyond the ceiling%s%s",
	    text, name == NULL ? "" : " ", name == NULL ? "" : name);
	report_note(d, &b->ceiling->made_of[b->index]->keyword->place,
	    "the ceiling says so here");
	if (origin->part == NULL ||
	    strcmp(origin->part, b->jail->name) != 0)
		report_note(d, &b->c->part->name->place,
		    "as jail '%s' would have it", b->jail->name);
}

/* A value that grows weaker as it grows; both are enums or numbers of the
 * jail, and nobody having said it is lowered.  False: it stays. */
static bool
is_lowered(struct bounding *b, uint64_t value, uint64_t most,
    struct origin *origin, const char *what, const char *word)
{
	if (value <= most)
		return false;
	if (origin->file != NULL && token_of(b->c, origin) !=
	    b->c->part->name) {
		outside(b, origin, "%s %s", what, word);
		return false;
	}
	*origin = b->bound->origin;
	return true;
}

static void
apply_tier(struct bounding *b)
{
	struct jail *jail = b->jail;

	if (is_lowered(b, jail->tier, b->bound->choice, &jail->tier_origin,
	    "tier", tier_name(jail->tier)))
		jail->tier = (enum tier)b->bound->choice;
}

static void
apply_home(struct bounding *b)
{
	struct jail *jail = b->jail;

	if (is_lowered(b, jail->home, b->bound->choice, &jail->home_origin,
	    "home", home_mode_name(jail->home)))
		jail->home = (enum home_mode)b->bound->choice;
}

static void
apply_network(struct bounding *b)
{
	struct jail *jail = b->jail;

	is_lowered(b, jail->network, b->bound->choice, &jail->network_origin,
	    "network", network_mode_name(jail->network));
}

/* The host's network cannot be kept from anything. */
static bool
has_host_network(struct bounding *b)
{
	if (b->jail->network != NETWORK_HOST)
		return false;
	outside(b, &b->jail->network_origin, "network host");
	return true;
}

static void
apply_flow_deny(struct bounding *b)
{
	if (has_host_network(b))
		return;
	for (size_t i = 0; i < b->jail->n_flows; i++) {
		const struct flow_rule *rule = &b->jail->flows[i];

		if (rule->action != FLOW_DENY &&
		    flow_covers(&b->bound->flow, &rule->flow))
			outside(b, &rule->origin, "what is allowed here");
	}
}

static bool
meets_some(const struct policy_ceiling *ceiling, const struct flow *flow)
{
	for (size_t i = 0; i < ceiling->n_bounds; i++)
		if (ceiling->bounds[i].kind == BOUND_FLOW_ONLY &&
		    flows_meet(&ceiling->bounds[i].flow, flow))
			return true;
	return false;
}

static void
apply_flow_only(struct bounding *b)
{
	const struct policy_ceiling *ceiling = b->ceiling->made;

	for (size_t i = 0; i < b->index; i++)
		if (ceiling->bounds[i].kind == BOUND_FLOW_ONLY)
			return;		/* they were looked at together */
	if (has_host_network(b))
		return;
	for (size_t i = 0; i < b->jail->n_flows; i++) {
		const struct flow_rule *rule = &b->jail->flows[i];

		if (rule->action != FLOW_DENY &&
		    !meets_some(ceiling, &rule->flow))
			outside(b, &rule->origin, "what is allowed here");
	}
}

static void
apply_profile(struct bounding *b)
{
	struct jail *jail = b->jail;
	enum syscall_profile least = (enum syscall_profile)b->bound->choice;

	if (is_lowered(b, jail->syscalls, least, &jail->syscalls_origin,
	    "syscalls", syscall_profile_name(jail->syscalls)))
		jail->syscalls = least;
	for (size_t i = 0; i < jail->n_syscall_rules; i++) {
		const struct syscall_rule *rule = &jail->syscall_rules[i];

		if (rule->action >= SYSCALL_LOG &&
		    !syscall_profile_allows(least, rule->call))
			outside(b, &rule->origin, "allowing '%s'", rule->call);
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
static void
apply_calls(struct bounding *b)
{
	struct jail *jail = b->jail;
	struct syscall_rule *rules = NULL;
	size_t n = 0;

	for (size_t i = 0; i < jail->n_syscall_rules; i++)
		if (jail->syscall_rules[i].action >= SYSCALL_LOG &&
		    denies_whole(b->bound, jail->syscall_rules[i].call))
			outside(b, &jail->syscall_rules[i].origin,
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
static const char *
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

/* What `root host` has of the host cannot be denied as a whole. */
static void
check_base(struct bounding *b)
{
	size_t n;
	const struct base_path *rows = base_tree(b->jail->root, &n);

	for (size_t i = 0; i < n; i++)
		if (rows[i].of_host && ceiling_denies_path(b->jail,
		    rows[i].path) == b->bound)
			outside(b, &b->jail->root_origin, "root host, which "
			    "has \"%s\",", rows[i].path);
}

/* A path with variables is looked at here as far as it is known, and whole
 * when somebody logs in. */
static void
apply_mounts(struct bounding *b)
{
	if (b->bound->kind == BOUND_MOUNT_DENY)
		check_base(b);
	for (size_t i = 0; i < b->jail->n_mounts; i++) {
		const struct policy_mount *mount = &b->jail->mounts[i];
		const char *front;
		bool whole;

		if (mount->source == NULL)
			continue;
		front = fixed_front(b->c, mount->source);
		whole = strstr(mount->source, "${") == NULL;
		if (ceiling_forbids_mount(b->jail, front, mount->mode ==
		    MOUNT_READ_WRITE) == b->bound && (whole ||
		    b->bound->kind == BOUND_MOUNT_DENY))
			outside(b, &mount->origin, "the mount of \"%s\"",
			    mount->source);
	}
}

static bool
root_is_among(const struct jail *jail, const struct policy_bound *bound)
{
	if (jail->root == ROOT_HOST)
		return (bound->value & BOUND_ROOT_HOST) != 0;
	if (jail->root == ROOT_EMPTY)
		return (bound->value & BOUND_ROOT_EMPTY) != 0;
	for (size_t i = 0; i < bound->n_texts; i++)
		if (jail->root == ROOT_DIRECTORY ?
		    path_is_within(jail->root_path, bound->texts[i]) :
		    glob_covers(bound->texts[i], jail->root_path))
			return true;
	return false;
}

static void
apply_root(struct bounding *b)
{
	if (!root_is_among(b->jail, b->bound))
		outside(b, &b->jail->root_origin, "root %s",
		    root_kind_name(b->jail->root));
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

static void
apply_devices(struct bounding *b)
{
	for (size_t i = 0; i < b->jail->n_devices; i++)
		if (!device_is_among(b->jail->devices[i].path, b->bound))
			outside(b, &b->jail->devices[i].origin,
			    "the device \"%s\"", b->jail->devices[i].path);
}

static void
apply_capabilities(struct bounding *b)
{
	uint64_t allowed = b->jail->capabilities & b->bound->value;

	if (allowed == b->jail->capabilities)
		return;
	if (allowed == 0) {
		outside(b, &b->jail->capabilities_origin,
		    "what is given here");
		return;
	}
	b->jail->capabilities = allowed;
	b->jail->capabilities_origin = b->bound->origin;
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

static void
apply_secrets(struct bounding *b)
{
	for (size_t i = 0; i < b->jail->n_secrets; i++)
		if (!secret_is_among(&b->jail->secrets[i], b->bound))
			outside(b, &b->jail->secrets[i].origin,
			    "the secret '%s'", b->jail->secrets[i].name);
}

static void
apply_tolerated(struct bounding *b)
{
	for (size_t i = 0; i < b->jail->n_tolerated; i++) {
		const char *name = b->jail->tolerated[i].name;
		size_t k = 0;

		while (k < b->bound->n_texts &&
		    strcmp(b->bound->texts[k], name) != 0)
			k++;
		if (k == b->bound->n_texts)
			outside(b, &b->jail->tolerated[i].origin,
			    "tolerating that '%s' is missing", name);
	}
}

static void
apply_limit(struct bounding *b)
{
	struct policy_limit *limit = &b->jail->limits[b->bound->choice];
	uint64_t value = limit->set ? limit->value : UINT64_MAX;

	if (!is_lowered(b, value, b->bound->value, &limit->origin, "limit",
	    limit_kind_name((enum limit_kind)b->bound->choice)))
		return;
	limit->set = true;
	limit->value = b->bound->value;
}

static void
apply_persist(struct bounding *b)
{
	is_lowered(b, b->jail->persist_seconds, b->bound->value,
	    &b->jail->persist_origin, "to", "persist");
}

static void
apply_audit(struct bounding *b)
{
	struct jail *jail = b->jail;

	if ((b->bound->value & ~(uint64_t)jail->audit) == 0)
		return;
	if (jail->audit == 0 && jail->audit_origin.file != NULL) {
		outside(b, &jail->audit_origin, "audit none");
		return;
	}
	jail->audit |= (uint32_t)b->bound->value;
	jail->audit_origin = b->bound->origin;
}

static void (*const appliers[BOUND_KINDS])(struct bounding *b) = {
	[BOUND_TIER] = apply_tier, [BOUND_HOME] = apply_home,
	[BOUND_NETWORK] = apply_network, [BOUND_FLOW_DENY] = apply_flow_deny,
	[BOUND_FLOW_ONLY] = apply_flow_only,
	[BOUND_PROFILE] = apply_profile, [BOUND_CALLS] = apply_calls,
	[BOUND_MOUNT_ONLY] = apply_mounts,
	[BOUND_MOUNT_WRITE_ONLY] = apply_mounts,
	[BOUND_MOUNT_DENY] = apply_mounts, [BOUND_ROOT] = apply_root,
	[BOUND_DEVICE] = apply_devices,
	[BOUND_CAPABILITIES] = apply_capabilities,
	[BOUND_SECRET] = apply_secrets, [BOUND_TOLERATE] = apply_tolerated,
	[BOUND_LIMIT] = apply_limit, [BOUND_PERSIST] = apply_persist,
	[BOUND_AUDIT] = apply_audit,
};

static void
apply_ceiling(struct compiler *c, const struct tree_ceiling *ceiling,
    bool tiers)
{
	struct bounding b = { .c = c, .jail = c->jail, .ceiling = ceiling };

	for (b.index = 0; b.index < ceiling->made->n_bounds; b.index++) {
		b.bound = &ceiling->made->bounds[b.index];
		if ((b.bound->kind == BOUND_TIER) == tiers)
			appliers[b.bound->kind](&b);
	}
}

static void
add_ceiling(struct compiler *c, const struct tree_ceiling *ceiling,
    const struct policy_ceiling ***list, size_t *n)
{
	if (ceiling == NULL)
		return;
	for (size_t i = 0; i < *n; i++)
		if ((*list)[i] == ceiling->made)
			return;
	*arena_push(c->checker.arena, *list, *n) = ceiling->made;
}

void
compile_find_ceilings(struct compiler *c)
{
	const struct tree *tree = c->checker.tree;
	const struct policy_ceiling **list = NULL;
	size_t n = 0;

	if (!c->part->is_jail)
		return;
	add_ceiling(c, check_find_ceiling(tree, NULL), &list, &n);
	for (size_t i = 0; i < c->part->under.n; i++)
		add_ceiling(c, check_find_ceiling(tree,
		    c->part->under.items[i]->text), &list, &n);
	c->jail->ceilings = list;
	c->jail->n_ceilings = n;
}

void
compile_ceilings(struct compiler *c, bool tiers)
{
	for (size_t i = 0; i < c->jail->n_ceilings; i++)
		apply_ceiling(c, check_find_ceiling(c->checker.tree,
		    c->jail->ceilings[i]->name), tiers);
}

const struct token *
compile_find_bound(struct compiler *c, const struct origin *origin)
{
	for (size_t i = 0; i < c->jail->n_ceilings; i++) {
		const struct tree_ceiling *ceiling = check_find_ceiling(
		    c->checker.tree, c->jail->ceilings[i]->name);

		for (size_t k = 0; k < ceiling->made->n_bounds; k++) {
			struct tree_bound *bound = ceiling->made_of[k];

			if (!is_at(bound->keyword, origin) || bound->warned)
				continue;
			bound->warned = true;
			return bound->keyword;
		}
	}
	return NULL;
}

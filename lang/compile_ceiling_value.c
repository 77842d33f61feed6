/* Bounds of one value: what nobody said is lowered. */
#include "config.h"

#include "lang/base_tree.h"
#include "lang/compile_ceiling.h"
#include "lang/syscall_table.h"

/* A value that grows weaker as it grows; both are enums or numbers of the
 * jail, and nobody having said it is lowered.  False: it stays. */
static bool
is_lowered(struct bounding *b, uint64_t value, uint64_t most,
    struct origin *origin, const char *what, const char *word)
{
	if (value <= most)
		return false;
	if (origin->file != NULL && bounding_token(b->c, origin) !=
	    b->c->part->name) {
		bounding_outside(b, origin, "%s %s", what, word);
		return false;
	}
	*origin = b->bound->origin;
	return true;
}

void
bound_tier(struct bounding *b)
{
	struct jail *jail = b->jail;

	if (is_lowered(b, jail->tier, b->bound->choice, &jail->tier_origin,
	    "tier", tier_name(jail->tier)))
		jail->tier = (enum tier)b->bound->choice;
}

void
bound_home(struct bounding *b)
{
	struct jail *jail = b->jail;

	if (is_lowered(b, jail->home, b->bound->choice, &jail->home_origin,
	    "home", home_mode_name(jail->home)))
		jail->home = (enum home_mode)b->bound->choice;
}

void
bound_network(struct bounding *b)
{
	struct jail *jail = b->jail;

	is_lowered(b, jail->network, b->bound->choice, &jail->network_origin,
	    "network", network_mode_name(jail->network));
}

void
bound_profile(struct bounding *b)
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
			bounding_outside(b, &rule->origin,
			    "allowing '%s'", rule->call);
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

void
bound_root(struct bounding *b)
{
	if (!root_is_among(b->jail, b->bound))
		bounding_outside(b, &b->jail->root_origin, "root %s",
		    root_kind_name(b->jail->root));
}

void
bound_capabilities(struct bounding *b)
{
	uint64_t allowed = b->jail->capabilities & b->bound->value;

	if (allowed == b->jail->capabilities)
		return;
	if (allowed == 0) {
		bounding_outside(b, &b->jail->capabilities_origin,
		    "what is given here");
		return;
	}
	b->jail->capabilities = allowed;
	b->jail->capabilities_origin = b->bound->origin;
}

void
bound_limit(struct bounding *b)
{
	struct policy_limit *limit = &b->jail->limits[b->bound->choice];
	uint64_t value = limit->set ? limit->value : UINT64_MAX;

	if (!is_lowered(b, value, b->bound->value, &limit->origin, "limit",
	    limit_kind_name((enum limit_kind)b->bound->choice)))
		return;
	limit->set = true;
	limit->value = b->bound->value;
}

void
bound_persist(struct bounding *b)
{
	is_lowered(b, b->jail->persist_seconds, b->bound->value,
	    &b->jail->persist_origin, "to", "persist");
}

void
bound_audit(struct bounding *b)
{
	struct jail *jail = b->jail;

	if ((b->bound->value & ~(uint64_t)jail->audit) == 0)
		return;
	if (jail->audit == 0 && jail->audit_origin.file != NULL) {
		bounding_outside(b, &jail->audit_origin, "audit none");
		return;
	}
	jail->audit |= (uint32_t)b->bound->value;
	jail->audit_origin = b->bound->origin;
}

/* The blocks of rules: which join, and in what order. */
#include "config.h"

#include <string.h>

#include "lang/compile.h"
#include "lang/special_address.h"

/* A warning is not worth more time than that. */
#define SHADOW_PAIRS_MAX 100000

static bool
denies(enum syscall_action action)
{
	return action == SYSCALL_DENY || action == SYSCALL_KILL;
}

/* The heir's rules come first, so what it allows its base no longer denies:
 * right, but worth a word for who asks for it. */
static void
warn_shadowed(struct compiler *c, const struct syscall_rule *heirs,
    size_t n_heirs, const struct setting *base, const struct token *keyword)
{
	if (n_heirs > SHADOW_PAIRS_MAX / (base->n_rules + 1))
		return;
	for (size_t i = 0; i < base->n_rules; i++) {
		if (!denies(base->rules[i].action))
			continue;
		for (size_t k = 0; k < n_heirs; k++) {
			if (denies(heirs[k].action) ||
			    strcmp(heirs[k].call, base->rules[i].call) != 0)
				continue;
			report_warning(c->checker.diagnostics, &keyword->place,
			    "'%s' is allowed here (line %u) before a base "
			    "denies it", heirs[k].call, heirs[k].origin.line);
			report_note(c->checker.diagnostics,
			    &base->keyword->place, "the base's rules are here");
			return;
		}
	}
}

static void
add_rules(struct compiler *c, const struct setting *s, const struct part *part,
    struct syscall_rule **rules, size_t *n)
{
	for (size_t i = 0; i < s->n_rules; i++) {
		struct syscall_rule *rule =
		    arena_push(c->checker.arena, *rules, *n);

		*rule = s->rules[i];
		rule->origin.part = part->name->text;
	}
}

/* Blocks join as long as they are under the nearest one's word. */
void
compile_syscall_rules(struct compiler *c)
{
	struct syscall_rule *rules = NULL;
	const struct setting *nearest = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->part->n_ancestry; i++) {
		const struct part *part = c->part->ancestry[i];
		const struct setting *s =
		    compile_find_setting(part, SETTING_SYSCALLS);

		if (s == NULL)
			continue;
		if (nearest != NULL && (s->choice != nearest->choice ||
		    s->choice == SYSCALLS_OFF))
			break;
		if (nearest == NULL)
			nearest = s;
		else if (diagnostics_strict(c->checker.diagnostics))
			warn_shadowed(c, rules, n, s, nearest->keyword);
		add_rules(c, s, part, &rules, &n);
	}
	c->jail->syscall_rules = rules;
	c->jail->n_syscall_rules = n;
}

/* An heir's `allow` before a base's `deny` that it takes from. */
static void
warn_shadowed_flow(struct compiler *c, const struct flow_rule *heirs,
    size_t n_heirs, const struct setting *base, const struct token *keyword)
{
	if (n_heirs > SHADOW_PAIRS_MAX / (base->n_flows + 1))
		return;
	for (size_t i = 0; i < base->n_flows; i++) {
		if (base->flows[i].action != FLOW_DENY)
			continue;
		for (size_t k = 0; k < n_heirs; k++) {
			if (heirs[k].action == FLOW_DENY ||
			    !flow_covers(&heirs[k].flow, &base->flows[i].flow))
				continue;
			report_warning(c->checker.diagnostics, &keyword->place,
			    "line %u allows what a base denies",
			    heirs[k].origin.line);
			report_note(c->checker.diagnostics,
			    &base->keyword->place, "the base's rules are here");
			return;
		}
	}
}

/* True when the block denies everything at its end. */
static bool
add_flows(struct compiler *c, const struct setting *s,
    const struct part *part, struct flow_rule **flows,
    struct publish_rule **published)
{
	struct arena *arena = c->checker.arena;

	for (size_t i = 0; i < s->n_flows; i++) {
		struct flow_rule *rule =
		    arena_push(arena, *flows, c->jail->n_flows);

		*rule = s->flows[i];
		rule->origin.part = part->name->text;
	}
	for (size_t i = 0; i < s->n_published; i++) {
		struct publish_rule *rule =
		    arena_push(arena, *published, c->jail->n_published);

		*rule = s->published[i];
		rule->origin.part = part->name->text;
	}
	return s->n_flows != 0 && s->flows[s->n_flows - 1].flow.n_to == 0;
}

static void
check_published(struct compiler *c, const struct token *keyword)
{
	const struct publish_rule *rules = c->jail->published;

	for (size_t i = 0; i < c->jail->n_published; i++)
		for (size_t k = 0; k < i; k++) {
			if (rules[i].protocol != rules[k].protocol ||
			    rules[i].host_port != rules[k].host_port ||
			    !address_ranges_meet(&rules[i].host,
			    &rules[k].host))
				continue;
			report_error(c->checker.diagnostics, &keyword->place,
			    NULL, "port %u is published twice, in lines %u "
			    "and %u", rules[i].host_port,
			    rules[k].origin.line, rules[i].origin.line);
			return;
		}
}

void
compile_flow_rules(struct compiler *c)
{
	const struct setting *nearest = NULL;
	struct flow_rule *flows = NULL;
	struct publish_rule *published = NULL;
	bool closed = false;

	for (size_t i = 0; i < c->part->n_ancestry && !closed; i++) {
		const struct part *part = c->part->ancestry[i];
		const struct setting *s =
		    compile_find_setting(part, SETTING_NETWORK);

		if (s == NULL)
			continue;
		if (s->choice != NETWORK_FILTERED)
			break;
		if (nearest == NULL)
			nearest = s;
		else if (diagnostics_strict(c->checker.diagnostics))
			warn_shadowed_flow(c, flows, c->jail->n_flows, s,
			    nearest->keyword);
		closed = add_flows(c, s, part, &flows, &published);
	}
	c->jail->flows = flows;
	c->jail->published = published;
	if (nearest != NULL)
		check_published(c, nearest->keyword);
}

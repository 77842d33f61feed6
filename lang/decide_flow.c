/* What a connection or a question to the resolver meets. */
#include "config.h"

#include <string.h>

#include "lang/decide_part.h"
#include "lang/host_name.h"
#include "lang/special_address.h"

/* `any` and `internet` hold for a name: what it resolves to is looked at
 * when it does. */
static bool
destination_holds_any(const struct destination *rule,
    const struct destination *to)
{
	if (to->kind == DESTINATION_NAME)
		return true;
	if (to->kind != DESTINATION_ADDRESS ||
	    address_is_excluded(&to->range) || address_is_loopback(&to->range))
		return false;
	return rule->kind == DESTINATION_ANY || !address_is_private(&to->range);
}

static enum fit
destination_fits(const struct destination *rule, const struct destination *to)
{
	switch (rule->kind) {
	case DESTINATION_ADDRESS:
		if (to->kind == DESTINATION_HOST)
			return FIT_MAYBE;
		return to->kind == DESTINATION_ADDRESS &&
		    address_range_covers(&rule->range, &to->range) ?
		    FIT_YES : FIT_NO;
	case DESTINATION_NAME:
		return to->kind == DESTINATION_NAME &&
		    host_name_covers(rule->name, to->name) ? FIT_YES : FIT_NO;
	case DESTINATION_HOST:
		return to->kind == DESTINATION_HOST ? FIT_YES : FIT_NO;
	case DESTINATION_INTERNET:
	case DESTINATION_ANY:
		return destination_holds_any(rule, to) ? FIT_YES : FIT_NO;
	}
	return FIT_NO;
}

static enum fit
destinations_fit(const struct flow *flow, const struct destination *to)
{
	enum fit best = flow->n_to == 0 ? FIT_YES : FIT_NO;

	for (size_t i = 0; i < flow->n_to && best != FIT_YES; i++) {
		enum fit fit = destination_fits(&flow->to[i], to);

		if (fit > best)
			best = fit;
	}
	return best;
}

static enum fit
ports_fit(const struct flow *flow, const struct action *action)
{
	if (flow->n_ports == 0)
		return FIT_YES;
	if (!action->has_port)
		return FIT_MAYBE;
	for (size_t i = 0; i < flow->n_ports; i++)
		if (flow->ports[i].first <= action->port &&
		    action->port <= flow->ports[i].last)
			return FIT_YES;
	return FIT_NO;
}

static enum fit
flow_fits(const struct flow *flow, const struct action *action)
{
	enum fit to, ports;

	if ((flow->protocols & action->protocol) == 0)
		return FIT_NO;
	to = destinations_fit(flow, &action->to);
	ports = ports_fit(flow, action);
	return to < ports ? to : ports;
}

static bool
is_loopback(const struct action *action)
{
	return action->to.kind == DESTINATION_ADDRESS &&
	    address_is_loopback(&action->to.range);
}

static enum answer
answer_of(const struct jail *jail, enum flow_action action)
{
	if (action == FLOW_DENY)
		return jail->mode == MODE_COMPLAIN ? ANSWER_LOG : ANSWER_DENY;
	return action == FLOW_LOG ? ANSWER_LOG : ANSWER_ALLOW;
}

static void
count_rule(struct tally *tally, const struct jail *jail,
    const struct flow_rule *rule)
{
	enum answer answer = answer_of(jail, rule->action);
	bool first = !tally->some;

	if (rule->action != FLOW_DENY)
		tally_add(tally, answer, &rule->origin,
		    "A rule of the network allows it.");
	else if (answer == ANSWER_LOG)
		tally_add(tally, answer, &rule->origin, "A rule of the "
		    "network denies it, but mode complain only records that.");
	else
		tally_add(tally, answer, &rule->origin,
		    "A rule of the network denies it.");
	if (first)
		tally->decision->quiet = rule->quiet;
}

static void
count_rest(struct tally *tally, const struct jail *jail)
{
	if (jail->mode == MODE_COMPLAIN)
		tally_add(tally, ANSWER_LOG, &jail->network_origin, "No rule "
		    "of the network allows it, but mode complain only records "
		    "that.");
	else
		tally_add(tally, ANSWER_DENY, &jail->network_origin,
		    "No rule of the network allows it.");
}

/* How an action stands to what one ceiling still allows of the network. */
static enum fit
ceiling_fits(const struct policy_ceiling *ceiling, const struct action *action,
    const struct policy_bound **ret_only)
{
	enum fit best = FIT_NO;

	*ret_only = NULL;
	for (size_t i = 0; i < ceiling->n_bounds; i++) {
		const struct policy_bound *bound = &ceiling->bounds[i];
		enum fit fit;

		if (bound->kind != BOUND_FLOW_ONLY)
			continue;
		if (*ret_only == NULL)
			*ret_only = bound;
		fit = flow_fits(&bound->flow, action);
		if (fit > best)
			best = fit;
	}
	return *ret_only == NULL ? FIT_YES : best;
}

/* Walls, so mode complain does not open them.  True: denied for sure. */
static bool
count_ceiling(struct tally *tally, const struct policy_ceiling *ceiling,
    const struct action *action)
{
	const struct policy_bound *only;
	enum fit within = ceiling_fits(ceiling, action, &only);

	if (within != FIT_YES)
		tally_add(tally, ANSWER_DENY, &only->origin,
		    "A ceiling allows other destinations only.");
	if (within == FIT_NO)
		return true;
	for (size_t i = 0; i < ceiling->n_bounds; i++) {
		const struct policy_bound *bound = &ceiling->bounds[i];
		enum fit fit = bound->kind == BOUND_FLOW_DENY ?
		    flow_fits(&bound->flow, action) : FIT_NO;

		if (fit != FIT_NO)
			tally_add(tally, ANSWER_DENY, &bound->origin,
			    "A ceiling denies it.");
		if (fit == FIT_YES)
			return true;
	}
	return false;
}

static void
decide_filtered(const struct jail *jail, const struct action *action,
    struct action_decision *ret)
{
	struct tally tally = { .decision = ret };

	for (size_t i = 0; i < jail->n_ceilings; i++)
		if (count_ceiling(&tally, jail->ceilings[i], action))
			return;
	for (size_t i = 0; i < jail->n_flows; i++) {
		enum fit fit = flow_fits(&jail->flows[i].flow, action);

		if (fit != FIT_NO)
			count_rule(&tally, jail, &jail->flows[i]);
		if (fit == FIT_YES)
			return;
	}
	count_rest(&tally, jail);
}

/* What holds whatever the rules say; false: they are to be asked. */
static bool
decide_by_mode(const struct jail *jail, bool loopback,
    struct action_decision *ret)
{
	if (jail->network == NETWORK_HOST)
		decision_set(ret, ANSWER_ALLOW, &jail->network_origin,
		    "The jail has the host's network.");
	else if (loopback)
		decision_set(ret, ANSWER_ALLOW, NULL, "The loopback device "
		    "is the jail's own; the host's cannot be reached.");
	else if (jail->network != NETWORK_FILTERED)
		decision_set(ret, ANSWER_DENY, &jail->network_origin,
		    "The jail has no network.");
	else
		return false;
	return true;
}

void
decide_connect(const struct jail *jail, const struct action *action,
    struct action_decision *ret)
{
	if (!decide_by_mode(jail, is_loopback(action), ret))
		decide_filtered(jail, action, ret);
}

/* Does the flow hold the name, for some protocol and port? */
static bool
holds_name(const struct flow *flow, const struct destination *to)
{
	return destinations_fit(flow, to) == FIT_YES;
}

static bool
is_for_all(const struct flow *flow)
{
	return flow->n_ports == 0 && flow->protocols == PROTOCOL_ALL;
}

/* The bound of a ceiling that leaves no way to a name; NULL: none does.
 * `only` for addresses may still be where the name leads. */
static const struct policy_bound *
ceiling_denies_name(const struct policy_ceiling *ceiling,
    const struct destination *to)
{
	const struct policy_bound *only = NULL;
	bool within = false;

	for (size_t i = 0; i < ceiling->n_bounds; i++) {
		const struct policy_bound *bound = &ceiling->bounds[i];

		if (bound->kind == BOUND_FLOW_DENY &&
		    is_for_all(&bound->flow) && holds_name(&bound->flow, to))
			return bound;
		if (bound->kind != BOUND_FLOW_ONLY)
			continue;
		only = bound;
		for (size_t k = 0; k < bound->flow.n_to; k++)
			within = within || bound->flow.to[k].kind ==
			    DESTINATION_ADDRESS;
		within = within || holds_name(&bound->flow, to);
	}
	return within ? NULL : only;
}

/* A name is resolved for whoever may reach it somehow; a denial that is for
 * some protocol or port only leaves others. */
void
decide_resolve(const struct jail *jail, const struct action *action,
    struct action_decision *ret)
{
	const struct destination to = { .kind = DESTINATION_NAME,
		.name = action->text };
	struct tally tally = { .decision = ret };
	const struct policy_bound *bound;

	if (decide_by_mode(jail, false, ret))
		return;
	for (size_t i = 0; i < jail->n_ceilings; i++) {
		bound = ceiling_denies_name(jail->ceilings[i], &to);
		if (bound == NULL)
			continue;
		decision_set(ret, ANSWER_DENY, &bound->origin,
		    "A ceiling leaves no way to this name.");
		return;
	}
	for (size_t i = 0; i < jail->n_flows; i++) {
		const struct flow_rule *rule = &jail->flows[i];

		if (!holds_name(&rule->flow, &to) ||
		    (rule->action == FLOW_DENY && !is_for_all(&rule->flow)))
			continue;
		count_rule(&tally, jail, rule);
		return;
	}
	count_rest(&tally, jail);
}

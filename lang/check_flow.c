/* Flows: where to, and to which ports. */
#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/check.h"
#include "lang/host_name.h"
#include "lang/special_address.h"
#include "lang/words.h"

#define FLOW_RULES_MAX 4096	/* of one block */

static const char *const destination_words[] = {
	[DESTINATION_HOST - DESTINATION_HOST] = "host",
	[DESTINATION_INTERNET - DESTINATION_HOST] = "internet",
	[DESTINATION_ANY - DESTINATION_HOST] = "any", NULL
};

static bool
read_word(struct checker *c, const struct value *value,
    struct destination *ret)
{
	unsigned index;

	if (!check_word(c, value, destination_words, "destination", &index))
		return false;
	ret->kind = DESTINATION_HOST + index;
	return true;
}

bool
check_destination(struct checker *c, const struct value *value, bool wildcard,
    struct destination *ret)
{
	const struct token *token = value->token;

	*ret = (struct destination) { 0 };
	if (token->broken)
		return false;
	if (token->kind == TOKEN_WORD)
		return read_word(c, value, ret);
	if (token->kind == TOKEN_STRING) {
		ret->kind = DESTINATION_NAME;
		ret->name = check_host_name(c, token, wildcard);
		if (ret->name == NULL)
			check_note_use(c, value);
		return ret->name != NULL;
	}
	ret->kind = DESTINATION_ADDRESS;
	ret->range = token->address;
	if (token->kind == TOKEN_ADDRESS)
		return true;
	report_error(c->diagnostics, &token->place, NULL, "expected an "
	    "address, a host name in quotes, any, internet or host, not %s",
	    token_kind_name(token->kind));
	check_note_use(c, value);
	return false;
}

bool
check_port(struct checker *c, const struct value *value,
    struct port_range *ret)
{
	const struct token *token = value->token;
	uint64_t last = token->kind == TOKEN_RANGE ? token->last :
	    token->number;

	if (token->broken)
		return false;
	if (token->kind != TOKEN_NUMBER && token->kind != TOKEN_RANGE)
		report_error(c->diagnostics, &token->place, NULL,
		    "expected a port (such as 443) or ports (1000-2000), not "
		    "%s", token_kind_name(token->kind));
	else if (token->number == 0 || last > UINT16_MAX)
		report_error(c->diagnostics, &token->place, NULL,
		    "ports are from 1 to 65535");
	else {
		ret->first = (uint16_t)token->number;
		ret->last = (uint16_t)last;
		return true;
	}
	check_note_use(c, value);
	return false;
}

unsigned
check_protocol(const struct token *token)
{
	for (unsigned i = 0; token != NULL && protocol_words[i] != NULL; i++)
		if (strcmp(protocol_words[i], token->text) == 0)
			return 1u << i;
	return PROTOCOL_ALL;
}

bool
check_flow(struct checker *c, const struct tree_flow *tree, struct flow *ret)
{
	struct values to = check_expand(c, &tree->to);
	struct values ports = check_expand(c, &tree->ports);
	struct destination *destinations =
	    arena_alloc(c->arena, to.n + 1, sizeof(*destinations));
	struct port_range *ranges =
	    arena_alloc(c->arena, ports.n + 1, sizeof(*ranges));
	bool good = !tree->broken;

	*ret = (struct flow) { .protocols = check_protocol(tree->protocol),
		.to = destinations, .ports = ranges };
	for (size_t i = 0; i < to.n; i++)
		if (check_destination(c, &to.items[i], true,
		    &destinations[ret->n_to]))
			ret->n_to++;
		else
			good = false;
	for (size_t i = 0; i < ports.n; i++)
		if (check_port(c, &ports.items[i], &ranges[ret->n_ports]))
			ret->n_ports++;
		else
			good = false;
	/* Lists that came to nothing would be all of them. */
	return good && ret->n_to != 0 &&
	    (tree->ports.n == 0 || ret->n_ports != 0);
}

bool
destination_covers(const struct destination *a, const struct destination *b)
{
	if (a->kind == DESTINATION_ANY && b->kind == DESTINATION_INTERNET)
		return true;
	if (a->kind != b->kind)
		return false;
	if (a->kind == DESTINATION_ADDRESS)
		return address_range_covers(&a->range, &b->range);
	return a->kind != DESTINATION_NAME ||
	    host_name_covers(a->name, b->name);
}

static bool
destinations_cover(const struct flow *a, const struct flow *b)
{
	for (size_t i = 0; i < b->n_to; i++) {
		size_t k = 0;

		while (k < a->n_to && !destination_covers(&a->to[k],
		    &b->to[i]))
			k++;
		if (k == a->n_to)
			return false;
	}
	return true;
}

static bool
ports_cover(const struct flow *a, const struct flow *b)
{
	if (a->n_ports == 0)
		return true;
	for (size_t i = 0; i < b->n_ports; i++) {
		size_t k = 0;

		while (k < a->n_ports && (b->ports[i].first < a->ports[k].first
		    || b->ports[i].last > a->ports[k].last))
			k++;
		if (k == a->n_ports)
			return false;
	}
	return b->n_ports != 0;
}

bool
flow_covers(const struct flow *a, const struct flow *b)
{
	if ((b->protocols & ~a->protocols) != 0 || !ports_cover(a, b))
		return false;
	return a->n_to == 0 || (b->n_to != 0 && destinations_cover(a, b));
}

/* What a name leads to is nobody's knowledge here, nor which addresses are
 * the host's. */
static bool
destinations_meet(const struct destination *a, const struct destination *b)
{
	const struct destination *address =
	    a->kind == DESTINATION_ADDRESS ? a : b;
	const struct destination *other = address == a ? b : a;

	if (address->kind == DESTINATION_ADDRESS) {
		if (other->kind == DESTINATION_ADDRESS)
			return address_ranges_meet(&a->range, &b->range);
		if (other->kind < DESTINATION_INTERNET)
			return true;
		return !address_is_excluded(&address->range) &&
		    (other->kind == DESTINATION_ANY ||
		    !address_is_private(&address->range));
	}
	if (a->kind == DESTINATION_HOST || b->kind == DESTINATION_HOST)
		return a->kind == b->kind;
	return a->kind != DESTINATION_NAME || b->kind != DESTINATION_NAME ||
	    destination_covers(a, b) || destination_covers(b, a);
}

static bool
ports_meet(const struct flow *a, const struct flow *b)
{
	for (size_t i = 0; i < a->n_ports; i++)
		for (size_t k = 0; k < b->n_ports; k++)
			if (a->ports[i].first <= b->ports[k].last &&
			    b->ports[k].first <= a->ports[i].last)
				return true;
	return a->n_ports == 0 || b->n_ports == 0;
}

bool
flows_meet(const struct flow *a, const struct flow *b)
{
	if ((a->protocols & b->protocols) == 0 || !ports_meet(a, b))
		return false;
	for (size_t i = 0; i < a->n_to; i++)
		for (size_t k = 0; k < b->n_to; k++)
			if (destinations_meet(&a->to[i], &b->to[k]))
				return true;
	return a->n_to == 0 || b->n_to == 0;
}

static size_t
at_least_one(size_t n)
{
	return n == 0 ? 1 : n;
}

size_t
flow_looks(const struct flow *a, const struct flow *b)
{
	return at_least_one(a->n_to) * at_least_one(b->n_to) +
	    a->n_ports * b->n_ports;
}

static void
check_fires(struct checker *c, const struct setting *s,
    const struct tree_flow_rule *const *lines)
{
	size_t last = s->n_flows - 1;

	for (size_t i = 0; i < last; i++) {
		if (!check_may_look(c, lines[last]->keyword, flow_looks(
		    &s->flows[i].flow, &s->flows[last].flow)))
			return;
		if (!flow_covers(&s->flows[i].flow, &s->flows[last].flow))
			continue;
		report_warning(c->diagnostics, &lines[last]->keyword->place,
		    "this rule never decides: an earlier one covers it");
		report_note(c->diagnostics, &lines[i]->keyword->place,
		    "the earlier rule is here");
		return;
	}
}

/* An address of the host's, and no network. */
static bool
read_host(struct checker *c, const struct token *token,
    struct address_range *ret)
{
	unsigned all = token->address.family == AF_INET ? 32 : 128;

	if (token->broken)
		return false;
	*ret = token->address;
	if (token->address.prefix_bits == all)
		return true;
	report_error(c->diagnostics, &token->place, NULL,
	    "expected one address of the host, not a network");
	return false;
}

static void
read_publish(struct checker *c, struct setting *s,
    const struct tree_flow_rule *tree)
{
	const struct value jail_port = { .token = tree->jail_port };
	const struct value host_port = { .token = tree->host_port };
	struct publish_rule rule = { .origin = origin_of(tree->keyword, NULL),
		.protocol = check_protocol(tree->flow.protocol) };
	struct port_range inside, outside;

	if (!check_port(c, &jail_port, &inside) ||
	    !check_port(c, &host_port, &outside) ||
	    !read_host(c, tree->host, &rule.host))
		return;
	rule.jail_port = inside.first;
	rule.host_port = outside.first;
	*arena_push(c->arena, s->published, s->n_published) = rule;
}

bool
check_network(struct checker *c, struct setting *s)
{
	const struct tree_flow_rule **lines =
	    arena_alloc(c->arena, s->n_flow_rules + 1, sizeof(*lines));

	if (s->n_flow_rules > FLOW_RULES_MAX) {
		report_error(c->diagnostics, &s->keyword->place, NULL,
		    "a network has at most %d rules", FLOW_RULES_MAX);
		return false;
	}
	for (size_t i = 0; i < s->n_flow_rules; i++) {
		const struct tree_flow_rule *tree = &s->flow_rules[i];
		struct flow_rule rule = { .action = tree->action,
			.quiet = tree->quiet,
			.flow.protocols = PROTOCOL_ALL,
			.origin = origin_of(tree->keyword, NULL) };

		if (tree->publishes) {
			read_publish(c, s, tree);
			continue;
		}
		if (!tree->everything &&
		    !check_flow(c, &tree->flow, &rule.flow))
			continue;
		lines[s->n_flows] = tree;
		*arena_push(c->arena, s->flows, s->n_flows) = rule;
		check_fires(c, s, lines);
	}
	/* What can be read is kept: the policy is refused anyway. */
	return true;
}

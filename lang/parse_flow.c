/* The block of `network filtered`, and flows wherever they stand. */
#include "config.h"

#include <string.h>

#include "lang/parse.h"
#include "lang/words.h"

/* Ports belong to tcp and udp. */
static bool
parse_ports(struct parser *p, struct tree_flow *flow)
{
	const struct token *keyword = p->at;

	if (!parse_accept_word(p, "port"))
		return true;
	flow->broken = flow->protocol == NULL ||
	    strcmp(flow->protocol->text, "icmp") == 0;
	if (flow->broken)
		report_error(p->diagnostics, &keyword->place, NULL,
		    "a port needs 'tcp' or 'udp' in front of 'to'");
	return parse_values(p, &flow->ports, "a port");
}

bool
parse_flow(struct parser *p, struct tree_flow *flow)
{
	unsigned choice;

	if (!parse_is_word(p, "to")) {
		flow->protocol = parse_choice(p, protocol_words,
		    "'to' or a protocol", &choice);
		if (flow->protocol == NULL)
			return false;
	}
	if (!parse_accept_word(p, "to"))
		return parse_error(p, "'to' and where to");
	return parse_values(p, &flow->to, "where to") && parse_ports(p, flow);
}

static const struct token *
parse_port(struct parser *p)
{
	if (!parse_accept_word(p, "port")) {
		parse_error(p, "'port'");
		return NULL;
	}
	return parse_expect(p, TOKEN_NUMBER, "a port");
}

/* publish proto port NUMBER at ADDRESS port NUMBER */
static bool
parse_publish(struct parser *p, struct tree_flow_rule *rule)
{
	static const char *const words[] = { "tcp", "udp", NULL };
	unsigned choice;

	rule->flow.protocol = parse_choice(p, words, "a protocol", &choice);
	if (rule->flow.protocol == NULL)
		return false;
	rule->jail_port = parse_port(p);
	if (rule->jail_port == NULL)
		return false;
	if (!parse_accept_word(p, "at"))
		return parse_error(p, "'at' and an address of the host");
	rule->host = parse_expect(p, TOKEN_ADDRESS, "an address");
	if (rule->host == NULL)
		return false;
	rule->host_port = parse_port(p);
	return rule->host_port != NULL;
}

/* Nothing comes behind a `deny` of everything. */
static void
check_last(struct parser *p, const struct setting *s,
    const struct token *keyword)
{
	const struct tree_flow_rule *last;

	if (s->n_flow_rules == 0)
		return;
	last = &s->flow_rules[s->n_flow_rules - 1];
	if (!last->everything)
		return;
	report_error(p->diagnostics, &keyword->place, NULL,
	    "a rule behind a 'deny' of everything never applies");
	report_note(p->diagnostics, &last->keyword->place,
	    "everything is denied here");
}

bool
parse_network_rule(struct parser *p, void *context)
{
	static const char *const words[] = {
		"deny", "log", "allow", "publish", NULL
	};
	struct tree_flow_rule rule = { 0 };
	struct setting *s = context;
	unsigned choice;
	bool good;

	rule.keyword = parse_choice(p, words, "a rule", &choice);
	if (rule.keyword == NULL)
		return false;
	check_last(p, s, rule.keyword);
	rule.publishes = choice == 3;
	rule.action = rule.publishes ? FLOW_DENY : (enum flow_action)choice;
	rule.everything = choice == FLOW_DENY && parse_at_end(p);
	rule.quiet = choice == FLOW_DENY && parse_accept_word(p, "quiet");
	if (rule.everything)
		good = true;
	else
		good = rule.publishes ? parse_publish(p, &rule) :
		    parse_flow(p, &rule.flow);
	if (good)
		*arena_push(p->arena, s->flow_rules, s->n_flow_rules) = rule;
	return good;
}

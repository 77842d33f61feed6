#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <errno.h>

#include "common/cleanup.h"
#include "lang/settings_value.h"
#include "lang/words.h"

int
settings_write_address(FILE *out, const struct address_range *range)
{
	unsigned all = range->family == AF_INET ? 32 : 128;
	char text[INET6_ADDRSTRLEN];

	if (range->prefix_bits > all || inet_ntop(range->family,
	    &range->address, text, sizeof(text)) == NULL)
		return -EINVAL;
	fputs(text, out);
	if (range->prefix_bits < all)
		fprintf(out, "/%u", range->prefix_bits);
	return 0;
}

int
settings_write_destination(FILE *out, const struct destination *to)
{
	switch (to->kind) {
	case DESTINATION_ADDRESS:
		return settings_write_address(out, &to->range);
	case DESTINATION_NAME:
		settings_write_string(out, to->name, false);
		return 0;
	case DESTINATION_HOST:
		fputs("host", out);
		return 0;
	case DESTINATION_INTERNET:
		fputs("internet", out);
		return 0;
	case DESTINATION_ANY:
		fputs("any", out);
		return 0;
	}
	return -EINVAL;
}

static int
write_protocol(FILE *out, unsigned protocols)
{
	if (protocols == PROTOCOL_ALL)
		return 0;
	for (unsigned i = 0; protocol_words[i] != NULL; i++) {
		if (protocols != 1u << i)
			continue;
		fprintf(out, "%s ", protocol_words[i]);
		return 0;
	}
	return -EINVAL;
}

static void
write_port(FILE *out, const struct port_range *port)
{
	fprintf(out, port->first == port->last ? "%u" : "%u-%u", port->first,
	    port->last);
}

int
settings_write_flow(FILE *out, const struct flow *flow)
{
	int r = write_protocol(out, flow->protocols);

	fprintf(out, "to %s", flow->n_to > 1 ? "{ " : "");
	for (size_t i = 0; r == 0 && i < flow->n_to; i++) {
		if (i > 0)
			fputs(", ", out);
		r = settings_write_destination(out, &flow->to[i]);
	}
	if (flow->n_to > 1)
		fputs(" }", out);
	if (flow->n_ports > 0)
		fprintf(out, " port %s", flow->n_ports > 1 ? "{ " : "");
	for (size_t i = 0; i < flow->n_ports; i++) {
		if (i > 0)
			fputs(", ", out);
		write_port(out, &flow->ports[i]);
	}
	if (flow->n_ports > 1)
		fputs(" }", out);
	return r;
}

int
settings_write_flow_rule(FILE *out, const struct flow_rule *rule)
{
	fputs(flow_action_name(rule->action), out);
	if (rule->flow.n_to == 0)
		return 0;
	fputs(rule->quiet ? " quiet " : " ", out);
	return settings_write_flow(out, &rule->flow);
}

int
settings_write_published(FILE *out, const struct publish_rule *rule)
{
	int r;

	fputs("publish ", out);
	r = write_protocol(out, rule->protocol);
	fprintf(out, "port %u at ", rule->jail_port);
	if (r == 0)
		r = settings_write_address(out, &rule->host);
	fprintf(out, " port %u", rule->host_port);
	return r;
}

/* Networks with rules: every destination and port that either jail names, and
 * some that neither does, are decided under both. */
#include "config.h"

#include <arpa/inet.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/diff_part.h"

#define COMPARISONS_MAX 1000000	/* beyond that only "they differ" is said */

struct probe {
	struct destination to;
	char *label;
};

struct port {
	struct port_range range;	/* asked about by its first port */
	bool other;			/* any that no rule names */
};

struct comparison {
	struct diff *diff;
	struct probe *probes;
	size_t n_probes;
	struct port *ports;
	size_t n_ports;
};

/* How one question is answered in both jails. */
struct change {
	enum answer before, after;
	const struct origin *was, *is;
};

static const struct {
	unsigned protocol;
	const char *name;
} protocols[] = {
	{ PROTOCOL_TCP, "tcp" }, { PROTOCOL_UDP, "udp" },
	{ PROTOCOL_ICMP, "icmp" },
};

static const char *const words[] = {
	[ANSWER_DENY] = "denied", [ANSWER_DEPENDS] = "allowed in part",
	[ANSWER_LOG] = "allowed and recorded", [ANSWER_ALLOW] = "allowed",
};

/* Takes the label. */
static void
add_probe(struct comparison *c, const struct destination *to, char *label)
{
	struct probe *more;

	if (label == NULL) {
		c->diff->error = -ENOMEM;
		return;
	}
	for (size_t i = 0; i < c->n_probes; i++)
		if (strcmp(c->probes[i].label, label) == 0) {
			free(label);
			return;
		}
	more = reallocarray(c->probes, c->n_probes + 1, sizeof(*more));
	if (more == NULL) {
		c->diff->error = -ENOMEM;
		free(label);
		return;
	}
	c->probes = more;
	more[c->n_probes++] = (struct probe){ .to = *to, .label = label };
}

static char *
range_label(const struct address_range *range)
{
	char text[INET6_ADDRSTRLEN], *label = NULL;

	inet_ntop(range->family, &range->address, text, sizeof(text));
	if (range->prefix_bits == (range->family == AF_INET ? 32 : 128))
		return strdup(text);
	if (asprintf(&label, "%s/%u", text, range->prefix_bits) < 0)
		return NULL;
	return label;
}

static char *
name_label(const char *name)
{
	char *label = NULL;

	if (asprintf(&label, "\"%s\"", name) < 0)
		return NULL;
	return label;
}

/* `any` and `internet` are asked about by the samples. */
static void
add_destination(struct comparison *c, const struct destination *to)
{
	if (to->kind == DESTINATION_ADDRESS)
		add_probe(c, to, range_label(&to->range));
	else if (to->kind == DESTINATION_NAME)
		add_probe(c, to, name_label(to->name));
}

static void
add_samples(struct comparison *c)
{
	static const struct {
		const char *address, *label;
	} samples[] = {
		{ "9.254.253.252", "the internet" },
		{ "2a09:fe:fd:fc::1", "the internet over IPv6" },
		{ "10.254.253.252", "private networks" },
		{ "169.254.169.254", "the metadata service" },
	};
	struct destination to = { .kind = DESTINATION_HOST };

	add_probe(c, &to, strdup("the host"));
	for (size_t i = 0; i < ARRAY_LENGTH(samples); i++) {
		bool v6 = strchr(samples[i].address, ':') != NULL;

		to = (struct destination){ .kind = DESTINATION_ADDRESS };
		to.range.family = v6 ? AF_INET6 : AF_INET;
		to.range.prefix_bits = v6 ? 128 : 32;
		inet_pton(to.range.family, samples[i].address,
		    &to.range.address);
		add_probe(c, &to, strdup(samples[i].label));
	}
}

static void
add_port(struct comparison *c, const struct port *port)
{
	struct port *more;

	for (size_t i = 0; i < c->n_ports; i++)
		if (c->ports[i].range.first == port->range.first &&
		    c->ports[i].range.last == port->range.last)
			return;
	more = reallocarray(c->ports, c->n_ports + 1, sizeof(*more));
	if (more == NULL) {
		c->diff->error = -ENOMEM;
		return;
	}
	c->ports = more;
	more[c->n_ports++] = *port;
}

/* A port that no rule names stands for all the others. */
static void
add_other_port(struct comparison *c)
{
	for (unsigned candidate = 1; candidate <= UINT16_MAX; candidate++) {
		bool named = false;

		for (size_t i = 0; i < c->n_ports && !named; i++)
			named = c->ports[i].range.first <= candidate &&
			    candidate <= c->ports[i].range.last;
		if (named)
			continue;
		add_port(c, &(struct port){ .other = true,
		    .range = { (uint16_t)candidate, (uint16_t)candidate } });
		return;
	}
}

static void
add_flows(struct comparison *c, const struct jail *jail)
{
	for (size_t i = 0; i < jail->n_flows; i++) {
		const struct flow *flow = &jail->flows[i].flow;

		for (size_t k = 0; k < flow->n_to; k++)
			add_destination(c, &flow->to[k]);
		for (size_t k = 0; k < flow->n_ports; k++)
			add_port(c, &(struct port){
			    .range = flow->ports[k] });
	}
}

static struct change
ask(struct diff *d, const struct destination *to, unsigned protocol,
    const struct port *port)
{
	const struct action action = { .kind = ACTION_CONNECT, .to = *to,
		.protocol = protocol, .has_port = port != NULL,
		.port = port == NULL ? 0 : port->range.first };
	struct action_decision before = { 0 }, after = { 0 };

	decide_action(d->old, NULL, &action, &before);
	decide_action(d->new, NULL, &action, &after);
	return (struct change){ .before = before.answer,
		.after = after.answer, .was = before.origin,
		.is = after.origin };
}

static bool
same_change(const struct change *a, const struct change *b)
{
	return a->before == b->before && a->after == b->after;
}

static void
report(struct diff *d, const struct change *change, const char *protocol,
    const struct probe *probe, const char *ports)
{
	if (change->before == change->after)
		return;
	diff_report(d, diff_more(change->after > change->before),
	    change->was, change->is, "%s%sto %s%s%s is %s, was %s",
	    protocol == NULL ? "" : protocol, protocol == NULL ? "" : " ",
	    probe->label, *ports == '\0' ? "" : " ", ports,
	    words[change->after], words[change->before]);
}

static void
write_port(FILE *out, const struct port *port, const char *separator)
{
	if (port->other)
		fprintf(out, "%s", *separator == ',' ? " and others" :
		    "at ports that are not named");
	else if (port->range.first == port->range.last)
		fprintf(out, "%s%u", separator, port->range.first);
	else
		fprintf(out, "%s%u-%u", separator, port->range.first,
		    port->range.last);
}

/* Says it of all ports that are like the one at index, which is the first. */
static void
report_ports(struct comparison *c, const struct probe *probe, size_t protocol,
    size_t index, const struct change *change)
{
	_cleanup_free_ char *ports = NULL;
	const char *separator = "port ";
	struct diff_text text;

	if (!diff_text_begin(c->diff, &text))
		return;
	for (size_t k = index; k < c->n_ports; k++) {
		struct change other = ask(c->diff, &probe->to,
		    protocols[protocol].protocol, &c->ports[k]);

		if (!same_change(change, &other))
			continue;
		write_port(text.out, &c->ports[k], separator);
		separator = ", ";
	}
	ports = diff_text_end(c->diff, &text);
	if (ports != NULL)
		report(c->diff, change, protocols[protocol].name, probe,
		    ports);
}

/* Are all ports alike? */
static bool
ask_ports(struct comparison *c, const struct probe *probe, unsigned protocol,
    struct change *ret)
{
	*ret = ask(c->diff, &probe->to, protocol, protocol == PROTOCOL_ICMP ?
	    NULL : &c->ports[0]);
	for (size_t i = 1; protocol != PROTOCOL_ICMP && i < c->n_ports; i++) {
		struct change other = ask(c->diff, &probe->to, protocol,
		    &c->ports[i]);

		if (!same_change(ret, &other))
			return false;
	}
	return true;
}

static void
compare_protocol(struct comparison *c, const struct probe *probe, size_t i)
{
	struct change change;

	if (ask_ports(c, probe, protocols[i].protocol, &change)) {
		report(c->diff, &change, protocols[i].name, probe, "");
		return;
	}
	for (size_t k = 0; k < c->n_ports; k++) {
		bool first = true;

		change = ask(c->diff, &probe->to, protocols[i].protocol,
		    &c->ports[k]);
		for (size_t m = 0; m < k && first; m++) {
			struct change other = ask(c->diff, &probe->to,
			    protocols[i].protocol, &c->ports[m]);

			first = !same_change(&change, &other);
		}
		if (first && change.before != change.after)
			report_ports(c, probe, i, k, &change);
	}
}

static void
compare_probe(struct comparison *c, const struct probe *probe)
{
	struct change first, change;
	bool alike = ask_ports(c, probe, protocols[0].protocol, &first);

	for (size_t i = 1; alike && i < ARRAY_LENGTH(protocols); i++)
		alike = ask_ports(c, probe, protocols[i].protocol, &change) &&
		    same_change(&first, &change);
	if (alike) {
		report(c->diff, &first, NULL, probe, "");
		return;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(protocols); i++)
		compare_protocol(c, probe, i);
}

static void
compare(struct comparison *c)
{
	add_flows(c, c->diff->new);
	add_flows(c, c->diff->old);
	add_samples(c);
	add_other_port(c);
	if (c->diff->error < 0)
		return;
	if (c->n_probes * c->n_ports * c->n_ports > COMPARISONS_MAX) {
		diff_report(c->diff, EFFECT_CHANGES,
		    &c->diff->old->network_origin,
		    &c->diff->new->network_origin, "its rules of the network "
		    "are too many to be compared");
		return;
	}
	for (size_t i = 0; c->diff->error == 0 && i < c->n_probes; i++)
		compare_probe(c, &c->probes[i]);
}

void
diff_flows(struct diff *d)
{
	struct comparison c = { .diff = d };

	if (d->old->network != NETWORK_FILTERED &&
	    d->new->network != NETWORK_FILTERED)
		return;
	compare(&c);
	for (size_t i = 0; i < c.n_probes; i++)
		free(c.probes[i].label);
	free(c.probes);
	free(c.ports);
}

#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/decide.h"
#include "lang/match_index.h"
#include "lang/utf8.h"

/* How a criterion stands to a login. */
enum fit {
	FIT_NO = 0,
	FIT_YES,
	FIT_UNKNOWN,		/* an address is asked for, a name is known */
};

/* Where a login comes from. */
struct remote {
	bool local, is_name;
	struct address_range address;	/* of no family when either */
};

/* '*' fits any letters, '?' one; all others are themselves. */
static bool
glob_fits(const char *glob, const char *name)
{
	const char *star = NULL, *retry = NULL;

	while (*name != '\0') {
		if (*glob == '*') {
			star = glob++;
			retry = name;
		} else if (*glob == *name || *glob == '?') {
			glob++;
			name++;
		} else if (star != NULL) {
			glob = star + 1;
			name = ++retry;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

static bool
pattern_fits(const struct name_pattern *pattern, const char *name)
{
	return pattern->glob ? glob_fits(pattern->pattern, name)
	    : strcmp(pattern->pattern, name) == 0;
}

static bool
any_pattern_fits(const struct name_pattern *patterns, size_t n,
    const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (pattern_fits(&patterns[i], name))
			return true;
	return false;
}

static enum fit
users_fit(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote)
{
	(void)remote;
	return rule->n_users == 0 ||
	    any_pattern_fits(rule->users, rule->n_users, facts->user) ?
	    FIT_YES : FIT_NO;
}

static enum fit
groups_fit(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote)
{
	(void)remote;
	if (rule->n_groups == 0)
		return FIT_YES;
	for (size_t i = 0; i < facts->n_groups; i++)
		if (any_pattern_fits(rule->groups, rule->n_groups,
		    facts->groups[i]))
			return FIT_YES;
	return FIT_NO;
}

static enum fit
services_fit(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote)
{
	(void)remote;
	if (rule->n_services == 0)
		return FIT_YES;
	for (size_t i = 0; i < rule->n_services; i++)
		if (rule->services[i] == facts->service)
			return FIT_YES;
	return FIT_NO;
}

static bool
is_in_range(const struct address_range *range,
    const struct address_range *address)
{
	const unsigned char *a = (const unsigned char *)&range->address;
	const unsigned char *b = (const unsigned char *)&address->address;
	unsigned bytes = range->prefix_bits / 8, bits = range->prefix_bits % 8;

	if (range->family != address->family ||
	    range->prefix_bits > address->prefix_bits)
		return false;
	return memcmp(a, b, bytes) == 0 &&
	    (bits == 0 || (a[bytes] ^ b[bytes]) >> (8 - bits) == 0);
}

static enum fit
from_fits(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote)
{
	(void)facts;
	if (rule->n_from == 0)
		return FIT_YES;
	if (remote->is_name)
		return FIT_UNKNOWN;
	for (size_t i = 0; i < rule->n_from; i++) {
		const struct address_range *range = &rule->from[i];

		if (range->family == 0 ? remote->local :
		    is_in_range(range, &remote->address))
			return FIT_YES;
	}
	return FIT_NO;
}

/* One row a criterion.  The address is last: a line that does not fit anyway
 * is not reached by a host's name. */
static enum fit (*const criteria[])(const struct match_rule *rule,
    const struct login_facts *facts, const struct remote *remote) = {
	users_fit, groups_fit, services_fit, from_fits
};

static enum fit
rule_fits(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote)
{
	for (size_t i = 0; i < ARRAY_LENGTH(criteria); i++) {
		enum fit fit = criteria[i](rule, facts, remote);

		if (fit != FIT_YES)
			return fit;
	}
	return FIT_YES;
}

/* An IPv4 address that came over an IPv6 socket is the IPv4 address. */
static void
unmap(struct address_range *address)
{
	struct in_addr v4;

	if (!IN6_IS_ADDR_V4MAPPED(&address->address.v6))
		return;
	memcpy(&v4, &address->address.v6.s6_addr[12], sizeof(v4));
	*address = (struct address_range){ .family = AF_INET,
		.address.v4 = v4, .prefix_bits = 32 };
}

/* An address may have a scope ("fe80::1%eth0"), which no range speaks of. */
static struct remote
remote_of(const char *rhost)
{
	struct remote remote = { 0 };
	char text[INET6_ADDRSTRLEN];
	size_t length;

	if (rhost == NULL || *rhost == '\0') {
		remote.local = true;
		return remote;
	}
	length = strcspn(rhost, "%");
	if (length < sizeof(text)) {
		memcpy(text, rhost, length);
		text[length] = '\0';
		if (rhost[length] == '\0' && inet_pton(AF_INET, text,
		    &remote.address.address.v4) == 1) {
			remote.address.family = AF_INET;
			remote.address.prefix_bits = 32;
			return remote;
		}
		if (inet_pton(AF_INET6, text,
		    &remote.address.address.v6) == 1) {
			remote.address.family = AF_INET6;
			remote.address.prefix_bits = 128;
			unmap(&remote.address);
			return remote;
		}
	}
	remote.is_name = true;
	return remote;
}

/* Control characters, and bytes that are no UTF-8 or were cut in the middle
 * of a character, become '?': the reason goes into records and JSON. */
static void
make_printable(char *text)
{
	size_t length = strlen(text);
	uint32_t code;

	while (length > 0) {
		unsigned n = utf8_decode(text, length, &code);

		if (n == 0 || code < ' ' || (code >= 0x7f && code < 0xa0)) {
			n = n == 0 ? 1 : n;
			memset(text, '?', n);
		}
		text += n;
		length -= n;
	}
}

static void refuse(struct decision *decision, const struct match_rule *rule,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What is quoted may come from the other end of the connection. */
static void
refuse(struct decision *decision, const struct match_rule *rule,
    const char *format, ...)
{
	va_list arguments;

	decision->verdict = VERDICT_REFUSE;
	decision->jail = NULL;
	decision->rule = rule;
	va_start(arguments, format);
	vsnprintf(decision->reason, sizeof(decision->reason), format,
	    arguments);
	va_end(arguments);
	make_printable(decision->reason);
}

static const char *
file_of(const struct match_rule *rule)
{
	return rule->origin.file == NULL ? "?" : rule->origin.file;
}

static void
apply(const struct match_rule *rule, const struct login_facts *facts,
    struct decision *decision)
{
	if (rule->jail == NULL && rule->reason != NULL) {
		refuse(decision, rule, "%s:%u refuses this login: %s",
		    file_of(rule), rule->origin.line, rule->reason);
	} else if (rule->jail == NULL) {
		refuse(decision, rule, "%s:%u refuses %.64s at %s.",
		    file_of(rule), rule->origin.line, facts->user,
		    service_class_name(facts->service));
	} else {
		decision->verdict = VERDICT_JAIL;
		decision->jail = rule->jail;
		decision->rule = rule;
		decision->reason[0] = '\0';
	}
}

/* False: the line does not decide. */
static bool
try_rule(const struct match_rule *rule, const struct login_facts *facts,
    const struct remote *remote, struct decision *ret)
{
	switch (rule_fits(rule, facts, remote)) {
	case FIT_NO:
		return false;
	case FIT_YES:
		apply(rule, facts, ret);
		return true;
	case FIT_UNKNOWN:
		break;
	}
	refuse(ret, rule, "%s:%u decides by address, and the remote host "
	    "\"%.128s\" is a name.", file_of(rule), rule->origin.line,
	    facts->rhost);
	return true;
}

static bool
try_all(const struct policy *policy, const struct login_facts *facts,
    const struct remote *remote, struct decision *ret)
{
	for (size_t i = 0; i < policy->n_matches; i++)
		if (try_rule(&policy->matches[i], facts, remote, ret))
			return true;
	return false;
}

/* The first line that decides, of what was looked at. */
struct looking {
	const struct policy *policy;
	const struct login_facts *facts;
	const struct remote *remote;
	size_t first;		/* policy->n_matches: none so far */
};

static void
look(void *context, const uint32_t *lines, size_t n)
{
	struct looking *l = context;

	for (size_t i = 0; i < n && lines[i] < l->first; i++)
		if (rule_fits(&l->policy->matches[lines[i]], l->facts,
		    l->remote) != FIT_NO)
			l->first = lines[i];
}

/* Lines of other users, groups, doors and networks are passed over. */
static bool
try_indexed(const struct policy *policy, const struct login_facts *facts,
    const struct remote *remote, struct decision *ret)
{
	const struct match_login login = { .user = facts->user,
		.groups = facts->groups, .n_groups = facts->n_groups,
		.service = facts->service, .from_name = remote->is_name,
		.from = remote->address };
	struct looking looking = { policy, facts, remote, policy->n_matches };

	match_index_find(policy->index, &login, look, &looking);
	return looking.first < policy->n_matches &&
	    try_rule(&policy->matches[looking.first], facts, remote, ret);
}

/* MUST:
 *  1. without a line that fits, refuse;
 *  2. the first line whose criteria all hold decides, whatever follows;
 *  3. a service that is no door is refused before any line;
 *  4. a remote host that is a name, at a line with `from` whose other
 *     criteria hold, is refused: no later line may decide;
 *  5. `local` fits the empty remote host and nothing else. */
void
decide_login(const struct policy *policy, const struct login_facts *facts,
    struct decision *ret)
{
	struct remote remote = remote_of(facts->rhost);

	if (service_class_name(facts->service) == NULL) {
		refuse(ret, NULL, "The service is no door for agents.");
		return;
	}
	if (policy->index != NULL ? try_indexed(policy, facts, &remote, ret) :
	    try_all(policy, facts, &remote, ret))
		return;
	refuse(ret, NULL, "No match line of %s fits %.64s at %s%s%.128s.",
	    policy->root_file, facts->user, service_class_name(facts->service),
	    remote.local ? "" : " from ", remote.local ? "" : facts->rhost);
}

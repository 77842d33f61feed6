#include "config.h"

#include <sys/socket.h>

#include <string.h>

#include "common/cleanup.h"
#include "lang/check.h"

#define REASON_MAX_BYTES 400	/* a refusal says more than the reason */
#define ALL_SERVICES (1u << SERVICE_SSHD | 1u << SERVICE_LOGIN | \
    1u << SERVICE_SU | 1u << SERVICE_CRON | 1u << SERVICE_EXEC)
#define NAME_MAX_BYTES 256	/* LOGIN_NAME_MAX, and more than any group's */

static bool
wrong_value(struct checker *c, const struct value *value, const char *want)
{
	if (value->token->broken)
		return false;
	report_error(c->diagnostics, &value->token->place, NULL,
	    "expected %s, not %s", want, token_kind_name(value->token->kind));
	check_note_use(c, value);
	return false;
}

/* What is not was reported. */
static bool
is_name_length(struct checker *c, const struct token *token, const char *name)
{
	if (name[0] == '\0')
		report_error(c->diagnostics, &token->place, NULL,
		    "the name is empty");
	else if (strlen(name) > NAME_MAX_BYTES)
		report_error(c->diagnostics, &token->place, NULL,
		    "a name has at most %d bytes", NAME_MAX_BYTES);
	else
		return true;
	return false;
}

static bool
read_pattern(struct checker *c, const struct value *value,
    struct name_pattern *ret)
{
	const struct token *token = value->token;

	if (token->kind != TOKEN_WORD && token->kind != TOKEN_STRING)
		return wrong_value(c, value, "a name, or a pattern in quotes");
	ret->glob = token->kind == TOKEN_STRING;
	ret->pattern = ret->glob ? check_plain(c, token) : token->text;
	return ret->pattern != NULL &&
	    is_name_length(c, token, ret->pattern);
}

static const struct name_pattern *
read_patterns(struct checker *c, const struct token_list *list, size_t *ret_n,
    bool *good)
{
	struct values values = check_expand(c, list);
	struct name_pattern *patterns = NULL, pattern;

	for (size_t i = 0; i < values.n; i++) {
		if (read_pattern(c, &values.items[i], &pattern))
			*arena_push(c->arena, patterns, *ret_n) = pattern;
		else
			*good = false;
	}
	return patterns;
}

static void
unknown_service(struct checker *c, const struct value *value)
{
	static const enum service_class all[] = {
		SERVICE_SSHD, SERVICE_LOGIN, SERVICE_SU, SERVICE_CRON,
		SERVICE_EXEC,
	};
	const char *words[ARRAY_LENGTH(all) + 1] = { NULL };

	for (size_t i = 0; i < ARRAY_LENGTH(all); i++)
		words[i] = service_class_name(all[i]);
	report_error(c->diagnostics, &value->token->place,
	    suggest_for(c->diagnostics, value->token->text, words),
	    "unknown service '%s'; there are sshd, login, su, cron and exec",
	    value->token->text);
	check_note_use(c, value);
}

bool
check_service(struct checker *c, const struct value *value,
    enum service_class *ret)
{
	const struct token *token = value->token;

	if (token->kind != TOKEN_WORD)
		return wrong_value(c, value, "a service");
	*ret = service_class_find(token->text, strlen(token->text));
	if (*ret != SERVICE_NONE)
		return true;
	unknown_service(c, value);
	return false;
}

const char *
check_name(struct checker *c, const struct value *value)
{
	const struct token *token = value->token;
	const char *text = token->text;

	if (token->kind == TOKEN_STRING)
		text = check_plain(c, token);
	else if (token->kind != TOKEN_WORD)
		wrong_value(c, value, "a name");
	if (token->kind != TOKEN_STRING && token->kind != TOKEN_WORD)
		return NULL;
	return text != NULL && is_name_length(c, token, text) ? text : NULL;
}

static const enum service_class *
read_services(struct checker *c, const struct token_list *list, size_t *ret_n,
    bool *good)
{
	struct values values = check_expand(c, list);
	enum service_class *services = NULL, class;

	for (size_t i = 0; i < values.n; i++)
		if (check_service(c, &values.items[i], &class))
			*arena_push(c->arena, services, *ret_n) = class;
		else
			*good = false;
	return services;
}

static const struct address_range *
read_addresses(struct checker *c, const struct token_list *list,
    size_t *ret_n, bool *good)
{
	struct values values = check_expand(c, list);
	struct address_range *ranges = NULL;

	for (size_t i = 0; i < values.n; i++) {
		const struct token *token = values.items[i].token;
		struct address_range range = { 0 };

		if (token->kind == TOKEN_ADDRESS && !token->broken) {
			range = token->address;
		} else if (token->kind != TOKEN_WORD ||
		    strcmp(token->text, "local") != 0) {
			wrong_value(c, &values.items[i],
			    "an address, a network or 'local'");
			*good = false;
			continue;
		}
		*arena_push(c->arena, ranges, *ret_n) = range;
	}
	return ranges;
}

static bool
read_reason(struct checker *c, const struct token *token, const char **ret)
{
	const char *text = check_plain(c, token);

	if (text == NULL)
		return false;
	if (strlen(text) > REASON_MAX_BYTES || strpbrk(text, "\n\t") != NULL) {
		report_error(c->diagnostics, &token->place, NULL,
		    "a reason is one line of at most %d bytes",
		    REASON_MAX_BYTES);
		return false;
	}
	*ret = text;
	return true;
}

bool
check_match(struct checker *c, const struct tree_match *match,
    struct match_rule *ret)
{
	const struct token_list *values = match->values;
	bool good = true;

	*ret = (struct match_rule) {
		.origin = origin_of(match->keyword, NULL) };
	ret->users = read_patterns(c, &values[CRITERION_USER], &ret->n_users,
	    &good);
	ret->groups = read_patterns(c, &values[CRITERION_GROUP],
	    &ret->n_groups, &good);
	ret->services = read_services(c, &values[CRITERION_SERVICE],
	    &ret->n_services, &good);
	ret->from = read_addresses(c, &values[CRITERION_FROM], &ret->n_from,
	    &good);
	if (match->reason != NULL)
		good = read_reason(c, match->reason, &ret->reason) && good;
	/* A criterion that came to nothing would always hold. */
	return good && (match->criteria[CRITERION_USER] == NULL ||
	    ret->n_users != 0) &&
	    (match->criteria[CRITERION_GROUP] == NULL || ret->n_groups != 0) &&
	    (match->criteria[CRITERION_SERVICE] == NULL ||
	    ret->n_services != 0) &&
	    (match->criteria[CRITERION_FROM] == NULL || ret->n_from != 0);
}

/* Does the glob fit whatever the other one fits?  A '*' of the other is only
 * taken in by a '*'.  Without backtracking into more than the last '*', as
 * usual. */
bool
glob_covers(const char *glob, const char *other)
{
	const char *star = NULL, *retry = NULL;

	while (*other != '\0') {
		if (*glob == '*') {
			star = glob++;
			retry = other;
		} else if (*glob != '\0' && (*glob == *other ||
		    (*glob == '?' && *other != '*'))) {
			glob++;
			other++;
		} else if (star != NULL) {
			glob = star + 1;
			other = ++retry;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

static bool
pattern_covers(const struct name_pattern *a, const struct name_pattern *b)
{
	if (a->glob && (b->glob || strpbrk(b->pattern, "*?") == NULL))
		return glob_covers(a->pattern, b->pattern);
	return strcmp(a->pattern, b->pattern) == 0 &&
	    (!b->glob || strpbrk(b->pattern, "*?") == NULL);
}

/* Stars alone fit every name, as no criterion does: each account has a name,
 * and a group. */
static bool
fits_all_names(const struct name_pattern *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (patterns[i].glob && patterns[i].pattern[strspn(
		    patterns[i].pattern, "*")] == '\0')
			return true;
	return n == 0;
}

static bool
patterns_cover(const struct name_pattern *a, size_t n_a,
    const struct name_pattern *b, size_t n_b)
{
	if (fits_all_names(a, n_a))
		return true;
	for (size_t i = 0; i < n_b; i++) {
		size_t k = 0;

		while (k < n_a && !pattern_covers(&a[k], &b[i]))
			k++;
		if (k == n_a)
			return false;
	}
	return n_b != 0;
}

static bool
has_all_services(const struct match_rule *rule)
{
	unsigned open = 0;

	for (size_t i = 0; i < rule->n_services; i++)
		open |= 1u << rule->services[i];
	return rule->n_services == 0 || open == ALL_SERVICES;
}

static bool
services_cover(const struct match_rule *a, const struct match_rule *b)
{
	if (has_all_services(a))
		return true;
	for (size_t i = 0; i < b->n_services; i++) {
		size_t k = 0;

		while (k < a->n_services && a->services[k] != b->services[i])
			k++;
		if (k == a->n_services)
			return false;
	}
	return b->n_services != 0;
}

static bool
range_covers(const struct address_range *a, const struct address_range *b)
{
	const unsigned char *left = (const unsigned char *)&a->address;
	const unsigned char *right = (const unsigned char *)&b->address;
	unsigned bytes = a->prefix_bits / 8, bits = a->prefix_bits % 8;

	if (a->family != b->family || a->prefix_bits > b->prefix_bits)
		return false;
	return memcmp(left, right, bytes) == 0 &&
	    (bits == 0 || (left[bytes] ^ right[bytes]) >> (8 - bits) == 0);
}

/* Local, all of IPv4 and all of IPv6: what has a name is refused there. */
static bool
is_from_anywhere(const struct match_rule *rule)
{
	bool local = false, v4 = false, v6 = false;

	for (size_t i = 0; i < rule->n_from; i++) {
		if (rule->from[i].prefix_bits != 0)
			continue;
		local = local || rule->from[i].family == 0;
		v4 = v4 || rule->from[i].family == AF_INET;
		v6 = v6 || rule->from[i].family == AF_INET6;
	}
	return rule->n_from == 0 || (local && v4 && v6);
}

static bool
ranges_cover(const struct match_rule *a, const struct match_rule *b)
{
	if (is_from_anywhere(a))
		return true;
	for (size_t i = 0; i < b->n_from; i++) {
		size_t k = 0;

		while (k < a->n_from && !range_covers(&a->from[k], &b->from[i]))
			k++;
		if (k == a->n_from)
			return false;
	}
	return b->n_from != 0;
}

size_t
match_looks(const struct match_rule *earlier, const struct match_rule *later)
{
	return 1 + earlier->n_users * later->n_users +
	    earlier->n_groups * later->n_groups +
	    earlier->n_from * later->n_from;
}

bool
match_covers(const struct match_rule *earlier, const struct match_rule *later)
{
	return patterns_cover(earlier->users, earlier->n_users, later->users,
	    later->n_users) &&
	    patterns_cover(earlier->groups, earlier->n_groups, later->groups,
	    later->n_groups) &&
	    services_cover(earlier, later) && ranges_cover(earlier, later);
}

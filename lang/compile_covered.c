/* Is a match line covered by an earlier one? */
#include "config.h"

#include <sys/socket.h>

#include <stdio.h>
#include <string.h>

#include "lang/compile_covered.h"

struct covering_lines {
	size_t *lines;
	size_t n;
};

/* A line is found by all of its values when they make no more keys. */
#define KEYS_MAX 16

/* One criterion of a key; of nothing: the criterion is not there. */
struct covering_key {
	const struct name_pattern *user, *group;
	unsigned user_length, group_length;	/* that count */
	const struct address_range *from;
	unsigned bits;
};

#define KEY_BYTES (2 * COVERING_LETTERS + 80)

/* How far a pattern says itself what it fits. */
static unsigned
fixed_length(const struct name_pattern *pattern)
{
	size_t length = pattern->glob ? strcspn(pattern->pattern, "*?") :
	    strlen(pattern->pattern);

	return length > COVERING_LETTERS ? COVERING_LETTERS : (unsigned)length;
}

static bool
is_v6(const struct address_range *range)
{
	return range->family == AF_INET6;
}

static char *
put_network(char *out, const struct address_range *range, unsigned bits)
{
	const unsigned char *bytes = (const unsigned char *)&range->address;

	out += sprintf(out, "%d/%u/", range->family, bits);
	for (unsigned bit = 0; bit < bits; bit += 8) {
		unsigned left = bits - bit;

		out += sprintf(out, "%02x", left >= 8 ? bytes[bit / 8] :
		    bytes[bit / 8] & (0xff00u >> left) & 0xff);
	}
	return out;
}

/* Two keys may be the same by chance: then a line is looked at for nothing. */
static void
put_key(char out[KEY_BYTES], const struct covering_key *key)
{
	if (key->user != NULL) {
		*out++ = 'u';
		out = mempcpy(out, key->user->pattern, key->user_length);
	}
	*out++ = '\n';
	if (key->group != NULL) {
		*out++ = 'g';
		out = mempcpy(out, key->group->pattern, key->group_length);
	}
	*out++ = '\n';
	if (key->from != NULL)
		out = put_network(out, key->from, key->bits);
	*out = '\0';
}

static void
add_key(struct covering *v, const struct covering_key *key, size_t line)
{
	struct arena *arena = v->c->checker.arena;
	struct covering_lines *lines;
	char text[KEY_BYTES];

	put_key(text, key);
	lines = names_find(&v->keys, text);
	if (lines == NULL) {
		lines = arena_alloc(arena, 1, sizeof(*lines));
		names_add(arena, &v->keys, arena_strndup(arena, text,
		    strlen(text)), lines);
	}
	if (lines->n == 0 || lines->lines[lines->n - 1] != line)
		*arena_push(arena, lines->lines, lines->n) = line;
}

static void
add_networks(struct covering *v, struct covering_key *key,
    const struct match_rule *rule, size_t n, size_t line)
{
	for (size_t i = 0; i < n; i++) {
		key->from = &rule->from[i];
		key->bits = key->from->prefix_bits;
		v->networks[is_v6(key->from)][key->bits] = true;
		add_key(v, key, line);
	}
	key->from = NULL;
	if (n == 0)
		add_key(v, key, line);
}

static void
add_groups(struct covering *v, struct covering_key *key,
    const struct match_rule *rule, size_t n, size_t n_from, size_t line)
{
	for (size_t i = 0; i < n; i++) {
		key->group = &rule->groups[i];
		key->group_length = fixed_length(key->group);
		v->groups[key->group_length] = true;
		add_networks(v, key, rule, n_from, line);
	}
	key->group = NULL;
	if (n == 0)
		add_networks(v, key, rule, n_from, line);
}

/* *n_keys times n values, when these are not too many; else they are left
 * out, and the line is looked at for nothing. */
static size_t
use_values(size_t *n_keys, size_t n)
{
	if (n == 0 || (*n_keys > 1 && *n_keys * n > KEYS_MAX))
		return 0;
	*n_keys *= n;
	return n;
}

void
covering_add(struct covering *v, const struct match_rule *rule, size_t line)
{
	struct covering_key key = { 0 };
	size_t n_keys = 1, n_users = use_values(&n_keys, rule->n_users);
	size_t n_groups = use_values(&n_keys, rule->n_groups);
	size_t n_from = use_values(&n_keys, rule->n_from);

	for (size_t i = 0; i < n_users; i++) {
		key.user = &rule->users[i];
		key.user_length = fixed_length(key.user);
		v->users[key.user_length] = true;
		add_groups(v, &key, rule, n_groups, n_from, line);
	}
	if (n_users == 0)
		add_groups(v, &key, rule, n_groups, n_from, line);
}

/* Where a line is looked for that is about any name: under what stars are. */
static const struct name_pattern any_name = { "*", true };

/* Looking for a line that covers the last of n rules. */
struct covered {
	struct covering *v;
	const struct match_rule *rules;
	size_t n, found;	/* found: n when there is none so far */
	struct covering_key key;
};

static void
look_under_key(struct covered *l)
{
	struct covering *v = l->v;
	const struct match_rule *last = &l->rules[l->n - 1];
	const struct token *at = v->lines[l->n - 1]->keyword;
	const struct covering_lines *lines;
	char text[KEY_BYTES];

	put_key(text, &l->key);
	lines = names_find(&v->keys, text);
	for (size_t i = 0; lines != NULL && i < lines->n &&
	    lines->lines[i] < l->found; i++) {
		const struct match_rule *earlier = &l->rules[lines->lines[i]];

		if (!check_may_look(&v->c->checker, at,
		    match_looks(earlier, last)))
			return;
		if (match_covers(earlier, last))
			l->found = lines->lines[i];
	}
}

static void
look_under_networks(struct covered *l)
{
	static const struct address_range local;
	const struct match_rule *last = &l->rules[l->n - 1];

	l->key.from = NULL;
	look_under_key(l);
	l->key.from = last->n_from == 0 ? &local : &last->from[0];
	for (unsigned bits = 0; bits <= l->key.from->prefix_bits; bits++) {
		l->key.bits = bits;
		if (l->v->networks[is_v6(l->key.from)][bits])
			look_under_key(l);
	}
}

static void
look_under_groups(struct covered *l)
{
	const struct match_rule *last = &l->rules[l->n - 1];
	unsigned most;

	l->key.group = NULL;
	look_under_networks(l);
	l->key.group = last->n_groups == 0 ? &any_name : &last->groups[0];
	most = fixed_length(l->key.group);
	for (unsigned length = 0; length <= most; length++) {
		l->key.group_length = length;
		if (l->v->groups[length])
			look_under_networks(l);
	}
}

size_t
covering_find(struct covering *v, const struct match_rule *rules, size_t n)
{
	struct covered l = { .v = v, .rules = rules, .n = n, .found = n };
	const struct match_rule *last = &rules[n - 1];
	unsigned most;

	look_under_groups(&l);
	l.key.user = last->n_users == 0 ? &any_name : &last->users[0];
	most = fixed_length(l.key.user);
	for (unsigned length = 0; length <= most; length++) {
		l.key.user_length = length;
		if (v->users[length])
			look_under_groups(&l);
	}
	return l.found;
}

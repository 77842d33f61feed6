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

/* What a pattern says itself of the names that it fits: how they begin, or
 * how they end. */
struct fixed {
	const struct name_pattern *pattern;	/* NULL: no such criterion */
	enum covering_side side;
	unsigned length;			/* that counts */
};

struct covering_key {
	struct fixed user, group;
	const struct address_range *from;	/* NULL: as above */
	unsigned bits;
};

#define KEY_BYTES (2 * COVERING_LETTERS + 80)

static unsigned
fixed_length(const struct name_pattern *pattern, enum covering_side side)
{
	const char *text = pattern->pattern;
	size_t all = strlen(text), length = 0;

	if (!pattern->glob)
		length = all;
	else if (side == COVERING_BEGIN)
		length = strcspn(text, "*?");
	else
		while (length < all &&
		    strchr("*?", text[all - length - 1]) == NULL)
			length++;
	return length > COVERING_LETTERS ? COVERING_LETTERS : (unsigned)length;
}

/* Where a line is found by one of its names: by its end where nothing is
 * known of how it begins. */
static struct fixed
fixed_of(const struct name_pattern *pattern)
{
	struct fixed fixed = { .pattern = pattern, .side = COVERING_BEGIN,
		.length = fixed_length(pattern, COVERING_BEGIN) };
	unsigned end = fixed_length(pattern, COVERING_END);

	if (fixed.length > 0 || end == 0)
		return fixed;
	return (struct fixed){ pattern, COVERING_END, end };
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

static char *
put_fixed(char *out, const struct fixed *fixed)
{
	const char *text;

	if (fixed->pattern != NULL) {
		text = fixed->pattern->pattern;
		if (fixed->side == COVERING_END)
			text += strlen(text) - fixed->length;
		*out++ = fixed->side == COVERING_END ? 'e' : 'b';
		out = mempcpy(out, text, fixed->length);
	}
	*out++ = '\n';
	return out;
}

/* Two keys may be the same by chance: then a line is looked at for nothing. */
static void
put_key(char out[KEY_BYTES], const struct covering_key *key)
{
	out = put_fixed(out, &key->user);
	out = put_fixed(out, &key->group);
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
		key->group = fixed_of(&rule->groups[i]);
		v->groups[key->group.side][key->group.length] = true;
		add_networks(v, key, rule, n_from, line);
	}
	key->group = (struct fixed){ 0 };
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
		key.user = fixed_of(&rule->users[i]);
		v->users[key.user.side][key.user.length] = true;
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

/* Under all that a pattern which covers this one could be found by. */
static void
look_under_names(struct covered *l, struct fixed *fixed,
    const struct name_pattern *pattern, const covering_lengths *there,
    void (*look)(struct covered *l))
{
	*fixed = (struct fixed){ 0 };
	look(l);
	fixed->pattern = pattern;
	for (unsigned side = 0; side < COVERING_SIDES; side++) {
		unsigned most = fixed_length(pattern, side);

		fixed->side = side;
		for (unsigned length = 0; length <= most; length++) {
			fixed->length = length;
			if (there[side][length])
				look(l);
		}
	}
}

static void
look_under_groups(struct covered *l)
{
	const struct match_rule *last = &l->rules[l->n - 1];

	look_under_names(l, &l->key.group, last->n_groups == 0 ? &any_name :
	    &last->groups[0], l->v->groups, look_under_networks);
}

size_t
covering_find(struct covering *v, const struct match_rule *rules, size_t n)
{
	struct covered l = { .v = v, .rules = rules, .n = n, .found = n };
	const struct match_rule *last = &rules[n - 1];

	look_under_names(&l, &l.key.user, last->n_users == 0 ? &any_name :
	    &last->users[0], v->users, look_under_groups);
	return l.found;
}

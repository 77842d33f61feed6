#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lang/compile.h"
#include "lang/match_index.h"

static void
unknown_jail(struct compiler *c, const struct token *name)
{
	const struct tree *tree = c->checker.tree;
	const struct part *part = check_find_part(tree, name->text);

	if (part != NULL) {
		report_error(c->checker.diagnostics, &name->place, NULL,
		    "'%s' is a profile, which can only be inherited",
		    name->text);
		report_note(c->checker.diagnostics, &part->name->place,
		    "it is defined here");
		return;
	}
	if (!tree->incomplete)
		report_error(c->checker.diagnostics, &name->place,
		    check_suggest(&c->checker, name, SUGGEST_JAILS),
		    "unknown jail '%s'", name->text);
}

const struct jail *
compile_find_jail(struct compiler *c, const struct token *name)
{
	const struct part *part = check_find_part(c->checker.tree,
	    name->text);

	if (part == NULL || part->jail == NULL) {
		unknown_jail(c, name);
		return NULL;
	}
	return part->jail;
}

/* Lines that may cover a later one.  What covers a line with users names its
 * first one, or has a pattern or no user: so a few lines are looked at and not
 * all.  Keys are 'u', 'g' or 'a' and how a pattern or address begins. */
struct covering {
	struct compiler *c;
	struct names keys;	/* of struct covering_lines */
	size_t looked_at;
};

struct covering_lines {
	size_t *lines;
	size_t n;
};

/* Beyond this no line is looked for any more. */
#define COVERING_MAX 4000000

#define KEY_BYTES 280

/* Names that are longer share a key, which is as good. */
static void
pattern_key(char key[KEY_BYTES], char kind,
    const struct name_pattern *pattern, size_t length)
{
	snprintf(key, KEY_BYTES, "%c%.*s", kind, (int)length,
	    pattern->pattern);
}

/* How far a pattern says itself what it fits. */
static size_t
fixed_length(const struct name_pattern *pattern)
{
	return pattern->glob ? strcspn(pattern->pattern, "*?") :
	    strlen(pattern->pattern);
}

static void
address_key(char key[KEY_BYTES], const struct address_range *range,
    unsigned bits)
{
	const unsigned char *bytes = (const unsigned char *)&range->address;
	char text[2 * sizeof(struct in6_addr) + 1];

	for (unsigned i = 0; i * 8 < bits; i++) {
		unsigned char mask = bits - i * 8 >= 8 ? 0xff :
		    (unsigned char)(0xff << (8 - (bits - i * 8)));

		snprintf(text + 2 * i, 3, "%02x", bytes[i] & mask);
	}
	text[(bits + 7) / 8 * 2] = '\0';
	snprintf(key, KEY_BYTES, "a%d/%u/%s", range->family, bits, text);
}

static void
add_key(struct covering *v, const char *key, size_t line)
{
	struct covering_lines *lines = names_find(&v->keys, key);

	if (lines == NULL) {
		lines = arena_alloc(v->c->checker.arena, 1, sizeof(*lines));
		names_add(v->c->checker.arena, &v->keys,
		    arena_strndup(v->c->checker.arena, key, strlen(key)),
		    lines);
	}
	if (lines->n == 0 || lines->lines[lines->n - 1] != line)
		*arena_push(v->c->checker.arena, lines->lines, lines->n) =
		    line;
}

static void
add_patterns(struct covering *v, char kind,
    const struct name_pattern *patterns, size_t n, size_t line)
{
	char key[KEY_BYTES];

	for (size_t i = 0; i < n; i++) {
		pattern_key(key, kind, &patterns[i],
		    fixed_length(&patterns[i]));
		add_key(v, key, line);
	}
}

static void
add_addresses(struct covering *v, const struct address_range *ranges,
    size_t n, size_t line)
{
	char key[KEY_BYTES];

	for (size_t i = 0; i < n; i++) {
		address_key(key, &ranges[i], ranges[i].prefix_bits);
		add_key(v, key, line);
	}
}

static void
add_covering(struct covering *v, const struct match_rule *rule, size_t line)
{
	if (rule->n_users != 0)
		add_patterns(v, 'u', rule->users, rule->n_users, line);
	else if (rule->n_groups != 0)
		add_patterns(v, 'g', rule->groups, rule->n_groups, line);
	else if (rule->n_from != 0)
		add_addresses(v, rule->from, rule->n_from, line);
	else
		add_key(v, "", line);
}

/* The first line under the key that covers the last rule; n: none. */
static size_t
first_under(struct covering *v, const char *key,
    const struct match_rule *rules, size_t n)
{
	const struct covering_lines *lines = names_find(&v->keys, key);

	for (size_t i = 0; lines != NULL && i < lines->n; i++)
		if (v->looked_at++ < COVERING_MAX &&
		    match_covers(&rules[lines->lines[i]], &rules[n - 1]))
			return lines->lines[i];
	return n;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
first_pattern(struct covering *v, char kind,
    const struct name_pattern *pattern, const struct match_rule *rules,
    size_t n)
{
	size_t found = n, most = fixed_length(pattern);
	char key[KEY_BYTES];

	for (size_t length = 0; length <= most && length < KEY_BYTES;
	    length++) {
		pattern_key(key, kind, pattern, length);
		found = least(found, first_under(v, key, rules, n));
	}
	return found;
}

static size_t
first_covering(struct covering *v, const struct match_rule *rules, size_t n)
{
	const struct match_rule *rule = &rules[n - 1];
	size_t found = first_under(v, "", rules, n);

	if (rule->n_users != 0)
		found = least(found, first_pattern(v, 'u', &rule->users[0],
		    rules, n));
	if (rule->n_groups != 0)
		found = least(found, first_pattern(v, 'g', &rule->groups[0],
		    rules, n));
	for (unsigned bits = 0; rule->n_from != 0 &&
	    bits <= rule->from[0].prefix_bits; bits++) {
		char key[KEY_BYTES];

		address_key(key, &rule->from[0], bits);
		found = least(found, first_under(v, key, rules, n));
	}
	return found;
}

static void
check_covered(struct covering *v, const struct match_rule *rules, size_t n,
    const struct tree_match *const *lines)
{
	struct diagnostics *d = v->c->checker.diagnostics;
	size_t found = first_covering(v, rules, n);

	if (found + 1 < n) {
		report_error(d, &lines[n - 1]->keyword->place, NULL,
		    "this line never decides: an earlier one covers it");
		report_note(d, &lines[found]->keyword->place,
		    "the earlier line is here");
		return;
	}
	add_covering(v, &rules[n - 1], n - 1);
}

void
compile_matches(struct compiler *c, struct policy *policy)
{
	const struct tree *tree = c->checker.tree;
	const struct tree_match **lines = NULL;
	struct match_rule *rules = NULL, rule;
	struct covering covering = { .c = c };
	size_t n = 0, n_lines = 0;

	for (size_t i = 0; i < tree->n_matches; i++) {
		const struct tree_match *match = tree->matches[i];
		bool good = check_match(&c->checker, match, &rule);

		if (match->jail != NULL)
			rule.jail = compile_find_jail(c, match->jail);
		if (!good)
			continue;
		*arena_push(c->checker.arena, rules, n) = rule;
		*arena_push(c->checker.arena, lines, n_lines) = match;
		check_covered(&covering, rules, n, lines);
	}
	policy->matches = rules;
	policy->n_matches = n;
	policy->index = match_index_new(c->checker.arena, rules, n);
}

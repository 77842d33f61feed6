#include "config.h"

#include "lang/compile.h"

static void
unknown_jail(struct compiler *c, const struct token *name)
{
	const struct tree *tree = c->checker.tree;
	const struct part *part = check_find_part(tree, name->text);
	const char **words;
	size_t n = 0;

	if (part != NULL) {
		report_error(c->checker.diagnostics, &name->place, NULL,
		    "'%s' is a profile, which can only be inherited",
		    name->text);
		report_note(c->checker.diagnostics, &part->name->place,
		    "it is defined here");
		return;
	}
	if (tree->incomplete)
		return;
	words = arena_alloc(c->checker.arena, tree->n_parts + 1,
	    sizeof(*words));
	for (size_t i = 0; i < tree->n_parts; i++)
		if (tree->parts[i]->is_jail)
			words[n++] = tree->parts[i]->name->text;
	report_error(c->checker.diagnostics, &name->place,
	    suggest(name->text, words), "unknown jail '%s'", name->text);
}

const struct jail *
compile_find_jail(struct compiler *c, const struct policy *policy,
    const struct token *name)
{
	const struct jail *jail = policy_find_jail(policy, name->text);

	if (jail == NULL)
		unknown_jail(c, name);
	return jail;
}

static void
check_covered(struct compiler *c, const struct match_rule *rules, size_t n,
    const struct tree_match *const *lines)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (!match_covers(&rules[i], &rules[n - 1]))
			continue;
		report_error(c->checker.diagnostics,
		    &lines[n - 1]->keyword->place, NULL,
		    "this line never decides: an earlier one covers it");
		report_note(c->checker.diagnostics,
		    &lines[i]->keyword->place, "the earlier line is here");
		return;
	}
}

void
compile_matches(struct compiler *c, struct policy *policy)
{
	const struct tree *tree = c->checker.tree;
	const struct tree_match **lines = NULL;
	struct match_rule *rules = NULL, rule;
	size_t n = 0, n_lines = 0;

	for (size_t i = 0; i < tree->n_matches; i++) {
		const struct tree_match *match = tree->matches[i];
		bool good = check_match(&c->checker, match, &rule);

		if (match->jail != NULL)
			rule.jail = compile_find_jail(c, policy, match->jail);
		if (!good)
			continue;
		*arena_push(c->checker.arena, rules, n) = rule;
		*arena_push(c->checker.arena, lines, n_lines) = match;
		check_covered(c, rules, n, lines);
	}
	policy->matches = rules;
	policy->n_matches = n;
}

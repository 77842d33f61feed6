#include "config.h"

#include <string.h>

#include "lang/compile_covered.h"
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

static void
check_covered(struct covering *v, const struct match_rule *rules, size_t n)
{
	struct diagnostics *d = v->c->checker.diagnostics;
	size_t found = covering_find(v, rules, n);

	if (found + 1 < n) {
		report_error(d, &v->lines[n - 1]->keyword->place, NULL,
		    "this line never decides: an earlier one covers it");
		report_note(d, &v->lines[found]->keyword->place,
		    "the earlier line is here");
		return;
	}
	covering_add(v, &rules[n - 1], n - 1);
}

void
compile_matches(struct compiler *c, struct policy *policy)
{
	const struct tree *tree = c->checker.tree;
	struct match_rule *rules = arena_alloc(c->checker.arena,
	    tree->n_matches, sizeof(*rules));
	const struct tree_match **lines = arena_alloc(c->checker.arena,
	    tree->n_matches, sizeof(*lines));
	struct covering covering = { .c = c, .lines = lines };
	size_t n = 0;

	for (size_t i = 0; i < tree->n_matches; i++) {
		const struct tree_match *match = tree->matches[i];
		bool good = check_match(&c->checker, match, &rules[n]);

		if (match->jail != NULL)
			rules[n].jail = compile_find_jail(c, match->jail);
		if (!good)
			continue;
		lines[n++] = match;
		check_covered(&covering, rules, n);
	}
	policy->matches = rules;
	policy->n_matches = n;
	policy->index = match_index_new(c->checker.arena, rules, n);
}

/* The blocks of rules: which join, and in what order. */
#include "config.h"

#include <string.h>

#include "lang/compile.h"

static bool
denies(enum syscall_action action)
{
	return action == SYSCALL_DENY || action == SYSCALL_KILL;
}

/* The heir's rules come first, so what it allows its base no longer denies:
 * right, but worth a word for who asks for it. */
static void
warn_shadowed(struct compiler *c, const struct syscall_rule *heirs,
    size_t n_heirs, const struct setting *base, const struct token *keyword)
{
	for (size_t i = 0; i < base->n_rules; i++) {
		if (!denies(base->rules[i].action))
			continue;
		for (size_t k = 0; k < n_heirs; k++) {
			if (denies(heirs[k].action) ||
			    strcmp(heirs[k].call, base->rules[i].call) != 0)
				continue;
			report_warning(c->checker.diagnostics, &keyword->place,
			    "'%s' is allowed here (line %u) before a base "
			    "denies it", heirs[k].call, heirs[k].origin.line);
			report_note(c->checker.diagnostics,
			    &base->keyword->place, "the base's rules are here");
			return;
		}
	}
}

static void
add_rules(struct compiler *c, const struct setting *s, const struct part *part,
    struct syscall_rule **rules, size_t *n)
{
	for (size_t i = 0; i < s->n_rules; i++) {
		struct syscall_rule *rule =
		    arena_push(c->checker.arena, *rules, *n);

		*rule = s->rules[i];
		rule->origin.part = part->name->text;
	}
}

/* Blocks join as long as they are under the nearest one's word. */
void
compile_syscall_rules(struct compiler *c)
{
	struct syscall_rule *rules = NULL;
	const struct setting *nearest = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->part->n_ancestry; i++) {
		const struct part *part = c->part->ancestry[i];
		const struct setting *s =
		    compile_find_setting(part, SETTING_SYSCALLS);

		if (s == NULL)
			continue;
		if (nearest != NULL && (s->choice != nearest->choice ||
		    s->choice == SYSCALLS_OFF))
			break;
		if (nearest == NULL)
			nearest = s;
		else if (diagnostics_strict(c->checker.diagnostics))
			warn_shadowed(c, rules, n, s, nearest->keyword);
		add_rules(c, s, part, &rules, &n);
	}
	c->jail->syscall_rules = rules;
	c->jail->n_syscall_rules = n;
}

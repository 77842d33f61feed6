#include "config.h"

#include <string.h>

#include "lang/parse.h"
#include "lang/words.h"

/* bit { "|" bit } */
static bool
parse_mask(struct parser *p, struct token_list *bits)
{
	do {
		if (!parse_is(p, TOKEN_NUMBER) && !parse_is(p, TOKEN_WORD))
			return parse_error(p, "a number or a constant");
		*arena_push(p->arena, bits->items, bits->n) = parse_next(p);
	} while (parse_accept(p, TOKEN_OR));
	return true;
}

static bool
parse_condition(struct parser *p, struct tree_call *call)
{
	struct tree_condition *c =
	    arena_push(p->arena, call->conditions, call->n_conditions);

	c->argument = parse_expect(p, TOKEN_WORD, "an argument's name");
	if (c->argument == NULL)
		return false;
	if (parse_accept(p, TOKEN_AND) && !parse_mask(p, &c->mask))
		return false;
	c->compare = parse_expect(p, TOKEN_COMPARE,
	    "a comparison (== != < <= > >=)");
	return c->compare != NULL && parse_mask(p, &c->value);
}

static bool
parse_conditions(struct parser *p, struct tree_call *call)
{
	do {
		parse_skip_newlines(p);
		if (!parse_condition(p, call))
			return false;
		parse_skip_newlines(p);
	} while (parse_accept(p, TOKEN_COMMA));
	return parse_expect(p, TOKEN_CLOSE_PAREN, "',' or ')'") != NULL;
}

bool
parse_call(struct parser *p, struct tree_call *call)
{
	if (!parse_is(p, TOKEN_WORD) && !parse_is(p, TOKEN_GROUP) &&
	    !parse_is(p, TOKEN_DEFINE))
		return parse_error(p, "a system call");
	call->name = parse_next(p);
	if (!parse_is(p, TOKEN_OPEN_PAREN))
		return true;
	if (call->name->kind != TOKEN_WORD)
		return parse_error(p, "a single system call in front of '('");
	parse_next(p);
	return parse_conditions(p, call);
}

/* deny [ quiet ] [ errno WORD ] */
static bool
parse_denial(struct parser *p, struct tree_call_rule *rule)
{
	rule->quiet = parse_accept_word(p, "quiet");
	if (!parse_accept_word(p, "errno"))
		return true;
	rule->error = parse_expect(p, TOKEN_WORD, "the name of an errno");
	return rule->error != NULL;
}

bool
parse_call_rule(struct parser *p, void *context)
{
	struct setting *s = context;
	struct tree_call_rule rule = { 0 };
	unsigned choice;

	rule.keyword = parse_choice(p, action_words, "a rule", &choice);
	if (rule.keyword == NULL)
		return false;
	rule.action = (enum syscall_action)choice;
	if (choice == SYSCALL_DENY && !parse_denial(p, &rule))
		return false;
	do {
		if (!parse_call(p, arena_push(p->arena, rule.calls,
		    rule.n_calls)))
			return false;
	} while (parse_comma(p));
	*arena_push(p->arena, s->call_rules, s->n_call_rules) = rule;
	return true;
}

#include "config.h"

#include <errno.h>
#include <string.h>

#include "lang/check.h"
#include "lang/syscall_table.h"

#define ERRNO_NUMBERS 133	/* EHWPOISON, the last one */

/* The calls of a block that a rule without conditions has decided, each with
 * the keyword of its line. */
struct decided {
	struct names calls;
};

/* The rules of one line, while they are made: all but call and conditions. */
struct line {
	struct checker *c;
	struct decided *decided;
	const struct token *keyword;
	struct setting *setting;
	struct syscall_rule rule;
};

static bool
is_denial(const struct line *l)
{
	return l->rule.action == SYSCALL_DENY || l->rule.action == SYSCALL_KILL;
}

/* What a line may not say of a call; NULL: it may.  A denial that has
 * conditions leaves login programs their own calls. */
static const char *
objection(const struct line *l, const char *call)
{
	if (!is_denial(l) && syscall_never_allowed(call))
		return "which no policy may allow";
	if (is_denial(l) && l->rule.n_conditions == 0 &&
	    syscall_needed_by_login(call))
		return "which every login needs";
	return NULL;
}

/* A name, or a group of which every call was decided above. */
static void
check_fires(struct line *l, const struct value *value,
    const char *const *calls)
{
	const struct token *first = NULL, *by = NULL;

	for (; *calls != NULL; calls++) {
		by = names_find(&l->decided->calls, *calls);
		if (by == NULL)
			return;
		if (first == NULL)
			first = by;
	}
	if (first == NULL)
		return;
	report_warning(l->c->diagnostics, &value->token->place,
	    "this never decides: a rule above does");
	report_note(l->c->diagnostics, &first->place,
	    "the earlier rule is here");
	check_note_use(l->c, value);
}

static void
add_rule(struct line *l, const char *call)
{
	struct setting *s = l->setting;
	struct syscall_rule *rule =
	    arena_push(l->c->arena, s->rules, s->n_rules);

	*rule = l->rule;
	rule->call = call;
	if (rule->n_conditions == 0)
		names_add(l->c->arena, &l->decided->calls, call,
		    (void *)(uintptr_t)l->keyword);
}

static bool
unknown_group(struct checker *c, const struct value *value)
{
	const char *near =
	    suggest_for(c->diagnostics, value->token->text,
	    syscall_group_names());

	if (near != NULL)
		near = arena_printf(c->arena, "@%s", near);
	report_error(c->diagnostics, &value->token->place, near,
	    "unknown group of system calls '@%s'", value->token->text);
	check_note_use(c, value);
	return false;
}

bool
check_call_name(struct checker *c, const struct value *value,
    const char *const **ret_members)
{
	const struct token *name = value->token;

	*ret_members = NULL;
	if (name->broken)
		return false;
	if (name->kind == TOKEN_GROUP) {
		*ret_members = syscall_group_members(name->text);
		return *ret_members != NULL || unknown_group(c, value);
	}
	if (name->kind == TOKEN_WORD && syscall_known(name->text))
		return true;
	if (name->kind == TOKEN_WORD)
		report_error(c->diagnostics, &name->place,
		    suggest_for(c->diagnostics, name->text, syscall_names()),
		    "unknown system call '%s'", name->text);
	else
		report_error(c->diagnostics, &name->place, NULL,
		    "expected a system call, not %s",
		    token_kind_name(name->kind));
	check_note_use(c, value);
	return false;
}

static bool
add_group(struct line *l, const struct value *value,
    const char *const *members)
{
	const char *why;

	check_fires(l, value, members);
	for (; *members != NULL; members++) {
		why = objection(l, *members);
		if (why != NULL) {
			report_error(l->c->diagnostics, &value->token->place,
			    NULL, "'@%s' holds '%s', %s", value->token->text,
			    *members, why);
			check_note_use(l->c, value);
			return false;
		}
		add_rule(l, *members);
	}
	return true;
}

static bool
add_call(struct line *l, const struct value *value)
{
	const struct token *name = value->token;
	const char *const *members;
	const char *why;

	if (!check_call_name(l->c, value, &members))
		return false;
	if (members != NULL)
		return add_group(l, value, members);
	why = objection(l, name->text);
	if (why == NULL) {
		check_fires(l, value,
		    (const char *const []) { name->text, NULL });
		add_rule(l, name->text);
		return true;
	}
	report_error(l->c->diagnostics, &name->place, NULL,
	    "'%s' is a system call %s", name->text, why);
	check_note_use(l->c, value);
	return false;
}

static bool
read_bit(struct checker *c, const struct token *token, unsigned width,
    uint64_t *bits)
{
	uint64_t value = token->number;

	if (token->broken)
		return false;
	if (token->kind == TOKEN_WORD &&
	    !syscall_constant_find(token->text, &value)) {
		report_error(c->diagnostics, &token->place,
		    suggest_for(c->diagnostics, token->text,
		    syscall_constant_names()),
		    "unknown constant '%s'", token->text);
		return false;
	}
	/* A negative constant is as wide as its argument. */
	if (width == 32 && token->kind == TOKEN_WORD &&
	    value >= UINT64_C(0xffffffff80000000))
		value &= UINT32_MAX;
	if (width == 32 && value > UINT32_MAX) {
		report_error(c->diagnostics, &token->place, NULL,
		    "the argument has 32 bits only");
		return false;
	}
	*bits |= value;
	return true;
}

static bool
read_bits(struct checker *c, const struct token_list *list, unsigned width,
    uint64_t *ret)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < list->n; i++)
		if (!read_bit(c, list->items[i], width, &bits))
			return false;
	*ret = bits;
	return true;
}

static bool
find_argument(struct checker *c, const struct token *call,
    const struct token *name, struct syscall_argument *ret)
{
	if (!syscall_argument_find(call->text, name->text, ret)) {
		report_error(c->diagnostics, &name->place,
		    suggest_for(c->diagnostics, name->text,
		    syscall_argument_names(call->text)),
		    "'%s' has no argument '%s'", call->text, name->text);
		return false;
	}
	if (!ret->pointer)
		return true;
	report_error(c->diagnostics, &name->place, NULL,
	    "'%s' is a pointer, and what it points to cannot be looked at",
	    name->text);
	return false;
}

bool
check_condition(struct checker *c, const struct token *call,
    const struct tree_condition *tree, struct syscall_condition *ret)
{
	struct syscall_argument argument;

	if (!find_argument(c, call, tree->argument, &argument))
		return false;
	ret->argument = argument.index;
	ret->width_bits = argument.width_bits;
	ret->compare = (enum compare)tree->compare->number;
	ret->mask = argument.width_bits == 32 ? UINT32_MAX : UINT64_MAX;
	if (tree->mask.n != 0 &&
	    !read_bits(c, &tree->mask, argument.width_bits, &ret->mask))
		return false;
	if (!read_bits(c, &tree->value, argument.width_bits, &ret->value))
		return false;
	if (ret->compare != COMPARE_EQ || (ret->value & ~ret->mask) == 0)
		return true;
	report_error(c->diagnostics, &tree->compare->place, NULL,
	    "this never holds: the value has bits outside of the mask");
	return false;
}

static bool
read_conditions(struct line *l, const struct tree_call *call)
{
	bool good = true;

	l->rule.n_conditions = 0;
	memset(l->rule.conditions, 0, sizeof(l->rule.conditions));
	if (call->n_conditions == 0)
		return true;
	if (!syscall_known(call->name->text))
		return true;	/* add_call() says it */
	if (call->n_conditions > SYSCALL_CONDITIONS_MAX) {
		report_error(l->c->diagnostics, &call->name->place, NULL,
		    "a system call has at most %d conditions",
		    SYSCALL_CONDITIONS_MAX);
		return false;
	}
	for (size_t i = 0; i < call->n_conditions; i++)
		if (!check_condition(l->c, call->name, &call->conditions[i],
		    &l->rule.conditions[i]))
			good = false;
	l->rule.n_conditions = call->n_conditions;
	return good;
}

static bool
read_call(struct line *l, const struct tree_call *call)
{
	const struct token *name = call->name;
	const struct token_list list = { .items = &name, .n = 1 };
	struct values values;
	bool good = read_conditions(l, call);

	if (!good)
		return false;
	values = check_expand(l->c, &list);
	for (size_t i = 0; i < values.n; i++)
		if (!add_call(l, &values.items[i]))
			good = false;
	return good;
}

static const char *
suggest_errno(const struct line *l, const char *word)
{
	const char *names[ERRNO_NUMBERS + 1] = { NULL }, *name;
	size_t n = 0;

	for (int error = 1; error <= ERRNO_NUMBERS; error++) {
		name = syscall_errno_name(error);
		if (name != NULL)
			names[n++] = name;
	}
	return suggest_for(l->c->diagnostics, word, names);
}

static void
read_error(struct line *l, const struct token *name)
{
	l->rule.error = EPERM;
	if (name == NULL || syscall_errno_find(name->text, &l->rule.error))
		return;
	report_error(l->c->diagnostics, &name->place,
	    suggest_errno(l, name->text), "unknown errno '%s'", name->text);
}

bool
check_call_rules(struct checker *c, struct setting *setting)
{
	struct decided decided = { 0 };

	for (size_t i = 0; i < setting->n_call_rules; i++) {
		const struct tree_call_rule *tree = &setting->call_rules[i];
		struct line line = { .c = c, .setting = setting,
			.decided = &decided, .keyword = tree->keyword };

		line.rule.action = tree->action;
		line.rule.quiet = tree->quiet;
		line.rule.origin = origin_of(tree->keyword, NULL);
		read_error(&line, tree->error);
		for (size_t k = 0; k < tree->n_calls; k++)
			read_call(&line, &tree->calls[k]);
	}
	/* What can be read is kept: the policy is refused anyway. */
	return true;
}

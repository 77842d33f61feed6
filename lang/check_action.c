/* Actions, as a test or a person says them. */
#include "config.h"

#include <string.h>

#include "lang/capability.h"
#include "lang/check.h"
#include "lang/syscall_table.h"

/* One action being read; a define or a group makes several of it. */
struct reader {
	struct checker *c;
	const struct tree_action *tree;
	struct action action;
	struct actions *to;
};

static void
add(struct reader *r)
{
	*arena_push(r->c->arena, r->to->items, r->to->n) = r->action;
}

static bool
read_connect(struct reader *r)
{
	struct values values = check_expand(r->c, &r->tree->to);
	const struct value port = { .token = r->tree->port };
	struct port_range range = { 0 };
	bool good = values.n != 0;

	if (r->tree->port != NULL && !check_port(r->c, &port, &range))
		return false;
	r->action.protocol = check_protocol(r->tree->protocol);
	r->action.has_port = r->tree->port != NULL;
	r->action.port = range.first;
	for (size_t i = 0; i < values.n; i++) {
		struct destination *to = &r->action.to;

		if (!check_destination(r->c, &values.items[i], true, to)) {
			good = false;
		} else if (to->kind > DESTINATION_HOST) {
			report_error(r->c->diagnostics,
			    &values.items[i].token->place, NULL,
			    "expected an address, a host name in quotes or "
			    "host");
			check_note_use(r->c, &values.items[i]);
			good = false;
		} else {
			add(r);
		}
	}
	return good;
}

static bool
read_resolve(struct reader *r)
{
	r->action.text = check_host_name(r->c, r->tree->text, false);
	if (r->action.text == NULL)
		return false;
	add(r);
	return true;
}

static bool
read_argument(struct reader *r, const struct tree_condition *tree)
{
	struct syscall_condition condition = { 0 };
	unsigned n;

	if (!check_condition(r->c, r->tree->call.name, tree, &condition))
		return false;
	if (condition.compare != COMPARE_EQ) {
		report_error(r->c->diagnostics, &tree->compare->place, NULL,
		    "an action has its arguments: they are given with '=='");
		return false;
	}
	n = condition.argument;
	r->action.arguments[n] |= condition.value;
	r->action.known[n] |= condition.mask;
	/* What the kernel cuts off is nobody's question. */
	if (condition.width_bits == 32)
		r->action.known[n] |= ~(uint64_t)UINT32_MAX;
	return true;
}

static bool
add_call(struct reader *r, const char *call)
{
	r->action.text = call;
	add(r);
	return true;
}

static bool
add_calls(struct reader *r, const struct value *value)
{
	const struct token *name = value->token;
	const char *const *members;

	if (!check_call_name(r->c, value, &members))
		return false;
	if (members == NULL)
		return add_call(r, name->text);
	for (; *members != NULL; members++)
		add_call(r, *members);
	return true;
}

static bool
read_syscall(struct reader *r)
{
	const struct tree_call *call = &r->tree->call;
	const struct token_list list = { .items = (const struct token **)
	    &r->tree->call.name, .n = 1 };
	struct values values = check_expand(r->c, &list);
	bool good = values.n != 0;

	for (size_t i = 0; i < call->n_conditions; i++)
		if (!syscall_known(call->name->text) ||
		    !read_argument(r, &call->conditions[i]))
			good = false;
	for (size_t i = 0; i < values.n; i++)
		if (!add_calls(r, &values.items[i]))
			good = false;
	return good;
}

static bool
read_path(struct reader *r)
{
	r->action.text = r->tree->text->text;
	if (!check_path(r->c, r->tree->text, false))
		return false;
	add(r);
	return true;
}

static bool
read_capability(struct reader *r)
{
	const struct value value = { .token = r->tree->text };

	if (!check_word(r->c, &value, capability_words, "capability",
	    &r->action.capability))
		return false;
	add(r);
	return true;
}

bool
check_action(struct checker *c, const struct tree_action *tree,
    struct actions *ret)
{
	static bool (*const readers[ACTION_KINDS])(struct reader *r) = {
		[ACTION_CONNECT] = read_connect,
		[ACTION_RESOLVE] = read_resolve,
		[ACTION_SYSCALL] = read_syscall, [ACTION_READ] = read_path,
		[ACTION_WRITE] = read_path, [ACTION_EXECUTE] = read_path,
		[ACTION_DEVICE] = read_path,
		[ACTION_CAPABILITY] = read_capability,
	};
	struct reader reader = { .c = c, .tree = tree, .to = ret,
		.action = { .kind = tree->kind,
		    .origin = origin_of(tree->keyword, NULL) } };

	*ret = (struct actions) { 0 };
	return readers[tree->kind](&reader);
}

bool
check_one_action(struct arena *arena, struct diagnostics *diagnostics,
    struct tree *tree, const struct tree_action *action, struct actions *ret)
{
	struct checker c = { .arena = arena, .diagnostics = diagnostics,
		.tree = tree };

	return check_action(&c, action, ret);
}

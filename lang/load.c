#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/arena.h"
#include "lang/check.h"
#include "lang/compile.h"
#include "lang/dump.h"
#include "lang/load.h"
#include "lang/parser.h"
#include "lang/sha256.h"
#include "lang/source.h"
#include "lang/source_tree.h"

struct loading {
	const struct load_options *options;
	const char *text;	/* NULL: read the root file */
	size_t length;
	struct actions actions;	/* when the text is an action */
	const struct source_tree *tree;
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct policy *policy;
	int error;
};

/* All stages; everything it makes is the arena's. */
static void
load(void *context)
{
	struct loading *l = context;
	const struct load_options *options = l->options;
	struct source_set set = { .arena = l->arena,
		.check_trust = options->check_trust, .owner = options->owner,
		.no_include = l->text != NULL && !options->may_include,
		.tree = l->tree };
	const struct source *root;
	struct tree *tree;

	l->diagnostics = diagnostics_new(l->arena, options->strict);
	set.diagnostics = l->diagnostics;
	if (l->text != NULL)
		root = source_from_memory(&set, options->root_file, l->text,
		    l->length);
	else
		root = source_open_root(&set, options->root_file, &l->error);
	if (root == NULL)
		return;
	tree = parser_run(&set, root);
	check_tree(l->arena, l->diagnostics, tree, root);
	l->policy = compile_run(l->arena, l->diagnostics, tree, root->name);
	if (!diagnostics_clean(l->diagnostics))
		l->error = -EINVAL;
}

static void
load_action(void *context)
{
	struct loading *l = context;
	struct source_set set = { .arena = l->arena, .no_include = true };
	struct tree tree = { .incomplete = false };
	struct tree_action *action;
	const struct source *source;

	l->diagnostics = diagnostics_new(l->arena, false);
	set.diagnostics = l->diagnostics;
	source = source_from_memory(&set, l->options->root_file, l->text,
	    l->length);
	action = parser_run_action(&set, source);
	if (action != NULL && diagnostics_clean(l->diagnostics))
		check_one_action(l->arena, l->diagnostics, &tree, action,
		    &l->actions);
	if (!diagnostics_clean(l->diagnostics))
		l->error = -EINVAL;
}

static ssize_t
add_to_sum(void *cookie, const char *bytes, size_t length)
{
	sha256_add(cookie, bytes, length);
	return (ssize_t)length;
}

/* The text is never held as a whole: it may be long. */
static int
identify(struct policy *policy)
{
	static const cookie_io_functions_t functions = {
		.write = add_to_sum };
	struct sha256 sum;
	FILE *out = fopencookie(&sum, "w", functions);
	int r;

	if (out == NULL)
		return -ENOMEM;
	sha256_begin(&sum);
	r = policy_dump(out, policy);
	if (fclose(out) != 0 && r == 0)
		r = -EIO;
	if (r == 0)
		sha256_end(&sum, policy->sha256);
	return r;
}

static int
finish(struct loading *l, int error)
{
	FILE *out = l->options->diagnostics;

	if (l->options->json != NULL && l->diagnostics != NULL)
		*l->options->json = diagnostics_json(l->diagnostics);
	if (out != NULL && l->diagnostics != NULL &&
	    (!l->options->quiet || error != 0 || l->error != 0))
		diagnostics_print(l->diagnostics, out, l->options->colour);
	if (error == 0)
		error = l->error;
	else if (out != NULL)
		fprintf(out, "%s: error: the policy does not fit into "
		    "memory: let jails inherit what they share\n",
		    l->options->root_file);
	if (error == 0 && l->policy != NULL)
		error = identify(l->policy);
	return error;
}

/* *ret is the policy's only when all went well. */
static int
run(struct loading *l, void (*work)(void *context), struct policy **ret)
{
	int r;

	l->arena = arena_new(POLICY_MEMORY);
	if (l->arena == NULL)
		return -ENOMEM;
	r = finish(l, arena_guard(l->arena, work, l));
	if (r < 0)
		arena_free(l->arena);
	else if (ret != NULL)
		*ret = l->policy;
	return r;
}

int
policy_load(const struct load_options *options, struct policy **ret)
{
	struct source_tree tree = { .fd = -1 };
	struct loading loading = { .options = options };
	int r;

	if (options->tree == NULL)
		return run(&loading, load, ret);
	r = source_tree_begin(options->tree, &tree);
	if (r < 0 && options->diagnostics != NULL)
		fprintf(options->diagnostics, "%s: error: cannot open the "
		    "folder: %s\n", options->tree, strerrordesc_np(-r));
	if (r < 0)
		return r;
	loading.tree = &tree;
	r = run(&loading, load, ret);
	source_tree_end(&tree);
	return r;
}

int
policy_load_memory(const struct load_options *options, const char *text,
    size_t length, struct policy **ret)
{
	struct loading loading = { .options = options, .text = text,
		.length = length };

	return run(&loading, load, ret);
}

int
actions_load(const struct load_options *options, const char *text,
    size_t length, const struct action **ret_actions, size_t *ret_n,
    void **ret_memory)
{
	struct loading loading = { .options = options, .text = text,
		.length = length };
	int r = run(&loading, load_action, NULL);

	if (r < 0)
		return r;
	*ret_actions = loading.actions.items;
	*ret_n = loading.actions.n;
	*ret_memory = loading.arena;
	return 0;
}

void
actions_free(void *memory)
{
	arena_free(memory);
}

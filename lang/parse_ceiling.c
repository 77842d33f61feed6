#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/parse.h"
#include "lang/words.h"

/* "at" and then "least" or "most". */
static bool
parse_at(struct parser *p, const char *word)
{
	if (parse_accept_word(p, "at") && parse_accept_word(p, word))
		return true;
	return parse_error(p, arena_printf(p->arena, "'at %s'", word));
}

static bool
choose(struct parser *p, struct tree_bound *b, const char *const *words,
    const char *what)
{
	b->word = parse_choice(p, words, what, &b->choice);
	return b->word != NULL;
}

static bool
parse_tier(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_TIER;
	return parse_at(p, "least") && choose(p, b, tier_words, "a tier");
}

static bool
parse_home(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_HOME;
	return parse_at(p, "most") &&
	    choose(p, b, home_words, "a kind of home");
}

static bool
parse_network(struct parser *p, struct tree_bound *b)
{
	static const char *const words[] = { "at", "deny", "only", NULL };
	static const enum bound_kind kinds[] = { BOUND_NETWORK,
		BOUND_FLOW_DENY, BOUND_FLOW_ONLY };
	unsigned choice;

	if (parse_is_word(p, "at")) {
		b->kind = BOUND_NETWORK;
		return parse_at(p, "most") &&
		    choose(p, b, network_words, "a network");
	}
	if (parse_choice(p, words, "a bound of the network", &choice) == NULL)
		return false;
	b->kind = kinds[choice];
	return parse_flow(p, &b->flow);
}

static bool
parse_calls(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_CALLS;
	b->calls.keyword = b->keyword;
	b->calls.action = SYSCALL_DENY;
	do {
		if (!parse_call(p, arena_push(p->arena, b->calls.calls,
		    b->calls.n_calls)))
			return false;
	} while (parse_comma(p));
	return true;
}

static bool
parse_syscalls(struct parser *p, struct tree_bound *b)
{
	if (parse_accept_word(p, "deny"))
		return parse_calls(p, b);
	b->kind = BOUND_PROFILE;
	if (!parse_is_word(p, "at"))
		return parse_error(p, "'at least' or 'deny'");
	return parse_at(p, "least") &&
	    choose(p, b, profile_words, "a profile of system calls");
}

static bool
parse_mount(struct parser *p, struct tree_bound *b)
{
	static const char *const words[] = { "only", "deny", NULL };
	unsigned choice;

	if (parse_accept_word(p, "read-write")) {
		b->kind = BOUND_MOUNT_WRITE_ONLY;
		if (!parse_accept_word(p, "only"))
			return parse_error(p, "'only'");
		return parse_values(p, &b->list, "a path in quotes");
	}
	if (parse_choice(p, words, "'read-write only' or a bound of mounts",
	    &choice) == NULL)
		return false;
	b->kind = choice == 0 ? BOUND_MOUNT_ONLY : BOUND_MOUNT_DENY;
	return parse_values(p, &b->list, "a path in quotes");
}

/* none, or only values; the kind is the keyword's. */
static bool
parse_only(struct parser *p, struct tree_bound *b)
{
	static const char *const words[] = { "none", "only", NULL };
	unsigned choice;

	if (parse_choice(p, words, "a bound", &choice) == NULL)
		return false;
	b->none = choice == 0;
	return b->none || parse_values(p, &b->list, "what is allowed");
}

static bool
parse_root(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_ROOT;
	return parse_only(p, b);
}

static bool
parse_device(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_DEVICE;
	return parse_only(p, b);
}

static bool
parse_capabilities(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_CAPABILITIES;
	return parse_only(p, b);
}

static bool
parse_secret(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_SECRET;
	return parse_only(p, b);
}

static bool
parse_tolerate(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_TOLERATE;
	return parse_only(p, b);
}

static bool
parse_limit(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_LIMIT;
	if (!choose(p, b, limit_words, "what is limited") ||
	    !parse_at(p, "most"))
		return false;
	if (p->at->kind < TOKEN_WORD)
		return parse_error(p, "a value");
	b->value = parse_next(p);
	return true;
}

static bool
parse_persist(struct parser *p, struct tree_bound *b)
{
	static const char *const words[] = { "none", "until-stopped", NULL };

	b->kind = BOUND_PERSIST;
	if (!parse_at(p, "most"))
		return false;
	if (parse_is(p, TOKEN_DURATION))
		b->value = parse_next(p);
	else
		b->value = parse_choice(p, words, "a duration or a word",
		    &b->choice);
	return b->value != NULL;
}

static bool
parse_audit(struct parser *p, struct tree_bound *b)
{
	b->kind = BOUND_AUDIT;
	return parse_at(p, "least") && parse_tail(p, &b->list, "a word");
}

static const struct {
	const char *word;
	bool (*parse)(struct parser *p, struct tree_bound *b);
} bounds[] = {
	{ "tier", parse_tier }, { "home", parse_home },
	{ "network", parse_network }, { "syscalls", parse_syscalls },
	{ "mount", parse_mount }, { "root", parse_root },
	{ "device", parse_device }, { "capabilities", parse_capabilities },
	{ "secret", parse_secret }, { "tolerate", parse_tolerate },
	{ "limit", parse_limit }, { "persist", parse_persist },
	{ "audit", parse_audit },
};

static bool
parse_bound(struct parser *p, void *context)
{
	const char *words[ARRAY_LENGTH(bounds) + 1] = { NULL };
	struct tree_ceiling *ceiling = context;
	struct tree_bound bound = { 0 };
	unsigned choice;

	for (size_t i = 0; i < ARRAY_LENGTH(bounds); i++)
		words[i] = bounds[i].word;
	bound.keyword = parse_choice(p, words, "a bound", &choice);
	if (bound.keyword == NULL || !bounds[choice].parse(p, &bound))
		return false;
	*arena_push(p->arena, ceiling->bounds, ceiling->n_bounds) = bound;
	return true;
}

bool
parse_ceiling(struct parser *p)
{
	struct tree_ceiling *ceiling =
	    arena_alloc(p->arena, 1, sizeof(*ceiling));

	ceiling->keyword = parse_next(p);
	if (parse_is(p, TOKEN_WORD))
		ceiling->name = parse_next(p);
	else if (p->source->includer != NULL)
		report_error(p->diagnostics, &ceiling->keyword->place, NULL,
		    "a ceiling without a name stands in the root file only");
	*arena_push(p->arena, p->tree->ceilings, p->tree->n_ceilings) =
	    ceiling;
	if (!parse_at_block(p))
		return parse_error(p, ceiling->name == NULL ?
		    "a name or '{' on the same line" :
		    "'{' on the same line");
	return parse_block(p, ceiling->keyword, parse_bound, ceiling);
}

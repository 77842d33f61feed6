#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/compile.h"
#include "lang/source.h"

#define AT_CHROOT (1u << TIER_CHROOT)
#define AT_NAMESPACE (1u << TIER_NAMESPACE)
#define AT_CONTAINER (1u << TIER_CONTAINER)
#define AT_VM (1u << TIER_VM)
#define AT_ALL (AT_CHROOT | AT_NAMESPACE | AT_CONTAINER | AT_VM)

/* What holds where nobody says anything. */
static const struct jail defaults = {
	.tier = TIER_NAMESPACE,
	.mode = MODE_ENFORCE,
	.root = ROOT_HOST,
	.shell = NULL,
	.hostname = "${jail}",
	.workdir = "${home}",
	.umask = 077,
	.home = HOME_READ_ONLY,
	.network = NETWORK_NONE,
	.syscalls = SYSCALLS_DEFAULT,
	.audit = AUDIT_WORD_DENIED,
};

struct single {
	unsigned tiers;		/* that can carry it */
	size_t origin;		/* of the origin in struct jail */
	void (*apply)(struct jail *jail, const struct setting *s);
};

static void
apply_tier(struct jail *jail, const struct setting *s)
{
	jail->tier = (enum tier)s->choice;
}

static void
apply_mode(struct jail *jail, const struct setting *s)
{
	jail->mode = (enum jail_mode)s->choice;
}

static void
apply_root(struct jail *jail, const struct setting *s)
{
	jail->root = (enum root_kind)s->choice;
}

static void
apply_shell(struct jail *jail, const struct setting *s)
{
	jail->shell = s->text;
}

static void
apply_hostname(struct jail *jail, const struct setting *s)
{
	jail->hostname = s->text;
}

static void
apply_workdir(struct jail *jail, const struct setting *s)
{
	jail->workdir = s->text;
}

static void
apply_umask(struct jail *jail, const struct setting *s)
{
	jail->umask = (uint32_t)s->value;
}

static void
apply_home(struct jail *jail, const struct setting *s)
{
	jail->home = (enum home_mode)s->choice;
	jail->home_fresh = s->fresh;
}

static void
apply_network(struct jail *jail, const struct setting *s)
{
	jail->network = (enum network_mode)s->choice;
}

static void
apply_syscalls(struct jail *jail, const struct setting *s)
{
	jail->syscalls = (enum syscall_profile)s->choice;
}

static void
apply_audit(struct jail *jail, const struct setting *s)
{
	jail->audit = (uint32_t)s->value;
}

#define ORIGIN(member) offsetof(struct jail, member##_origin)

static const struct single singles[SETTING_KINDS] = {
	[SETTING_TIER] = { AT_ALL, ORIGIN(tier), apply_tier },
	[SETTING_MODE] = { AT_ALL, ORIGIN(mode), apply_mode },
	[SETTING_ROOT] = { AT_ALL, ORIGIN(root), apply_root },
	[SETTING_SHELL] = { AT_ALL, ORIGIN(shell), apply_shell },
	[SETTING_HOSTNAME] = { AT_NAMESPACE | AT_CONTAINER | AT_VM,
	    ORIGIN(hostname), apply_hostname },
	[SETTING_WORKDIR] = { AT_ALL, ORIGIN(workdir), apply_workdir },
	[SETTING_UMASK] = { AT_ALL, ORIGIN(umask), apply_umask },
	[SETTING_HOME] = { AT_ALL, ORIGIN(home), apply_home },
	[SETTING_NETWORK] = { AT_ALL, ORIGIN(network), apply_network },
	[SETTING_SYSCALLS] = { AT_ALL, ORIGIN(syscalls), apply_syscalls },
	[SETTING_AUDIT] = { AT_ALL, ORIGIN(audit), apply_audit },
};

struct origin
origin_of(const struct token *token, const struct part *part)
{
	return (struct origin) { .file = token->place.source->name,
		.line = token->place.line, .column = token->place.column,
		.part = part == NULL ? NULL : part->name->text };
}

static const struct setting *
find_setting(const struct part *part, enum setting_kind kind)
{
	for (size_t i = 0; i < part->n_settings; i++)
		if (part->settings[i]->kind == kind &&
		    part->settings[i]->valid)
			return part->settings[i];
	return NULL;
}

static void
report_tier(struct compiler *c, const struct setting *s)
{
	const struct part *part = c->part;

	report_error(c->checker.diagnostics, &s->keyword->place, NULL,
	    "tier %s cannot carry '%s'", tier_name(c->jail->tier),
	    s->keyword->text);
	report_note(c->checker.diagnostics, &part->name->place,
	    "as jail '%s' would have it", part->name->text);
}

static void
compile_single(struct compiler *c, enum setting_kind kind)
{
	const struct single *single = &singles[kind];
	const struct setting *s = NULL;
	size_t i = 0;

	while (i < c->part->n_ancestry && s == NULL)
		s = find_setting(c->part->ancestry[i++], kind);
	if (s == NULL)
		return;
	single->apply(c->jail, s);
	*(struct origin *)(void *)((char *)c->jail + single->origin) =
	    origin_of(s->keyword, c->part->ancestry[i - 1]);
	if (c->part->is_jail && (single->tiers & 1u << c->jail->tier) == 0)
		report_tier(c, s);
}

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
static void
compile_syscall_rules(struct compiler *c)
{
	struct syscall_rule *rules = NULL;
	const struct setting *nearest = NULL;
	size_t n = 0;

	for (size_t i = 0; i < c->part->n_ancestry; i++) {
		const struct part *part = c->part->ancestry[i];
		const struct setting *s = find_setting(part, SETTING_SYSCALLS);

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

static void
compile_ancestry(struct compiler *c)
{
	size_t n = c->part->n_ancestry;
	const char **names =
	    arena_alloc(c->checker.arena, n, sizeof(*names));

	for (size_t i = 1; i < n; i++)
		names[i - 1] = c->part->ancestry[i]->name->text;
	c->jail->ancestry = names;
	c->jail->n_ancestry = n - 1;
}

/* Profiles are made as well, and thrown away: what is wrong with one is said
 * before a jail inherits it. */
static void
compile_part(struct compiler *c)
{
	*c->jail = defaults;
	c->jail->name = c->part->name->text;
	c->jail->origin = origin_of(c->part->keyword, c->part);
	if (c->part->n_ancestry == 0)
		return;
	compile_ancestry(c);
	for (int kind = 0; kind < SETTING_KINDS; kind++)
		if (singles[kind].apply != NULL)
			compile_single(c, (enum setting_kind)kind);
	compile_syscall_rules(c);
	compile_collecting(c);
}

static void
compile_jails(struct compiler *c, struct policy *policy)
{
	struct tree *tree = c->checker.tree;
	struct jail *jails =
	    arena_alloc(c->checker.arena, tree->n_parts + 1, sizeof(*jails));
	size_t n = 0;

	for (size_t i = 0; i < tree->n_parts; i++) {
		c->part = tree->parts[i];
		c->jail = &jails[n];
		compile_part(c);
		if (c->part->is_jail)
			n++;
	}
	policy->jails = jails;
	policy->n_jails = n;
}

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

static void
compile_matches(struct compiler *c, struct policy *policy)
{
	const struct tree *tree = c->checker.tree;
	const struct tree_match **lines = NULL;
	struct match_rule *rules = NULL, rule;
	size_t n = 0, n_lines = 0;

	for (size_t i = 0; i < tree->n_matches; i++) {
		const struct tree_match *match = tree->matches[i];
		bool good = check_match(&c->checker, match, &rule);

		if (match->jail != NULL) {
			rule.jail = policy_find_jail(policy,
			    match->jail->text);
			if (rule.jail == NULL)
				unknown_jail(c, match->jail);
		}
		if (!good)
			continue;
		*arena_push(c->checker.arena, rules, n) = rule;
		*arena_push(c->checker.arena, lines, n_lines) = match;
		check_covered(c, rules, n, lines);
	}
	policy->matches = rules;
	policy->n_matches = n;
}

struct policy *
compile_run(struct arena *arena, struct diagnostics *diagnostics,
    struct tree *tree, const char *root_file)
{
	struct compiler c = { .checker = { .arena = arena,
		.diagnostics = diagnostics, .tree = tree } };
	struct policy *policy = arena_alloc(arena, 1, sizeof(*policy));

	policy->arena = arena;
	policy->root_file = root_file;
	compile_jails(&c, policy);
	compile_matches(&c, policy);
	return policy;
}

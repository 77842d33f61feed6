#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/compile.h"
#include "lang/enforced.h"
#include "lang/source.h"

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
	unsigned (*tiers)(const struct jail *jail);	/* that can carry it;
							 * NULL: all */
	size_t origin;		/* of the origin in struct jail */
	void (*apply)(struct jail *jail, const struct setting *s);
};

static unsigned
tiers_of_hostname(const struct jail *jail)
{
	(void)jail;
	return AT_ALL & ~AT_CHROOT;
}

static unsigned
tiers_of_root(const struct jail *jail)
{
	return jail->root == ROOT_IMAGE ? AT_CONTAINER | AT_VM : AT_ALL;
}

static unsigned
tiers_of_network(const struct jail *jail)
{
	return jail->network == NETWORK_FILTERED ? AT_ALL & ~AT_CHROOT :
	    AT_ALL;
}

static unsigned
tiers_of_capabilities(const struct jail *jail)
{
	return jail->capabilities != 0 ? AT_CONTAINER | AT_VM : AT_ALL;
}

static unsigned
tiers_of_persist(const struct jail *jail)
{
	return jail->persist_seconds != PERSIST_NONE ? AT_ALL & ~AT_CHROOT :
	    AT_ALL;
}

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
	jail->root_path = s->text;
	jail->root_copy_on_write = s->copy_on_write;
	jail->root_fresh = s->fresh;
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
apply_capabilities(struct jail *jail, const struct setting *s)
{
	jail->capabilities = s->value;
}

static void
apply_audit(struct jail *jail, const struct setting *s)
{
	jail->audit = (uint32_t)s->value;
}

static void
apply_persist(struct jail *jail, const struct setting *s)
{
	jail->persist_seconds = s->value;
}

#define ORIGIN(member) offsetof(struct jail, member##_origin)

static const struct single singles[SETTING_KINDS] = {
	[SETTING_TIER] = { NULL, ORIGIN(tier), apply_tier },
	[SETTING_MODE] = { NULL, ORIGIN(mode), apply_mode },
	[SETTING_ROOT] = { tiers_of_root, ORIGIN(root), apply_root },
	[SETTING_SHELL] = { NULL, ORIGIN(shell), apply_shell },
	[SETTING_HOSTNAME] = { tiers_of_hostname, ORIGIN(hostname),
	    apply_hostname },
	[SETTING_WORKDIR] = { NULL, ORIGIN(workdir), apply_workdir },
	[SETTING_UMASK] = { NULL, ORIGIN(umask), apply_umask },
	[SETTING_HOME] = { NULL, ORIGIN(home), apply_home },
	[SETTING_NETWORK] = { tiers_of_network, ORIGIN(network),
	    apply_network },
	[SETTING_SYSCALLS] = { NULL, ORIGIN(syscalls), apply_syscalls },
	[SETTING_CAPABILITIES] = { tiers_of_capabilities,
	    ORIGIN(capabilities), apply_capabilities },
	[SETTING_AUDIT] = { NULL, ORIGIN(audit), apply_audit },
	[SETTING_PERSIST] = { tiers_of_persist, ORIGIN(persist),
	    apply_persist },
};

struct origin
origin_of(const struct token *token, const struct part *part)
{
	return (struct origin) { .file = token->place.source->name,
		.line = token->place.line, .column = token->place.column,
		.part = part == NULL ? NULL : part->name->text };
}

const struct setting *
compile_find_setting(const struct part *part, enum setting_kind kind)
{
	const struct setting *s = part->first[kind];

	while (s != NULL && !s->valid)
		s = s->next;
	return s;
}

/* A setting in its own words, as far as they matter to a tier. */
static const char *
describe_setting(struct compiler *c, const struct setting *s)
{
	if (s->word == NULL)
		return s->keyword->text;
	return arena_printf(c->checker.arena, "%s %.*s", s->keyword->text,
	    (int)s->word->place.length,
	    s->word->place.source->text + s->word->place.offset);
}

void
compile_check_tier(struct compiler *c, const struct setting *s,
    unsigned tiers)
{
	const struct part *part = c->part;

	if (!part->is_jail || (tiers & 1u << c->jail->tier) != 0)
		return;
	report_error(c->checker.diagnostics, &s->keyword->place, NULL,
	    "tier %s cannot carry '%s'", tier_name(c->jail->tier),
	    describe_setting(c, s));
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
		s = compile_find_setting(c->part->ancestry[i++], kind);
	if (s == NULL)
		return;
	single->apply(c->jail, s);
	*(struct origin *)(void *)((char *)c->jail + single->origin) =
	    origin_of(s->keyword, c->part->ancestry[i - 1]);
	if (single->tiers != NULL)
		compile_check_tier(c, s, single->tiers(c->jail));
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

static const struct setting *
find_said(const struct part *part, const struct origin *origin)
{
	for (size_t i = 0; i < part->n_settings; i++) {
		const struct place *place = &part->settings[i]->keyword->place;

		if (place->line == origin->line &&
		    place->column == origin->column &&
		    place->source->name == origin->file)
			return part->settings[i];
	}
	return NULL;
}

/* Said where it stands, in a profile, a jail or a ceiling, and so once. */
static void
warn_unenforced(struct compiler *c)
{
	struct unenforced found;
	unsigned index = 0;

	while (!diagnostics_full(c->checker.diagnostics) &&
	    jail_unenforced(c->jail, &index, &found)) {
		const struct setting *s = find_said(c->part, found.origin);
		const struct token *at = s != NULL ? s->keyword :
		    compile_find_bound(c, found.origin);

		if (at != NULL)
			report_warning(c->checker.diagnostics, &at->place,
			    "this build cannot enforce %s: it refuses each "
			    "login to a jail with it", found.what);
	}
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
	compile_find_ceilings(c);
	compile_single(c, SETTING_TIER);
	compile_ceilings(c, true);
	for (int kind = SETTING_TIER + 1; kind < SETTING_KINDS; kind++)
		if (singles[kind].apply != NULL)
			compile_single(c, (enum setting_kind)kind);
	compile_syscall_rules(c);
	compile_flow_rules(c);
	compile_collecting(c);
	compile_ceilings(c, false);
	warn_unenforced(c);
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
			c->part->jail = &jails[n++];
	}
	policy->jails = jails;
	policy->n_jails = n;
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
	policy->ceilings = check_ceilings(&c.checker);
	policy->n_ceilings = tree->n_ceilings;
	compile_jails(&c, policy);
	compile_matches(&c, policy);
	compile_tests(&c, policy);
	return policy;
}

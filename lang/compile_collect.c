#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/compile.h"

#define VARIABLES_MAX 96

/* One thing of a kind that collects, as it stands after the parts that were
 * gone through so far. */
struct entry {
	const char *key;
	const struct setting *setting;
	size_t index;		/* of the assignment or feature */
	const struct part *part;
	const struct token *at;
	const struct token *before;	/* what it replaced; NULL: nothing */
};

struct entries {
	struct entry *items;
	size_t n;
	struct names keys;	/* of an item's index and one */
};

/* How many keys a setting has, and which. */
struct collecting {
	enum setting_kind kind;
	const char *what;	/* for messages */
	size_t (*count)(const struct setting *s);
	struct entry (*entry)(const struct setting *s, size_t index);
	void (*finish)(struct compiler *c, struct entries *entries);
};

static size_t
count_one(const struct setting *s)
{
	return s->valid ? 1 : 0;
}

static size_t
count_assignments(const struct setting *s)
{
	return s->n_assignments;
}

static size_t
count_features(const struct setting *s)
{
	return s->n_features;
}

static struct entry
mount_entry(const struct setting *s, size_t index)
{
	(void)index;
	return (struct entry) { .key = s->mount.target, .at = s->keyword };
}

static struct entry
device_entry(const struct setting *s, size_t index)
{
	(void)index;
	return (struct entry) { .key = s->device.path, .at = s->keyword };
}

static struct entry
secret_entry(const struct setting *s, size_t index)
{
	(void)index;
	return (struct entry) { .key = s->secret.name, .at = s->keyword };
}

static struct entry
assignment_entry(const struct setting *s, size_t index)
{
	const struct assignment *a = &s->assignments[index];

	return (struct entry) { .key = a->valid ? a->name->text : NULL,
		.at = a->name };
}

static struct entry
limit_entry(const struct setting *s, size_t index)
{
	(void)index;
	return (struct entry) { .key = s->word->text, .at = s->keyword };
}

static struct entry
feature_entry(const struct setting *s, size_t index)
{
	return (struct entry) { .key = s->features[index].name,
		.at = s->keyword };
}

static const char *
quoted(struct compiler *c, const char *key)
{
	return key[0] == '/' ? arena_printf(c->checker.arena, "\"%s\"", key)
	    : arena_printf(c->checker.arena, "'%s'", key);
}

static void
report_twice(struct compiler *c, const char *what, const struct entry *entry,
    const struct token *before)
{
	report_error(c->checker.diagnostics, &entry->at->place, NULL,
	    "%s %s is given twice", what, quoted(c, entry->key));
	report_note(c->checker.diagnostics, &before->place,
	    "the first one is here");
}

/* A wall never moves by the way: an heir that wants another mount at a target
 * takes its ancestor's back first. */
static void
check_replaced(struct compiler *c, const struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *e = &entries->items[i];

		if (e->before != NULL)
			report_twice(c, "mount target", e, e->before);
	}
}

/* The first of the sorted entries that is not before path and a slash. */
static size_t
first_below(const struct entries *entries, const char *path)
{
	size_t from = 0, to = entries->n, length = strlen(path);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const char *key = entries->items[middle].key;
		int order = strncmp(key, path, length);

		if (order < 0 || (order == 0 &&
		    (unsigned char)key[length] < '/'))
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* A mount would bring back a part of what is hidden. */
static void
check_hidden(struct compiler *c, const struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *hidden = &entries->items[i];

		if (hidden->setting->mount.mode != MOUNT_HIDDEN)
			continue;
		for (size_t k = first_below(entries, hidden->key);
		    k < entries->n &&
		    path_is_below(entries->items[k].key, hidden->key); k++) {
			const struct entry *below = &entries->items[k];

			report_error(c->checker.diagnostics, &below->at->place,
			    NULL, "mount target \"%s\" is below \"%s\", which "
			    "is hidden", below->key, hidden->key);
			report_note(c->checker.diagnostics,
			    &hidden->at->place, "it is hidden here");
		}
	}
}

static void
finish_mounts(struct compiler *c, struct entries *entries)
{
	struct policy_mount *mounts =
	    arena_alloc(c->checker.arena, entries->n + 1, sizeof(*mounts));

	for (size_t i = 0; i < entries->n; i++) {
		mounts[i] = entries->items[i].setting->mount;
		mounts[i].origin = origin_of(entries->items[i].at,
		    entries->items[i].part);
	}
	c->jail->mounts = mounts;
	c->jail->n_mounts = entries->n;
	check_replaced(c, entries);
	check_hidden(c, entries);
}

static void
finish_devices(struct compiler *c, struct entries *entries)
{
	struct policy_device *devices =
	    arena_alloc(c->checker.arena, entries->n + 1, sizeof(*devices));

	for (size_t i = 0; i < entries->n; i++) {
		devices[i] = entries->items[i].setting->device;
		devices[i].origin = origin_of(entries->items[i].at,
		    entries->items[i].part);
		compile_check_tier(c, entries->items[i].setting,
		    AT_ALL & ~AT_VM);
	}
	c->jail->devices = devices;
	c->jail->n_devices = entries->n;
}

/* Two secrets cannot be the same file. */
static void
check_secret_targets(struct compiler *c, struct entries *entries)
{
	struct names targets = { 0 };

	for (size_t i = 0; i < entries->n; i++) {
		struct entry *a = &entries->items[i];
		const struct entry *b;

		if (a->setting->secret.kind != SECRET_FILE)
			continue;
		b = names_add(c->checker.arena, &targets,
		    a->setting->secret.target, a);
		if (b == a)
			continue;
		report_error(c->checker.diagnostics, &a->at->place, NULL,
		    "the secrets '%s' and '%s' have one target", a->key,
		    b->key);
		report_note(c->checker.diagnostics, &b->at->place,
		    "the other one is here");
	}
}

static void
finish_secrets(struct compiler *c, struct entries *entries)
{
	struct policy_secret *secrets =
	    arena_alloc(c->checker.arena, entries->n + 1, sizeof(*secrets));

	for (size_t i = 0; i < entries->n; i++) {
		const struct setting *s = entries->items[i].setting;

		secrets[i] = s->secret;
		secrets[i].origin = origin_of(entries->items[i].at,
		    entries->items[i].part);
		compile_check_tier(c, s, s->secret.kind == SECRET_FILE ?
		    AT_ALL : AT_ALL & ~AT_CHROOT);
	}
	c->jail->secrets = secrets;
	c->jail->n_secrets = entries->n;
	check_secret_targets(c, entries);
}

/* The grant of a login has room for them, and for what the daemon adds. */
static void
check_room(struct compiler *c, const struct entries *entries)
{
	if (entries->n <= VARIABLES_MAX)
		return;
	report_error(c->checker.diagnostics, &c->part->name->place, NULL,
	    "'%s' sets %zu variables; %d are the most", c->part->name->text,
	    entries->n, VARIABLES_MAX);
}

static void
finish_environment(struct compiler *c, struct entries *entries)
{
	struct policy_variable *variables =
	    arena_alloc(c->checker.arena, entries->n + 1, sizeof(*variables));

	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *e = &entries->items[i];

		variables[i] = e->setting->assignments[e->index].variable;
		variables[i].origin = origin_of(e->at, e->part);
	}
	check_room(c, entries);
	c->jail->environment = variables;
	c->jail->n_environment = entries->n;
}

/* These are of a cgroup, which a chroot shares with others. */
static unsigned
tiers_of_limit(enum limit_kind kind)
{
	return kind >= LIMIT_MEMORY ? AT_ALL & ~AT_CHROOT : AT_ALL;
}

static void
finish_limits(struct compiler *c, struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *e = &entries->items[i];

		c->jail->limits[e->setting->choice] = (struct policy_limit) {
			.set = true, .value = e->setting->value,
			.origin = origin_of(e->at, e->part) };
		compile_check_tier(c, e->setting,
		    tiers_of_limit((enum limit_kind)e->setting->choice));
	}
}

static void
finish_features(struct compiler *c, struct entries *entries)
{
	struct policy_feature *features =
	    arena_alloc(c->checker.arena, entries->n + 1, sizeof(*features));

	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *e = &entries->items[i];

		features[i].name = e->key;
		features[i].origin = origin_of(e->at, e->part);
	}
	c->jail->tolerated = features;
	c->jail->n_tolerated = entries->n;
}

/* In the order of the words behind `no`. */
static const struct collecting kinds[] = {
	{ SETTING_MOUNT, "mount target", count_one, mount_entry,
	    finish_mounts },
	{ SETTING_DEVICE, "device", count_one, device_entry, finish_devices },
	{ SETTING_ENVIRONMENT, "variable", count_assignments,
	    assignment_entry, finish_environment },
	{ SETTING_SECRET, "secret", count_one, secret_entry, finish_secrets },
	{ SETTING_LIMIT, "limit", count_one, limit_entry, finish_limits },
	{ SETTING_TOLERATE, "tolerated feature", count_features,
	    feature_entry, finish_features },
};

static struct entry *
find_entry(struct entries *entries, const char *key)
{
	size_t index = (size_t)names_find(&entries->keys, key);

	return index == 0 ? NULL : &entries->items[index - 1];
}

/* The last one takes the place of what goes. */
static void
remove_entry(struct compiler *c, struct entries *entries, struct entry *entry)
{
	size_t index = (size_t)(entry - entries->items);

	names_remove(&entries->keys, entry->key);
	*entry = entries->items[--entries->n];
	if (index == entries->n)
		return;
	names_remove(&entries->keys, entry->key);
	names_add(c->checker.arena, &entries->keys, entry->key,
	    (void *)(index + 1));
}

static void
add_entry(struct compiler *c, const struct collecting *kind,
    struct entries *entries, struct entry entry)
{
	struct entry *known;

	if (entry.key == NULL)
		return;
	known = find_entry(entries, entry.key);
	if (known == NULL) {
		*arena_push(c->checker.arena, entries->items, entries->n) =
		    entry;
		names_add(c->checker.arena, &entries->keys, entry.key,
		    (void *)entries->n);
		return;
	}
	if (known->part == entry.part)
		report_twice(c, kind->what, &entry, known->at);
	entry.before = known->at;
	*known = entry;
}

static bool
any_broken(const struct part *part)
{
	for (size_t i = 0; i < part->n_ancestry; i++)
		if (part->ancestry[i]->broken)
			return true;
	return false;
}

static void
unknown_undo(struct compiler *c, const struct collecting *kind,
    struct entries *entries, const struct value *value)
{
	const char **words = arena_alloc(c->checker.arena, entries->n + 1,
	    sizeof(*words));
	const char *near;

	if (value->token->broken || any_broken(c->part))
		return;
	for (size_t i = 0; i < entries->n; i++)
		words[i] = entries->items[i].key;
	near = suggest_for(c->checker.diagnostics, value->token->text, words);
	if (near != NULL && near[0] == '/')
		near = arena_printf(c->checker.arena, "\"%s\"", near);
	report_error(c->checker.diagnostics, &value->token->place, near,
	    "no ancestor gives the %s %s", kind->what,
	    quoted(c, value->token->text));
	check_note_use(&c->checker, value);
}

/* What a part takes back; only the part itself answers for its mistakes. */
static void
undo(struct compiler *c, const struct collecting *kind,
    struct entries *entries, const struct part *part, const struct setting *s)
{
	struct values values = check_expand(&c->checker, &s->list);

	for (size_t i = 0; i < values.n; i++) {
		struct entry *known =
		    find_entry(entries, values.items[i].token->text);

		if (known != NULL)
			remove_entry(c, entries, known);
		else if (part == c->part)
			unknown_undo(c, kind, entries, &values.items[i]);
	}
}

static void
collect_part(struct compiler *c, size_t which, struct entries *entries,
    const struct part *part)
{
	const struct collecting *kind = &kinds[which];
	const struct setting *s;

	for (s = part->first[SETTING_UNDO]; s != NULL; s = s->next)
		if (s->choice == which)
			undo(c, kind, entries, part, s);
	for (s = part->first[kind->kind]; s != NULL; s = s->next) {
		size_t n = kind->count(s);

		for (size_t k = 0; k < n; k++) {
			struct entry entry = kind->entry(s, k);

			entry.setting = s;
			entry.index = k;
			entry.part = part;
			add_entry(c, kind, entries, entry);
		}
	}
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return strcmp(a->key, b->key);
}

void
compile_collecting(struct compiler *c)
{
	for (size_t which = 0; which < ARRAY_LENGTH(kinds); which++) {
		struct entries entries = { 0 };

		for (size_t i = c->part->n_ancestry; i-- > 0;)
			collect_part(c, which, &entries, c->part->ancestry[i]);
		/* The order of lines means nothing, so it leaves no trace. */
		if (entries.n != 0)
			qsort(entries.items, entries.n, sizeof(*entries.items),
			    compare_entries);
		kinds[which].finish(c, &entries);
	}
}

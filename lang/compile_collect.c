#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/compile_collect.h"

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

void
collect_report_twice(struct compiler *c, const char *what,
    const struct entry *entry, const struct token *before)
{
	report_error(c->checker.diagnostics, &entry->at->place, NULL,
	    "%s %s is given twice", what, quoted(c, entry->key));
	report_note(c->checker.diagnostics, &before->place,
	    "the first one is here");
}

/* In the order of the words behind `no`. */
static const struct collecting kinds[] = {
	{ SETTING_MOUNT, "mount target", count_one, mount_entry,
	    collect_mounts },
	{ SETTING_DEVICE, "device", count_one, device_entry, collect_devices },
	{ SETTING_ENVIRONMENT, "variable", count_assignments,
	    assignment_entry, collect_environment },
	{ SETTING_SECRET, "secret", count_one, secret_entry, collect_secrets },
	{ SETTING_LIMIT, "limit", count_one, limit_entry, collect_limits },
	{ SETTING_TOLERATE, "tolerated feature", count_features,
	    feature_entry, collect_features },
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
		collect_report_twice(c, kind->what, &entry, known->at);
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

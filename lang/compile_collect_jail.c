/* What a jail has of the settings that were collected for it. */
#include "config.h"

#include <string.h>

#include "lang/compile_collect.h"

#define VARIABLES_MAX 96

/* A wall never moves by the way: an heir that wants another mount at a target
 * takes its ancestor's back first. */
static void
check_replaced(struct compiler *c, const struct entries *entries)
{
	for (size_t i = 0; i < entries->n; i++) {
		const struct entry *e = &entries->items[i];

		if (e->before != NULL)
			collect_report_twice(c, "mount target", e, e->before);
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

void
collect_mounts(struct compiler *c, struct entries *entries)
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

void
collect_devices(struct compiler *c, struct entries *entries)
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

void
collect_secrets(struct compiler *c, struct entries *entries)
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

void
collect_environment(struct compiler *c, struct entries *entries)
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

void
collect_limits(struct compiler *c, struct entries *entries)
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

void
collect_features(struct compiler *c, struct entries *entries)
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

/* Settings that collect: by their keys. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/diff_part.h"
#include "lang/settings_value.h"

/* Rows of one kind in both jails; before or after is NULL where there is
 * none. */
struct collection {
	size_t rows, count;	/* where in struct jail */
	size_t row_size;
	bool (*same_key)(const void *a, const void *b);
	void (*compare)(struct diff *d, const void *before, const void *after);
};

static bool
same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

static bool
same_mount(const void *a, const void *b)
{
	const struct policy_mount *left = a, *right = b;

	return same(left->target, right->target);
}

static char *
mount_text(struct diff *d, const struct policy_mount *mount)
{
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return NULL;
	settings_write_mount(text.out, mount);
	return diff_text_end(d, &text);
}

/* There is one, or there was. */
static void
report_mount(struct diff *d, const struct policy_mount *mount, bool new)
{
	const struct origin *before = new ? NULL : &mount->origin;
	const struct origin *after = new ? &mount->origin : NULL;
	_cleanup_free_ char *text = mount_text(d, mount);

	if (text == NULL)
		return;
	if (mount->mode == MOUNT_HIDDEN)
		diff_report(d, diff_more(!new), before, after, "\"%s\" is %s",
		    mount->target, new ? "hidden" : "no longer hidden");
	else
		diff_report(d, diff_more(new), before, after, "%s: mount %s",
		    new ? "it gets" : "it no longer gets", text);
}

static enum effect
mount_effect(const struct policy_mount *before,
    const struct policy_mount *after)
{
	int more = ((int)after->mode > (int)before->mode) -
	    ((int)after->mode < (int)before->mode);
	int runs = before->noexec - after->noexec;
	int bigger = (after->size_bytes > before->size_bytes) -
	    (after->size_bytes < before->size_bytes);

	if (!same(before->source, after->source) ||
	    before->permissions != after->permissions)
		return EFFECT_CHANGES;
	if (more >= 0 && runs >= 0 && bigger >= 0 && more + runs + bigger > 0)
		return EFFECT_OPENS;
	if (more <= 0 && runs <= 0 && bigger <= 0 && more + runs + bigger < 0)
		return EFFECT_CLOSES;
	return EFFECT_CHANGES;
}

static void
compare_mounts(struct diff *d, const void *left, const void *right)
{
	const struct policy_mount *before = left, *after = right;
	_cleanup_free_ char *was = NULL, *is = NULL;

	if (before == NULL || after == NULL) {
		report_mount(d, before == NULL ? after : before,
		    before == NULL);
		return;
	}
	was = mount_text(d, before);
	is = mount_text(d, after);
	if (was != NULL && is != NULL && strcmp(was, is) != 0)
		diff_report(d, mount_effect(before, after), &before->origin,
		    &after->origin, "mount %s, was %s", is, was);
}

static bool
same_device(const void *a, const void *b)
{
	const struct policy_device *left = a, *right = b;

	return same(left->path, right->path);
}

static void
compare_devices(struct diff *d, const void *left, const void *right)
{
	const struct policy_device *before = left, *after = right;

	if (before == NULL)
		diff_report(d, EFFECT_OPENS, NULL, &after->origin,
		    "it gets the device \"%s\"%s", after->path,
		    after->read_only ? " read-only" : "");
	else if (after == NULL)
		diff_report(d, EFFECT_CLOSES, &before->origin, NULL,
		    "it no longer gets the device \"%s\"", before->path);
	else if (before->read_only != after->read_only)
		diff_report(d, diff_more(before->read_only), &before->origin,
		    &after->origin, "the device \"%s\" is %s", after->path,
		    after->read_only ? "read-only" : "no longer read-only");
	else if (before->optional != after->optional)
		diff_report(d, EFFECT_CHANGES, &before->origin,
		    &after->origin, "the device \"%s\" %s", after->path,
		    after->optional ? "may be missing" : "must be there");
}

static bool
same_variable(const void *a, const void *b)
{
	const struct policy_variable *left = a, *right = b;

	return same(left->name, right->name);
}

static void
compare_variables(struct diff *d, const void *left, const void *right)
{
	const struct policy_variable *before = left, *after = right;

	if (before == NULL)
		diff_report(d, EFFECT_CHANGES, NULL, &after->origin,
		    "%s is \"%s\", was not set", after->name, after->value);
	else if (after == NULL)
		diff_report(d, EFFECT_CHANGES, &before->origin, NULL,
		    "%s is no longer set, was \"%s\"", before->name,
		    before->value);
	else if (!same(before->value, after->value))
		diff_report(d, EFFECT_CHANGES, &before->origin,
		    &after->origin, "%s is \"%s\", was \"%s\"", after->name,
		    after->value, before->value);
}

static bool
same_secret(const void *a, const void *b)
{
	const struct policy_secret *left = a, *right = b;

	return same(left->name, right->name);
}

static void
compare_secrets(struct diff *d, const void *left, const void *right)
{
	const struct policy_secret *before = left, *after = right;

	if (before == NULL)
		diff_report(d, EFFECT_OPENS, NULL, &after->origin,
		    "it gets the secret %s", after->name);
	else if (after == NULL)
		diff_report(d, EFFECT_CLOSES, &before->origin, NULL,
		    "it no longer gets the secret %s", before->name);
	else if (before->kind != after->kind ||
	    !same(before->source, after->source) ||
	    !same(before->target, after->target) ||
	    !same(before->host, after->host))
		diff_report(d, EFFECT_CHANGES, &before->origin,
		    &after->origin, "the secret %s is another, or comes in "
		    "another way", after->name);
}

static bool
same_feature(const void *a, const void *b)
{
	const struct policy_feature *left = a, *right = b;

	return same(left->name, right->name);
}

static void
compare_features(struct diff *d, const void *left, const void *right)
{
	const struct policy_feature *before = left, *after = right;

	if (before == NULL)
		diff_report(d, EFFECT_OPENS, NULL, &after->origin,
		    "a login is let in without %s", after->name);
	else if (after == NULL)
		diff_report(d, EFFECT_CLOSES, &before->origin, NULL,
		    "no login is let in without %s", before->name);
}

static bool
same_publish(const void *a, const void *b)
{
	const struct publish_rule *left = a, *right = b;

	return left->protocol == right->protocol &&
	    left->jail_port == right->jail_port &&
	    left->host_port == right->host_port &&
	    memcmp(&left->host, &right->host, sizeof(left->host)) == 0;
}

static void
compare_publish(struct diff *d, const void *left, const void *right)
{
	const struct publish_rule *before = left, *after = right;
	const struct publish_rule *one = before == NULL ? after : before;

	if (before != NULL && after != NULL)
		return;
	diff_report(d, diff_more(after != NULL), before == NULL ? NULL :
	    &before->origin, after == NULL ? NULL : &after->origin,
	    "port %u of the jail is %s at port %u of the host",
	    one->jail_port, after != NULL ? "reached" : "no longer reached",
	    one->host_port);
}

#define ROWS(rows, count, type, same_key, compare) \
	{ offsetof(struct jail, rows), offsetof(struct jail, count), \
	    sizeof(struct type), same_key, compare }

static const struct collection collections[] = {
	ROWS(mounts, n_mounts, policy_mount, same_mount, compare_mounts),
	ROWS(devices, n_devices, policy_device, same_device, compare_devices),
	ROWS(environment, n_environment, policy_variable, same_variable,
	    compare_variables),
	ROWS(secrets, n_secrets, policy_secret, same_secret, compare_secrets),
	ROWS(tolerated, n_tolerated, policy_feature, same_feature,
	    compare_features),
	ROWS(published, n_published, publish_rule, same_publish,
	    compare_publish),
};

static const char *
rows_of(const struct collection *c, const struct jail *jail, size_t *ret_n)
{
	const char *rows;

	memcpy(&rows, (const char *)jail + c->rows, sizeof(rows));
	memcpy(ret_n, (const char *)jail + c->count, sizeof(*ret_n));
	return rows;
}

static const void *
find_row(const struct collection *c, const struct jail *jail, const void *row)
{
	size_t n;
	const char *rows = rows_of(c, jail, &n);

	for (size_t i = 0; i < n; i++)
		if (c->same_key(rows + i * c->row_size, row))
			return rows + i * c->row_size;
	return NULL;
}

static void
diff_collection(struct diff *d, const struct collection *c)
{
	size_t n;
	const char *rows = rows_of(c, d->new, &n);

	for (size_t i = 0; d->error == 0 && i < n; i++)
		c->compare(d, find_row(c, d->old, rows + i * c->row_size),
		    rows + i * c->row_size);
	rows = rows_of(c, d->old, &n);
	for (size_t i = 0; d->error == 0 && i < n; i++)
		if (find_row(c, d->new, rows + i * c->row_size) == NULL)
			c->compare(d, rows + i * c->row_size, NULL);
}

void
diff_collections(struct diff *d)
{
	for (size_t i = 0; i < ARRAY_LENGTH(collections); i++)
		diff_collection(d, &collections[i]);
}

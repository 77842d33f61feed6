/* Bounds in the language's own words. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "common/cleanup.h"
#include "lang/capability.h"
#include "lang/settings.h"
#include "lang/settings_value.h"
#include "lang/words.h"

static int
write_calls(FILE *out, const char *head, const struct policy_bound *bound)
{
	int r = 0;

	fputs(head, out);
	for (size_t i = 0; r == 0 && i < bound->n_rules; i++) {
		if (i > 0)
			fputs(", ", out);
		r = settings_write_call(out, &bound->rules[i]);
	}
	return r;
}

static void
write_text(FILE *out, const char *text, bool word)
{
	if (word)
		fputs(text, out);
	else
		settings_write_string(out, text, false);
}

/* Names of features and secrets are bare, paths and images are not. */
static bool
is_bare(const struct policy_bound *bound, const char *text)
{
	return bound->kind == BOUND_TOLERATE ||
	    (bound->kind == BOUND_SECRET && text[0] != '/');
}

static int
write_list(FILE *out, const char *head, const struct policy_bound *bound)
{
	static const char *const roots[] = { "host", "empty" };
	const char *separator = "";

	if (bound->n_texts == 0 && bound->value == 0) {
		fprintf(out, "%s none", head);
		return 0;
	}
	fprintf(out, "%s only { ", head);
	for (size_t i = 0; bound->kind == BOUND_ROOT &&
	    i < ARRAY_LENGTH(roots); i++) {
		if ((bound->value & UINT64_C(1) << i) == 0)
			continue;
		fprintf(out, "%s%s", separator, roots[i]);
		separator = ", ";
	}
	for (size_t i = 0; i < bound->n_texts; i++) {
		fputs(separator, out);
		write_text(out, bound->texts[i],
		    is_bare(bound, bound->texts[i]));
		separator = ", ";
	}
	fputs(" }", out);
	return 0;
}

static int
write_capabilities(FILE *out, const char *head,
    const struct policy_bound *bound)
{
	fputs(head, out);
	if (bound->value == 0) {
		fputs("none", out);
		return 0;
	}
	fputs("only { ", out);
	settings_write_bits(out, bound->value, capability_words);
	fputs(" }", out);
	return 0;
}

static int
write_paths(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s { ", head);
	for (size_t i = 0; i < bound->n_texts; i++) {
		fputs(i == 0 ? "" : ", ", out);
		settings_write_string(out, bound->texts[i], false);
	}
	fputs(" }", out);
	return 0;
}

static int
write_limit(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s%s at most ", head,
	    limit_kind_name((enum limit_kind)bound->choice));
	return settings_write_limit_value(out,
	    (enum limit_kind)bound->choice, bound->value);
}

static int
write_tier(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s%s", head, tier_name((enum tier)bound->choice));
	return 0;
}

static int
write_home(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s%s", head,
	    home_mode_name((enum home_mode)bound->choice));
	return 0;
}

static int
write_network(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s%s", head,
	    network_mode_name((enum network_mode)bound->choice));
	return 0;
}

static int
write_profile(FILE *out, const char *head, const struct policy_bound *bound)
{
	fprintf(out, "%s%s", head, syscall_profile_name(
	    (enum syscall_profile)bound->choice));
	return 0;
}

static int
write_flow(FILE *out, const char *head, const struct policy_bound *bound)
{
	fputs(head, out);
	return settings_write_flow(out, &bound->flow);
}

static int
write_persist(FILE *out, const char *head, const struct policy_bound *bound)
{
	fputs(head, out);
	settings_write_persist(out, bound->value);
	return 0;
}

static int
write_audit(FILE *out, const char *head, const struct policy_bound *bound)
{
	fputs(head, out);
	settings_write_bits(out, bound->value, audit_words);
	return 0;
}

/* One row a kind: how its line begins, and what writes it. */
static const struct {
	const char *head;
	int (*write)(FILE *out, const char *head,
	    const struct policy_bound *bound);
} writers[BOUND_KINDS] = {
	[BOUND_TIER] = { "tier at least ", write_tier },
	[BOUND_HOME] = { "home at most ", write_home },
	[BOUND_NETWORK] = { "network at most ", write_network },
	[BOUND_FLOW_DENY] = { "network deny ", write_flow },
	[BOUND_FLOW_ONLY] = { "network only ", write_flow },
	[BOUND_PROFILE] = { "syscalls at least ", write_profile },
	[BOUND_CALLS] = { "syscalls deny ", write_calls },
	[BOUND_MOUNT_ONLY] = { "mount only", write_paths },
	[BOUND_MOUNT_WRITE_ONLY] = { "mount read-write only", write_paths },
	[BOUND_MOUNT_DENY] = { "mount deny", write_paths },
	[BOUND_ROOT] = { "root", write_list },
	[BOUND_DEVICE] = { "device", write_list },
	[BOUND_CAPABILITIES] = { "capabilities ", write_capabilities },
	[BOUND_SECRET] = { "secret", write_list },
	[BOUND_TOLERATE] = { "tolerate", write_list },
	[BOUND_LIMIT] = { "limit ", write_limit },
	[BOUND_PERSIST] = { "persist at most ", write_persist },
	[BOUND_AUDIT] = { "audit at least ", write_audit },
};

int
settings_write_bound(FILE *out, const struct policy_bound *bound)
{
	if ((size_t)bound->kind >= BOUND_KINDS)
		return -EINVAL;
	return writers[bound->kind].write(out, writers[bound->kind].head,
	    bound);
}

static int
hand_over(const char *name, const struct policy_bound *bound,
    int (*take)(const struct setting_line *line, void *context),
    void *context)
{
	struct setting_line line = { .kind = LINE_SETTING, .name = name,
		.origin = &bound->origin };
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int r;

	if (out == NULL)
		return -ENOMEM;
	r = settings_write_bound(out, bound);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	line.value = text;
	return r < 0 ? r : take(&line, context);
}

int
ceilings_each(const struct jail *jail,
    int (*take)(const struct setting_line *line, void *context),
    void *context)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < jail->n_ceilings; i++) {
		const struct policy_ceiling *ceiling = jail->ceilings[i];
		_cleanup_free_ char *name = NULL;

		if (asprintf(&name, "ceiling%s%s", ceiling->name == NULL ? ""
		    : " ", ceiling->name == NULL ? "" : ceiling->name) < 0)
			return -ENOMEM;
		for (size_t k = 0; r == 0 && k < ceiling->n_bounds; k++)
			r = hand_over(name, &ceiling->bounds[k], take,
			    context);
	}
	return r;
}

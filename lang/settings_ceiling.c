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
write_calls(FILE *out, const struct policy_bound *bound)
{
	int r = 0;

	fputs("syscalls deny ", out);
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
write_capabilities(FILE *out, const struct policy_bound *bound)
{
	if (bound->value == 0) {
		fputs("capabilities none", out);
		return 0;
	}
	fputs("capabilities only { ", out);
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
write_limit(FILE *out, const struct policy_bound *bound)
{
	fprintf(out, "limit %s at most ",
	    limit_kind_name((enum limit_kind)bound->choice));
	return settings_write_limit_value(out,
	    (enum limit_kind)bound->choice, bound->value);
}

int
settings_write_bound(FILE *out, const struct policy_bound *bound)
{
	switch (bound->kind) {
	case BOUND_TIER:
		fprintf(out, "tier at least %s",
		    tier_name((enum tier)bound->choice));
		return 0;
	case BOUND_HOME:
		fprintf(out, "home at most %s",
		    home_mode_name((enum home_mode)bound->choice));
		return 0;
	case BOUND_NETWORK:
		fprintf(out, "network at most %s",
		    network_mode_name((enum network_mode)bound->choice));
		return 0;
	case BOUND_FLOW_DENY:
		fputs("network deny ", out);
		return settings_write_flow(out, &bound->flow);
	case BOUND_FLOW_ONLY:
		fputs("network only ", out);
		return settings_write_flow(out, &bound->flow);
	case BOUND_PROFILE:
		fprintf(out, "syscalls at least %s", syscall_profile_name(
		    (enum syscall_profile)bound->choice));
		return 0;
	case BOUND_CALLS:
		return write_calls(out, bound);
	case BOUND_MOUNT_ONLY:
		return write_paths(out, "mount only", bound);
	case BOUND_MOUNT_WRITE_ONLY:
		return write_paths(out, "mount read-write only", bound);
	case BOUND_MOUNT_DENY:
		return write_paths(out, "mount deny", bound);
	case BOUND_ROOT:
		return write_list(out, "root", bound);
	case BOUND_DEVICE:
		return write_list(out, "device", bound);
	case BOUND_CAPABILITIES:
		return write_capabilities(out, bound);
	case BOUND_SECRET:
		return write_list(out, "secret", bound);
	case BOUND_TOLERATE:
		return write_list(out, "tolerate", bound);
	case BOUND_LIMIT:
		return write_limit(out, bound);
	case BOUND_PERSIST:
		fputs("persist at most ", out);
		settings_write_persist(out, bound->value);
		return 0;
	case BOUND_AUDIT:
		fputs("audit at least ", out);
		settings_write_bits(out, bound->value, audit_words);
		return 0;
	case BOUND_KINDS:
		break;
	}
	return -EINVAL;
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

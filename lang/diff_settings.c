/* Settings that a jail has once, and those that collect. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/capability.h"
#include "lang/diff_part.h"
#include "lang/settings_value.h"
#include "lang/words.h"

static bool
same(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

/* Enums whose larger values are the more open ones. */
#define ORDERED(function, name, member, words) \
	static void \
	function(struct diff *d) \
	{ \
		unsigned before = d->old->member, after = d->new->member; \
		if (before != after) \
			diff_report(d, diff_more(after > before), \
			    &d->old->member##_origin, \
			    &d->new->member##_origin, \
			    "the " name " is %s, was %s", words(after), \
			    words(before)); \
	}

ORDERED(diff_tier, "tier", tier, tier_name)
ORDERED(diff_mode, "mode", mode, mode_name)
ORDERED(diff_network, "network", network, network_mode_name)
ORDERED(diff_profile, "profile of system calls", syscalls,
    syscall_profile_name)

/* Texts of which none is more open than another. */
#define TEXT(member, fallback) \
	static void \
	diff_##member(struct diff *d) \
	{ \
		const char *before = d->old->member, *after = d->new->member; \
		if (!same(before, after)) \
			diff_report(d, EFFECT_CHANGES, \
			    &d->old->member##_origin, \
			    &d->new->member##_origin, \
			    "the " #member " is %s, was %s", \
			    after != NULL ? after : fallback, \
			    before != NULL ? before : fallback); \
	}

TEXT(shell, "the account's own")
TEXT(hostname, "the jail's name")
TEXT(workdir, "the home")

static void
diff_home(struct diff *d)
{
	const struct jail *before = d->old, *after = d->new;

	if (before->home == after->home &&
	    before->home_fresh == after->home_fresh)
		return;
	diff_report(d, before->home == after->home ? EFFECT_CHANGES :
	    diff_more(after->home > before->home), &before->home_origin,
	    &after->home_origin, "the home is %s%s, was %s%s",
	    home_mode_name(after->home), after->home_fresh ? " fresh" : "",
	    home_mode_name(before->home), before->home_fresh ? " fresh" : "");
}

static char *
root_text(struct diff *d, const struct jail *jail)
{
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return NULL;
	settings_write_root(text.out, jail);
	return diff_text_end(d, &text);
}

static void
diff_root(struct diff *d)
{
	_cleanup_free_ char *before = root_text(d, d->old);
	_cleanup_free_ char *after = root_text(d, d->new);

	if (before != NULL && after != NULL && strcmp(before, after) != 0)
		diff_report(d, EFFECT_CHANGES, &d->old->root_origin,
		    &d->new->root_origin, "the root is %s, was %s", after,
		    before);
}

static void
diff_umask(struct diff *d)
{
	uint32_t before = d->old->umask, after = d->new->umask;
	enum effect effect = EFFECT_CHANGES;

	if (before == after)
		return;
	if ((before & after) == after)
		effect = EFFECT_OPENS;
	else if ((before & after) == before)
		effect = EFFECT_CLOSES;
	diff_report(d, effect, &d->old->umask_origin, &d->new->umask_origin,
	    "the umask is %03" PRIo32 ", was %03" PRIo32, after, before);
}

static void
report_bits(struct diff *d, enum effect effect, uint64_t bits,
    const char *const *words, const struct origin *before,
    const struct origin *after, const char *what)
{
	_cleanup_free_ char *names = NULL;
	struct diff_text text;

	if (bits == 0 || !diff_text_begin(d, &text))
		return;
	settings_write_bits(text.out, bits, words);
	names = diff_text_end(d, &text);
	if (names != NULL)
		diff_report(d, effect, before, after, "%s %s", what, names);
}

static void
diff_capabilities(struct diff *d)
{
	const struct jail *before = d->old, *after = d->new;

	report_bits(d, EFFECT_OPENS, after->capabilities &
	    ~before->capabilities, capability_words,
	    &before->capabilities_origin, &after->capabilities_origin,
	    "it may have the capabilities");
	report_bits(d, EFFECT_CLOSES, before->capabilities &
	    ~after->capabilities, capability_words,
	    &before->capabilities_origin, &after->capabilities_origin,
	    "it may no longer have the capabilities");
}

static void
diff_audit(struct diff *d)
{
	const struct jail *before = d->old, *after = d->new;

	report_bits(d, EFFECT_OPENS, before->audit & ~after->audit,
	    audit_words, &before->audit_origin, &after->audit_origin,
	    "no longer recorded:");
	report_bits(d, EFFECT_CLOSES, after->audit & ~before->audit,
	    audit_words, &before->audit_origin, &after->audit_origin,
	    "now recorded:");
}

static void
diff_persist(struct diff *d)
{
	uint64_t seconds[2] = { d->new->persist_seconds,
		d->old->persist_seconds };
	_cleanup_free_ char *words = NULL;
	struct diff_text text;

	if (seconds[0] == seconds[1] || !diff_text_begin(d, &text))
		return;
	fputs("it persists: ", text.out);
	settings_write_persist(text.out, seconds[0]);
	fputs(", was ", text.out);
	settings_write_persist(text.out, seconds[1]);
	words = diff_text_end(d, &text);
	if (words != NULL)
		diff_report(d, diff_more(seconds[0] > seconds[1]),
		    &d->old->persist_origin, &d->new->persist_origin, "%s",
		    words);
}

static char *
limit_text(struct diff *d, const struct jail *jail, enum limit_kind kind)
{
	struct diff_text text;

	if (!diff_text_begin(d, &text))
		return NULL;
	settings_write_limit(text.out, kind, jail->limits[kind].value);
	return diff_text_end(d, &text);
}

static void
diff_limit(struct diff *d, enum limit_kind kind)
{
	const struct policy_limit *before = &d->old->limits[kind];
	const struct policy_limit *after = &d->new->limits[kind];
	_cleanup_free_ char *was = limit_text(d, d->old, kind);
	_cleanup_free_ char *is = limit_text(d, d->new, kind);

	if (was == NULL || is == NULL || (!before->set && !after->set))
		return;
	if (!after->set)
		diff_report(d, EFFECT_OPENS, &before->origin, NULL,
		    "there is no limit of %s, was %s", limit_kind_name(kind),
		    strchr(was, ' ') + 1);
	else if (!before->set)
		diff_report(d, EFFECT_CLOSES, NULL, &after->origin,
		    "the limit of %s is %s, was none", limit_kind_name(kind),
		    strchr(is, ' ') + 1);
	else if (before->value != after->value)
		diff_report(d, diff_more(after->value > before->value),
		    &before->origin, &after->origin,
		    "the limit of %s is %s, was %s", limit_kind_name(kind),
		    strchr(is, ' ') + 1, strchr(was, ' ') + 1);
}

static void
diff_limits(struct diff *d)
{
	for (unsigned i = 0; i < LIMIT_KINDS; i++)
		diff_limit(d, (enum limit_kind)i);
}

void
diff_singles(struct diff *d)
{
	static void (*const rows[])(struct diff *diff) = {
		diff_tier, diff_mode, diff_root, diff_shell, diff_hostname,
		diff_workdir, diff_umask, diff_home, diff_network,
		diff_profile, diff_capabilities, diff_audit,
		diff_persist, diff_limits
	};

	for (size_t i = 0; d->error == 0 && i < ARRAY_LENGTH(rows); i++)
		rows[i](d);
}

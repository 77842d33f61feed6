/* A compiled jail as the lines of its block, in one order and one wording:
 * what is dumped, explained and shown as JSON. */
#ifndef LANG_SETTINGS_H
#define LANG_SETTINGS_H

#include <stdbool.h>
#include <stdio.h>

#include "lang/policy.h"

enum setting_line_kind {
	LINE_SETTING = 0,
	LINE_BLOCK,		/* a setting whose rules follow */
	LINE_RULE,		/* its name is the block's */
	LINE_END,		/* of the block: no name, no value */
};

/* Lives as long as the call that it is handed to. */
struct setting_line {
	enum setting_line_kind kind;
	const char *name;	/* "tier" */
	const char *value;	/* "namespace"; as a policy says it */
	const struct origin *origin;
	bool of_ceiling;	/* a rule that a ceiling puts in front */
};

/* Hands each effective setting to take, which returns 0 or the -errno that
 * ends it.  0; -ENOMEM; -EINVAL when the language has no words for a value:
 * no policy that was compiled holds such. */
int settings_each(const struct jail *jail,
    int (*take)(const struct setting_line *line, void *context),
    void *context);

/* The same for the bounds of the ceilings above the jail: each is a setting
 * named "ceiling" or "ceiling NAME". */
int ceilings_each(const struct jail *jail,
    int (*take)(const struct setting_line *line, void *context),
    void *context);

#endif

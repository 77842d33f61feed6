/* What match lines speak of: values that stand for all users, groups,
 * services and addresses that they tell apart. */
#ifndef LANG_DIFF_SAMPLES_H
#define LANG_DIFF_SAMPLES_H

#include "lang/diff_part.h"

/* One value that a criterion may have, and what stands for it. */
struct sample {
	char *label;		/* as the policy says it; NULL: not named */
	char *value;		/* a user, a group, an address; "": none */
	enum service_class service;
};

struct samples {
	struct sample *items;
	size_t n;
};

struct login_samples {
	struct samples users, groups, services, from;
};

/* Adds what a line names; errors are the diff's. */
void login_samples_add(struct diff *diff, struct login_samples *samples,
    const struct match_rule *rule);

/* Adds what no line names, behind all that they do. */
void login_samples_add_others(struct diff *diff,
    struct login_samples *samples);

void login_samples_free(struct login_samples *samples);

#endif

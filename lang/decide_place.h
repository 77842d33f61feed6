/* What is at a path of a jail (decide_place.c), for decide_path.c. */
#ifndef LANG_DECIDE_PLACE_H
#define LANG_DECIDE_PLACE_H

#include "lang/decide_part.h"

/* The best answer so far to: what is at path? */
struct place_found {
	const char *path;
	size_t length;		/* of the place that holds the path */
	bool some;
	unsigned rights;
	const struct origin *origin;
	const char *what;
	bool is_above;		/* some place lies below the path */
};

struct paths {
	const struct jail *jail;
	const struct template_values *account;
	const char *const *kept;
	struct place_found found;
	const char *variable;	/* that had no value */
	const struct policy_bound *refused;	/* a source is outside of it */
};

/* The template with the account's values (free()); NULL: p->variable has
 * none, or there is no memory. */
char *place_expand(struct paths *p, const char *template);

/* Sets p->found: the longest place that holds the path. */
void place_find(struct paths *p, const char *path);

#endif

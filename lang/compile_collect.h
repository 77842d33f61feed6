/* Settings that collect: compile_collect.c goes through the ancestors,
 * compile_collect_jail.c makes of them what the jail has. */
#ifndef LANG_COMPILE_COLLECT_H
#define LANG_COMPILE_COLLECT_H

#include "lang/compile.h"

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

/* Reports that one part gives a key twice. */
void collect_report_twice(struct compiler *c, const char *what,
    const struct entry *entry, const struct token *before);

void collect_mounts(struct compiler *c, struct entries *entries);
void collect_devices(struct compiler *c, struct entries *entries);
void collect_secrets(struct compiler *c, struct entries *entries);
void collect_environment(struct compiler *c, struct entries *entries);
void collect_limits(struct compiler *c, struct entries *entries);
void collect_features(struct compiler *c, struct entries *entries);

#endif

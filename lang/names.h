/* From names to what they name: a hash table in the arena.  The first
 * definition of a name is the one that is found. */
#ifndef LANG_NAMES_H
#define LANG_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct name_slot {
	const char *key;	/* NULL: free */
	void *value;
};

/* Zeroed: empty. */
struct names {
	struct name_slot *slots;
	size_t n_slots, n;
};

/* The value of the name; NULL when there is none. */
void *names_find(const struct names *names, const char *key);

/* Adds the name, which must live as long, when it is new.  The value that the
 * name has then. */
void *names_add(struct arena *arena, struct names *names, const char *key,
    void *value);

/* Takes the name out, when it is there. */
void names_remove(struct names *names, const char *key);

#endif

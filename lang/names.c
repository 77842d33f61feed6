#include "config.h"

#include <string.h>

#include "lang/arena.h"
#include "lang/names.h"

#define FIRST_SLOTS 16

/* FNV-1a, folded. */
static size_t
hash(const char *key)
{
	uint64_t value = UINT64_C(0xcbf29ce484222325);

	for (; *key != '\0'; key++)
		value = (value ^ (unsigned char)*key) *
		    UINT64_C(0x100000001b3);
	return (size_t)(value ^ value >> 32);
}

/* The slot of the key, or the free one where it belongs. */
static size_t
slot_of(const struct names *names, const char *key)
{
	size_t i = hash(key) & (names->n_slots - 1);

	while (names->slots[i].key != NULL &&
	    strcmp(names->slots[i].key, key) != 0)
		i = (i + 1) & (names->n_slots - 1);
	return i;
}

void *
names_find(const struct names *names, const char *key)
{
	return names->n_slots == 0 ? NULL :
	    names->slots[slot_of(names, key)].value;
}

static void
grow(struct arena *arena, struct names *names)
{
	struct names larger = { .n = names->n,
		.n_slots = names->n_slots == 0 ? FIRST_SLOTS :
		    names->n_slots * 2 };

	larger.slots = arena_alloc(arena, larger.n_slots,
	    sizeof(*larger.slots));
	for (size_t i = 0; i < names->n_slots; i++)
		if (names->slots[i].key != NULL)
			larger.slots[slot_of(&larger, names->slots[i].key)] =
			    names->slots[i];
	*names = larger;
}

void *
names_add(struct arena *arena, struct names *names, const char *key,
    void *value)
{
	struct name_slot *slot;

	if (names->n * 2 >= names->n_slots)
		grow(arena, names);
	slot = &names->slots[slot_of(names, key)];
	if (slot->key != NULL)
		return slot->value;
	*slot = (struct name_slot) { key, value };
	names->n++;
	return value;
}

/* What stands behind moves up, or it would not be found any more. */
void
names_remove(struct names *names, const char *key)
{
	size_t i = names->n_slots == 0 ? 0 : slot_of(names, key);

	if (names->n_slots == 0 || names->slots[i].key == NULL)
		return;
	names->slots[i] = (struct name_slot) { 0 };
	names->n--;
	for (;;) {
		struct name_slot moved;

		i = (i + 1) & (names->n_slots - 1);
		moved = names->slots[i];
		if (moved.key == NULL)
			return;
		names->slots[i] = (struct name_slot) { 0 };
		names->slots[slot_of(names, moved.key)] = moved;
	}
}

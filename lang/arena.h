/* Memory that lives and dies together: everything of one policy.
 *
 * What is made while a policy is loaded is never released singly, so nobody
 * has to say who owns a token or a string.  Allocation has no error to look
 * at: it happens inside arena_guard(), which is left at once when memory is
 * short or the policy is larger than the arena may become. */
#ifndef LANG_ARENA_H
#define LANG_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* An empty arena that may hold max_bytes; NULL without memory. */
struct arena *arena_new(size_t max_bytes);

/* Lets the arena become larger. */
void arena_allow(struct arena *arena, size_t more_bytes);

/* Releases the arena and all that is in it; NULL is fine. */
void arena_free(struct arena *arena);

/* Calls work(context).  0, or -ENOMEM when an allocation in it failed: work
 * was then left where it stood, so it must hold nothing but the arena's
 * memory while it allocates. */
int arena_guard(struct arena *arena, void (*work)(void *context),
    void *context);

/* Leaves the innermost arena_guard() with -ENOMEM. */
_Noreturn void arena_fail(struct arena *arena);

/* n zeroed objects of size bytes; never NULL.  Only inside arena_guard(). */
void *arena_alloc(struct arena *arena, size_t n, size_t size);

/* The same for who holds other things: NULL without memory. */
void *arena_try_alloc(struct arena *arena, size_t n, size_t size);

char *arena_strndup(struct arena *arena, const char *string, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3), nonnull));
char *arena_vprintf(struct arena *arena, const char *format,
    va_list arguments) __attribute__((format(printf, 2, 0), nonnull(1, 2)));

/* Room for one more behind the n elements of an array that only this made:
 * the array, or a larger copy. */
void *arena_grow(struct arena *arena, void *array, size_t n, size_t size);

/* Appends: a pointer to the new, zeroed element of array, which has n. */
#define arena_push(arena, array, n) \
	((array) = arena_grow((arena), (array), (n), sizeof(*(array))), \
	    &(array)[(n)++])

#endif

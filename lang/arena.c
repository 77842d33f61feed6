#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/arena.h"

#define CHUNK_BYTES 65536
#define ALIGNMENT 16
#define FIRST_ELEMENTS 2

struct chunk {
	struct chunk *next;
	size_t size, used;	/* of the bytes behind this head */
	_Alignas(ALIGNMENT) char bytes[];
};

struct arena {
	struct chunk *chunks;	/* the newest first */
	size_t left_bytes;
	jmp_buf *guard;
};

struct arena *
arena_new(size_t max_bytes)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (arena != NULL)
		arena->left_bytes = max_bytes;
	return arena;
}

void
arena_allow(struct arena *arena, size_t more_bytes)
{
	arena->left_bytes += more_bytes;
}

void
arena_free(struct arena *arena)
{
	struct chunk *next;

	if (arena == NULL)
		return;
	for (struct chunk *chunk = arena->chunks; chunk != NULL; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(arena);
}

int
arena_guard(struct arena *arena, void (*work)(void *context), void *context)
{
	jmp_buf *outer = arena->guard;
	jmp_buf here;

	if (setjmp(here) != 0) {
		arena->guard = outer;
		return -ENOMEM;
	}
	arena->guard = &here;
	work(context);
	arena->guard = outer;
	return 0;
}

void
arena_fail(struct arena *arena)
{
	longjmp(*arena->guard, 1);
}

static struct chunk *
add_chunk(struct arena *arena, size_t bytes)
{
	size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	struct chunk *chunk;

	if (size > arena->left_bytes)
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + size);
	if (chunk == NULL)
		return NULL;
	arena->left_bytes -= size;
	chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *
arena_try_alloc(struct arena *arena, size_t n, size_t size)
{
	struct chunk *chunk = arena->chunks;
	size_t bytes;
	void *taken;

	if (__builtin_mul_overflow(n, size, &bytes) ||
	    bytes > SIZE_MAX - sizeof(*chunk) - ALIGNMENT)
		return NULL;
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (chunk == NULL || chunk->size - chunk->used < bytes)
		chunk = add_chunk(arena, bytes);
	if (chunk == NULL)
		return NULL;
	taken = chunk->bytes + chunk->used;
	chunk->used += bytes;
	return taken;
}

void *
arena_alloc(struct arena *arena, size_t n, size_t size)
{
	void *taken = arena_try_alloc(arena, n, size);

	if (taken == NULL)
		arena_fail(arena);
	return taken;
}

char *
arena_strndup(struct arena *arena, const char *string, size_t length)
{
	char *copy = arena_alloc(arena, length + 1, 1);

	memcpy(copy, string, length);
	return copy;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)
		arena_fail(arena);
	text = arena_alloc(arena, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	/* A failure leaves past va_end(), which releases nothing here. */
	va_start(arguments, format);
	text = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return text;
}

/* The room of an array follows from its length: it doubles at each power of
 * two, so no capacity has to be kept beside it. */
void *
arena_grow(struct arena *arena, void *array, size_t n, size_t size)
{
	void *larger;

	if (n != 0 && (n < FIRST_ELEMENTS || (n & (n - 1)) != 0))
		return array;
	larger = arena_alloc(arena, n == 0 ? FIRST_ELEMENTS : n * 2, size);
	if (n != 0)
		memcpy(larger, array, n * size);
	return larger;
}

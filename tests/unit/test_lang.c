/* The small parts below the language: memory, characters, hashes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/arena.h"
#include "lang/names.h"
#include "lang/diagnostics.h"
#include "lang/sha256.h"
#include "lang/utf8.h"

/* Examples of FIPS 180-4's validation set, and lengths around a block. */
static const struct {
	char letter;
	size_t length;
	const char *hex;
} hashes[] = {
	{ 'a', 0, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ 'a', 1, "ca978112ca1bbdcafac231b39a23dc4d"
	    "a786eff8147c4e72b9807785afee48bb" },
	{ 'a', 55, "9f4390f8d30c2dd92ec9f095b65e2b9a"
	    "e9b0a925a5258e241c9f1e910f734318" },
	{ 'a', 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f"
	    "590ce20f1bde7090ef7970686ec6738a" },
	{ 'a', 64, "ffe054fe7ae0cb6dc65c3af9b61d5209"
	    "f439851db43d0ba5997337df154668eb" },
	{ 'a', 1000000, "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0" },
};

static void
test_sha256(void **state)
{
	char hex[65];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(hashes); i++) {
		_cleanup_free_ char *text = malloc(hashes[i].length + 1);

		assert_non_null(text);
		memset(text, hashes[i].letter, hashes[i].length);
		sha256_hex(text, hashes[i].length, hex);
		assert_string_equal(hex, hashes[i].hex);
	}
	sha256_hex("abc", 3, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}

static const struct {
	const char *bytes;
	unsigned length, width;	/* length 0: invalid */
	uint32_t code;
} characters[] = {
	{ "a", 1, 1, 'a' },
	{ "\xc3\xa9", 2, 1, 0xe9 },
	{ "\xe6\x97\xa5", 3, 2, 0x65e5 },
	{ "\xf0\x9f\x98\x80", 4, 2, 0x1f600 },
	{ "\xcc\x81", 2, 0, 0x301 },
	{ "\xc0\xaf", 0, 1, 0 },		/* not the shortest form */
	{ "\xe0\x80\xaf", 0, 1, 0 },
	{ "\xed\xa0\x80", 0, 1, 0 },	/* a surrogate */
	{ "\xf4\x90\x80\x80", 0, 1, 0 },	/* above U+10FFFF */
	{ "\x80", 0, 1, 0 },
	{ "\xe6\x97", 0, 1, 0 },		/* cut off */
	{ "\xff", 0, 1, 0 },
};

static void
test_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(characters); i++) {
		const char *bytes = characters[i].bytes;
		uint32_t code = 0;

		assert_int_equal(utf8_decode(bytes, strlen(bytes), &code),
		    characters[i].length);
		assert_int_equal(code, characters[i].code);
		assert_int_equal(utf8_width(bytes), characters[i].width);
	}
}

static void
test_suggest(void **state)
{
	static const char *const words[] = {
		"mount", "mode", "home", "tcp", "environment", NULL
	};

	(void)state;
	assert_string_equal(suggest("muont", words), "mount");
	assert_string_equal(suggest("hom", words), "home");
	assert_string_equal(suggest("tpc", words), "tcp");
	assert_string_equal(suggest("enviroment", words), "environment");
	assert_null(suggest("syscalls", words));
	assert_null(suggest("x", words));
	assert_null(suggest("", words));
}

static void
take_all(void *context)
{
	struct arena *arena = context;

	for (;;)
		memset(arena_alloc(arena, 1000, 1), 1, 1000);
}

static void
take_one(void *context)
{
	char **ret = context;
	struct arena *arena = (struct arena *)(void *)*ret;

	*ret = arena_printf(arena, "%s-%d", "a", 5);
}

static void
test_arena(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	char *text = (char *)(void *)arena;

	(void)state;
	assert_non_null(arena);
	assert_int_equal(arena_guard(arena, take_one, &text), 0);
	assert_string_equal(text, "a-5");
	assert_null(arena_try_alloc(arena, SIZE_MAX / 2, 4));
	assert_int_equal(arena_guard(arena, take_all, arena), -ENOMEM);
	assert_int_equal(arena_guard(arena, take_all, arena), -ENOMEM);
	assert_string_equal(text, "a-5");
	arena_free(arena);
	arena_free(NULL);
}

struct numbers {
	struct arena *arena;
	unsigned *items;
	size_t n;
};

static void
push_numbers(void *context)
{
	struct numbers *numbers = context;

	for (unsigned i = 0; i < 1000; i++) {
		unsigned *item = arena_push(numbers->arena, numbers->items,
		    numbers->n);

		assert_int_equal(*item, 0);
		*item = i;
	}
}

static void
test_arena_push(void **state)
{
	struct numbers numbers = { .arena = arena_new(1 << 20) };

	(void)state;
	assert_int_equal(arena_guard(numbers.arena, push_numbers, &numbers),
	    0);
	assert_int_equal(numbers.n, 1000);
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(numbers.items[i], i);
	arena_free(numbers.arena);
}

/* The first of a name stays, and what is taken out leaves the others. */
static void
add_names(void *context)
{
	static char keys[500][8];
	struct names names = { 0 };
	struct arena *arena = context;

	assert_null(names_find(&names, "a"));
	names_remove(&names, "a");
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%zu", i);
		assert_ptr_equal(names_add(arena, &names, keys[i], keys[i]),
		    keys[i]);
	}
	assert_ptr_equal(names_add(arena, &names, "k7", arena), keys[7]);
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i += 3)
		names_remove(&names, keys[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++)
		assert_ptr_equal(names_find(&names, keys[i]),
		    i % 3 == 0 ? NULL : keys[i]);
}

static void
test_names(void **state)
{
	struct arena *arena = arena_new(1 << 20);

	(void)state;
	assert_non_null(arena);
	assert_int_equal(arena_guard(arena, add_names, arena), 0);
	arena_free(arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_suggest),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_push),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

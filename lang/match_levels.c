#include "config.h"

#include <arpa/inet.h>

#include <string.h>

#include "lang/arena.h"
#include "lang/match_part.h"

#define PIECE_MAX 32	/* letters of a glob that it is found by */
#define SHAPES_MAX 64

#define PIECE_KEY_BYTES (3 + 3 * PIECE_MAX + 1)

/* No byte of a shape is a zero, and its letters stand behind it: two keys are
 * the same only when they mean the same. */
static size_t
piece_key(char key[PIECE_KEY_BYTES], const struct match_shape *shape,
    const char *begin, const char *inner, const char *end)
{
	char *out = key;

	*out++ = (char)(shape->begin + 1);
	*out++ = (char)(shape->inner + 1);
	*out++ = (char)(shape->end + 1);
	out = mempcpy(out, begin, shape->begin);
	out = mempcpy(out, inner, shape->inner);
	out = mempcpy(out, end, shape->end);
	*out = '\0';
	return (size_t)(out - key);
}

static unsigned char
piece_length(size_t length)
{
	return (unsigned char)(length > PIECE_MAX ? PIECE_MAX : length);
}

/* The longest run of letters between the first and the last sign. */
static const char *
longest_inner(const char *first, const char *last, size_t *ret_length)
{
	const char *found = first;

	*ret_length = 0;
	while (first < last) {
		size_t length = strcspn(++first, "*?");

		if (length > *ret_length && first < last) {
			found = first;
			*ret_length = length;
		}
		first += length;
	}
	return found;
}

/* False: there are so many that this one is found by its beginning alone. */
static bool
know_shape(const struct match_building *b, struct match_split *split,
    const struct match_shape *shape)
{
	for (size_t i = 0; i < split->n_shapes; i++)
		if (memcmp(&split->shapes[i], shape, sizeof(*shape)) == 0)
			return true;
	if (split->n_shapes >= SHAPES_MAX &&
	    (shape->inner != 0 || shape->end != 0))
		return false;
	*arena_push(b->arena, split->shapes, split->n_shapes) = *shape;
	return true;
}

static void
add_glob(const struct match_building *b, struct match_split *split,
    const char *glob, uint32_t line)
{
	const char *first = glob + strcspn(glob, "*?");
	const char *end = glob + strlen(glob), *last = end, *inner;
	char key[PIECE_KEY_BYTES];
	struct match_shape shape;
	size_t inner_length;

	while (strchr("*?", *--last) == NULL)
		;
	inner = longest_inner(first, last, &inner_length);
	shape = (struct match_shape) { piece_length((size_t)(first - glob)),
		piece_length(inner_length),
		piece_length((size_t)(end - (last + 1))) };
	if (!know_shape(b, split, &shape)) {
		shape.inner = shape.end = 0;
		know_shape(b, split, &shape);
	}
	match_key_add(b, &split->pieces, key, piece_key(key, &shape, glob,
	    inner, end - shape.end), line);
}

static void
add_patterns(const struct match_building *b, struct match_split *split,
    const struct name_pattern *patterns, size_t n, uint32_t line)
{
	for (size_t i = 0; i < n; i++)
		if (patterns[i].glob &&
		    strpbrk(patterns[i].pattern, "*?") != NULL)
			add_glob(b, split, patterns[i].pattern, line);
		else
			match_key_add(b, &split->whole, patterns[i].pattern, 0,
			    line);
}

static void
find_name(const struct match_split *split, const char *name,
    const struct match_finding *f)
{
	size_t length = strlen(name);

	match_node_find(names_find(&split->whole, name), f);
	for (size_t i = 0; i < split->n_shapes; i++) {
		const struct match_shape *shape = &split->shapes[i];
		size_t inner = shape->begin;
		char key[PIECE_KEY_BYTES];

		for (; inner + shape->inner + shape->end <= length; inner++) {
			piece_key(key, shape, name, name + inner,
			    name + length - shape->end);
			match_node_find(names_find(&split->pieces, key), f);
			if (shape->inner == 0)
				break;
		}
	}
}

static size_t
count_users(const struct match_rule *rule)
{
	return rule->n_users;
}

static void
add_users(const struct match_building *b, struct match_split *split,
    const struct match_rule *rule, uint32_t line)
{
	add_patterns(b, split, rule->users, rule->n_users, line);
}

static void
find_user(const struct match_split *split, const struct match_finding *f)
{
	find_name(split, f->login->user, f);
}

static size_t
count_groups(const struct match_rule *rule)
{
	return rule->n_groups;
}

static void
add_groups(const struct match_building *b, struct match_split *split,
    const struct match_rule *rule, uint32_t line)
{
	add_patterns(b, split, rule->groups, rule->n_groups, line);
}

static void
find_groups(const struct match_split *split, const struct match_finding *f)
{
	for (size_t i = 0; i < f->login->n_groups; i++)
		find_name(split, f->login->groups[i], f);
}

/* --- services --- */

static size_t
count_services(const struct match_rule *rule)
{
	return rule->n_services;
}

static void
add_services(const struct match_building *b, struct match_split *split,
    const struct match_rule *rule, uint32_t line)
{
	for (size_t i = 0; i < rule->n_services; i++)
		match_key_add(b, &split->whole,
		    service_class_name(rule->services[i]), 0, line);
}

static void
find_service(const struct match_split *split, const struct match_finding *f)
{
	match_node_find(names_find(&split->whole,
	    service_class_name(f->login->service)), f);
}

/* --- where from --- */

#define NETWORK_KEY_BYTES (2 * sizeof(struct in6_addr) + 8)

/* In hexadecimal digits: a zero would end the key. */
static size_t
network_key(char key[NETWORK_KEY_BYTES], const struct match_width *width,
    const struct address_range *address)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = (const unsigned char *)&address->address;
	char *out = key;

	*out++ = width->family == AF_INET ? '4' : width->family == 0 ? 'l' :
	    '6';
	*out++ = (char)(' ' + width->bits / 16);
	*out++ = digits[width->bits % 16];
	for (unsigned bit = 0; bit < width->bits; bit += 8) {
		unsigned left = width->bits - bit;
		unsigned byte = left >= 8 ? bytes[bit / 8] :
		    bytes[bit / 8] & (0xff00u >> left);

		*out++ = digits[byte >> 4 & 15];
		*out++ = digits[byte & 15];
	}
	*out = '\0';
	return (size_t)(out - key);
}

static void
know_width(const struct match_building *b, struct match_split *split,
    const struct match_width *width)
{
	for (size_t i = 0; i < split->n_widths; i++)
		if (split->widths[i].family == width->family &&
		    split->widths[i].bits == width->bits)
			return;
	*arena_push(b->arena, split->widths, split->n_widths) = *width;
}

static size_t
count_from(const struct match_rule *rule)
{
	return rule->n_from;
}

static void
add_from(const struct match_building *b, struct match_split *split,
    const struct match_rule *rule, uint32_t line)
{
	char key[NETWORK_KEY_BYTES];

	for (size_t i = 0; i < rule->n_from; i++) {
		const struct match_width width = { rule->from[i].family,
			rule->from[i].prefix_bits };

		know_width(b, split, &width);
		match_key_add(b, &split->whole, key, network_key(key, &width,
		    &rule->from[i]), line);
	}
	match_node_add(b, &split->with, line);
}

/* A name refuses at the first line that asks for an address. */
static void
find_from(const struct match_split *split, const struct match_finding *f)
{
	char key[NETWORK_KEY_BYTES];

	if (f->login->from_name) {
		match_node_find(&split->with, f);
		return;
	}
	for (size_t i = 0; i < split->n_widths; i++) {
		const struct match_width *width = &split->widths[i];

		if (width->family != f->login->from.family)
			continue;
		network_key(key, width, &f->login->from);
		match_node_find(names_find(&split->whole, key), f);
	}
}

const struct match_level match_levels[MATCH_LEVELS] = {
	{ count_users, add_users, find_user },
	{ count_groups, add_groups, find_groups },
	{ count_services, add_services, find_service },
	{ count_from, add_from, find_from },
};

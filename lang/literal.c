#include "config.h"

#include <arpa/inet.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/arena.h"
#include "lang/lexer.h"

/* The units, and what they are multiples of. */
static const struct {
	char letter;
	enum token_kind kind;
	uint64_t factor;
} units[] = {
	{ 'K', TOKEN_SIZE, UINT64_C(1) << 10 },
	{ 'M', TOKEN_SIZE, UINT64_C(1) << 20 },
	{ 'G', TOKEN_SIZE, UINT64_C(1) << 30 },
	{ 'T', TOKEN_SIZE, UINT64_C(1) << 40 },
	{ 's', TOKEN_DURATION, 1 },
	{ 'm', TOKEN_DURATION, 60 },
	{ 'h', TOKEN_DURATION, 60 * 60 },
	{ 'd', TOKEN_DURATION, 24 * 60 * 60 },
	{ '%', TOKEN_PERCENT, 1 },
};

struct literal {
	struct arena *arena;
	struct token *token;
	const char *why, *suggestion;
};

/* Digits at *at, decimal or hexadecimal; *at behind them. */
static bool
read_digits(const char **at, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t value = 0;
	const char *from;

	if ((*at)[0] == '0' && ((*at)[1] == 'x' || (*at)[1] == 'X')) {
		base = 16;
		*at += 2;
	}
	from = *at;
	for (; isxdigit((unsigned char)**at); (*at)++) {
		int c = tolower((unsigned char)**at);
		unsigned digit = c <= '9' ? (unsigned)c - '0'
		    : (unsigned)c - 'a' + 10;

		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*ret = value;
	return *at != from;
}

/* A unit in the wrong case, doubled ("512MB") or unknown. */
static bool
wrong_unit(struct literal *l, const char *unit)
{
	int n = (int)(unit - l->token->text);

	l->why = "has an unknown unit; sizes have K, M, G or T, durations "
	    "s, m, h or d, shares %";
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		char letter = units[i].letter;

		if (toupper((unsigned char)*unit) != toupper(letter))
			continue;
		if (unit[1] == '\0' || (units[i].kind == TOKEN_SIZE &&
		    (strcasecmp(unit + 1, "b") == 0 ||
		    strcasecmp(unit + 1, "ib") == 0))) {
			l->suggestion = arena_printf(l->arena, "%.*s%c", n,
			    l->token->text, letter);
			return false;
		}
	}
	return false;
}

static bool
read_unit(struct literal *l, uint64_t value, const char *unit)
{
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		if (unit[0] != units[i].letter || unit[1] != '\0')
			continue;
		l->token->kind = units[i].kind;
		if (!__builtin_mul_overflow(value, units[i].factor,
		    &l->token->number))
			return true;
		l->why = "is too large";
		return false;
	}
	return wrong_unit(l, unit);
}

static bool
read_number(struct literal *l)
{
	const char *at = l->token->text;
	uint64_t value, last;

	if (!read_digits(&at, &value)) {
		l->why = isdigit((unsigned char)l->token->text[0]) ?
		    "is too large or no number" : "is no number";
		return false;
	}
	l->token->number = value;
	l->token->kind = TOKEN_NUMBER;
	if (*at == '\0')
		return true;
	if (*at != '-')
		return read_unit(l, value, at);
	at++;
	l->token->kind = TOKEN_RANGE;
	if (!read_digits(&at, &last) || *at != '\0') {
		l->why = "is no range; one is written 1000-2000";
		return false;
	}
	l->token->last = last;
	if (last >= value)
		return true;
	l->why = "is a range that ends before it begins";
	return false;
}

/* True when no bit behind the prefix is set; clears those that are. */
static bool
clear_host_bits(unsigned char *bytes, unsigned n_bits, unsigned prefix)
{
	bool clean = true;

	for (unsigned bit = prefix; bit < n_bits; bit++) {
		unsigned char mask = (unsigned char)(0x80u >> (bit % 8));

		if (bytes[bit / 8] & mask)
			clean = false;
		bytes[bit / 8] &= (unsigned char)~mask;
	}
	return clean;
}

static bool
read_prefix(struct literal *l, const char *digits, unsigned bits)
{
	struct address_range *range = &l->token->address;
	char text[INET6_ADDRSTRLEN];
	const char *at = digits;
	uint64_t prefix;

	if (!read_digits(&at, &prefix) || *at != '\0' || prefix > bits ||
	    (digits[0] == '0' && digits[1] != '\0')) {
		l->why = bits == 32 ? "has no prefix from /0 to /32"
		    : "has no prefix from /0 to /128";
		return false;
	}
	range->prefix_bits = (unsigned)prefix;
	if (clear_host_bits((unsigned char *)&range->address, bits,
	    range->prefix_bits))
		return true;
	inet_ntop(range->family, &range->address, text, sizeof(text));
	l->why = "is an address within a network, with bits behind the "
	    "prefix";
	l->suggestion = arena_printf(l->arena, "%s/%u", text,
	    range->prefix_bits);
	return false;
}

static bool
read_address(struct literal *l)
{
	struct address_range *range = &l->token->address;
	const char *text = l->token->text;
	const char *slash = strchr(text, '/');
	unsigned bits;
	char *host;

	host = arena_strndup(l->arena, text,
	    slash == NULL ? strlen(text) : (size_t)(slash - text));
	range->family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET;
	bits = range->family == AF_INET ? 32 : 128;
	l->token->kind = TOKEN_ADDRESS;
	if (inet_pton(range->family, host, &range->address) != 1) {
		l->why = "is no address; paths and host names are written "
		    "in quotes";
		return false;
	}
	range->prefix_bits = bits;
	return slash == NULL || read_prefix(l, slash + 1, bits);
}

bool
literal_read(struct arena *arena, struct token *token, const char **ret_why,
    const char **ret_suggestion)
{
	struct literal l = { .arena = arena, .token = token };
	bool good;

	if (strpbrk(token->text, ".:/") != NULL)
		good = read_address(&l);
	else
		good = read_number(&l);
	*ret_why = l.why;
	*ret_suggestion = l.suggestion;
	return good;
}

/* From the special-purpose address registries of IPv4 and IPv6 (RFC 6890),
 * and what clouds document of their metadata services. */
#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <string.h>

#include "common/cleanup.h"
#include "lang/special_address.h"

#define BYTE(value, shift) (((value) >> (shift)) & 0xff)
#define V4(value, bits) { .family = AF_INET, .prefix_bits = (bits), \
	.address.v6.s6_addr = { BYTE(value, 24), BYTE(value, 16), \
	    BYTE(value, 8), BYTE(value, 0) } }
#define V6(bits, ...) { .family = AF_INET6, .prefix_bits = (bits), \
	.address.v6.s6_addr = { __VA_ARGS__ } }

static const struct address_range loopback[] = {
	V4(0x7f000000, 8),
	V6(128, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
};

static const struct address_range excluded[] = {
	/* 0.0.0.0/8: this network */
	V4(0x00000000, 8),
	/* 169.254.0.0/16: link-local */
	V4(0xa9fe0000, 16),
	/* 100.100.100.200/32: metadata */
	V4(0x646464c8, 32),
	/* 168.63.129.16/32: metadata */
	V4(0xa83f8110, 32),
	/* 192.0.0.192/32: metadata */
	V4(0xc00000c0, 32),
	/* 224.0.0.0/4: multicast */
	V4(0xe0000000, 4),
	/* 240.0.0.0/4: reserved, and broadcast */
	V4(0xf0000000, 4),
	V6(128, 0),	/* the unspecified address */
	V6(10, 0xfe, 0x80),	/* link-local */
	V6(10, 0xfe, 0xc0),	/* site-local */
	V6(8, 0xff),	/* multicast */
	V6(128, 0xfd, 0x00, 0x0e, 0xc2, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x00, 0x02, 0x54),	/* metadata */
};

static const struct address_range private[] = {
	V4(0x0a000000, 8),	/* 10.0.0.0/8 */
	V4(0x64400000, 10),	/* 100.64.0.0/10 */
	V4(0xac100000, 12),	/* 172.16.0.0/12 */
	V4(0xc0000000, 24),	/* 192.0.0.0/24 */
	V4(0xc0a80000, 16),	/* 192.168.0.0/16 */
	V4(0xc6120000, 15),	/* 198.18.0.0/15 */
	V6(7, 0xfc),	/* unique local */
};

bool
address_range_covers(const struct address_range *outer,
    const struct address_range *inner)
{
	const unsigned char *a = (const unsigned char *)&outer->address;
	const unsigned char *b = (const unsigned char *)&inner->address;
	unsigned bytes = outer->prefix_bits / 8, bits = outer->prefix_bits % 8;

	if (outer->family != inner->family ||
	    outer->prefix_bits > inner->prefix_bits)
		return false;
	return memcmp(a, b, bytes) == 0 &&
	    (bits == 0 || (a[bytes] ^ b[bytes]) >> (8 - bits) == 0);
}

bool
address_ranges_meet(const struct address_range *a,
    const struct address_range *b)
{
	return address_range_covers(a, b) || address_range_covers(b, a);
}

static bool
is_within_any(const struct address_range *table, size_t n,
    const struct address_range *range)
{
	for (size_t i = 0; i < n; i++)
		if (address_range_covers(&table[i], range))
			return true;
	return false;
}

bool
address_is_loopback(const struct address_range *range)
{
	return is_within_any(loopback, ARRAY_LENGTH(loopback), range);
}

bool
address_is_excluded(const struct address_range *range)
{
	return is_within_any(excluded, ARRAY_LENGTH(excluded), range);
}

bool
address_is_private(const struct address_range *range)
{
	return is_within_any(private, ARRAY_LENGTH(private), range);
}

const struct address_range *
address_excluded(unsigned index)
{
	return index < ARRAY_LENGTH(excluded) ? &excluded[index] : NULL;
}

const struct address_range *
address_private(unsigned index)
{
	return index < ARRAY_LENGTH(private) ? &private[index] : NULL;
}

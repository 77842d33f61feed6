/* SHA-256 (FIPS 180-4), for the identity of a policy. */
#ifndef LANG_SHA256_H
#define LANG_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* Writes the hash of length bytes as 64 lower-case hex digits and a NUL. */
void sha256_hex(const void *bytes, size_t length, char ret[65]);

/* The same piece by piece. */
#define SHA256_BLOCK_BYTES 64

struct sha256 {
	uint32_t state[8];
	uint8_t block[SHA256_BLOCK_BYTES];
	uint64_t length;	/* of all bytes so far */
};

void sha256_begin(struct sha256 *sum);
void sha256_add(struct sha256 *sum, const void *bytes, size_t length);
void sha256_end(struct sha256 *sum, char ret[65]);

#endif

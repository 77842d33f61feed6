/* SHA-256 (FIPS 180-4), for the identity of a policy. */
#ifndef LANG_SHA256_H
#define LANG_SHA256_H

#include <stddef.h>

/* Writes the hash of length bytes as 64 lower-case hex digits and a NUL. */
void sha256_hex(const void *bytes, size_t length, char ret[65]);

#endif

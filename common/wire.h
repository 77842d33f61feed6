/* The bytes of one message: a header and tag-length-value fields.
 *
 * Writer and reader are sticky: after the first error every further call
 * does nothing, and the error is asked for once, at the end.  Numbers are
 * little-endian.  PROTOCOL.md describes the layout. */
#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_HEADER_SIZE 16
#define WIRE_FIELD_SIZE 4	/* tag and length in front of each value */
#define WIRE_VALUE_MAX 65535

struct wire_writer {
	uint8_t *buffer;
	size_t size;
	size_t length;
	size_t field;		/* where the open field starts */
	int error;		/* 0 or -errno, the first one */
};

struct wire_reader {
	const uint8_t *bytes;
	size_t length;
	size_t at;
	bool failed;
};

/* Starts a message of type in buffer, which stays the caller's. */
void wire_begin(struct wire_writer *writer, void *buffer, size_t size,
    uint16_t type);
/* Opens a field; what is put until wire_field_end() is its value. */
void wire_field_begin(struct wire_writer *writer, uint16_t tag);
void wire_field_end(struct wire_writer *writer);
void wire_put(struct wire_writer *writer, const void *bytes, size_t length);
void wire_put_u32(struct wire_writer *writer, uint32_t value);
void wire_put_u64(struct wire_writer *writer, uint64_t value);
/* Makes error (-errno) the writer's error unless it has one. */
void wire_fail(struct wire_writer *writer, int error);
/* Completes the header.  The message's length or the first error. */
int wire_end(struct wire_writer *writer);

/* The type of a message with a whole header of this major version whose
 * length is exactly length; 0 otherwise. */
uint16_t wire_type(const void *message, size_t length);

/* Reads from bytes, which outlive the reader. */
void wire_reader_init(struct wire_reader *reader, const void *bytes,
    size_t length);
/* The next field: true and its tag and value, or false at the end and after
 * an error (reader->failed tells them apart). */
bool wire_next(struct wire_reader *reader, uint16_t *ret_tag,
    struct wire_reader *ret_value);
/* Numbers from the front of what is left; 0 after an error. */
uint32_t wire_get_u32(struct wire_reader *reader);
uint64_t wire_get_u64(struct wire_reader *reader);
/* The NUL-terminated string at the front of what is left, of at most max
 * bytes with its NUL; NULL, and the reader failed, without one. */
const char *wire_get_string(struct wire_reader *reader, size_t max);
/* True when everything was read without an error. */
bool wire_complete(const struct wire_reader *reader);

#endif

#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/protocol.h"
#include "common/wire.h"

/* Where the header has what. */
enum {
	AT_MAGIC = 0,		/* 4 bytes */
	AT_VERSION = 4,		/* u16 */
	AT_REVISION = 6,	/* u16 */
	AT_TYPE = 8,		/* u16 */
	AT_RESERVED = 10,	/* u16, zero */
	AT_LENGTH = 12,		/* u32 */
};

static const uint8_t magic[4] = { 'J', 'A', 'I', 'L' };

static void
store(uint8_t *to, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t
load(const uint8_t *from, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)from[i] << (8 * i);
	return value;
}

void
wire_fail(struct wire_writer *writer, int error)
{
	if (writer->error == 0)
		writer->error = error;
}

void
wire_put(struct wire_writer *writer, const void *bytes, size_t length)
{
	if (writer->error != 0)
		return;
	if (length > writer->size - writer->length) {
		wire_fail(writer, -EMSGSIZE);
		return;
	}
	if (length > 0)
		memcpy(writer->buffer + writer->length, bytes, length);
	writer->length += length;
}

static void
put_number(struct wire_writer *writer, uint64_t value, size_t bytes)
{
	uint8_t encoded[8];

	store(encoded, value, bytes);
	wire_put(writer, encoded, bytes);
}

void
wire_put_u32(struct wire_writer *writer, uint32_t value)
{
	put_number(writer, value, 4);
}

void
wire_put_u64(struct wire_writer *writer, uint64_t value)
{
	put_number(writer, value, 8);
}

void
wire_begin(struct wire_writer *writer, void *buffer, size_t size,
    uint16_t type)
{
	*writer = (struct wire_writer){ .buffer = buffer,
		.size = size > PROTOCOL_MESSAGE_MAX ?
		    PROTOCOL_MESSAGE_MAX : size };
	wire_put(writer, magic, sizeof(magic));
	put_number(writer, PROTOCOL_VERSION, 2);
	put_number(writer, PROTOCOL_REVISION, 2);
	put_number(writer, type, 2);
	put_number(writer, 0, 2);
	put_number(writer, 0, 4);	/* the length: wire_end() */
}

void
wire_field_begin(struct wire_writer *writer, uint16_t tag)
{
	writer->field = writer->length;
	put_number(writer, tag, 2);
	put_number(writer, 0, 2);	/* the length: wire_field_end() */
}

void
wire_field_end(struct wire_writer *writer)
{
	size_t length;

	if (writer->error != 0)
		return;
	length = writer->length - writer->field - WIRE_FIELD_SIZE;
	if (length > WIRE_VALUE_MAX)
		wire_fail(writer, -EMSGSIZE);
	else
		store(writer->buffer + writer->field + 2, length, 2);
}

int
wire_end(struct wire_writer *writer)
{
	if (writer->error != 0)
		return writer->error;
	store(writer->buffer + AT_LENGTH, writer->length, 4);
	return (int)writer->length;
}

uint16_t
wire_type(const void *message, size_t length)
{
	const uint8_t *bytes = message;

	if (length < WIRE_HEADER_SIZE || length > PROTOCOL_MESSAGE_MAX ||
	    memcmp(bytes + AT_MAGIC, magic, sizeof(magic)) != 0 ||
	    load(bytes + AT_VERSION, 2) != PROTOCOL_VERSION ||
	    load(bytes + AT_RESERVED, 2) != 0 ||
	    load(bytes + AT_LENGTH, 4) != length)
		return 0;
	return (uint16_t)load(bytes + AT_TYPE, 2);
}

void
wire_reader_init(struct wire_reader *reader, const void *bytes, size_t length)
{
	*reader = (struct wire_reader){ .bytes = bytes, .length = length };
}

/* The next length bytes, or NULL and a failed reader. */
static const uint8_t *
take(struct wire_reader *reader, size_t length)
{
	const uint8_t *taken;

	if (reader->failed || length > reader->length - reader->at) {
		reader->failed = true;
		return NULL;
	}
	taken = reader->bytes + reader->at;
	reader->at += length;
	return taken;
}

bool
wire_next(struct wire_reader *reader, uint16_t *ret_tag,
    struct wire_reader *ret_value)
{
	const uint8_t *head, *value;
	size_t length;

	if (reader->failed || reader->at == reader->length)
		return false;
	head = take(reader, WIRE_FIELD_SIZE);
	if (head == NULL)
		return false;
	length = (size_t)load(head + 2, 2);
	value = take(reader, length);
	if (value == NULL)
		return false;
	*ret_tag = (uint16_t)load(head, 2);
	wire_reader_init(ret_value, value, length);
	return true;
}

uint32_t
wire_get_u32(struct wire_reader *reader)
{
	const uint8_t *bytes = take(reader, 4);

	return bytes == NULL ? 0 : (uint32_t)load(bytes, 4);
}

uint64_t
wire_get_u64(struct wire_reader *reader)
{
	const uint8_t *bytes = take(reader, 8);

	return bytes == NULL ? 0 : load(bytes, 8);
}

const char *
wire_get_string(struct wire_reader *reader, size_t max)
{
	size_t left = reader->length - reader->at;
	const uint8_t *start = reader->bytes + reader->at, *end;

	if (reader->failed)
		return NULL;
	end = left == 0 ? NULL : memchr(start, '\0', left < max ? left : max);
	if (end == NULL) {
		reader->failed = true;
		return NULL;
	}
	reader->at += (size_t)(end - start) + 1;
	return (const char *)start;
}

bool
wire_complete(const struct wire_reader *reader)
{
	return !reader->failed && reader->at == reader->length;
}

#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/protocol.h"
#include "common/wire.h"

enum field_kind {
	FIELD_U32 = 1,
	FIELD_U64,
	FIELD_STRING,
	FIELD_RLIMITS,
	FIELD_ENVIRONMENT,
	FIELD_FILTERS,
};

/* One field of a message: where it lives in the struct that it is encoded
 * from and decoded into.  One table serves both directions.  Every field is
 * required; max is of strings, with the NUL. */
struct field {
	uint16_t tag;
	enum field_kind kind;
	size_t offset;
	size_t max;
};

#define CRITICAL(number) (PROTOCOL_CRITICAL | (number))

static const struct field login_request_fields[] = {
	{ CRITICAL(1), FIELD_STRING,
	    offsetof(struct login_request, user), PROTOCOL_NAME_MAX },
	{ CRITICAL(2), FIELD_STRING,
	    offsetof(struct login_request, service), PROTOCOL_NAME_MAX },
	{ 3, FIELD_STRING,
	    offsetof(struct login_request, tty), PROTOCOL_NAME_MAX },
	{ 4, FIELD_STRING,
	    offsetof(struct login_request, rhost), PROTOCOL_HOST_MAX },
};

static const struct field grant_fields[] = {
	{ CRITICAL(16), FIELD_U32, offsetof(struct grant, flags), 0 },
	{ CRITICAL(17), FIELD_U32, offsetof(struct grant, namespaces), 0 },
	{ CRITICAL(18), FIELD_U64, offsetof(struct grant, root_dev), 0 },
	{ CRITICAL(19), FIELD_U64, offsetof(struct grant, root_ino), 0 },
	{ CRITICAL(20), FIELD_U64, offsetof(struct grant, capabilities), 0 },
	{ CRITICAL(21), FIELD_U32, offsetof(struct grant, umask), 0 },
	{ CRITICAL(22), FIELD_RLIMITS, 0, 0 },
	{ CRITICAL(23), FIELD_ENVIRONMENT, 0, 0 },
	{ CRITICAL(24), FIELD_FILTERS, 0, 0 },
	{ CRITICAL(25), FIELD_STRING,
	    offsetof(struct grant, account), PROTOCOL_NAME_MAX },
	{ CRITICAL(26), FIELD_STRING,
	    offsetof(struct grant, jail), PROTOCOL_NAME_MAX },
	{ CRITICAL(27), FIELD_STRING,
	    offsetof(struct grant, vm), 2 * PROTOCOL_NAME_MAX },
	{ CRITICAL(28), FIELD_STRING,
	    offsetof(struct grant, tier), PROTOCOL_NAME_MAX },
	{ CRITICAL(29), FIELD_STRING,
	    offsetof(struct grant, uuid), PROTOCOL_UUID_MAX },
	{ CRITICAL(30), FIELD_STRING,
	    offsetof(struct grant, policy_sha256), PROTOCOL_SHA256_MAX },
};

static const struct field refusal_fields[] = {
	{ CRITICAL(48), FIELD_STRING,
	    offsetof(struct refusal, public_reason), PROTOCOL_REASON_MAX },
	{ CRITICAL(49), FIELD_STRING,
	    offsetof(struct refusal, full_reason), PROTOCOL_REASON_MAX },
};

static const struct field failure_fields[] = {
	{ CRITICAL(64), FIELD_STRING,
	    offsetof(struct enter_failure, step), PROTOCOL_NAME_MAX },
	{ CRITICAL(65), FIELD_U32, offsetof(struct enter_failure, error), 0 },
};

/* NAME=value with a name that a shell would take. */
static bool
is_variable(const char *variable)
{
	const char *p = variable;

	for (; *p != '=' && *p != '\0'; p++) {
		bool letter = (*p >= 'A' && *p <= 'Z') ||
		    (*p >= 'a' && *p <= 'z') || *p == '_';

		if (!letter && !(p > variable && *p >= '0' && *p <= '9'))
			return false;
	}
	return p > variable && *p == '=';
}

static bool
is_filter(const struct grant_filter *filter)
{
	return (filter->flags & ~(uint32_t)PROTOCOL_FILTER_FLAGS) == 0 &&
	    filter->instructions >= 1 &&
	    filter->instructions <= PROTOCOL_FILTER_INSTRUCTIONS_MAX;
}

static void
put_string(struct wire_writer *writer, const char *string, size_t max)
{
	size_t length;

	if (string == NULL) {
		wire_fail(writer, -EINVAL);
		return;
	}
	length = strnlen(string, max);
	if (length == max)
		wire_fail(writer, -EMSGSIZE);
	else
		wire_put(writer, string, length + 1);
}

static void
put_rlimits(struct wire_writer *writer, const struct grant *grant)
{
	if (grant->n_rlimits > PROTOCOL_RLIMITS_MAX)
		wire_fail(writer, -EMSGSIZE);
	for (uint32_t i = 0; writer->error == 0 && i < grant->n_rlimits; i++) {
		const struct grant_rlimit *rlimit = &grant->rlimits[i];

		if (rlimit->soft > rlimit->hard)
			wire_fail(writer, -EINVAL);
		wire_put_u32(writer, rlimit->resource);
		wire_put_u64(writer, rlimit->soft);
		wire_put_u64(writer, rlimit->hard);
	}
}

static void
put_environment(struct wire_writer *writer, const struct grant *grant)
{
	if (grant->n_environment > PROTOCOL_ENVIRONMENT_MAX)
		wire_fail(writer, -EMSGSIZE);
	for (uint32_t i = 0; writer->error == 0 && i < grant->n_environment;
	    i++) {
		const char *variable = grant->environment[i];

		if (variable == NULL || !is_variable(variable))
			wire_fail(writer, -EINVAL);
		else
			put_string(writer, variable, PROTOCOL_VARIABLE_MAX);
	}
}

static void
put_filters(struct wire_writer *writer, const struct grant *grant)
{
	if (grant->n_filters > PROTOCOL_FILTERS_MAX)
		wire_fail(writer, -EMSGSIZE);
	for (uint32_t i = 0; writer->error == 0 && i < grant->n_filters; i++) {
		if (!is_filter(&grant->filters[i]))
			wire_fail(writer, -EINVAL);
		wire_put_u32(writer, grant->filters[i].flags);
		wire_put_u32(writer, grant->filters[i].instructions);
	}
}

static void
put_value(struct wire_writer *writer, const struct field *field,
    const void *object)
{
	const char *at = (const char *)object + field->offset;
	uint32_t u32;
	uint64_t u64;
	const char *string;

	switch (field->kind) {
	case FIELD_U32:
		memcpy(&u32, at, sizeof(u32));
		wire_put_u32(writer, u32);
		break;
	case FIELD_U64:
		memcpy(&u64, at, sizeof(u64));
		wire_put_u64(writer, u64);
		break;
	case FIELD_STRING:
		memcpy(&string, at, sizeof(string));
		put_string(writer, string, field->max);
		break;
	case FIELD_RLIMITS:
		put_rlimits(writer, object);
		break;
	case FIELD_ENVIRONMENT:
		put_environment(writer, object);
		break;
	case FIELD_FILTERS:
		put_filters(writer, object);
		break;
	}
}

static int
message_encode(enum message_type type, const struct field *fields,
    size_t n_fields, const void *object, void *buffer, size_t size)
{
	struct wire_writer writer;

	wire_begin(&writer, buffer, size, (uint16_t)type);
	for (size_t i = 0; i < n_fields; i++) {
		wire_field_begin(&writer, fields[i].tag);
		put_value(&writer, &fields[i], object);
		wire_field_end(&writer);
	}
	return wire_end(&writer);
}

static void
get_rlimits(struct wire_reader *value, struct grant *grant)
{
	while (!value->failed && value->at < value->length) {
		struct grant_rlimit *rlimit;

		if (grant->n_rlimits == PROTOCOL_RLIMITS_MAX) {
			value->failed = true;
			return;
		}
		rlimit = &grant->rlimits[grant->n_rlimits++];
		rlimit->resource = wire_get_u32(value);
		rlimit->soft = wire_get_u64(value);
		rlimit->hard = wire_get_u64(value);
		if (rlimit->soft > rlimit->hard)
			value->failed = true;
	}
}

static void
get_environment(struct wire_reader *value, struct grant *grant)
{
	while (!value->failed && value->at < value->length) {
		const char *variable =
		    wire_get_string(value, PROTOCOL_VARIABLE_MAX);

		if (variable == NULL || !is_variable(variable) ||
		    grant->n_environment == PROTOCOL_ENVIRONMENT_MAX) {
			value->failed = true;
			return;
		}
		grant->environment[grant->n_environment++] = variable;
	}
}

static void
get_filters(struct wire_reader *value, struct grant *grant)
{
	while (!value->failed && value->at < value->length) {
		struct grant_filter *filter;

		if (grant->n_filters == PROTOCOL_FILTERS_MAX) {
			value->failed = true;
			return;
		}
		filter = &grant->filters[grant->n_filters++];
		filter->flags = wire_get_u32(value);
		filter->instructions = wire_get_u32(value);
		if (!is_filter(filter))
			value->failed = true;
	}
}

static bool
get_value(struct wire_reader *value, const struct field *field, void *object)
{
	char *at = (char *)object + field->offset;
	uint32_t u32;
	uint64_t u64;
	const char *string;

	switch (field->kind) {
	case FIELD_U32:
		u32 = wire_get_u32(value);
		memcpy(at, &u32, sizeof(u32));
		break;
	case FIELD_U64:
		u64 = wire_get_u64(value);
		memcpy(at, &u64, sizeof(u64));
		break;
	case FIELD_STRING:
		string = wire_get_string(value, field->max);
		memcpy(at, &string, sizeof(string));
		break;
	case FIELD_RLIMITS:
		get_rlimits(value, object);
		break;
	case FIELD_ENVIRONMENT:
		get_environment(value, object);
		break;
	case FIELD_FILTERS:
		get_filters(value, object);
		break;
	}
	return wire_complete(value);
}

/* Reads one field into object; seen has one bit for each row of fields.
 * False when the message has to be refused. */
static bool
take_field(uint16_t tag, struct wire_reader *value,
    const struct field *fields, size_t n_fields, uint32_t *seen, void *object)
{
	for (size_t i = 0; i < n_fields; i++) {
		if (fields[i].tag != tag)
			continue;
		if (*seen & 1u << i)
			return false;
		*seen |= 1u << i;
		return get_value(value, &fields[i], object);
	}
	return !(tag & PROTOCOL_CRITICAL);
}

/* MUST, for every message:
 *  1. the header is whole, of this type, and speaks of exactly length bytes;
 *  2. each field of the table is there once; their order does not matter;
 *  3. each value is exactly as long as its kind needs, under its limits;
 *  4. an unknown field is skipped only without the critical bit;
 *  5. nothing is left over. */
static int
message_decode(enum message_type type, const struct field *fields,
    size_t n_fields, const void *message, size_t length, void *object)
{
	struct wire_reader reader, value;
	uint32_t seen = 0;
	uint16_t tag;

	if (message_type_of(message, length) != type)
		return -EBADMSG;
	wire_reader_init(&reader, (const uint8_t *)message + WIRE_HEADER_SIZE,
	    length - WIRE_HEADER_SIZE);
	while (wire_next(&reader, &tag, &value))
		if (!take_field(tag, &value, fields, n_fields, &seen, object))
			return -EBADMSG;
	if (!wire_complete(&reader) || seen != (UINT64_C(1) << n_fields) - 1)
		return -EBADMSG;
	return 0;
}

enum message_type
message_type_of(const void *message, size_t length)
{
	uint16_t type = wire_type(message, length);

	if (type < MESSAGE_LOGIN_REQUEST || type > MESSAGE_LEAVING)
		return MESSAGE_INVALID;
	return (enum message_type)type;
}

static bool
is_plain(enum message_type type)
{
	return type == MESSAGE_ENTERED || type == MESSAGE_CONFIRMED ||
	    type == MESSAGE_LEAVING;
}

int
plain_message_encode(enum message_type type, void *buffer, size_t size)
{
	if (!is_plain(type))
		return -EINVAL;
	return message_encode(type, NULL, 0, NULL, buffer, size);
}

int
plain_message_decode(enum message_type type, const void *message,
    size_t length)
{
	if (!is_plain(type))
		return -EINVAL;
	return message_decode(type, NULL, 0, message, length, NULL);
}

#define DEFINE_MESSAGE(name, message, fields) \
	int \
	name##_encode(const struct name *object, void *buffer, size_t size) \
	{ \
		return message_encode(message, fields, ARRAY_LENGTH(fields), \
		    object, buffer, size); \
	} \
	int \
	name##_decode(const void *bytes, size_t length, struct name *ret) \
	{ \
		struct name object = { 0 }; \
		int r = message_decode(message, fields, \
		    ARRAY_LENGTH(fields), bytes, length, &object); \
		if (r == 0) \
			*ret = object; \
		return r; \
	}

DEFINE_MESSAGE(login_request, MESSAGE_LOGIN_REQUEST, login_request_fields)
DEFINE_MESSAGE(grant, MESSAGE_GRANT, grant_fields)
DEFINE_MESSAGE(refusal, MESSAGE_REFUSAL, refusal_fields)
DEFINE_MESSAGE(enter_failure, MESSAGE_FAILED, failure_fields)

/* The messages of the login socket, byte for byte; the numbers are those of
 * the list above message_decode(). */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/protocol.h"
#include "common/wire.h"

static uint8_t bytes[PROTOCOL_MESSAGE_MAX];

static const struct login_request request = { .user = "claude",
	.service = "sshd", .tty = "ssh", .rhost = "" };

static const struct grant full_grant = {
	.flags = GRANT_FLAG_AUDIT_REQUIRED, .namespaces = 0x2c020000,
	.root_dev = 0x1122334455667788, .root_ino = UINT64_MAX,
	.capabilities = 0xc3, .umask = 077,
	.n_rlimits = 2, .rlimits = { { 7, 1024, UINT64_MAX }, { 6, 5, 5 } },
	.n_environment = 2, .environment = { "JAIL=quiet", "_a9=" },
	.n_filters = 2, .filters = { { 2, 1 }, { 0, 4096 } },
	.account = "claude", .jail = "quiet", .vm = "claude/quiet",
	.tier = "namespace", .uuid = "5d9c68c6-c50e-4d00-9a56-3f5b6f5d0bb1",
	.policy_sha256 = "00",
};

/* What PROTOCOL.md says, written out. */
static const uint8_t request_bytes[] = {
	'J', 'A', 'I', 'L', 1, 0, 0, 0, 1, 0, 0, 0, 49, 0, 0, 0,
	0x01, 0x80, 7, 0, 'c', 'l', 'a', 'u', 'd', 'e', 0,
	0x02, 0x80, 5, 0, 's', 's', 'h', 'd', 0,
	0x03, 0x00, 4, 0, 's', 's', 'h', 0,
	0x04, 0x00, 1, 0, 0,
};

static const uint8_t failed_bytes[] = {
	'J', 'A', 'I', 'L', 1, 0, 0, 0, 6, 0, 0, 0, 34, 0, 0, 0,
	0x40, 0x80, 6, 0, 's', 'e', 't', 'n', 's', 0,
	0x41, 0x80, 4, 0, 0x01, 0x02, 0, 0,
};

static void
test_bytes(void **state)
{
	const struct enter_failure failure = { "setns", 0x201 };
	struct enter_failure read_failure;
	struct login_request read;

	(void)state;
	assert_int_equal(login_request_encode(&request, bytes, sizeof(bytes)),
	    sizeof(request_bytes));
	assert_memory_equal(bytes, request_bytes, sizeof(request_bytes));
	assert_int_equal(login_request_decode(request_bytes,
	    sizeof(request_bytes), &read), 0);
	assert_string_equal(read.user, "claude");
	assert_string_equal(read.service, "sshd");
	assert_string_equal(read.tty, "ssh");
	assert_string_equal(read.rhost, "");
	assert_int_equal(enter_failure_encode(&failure, bytes, sizeof(bytes)),
	    sizeof(failed_bytes));
	assert_memory_equal(bytes, failed_bytes, sizeof(failed_bytes));
	assert_int_equal(enter_failure_decode(failed_bytes,
	    sizeof(failed_bytes), &read_failure), 0);
	assert_string_equal(read_failure.step, "setns");
	assert_int_equal(read_failure.error, 0x201);
}

static void
test_grant(void **state)
{
	struct grant read;
	int n = grant_encode(&full_grant, bytes, sizeof(bytes));

	(void)state;
	assert_true(n > 0);
	assert_int_equal(grant_decode(bytes, (size_t)n, &read), 0);
	assert_int_equal(read.flags, full_grant.flags);
	assert_int_equal(read.namespaces, full_grant.namespaces);
	assert_int_equal(read.root_dev, full_grant.root_dev);
	assert_int_equal(read.root_ino, full_grant.root_ino);
	assert_int_equal(read.capabilities, full_grant.capabilities);
	assert_int_equal(read.umask, full_grant.umask);
	assert_int_equal(read.n_rlimits, 2);
	assert_memory_equal(read.rlimits, full_grant.rlimits,
	    sizeof(read.rlimits));
	assert_int_equal(read.n_environment, 2);
	assert_string_equal(read.environment[0], "JAIL=quiet");
	assert_string_equal(read.environment[1], "_a9=");
	assert_int_equal(read.n_filters, 2);
	assert_memory_equal(read.filters, full_grant.filters,
	    sizeof(read.filters));
	assert_string_equal(read.account, full_grant.account);
	assert_string_equal(read.jail, full_grant.jail);
	assert_string_equal(read.vm, full_grant.vm);
	assert_string_equal(read.tier, full_grant.tier);
	assert_string_equal(read.uuid, full_grant.uuid);
	assert_string_equal(read.policy_sha256, full_grant.policy_sha256);
}

static void
test_refusal(void **state)
{
	const struct refusal refusal = { "no", "because of it" };
	struct refusal read;
	int n = refusal_encode(&refusal, bytes, sizeof(bytes));

	(void)state;
	assert_true(n > 0);
	assert_int_equal(message_type_of(bytes, (size_t)n), MESSAGE_REFUSAL);
	assert_int_equal(refusal_decode(bytes, (size_t)n, &read), 0);
	assert_string_equal(read.public_reason, "no");
	assert_string_equal(read.full_reason, "because of it");
}

/* 1: every byte of the header but the revision's matters. */
static void
test_header(void **state)
{
	struct login_request read;
	struct refusal refusal;

	(void)state;
	for (size_t i = 0; i < WIRE_HEADER_SIZE; i++) {
		bool revision = i == 6 || i == 7;

		memcpy(bytes, request_bytes, sizeof(request_bytes));
		bytes[i] ^= 0x10;
		assert_int_equal(login_request_decode(bytes,
		    sizeof(request_bytes), &read), revision ? 0 : -EBADMSG);
	}
	for (size_t n = 0; n < sizeof(request_bytes); n++)
		assert_int_equal(login_request_decode(request_bytes, n,
		    &read), -EBADMSG);
	assert_int_equal(refusal_decode(request_bytes, sizeof(request_bytes),
	    &refusal), -EBADMSG);
}

/* A message made of fields by hand. */
struct built {
	struct wire_writer writer;
};

static void
begin(struct built *built, enum message_type type)
{
	wire_begin(&built->writer, bytes, sizeof(bytes), (uint16_t)type);
}

static void
add(struct built *built, uint16_t tag, const void *value, size_t length)
{
	wire_field_begin(&built->writer, tag);
	wire_put(&built->writer, value, length);
	wire_field_end(&built->writer);
}

static int
decode_failure(struct built *built)
{
	struct enter_failure read = { "untouched", 99 };
	int n = wire_end(&built->writer), r;

	assert_true(n > 0);
	r = enter_failure_decode(bytes, (size_t)n, &read);
	if (r != 0) {
		assert_string_equal(read.step, "untouched");
		assert_int_equal(read.error, 99);
	}
	return r;
}

struct one_field {
	uint16_t tag;
	const char *value;
	size_t length;
};

#define STEP { 0x8040, "setns", 6 }
#define ERROR { 0x8041, "\1\0\0\0", 4 }

/* 2, 3, 4 on the smallest message. */
static void
test_fields(void **state)
{
	static const struct {
		int result;
		struct one_field fields[3];
	} rows[] = {
		{ 0, { STEP, ERROR } },
		{ 0, { ERROR, STEP } },
		{ 0, { { 0x8040, "", 1 }, ERROR } },
		/* 2: missing, repeated */
		{ -EBADMSG, { STEP } },
		{ -EBADMSG, { ERROR } },
		{ -EBADMSG, { { 0, NULL, 0 } } },
		{ -EBADMSG, { STEP, ERROR, STEP } },
		{ -EBADMSG, { STEP, ERROR, ERROR } },
		/* 3: too long, too short, no NUL, one inside */
		{ -EBADMSG, { STEP, { 0x8041, "\1\0\0\0\0", 5 } } },
		{ -EBADMSG, { STEP, { 0x8041, "\1\0\0", 3 } } },
		{ -EBADMSG, { STEP, { 0x8041, "", 0 } } },
		{ -EBADMSG, { { 0x8040, "setns", 5 }, ERROR } },
		{ -EBADMSG, { { 0x8040, "se\0ns", 6 }, ERROR } },
		{ -EBADMSG, { { 0x8040, "", 0 }, ERROR } },
		/* 4: unknown; a known number without its bit is unknown */
		{ 0, { STEP, { 0x7fff, "x", 1 }, ERROR } },
		{ 0, { { 0x0001, "", 0 }, STEP, ERROR } },
		{ -EBADMSG, { STEP, ERROR, { 0x8001, "x", 1 } } },
		{ -EBADMSG, { STEP, ERROR, { 0xffff, "x", 1 } } },
		{ -EBADMSG, { { 0x0040, "setns", 6 }, ERROR } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct built built;

		begin(&built, MESSAGE_FAILED);
		for (size_t k = 0; k < 3; k++)
			if (rows[i].fields[k].value != NULL)
				add(&built, rows[i].fields[k].tag,
				    rows[i].fields[k].value,
				    rows[i].fields[k].length);
		if (decode_failure(&built) != rows[i].result)
			fail_msg("row %zu", i);
	}
}

/* 5: less than a field behind the last one, and a field that says it is
 * longer than the message. */
static void
test_left_over(void **state)
{
	(void)state;
	for (size_t extra = 0; extra <= 4; extra++) {
		struct built built;

		begin(&built, MESSAGE_FAILED);
		add(&built, 0x8040, "setns", 6);
		add(&built, 0x8041, "\1\0\0\0", 4);
		wire_put(&built.writer, "\1\0\1\0", extra);
		assert_int_equal(decode_failure(&built),
		    extra == 0 ? 0 : -EBADMSG);
	}
}

/* 3: strings at their limit and one byte over it, in both directions. */
static void
test_string_limits(void **state)
{
	static char name[PROTOCOL_NAME_MAX + 1], host[PROTOCOL_HOST_MAX + 1];
	struct login_request long_request = { name, "sshd", "", host };
	struct login_request read;
	int n;

	(void)state;
	memset(name, 'n', PROTOCOL_NAME_MAX - 1);
	memset(host, 'h', PROTOCOL_HOST_MAX - 1);
	n = login_request_encode(&long_request, bytes, sizeof(bytes));
	assert_true(n > 0);
	assert_int_equal(login_request_decode(bytes, (size_t)n, &read), 0);
	assert_int_equal(strlen(read.user), PROTOCOL_NAME_MAX - 1);
	assert_int_equal(strlen(read.rhost), PROTOCOL_HOST_MAX - 1);
	host[PROTOCOL_HOST_MAX - 1] = 'h';
	assert_int_equal(login_request_encode(&long_request, bytes,
	    sizeof(bytes)), -EMSGSIZE);
	host[PROTOCOL_HOST_MAX - 1] = '\0';
	name[PROTOCOL_NAME_MAX - 1] = 'n';
	assert_int_equal(login_request_encode(&long_request, bytes,
	    sizeof(bytes)), -EMSGSIZE);
	for (int over = 0; over < 2; over++) {
		struct built built;

		name[PROTOCOL_NAME_MAX - 1] = over ? 'n' : '\0';
		begin(&built, MESSAGE_FAILED);
		add(&built, 0x8040, name, strlen(name) + 1);
		add(&built, 0x8041, "\1\0\0\0", 4);
		assert_int_equal(decode_failure(&built), over ? -EBADMSG : 0);
	}
}

static void
test_encode_refuses(void **state)
{
	struct login_request missing = request;
	int n;

	(void)state;
	missing.tty = NULL;
	assert_int_equal(login_request_encode(&missing, bytes,
	    sizeof(bytes)), -EINVAL);
	for (size_t size = 0; size < sizeof(request_bytes); size++)
		assert_int_equal(login_request_encode(&request, bytes, size),
		    -EMSGSIZE);
	n = login_request_encode(&request, bytes, sizeof(request_bytes));
	assert_int_equal(n, sizeof(request_bytes));
}

static int
encode_changed(void (*change)(struct grant *grant))
{
	struct grant grant = full_grant;

	change(&grant);
	return grant_encode(&grant, bytes, sizeof(bytes));
}

static void
soft_above_hard(struct grant *grant)
{
	grant->rlimits[1].soft = 6;
}

static void
many_rlimits(struct grant *grant)
{
	grant->n_rlimits = PROTOCOL_RLIMITS_MAX + 1;
}

static void
many_variables(struct grant *grant)
{
	grant->n_environment = PROTOCOL_ENVIRONMENT_MAX + 1;
}

static void
no_variable(struct grant *grant)
{
	grant->environment[1] = NULL;
}

static void
no_equals(struct grant *grant)
{
	grant->environment[0] = "JAIL";
}

static void
no_name(struct grant *grant)
{
	grant->environment[0] = "=x";
}

static void
digit_first(struct grant *grant)
{
	grant->environment[0] = "9A=x";
}

static void
wrong_letter(struct grant *grant)
{
	grant->environment[0] = "A-B=x";
}

static void
long_variable(struct grant *grant)
{
	static char text[PROTOCOL_VARIABLE_MAX + 1];

	memset(text, 'x', PROTOCOL_VARIABLE_MAX);
	text[1] = '=';
	grant->environment[0] = text;
}

static void
many_filters(struct grant *grant)
{
	grant->n_filters = PROTOCOL_FILTERS_MAX + 1;
}

static void
empty_filter(struct grant *grant)
{
	grant->filters[0].instructions = 0;
}

static void
long_filter(struct grant *grant)
{
	grant->filters[0].instructions = 4097;
}

static void
wrong_flag(struct grant *grant)
{
	grant->filters[1].flags = 1;
}

static void
test_grant_refuses(void **state)
{
	static const struct {
		void (*change)(struct grant *grant);
		int result;
	} rows[] = {
		{ soft_above_hard, -EINVAL }, { many_rlimits, -EMSGSIZE },
		{ many_variables, -EMSGSIZE }, { no_variable, -EINVAL },
		{ no_equals, -EINVAL }, { no_name, -EINVAL },
		{ digit_first, -EINVAL }, { wrong_letter, -EINVAL },
		{ long_variable, -EMSGSIZE }, { many_filters, -EMSGSIZE },
		{ empty_filter, -EINVAL }, { long_filter, -EINVAL },
		{ wrong_flag, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		if (encode_changed(rows[i].change) != rows[i].result)
			fail_msg("row %zu", i);
}

/* Replaces the value of the field with that tag in an encoded grant. */
static size_t
replace(size_t length, uint16_t tag, const void *value, size_t value_length)
{
	static uint8_t copy[PROTOCOL_MESSAGE_MAX];
	struct wire_reader reader, field;
	struct built built;
	uint16_t at;

	memcpy(copy, bytes, length);
	wire_reader_init(&reader, copy + WIRE_HEADER_SIZE,
	    length - WIRE_HEADER_SIZE);
	begin(&built, MESSAGE_GRANT);
	while (wire_next(&reader, &at, &field))
		if (at == tag)
			add(&built, at, value, value_length);
		else
			add(&built, at, field.bytes, field.length);
	return (size_t)wire_end(&built.writer);
}

#define TAG_RLIMITS 0x8016
#define TAG_ENVIRONMENT 0x8017
#define TAG_FILTERS 0x8018

/* 3: the lists of a grant, as nobody here would encode them. */
static void
test_grant_lists(void **state)
{
	static uint8_t zeros[(PROTOCOL_RLIMITS_MAX + 1) * 20];
	static char variables[(PROTOCOL_ENVIRONMENT_MAX + 1) * 3];
	static const struct {
		uint16_t tag;
		const void *value;
		size_t length;
		int result;
	} rows[] = {
		{ TAG_RLIMITS, "", 0, 0 },
		{ TAG_RLIMITS, zeros, PROTOCOL_RLIMITS_MAX * 20, 0 },
		{ TAG_RLIMITS, zeros, sizeof(zeros), -EBADMSG },
		{ TAG_RLIMITS, zeros, 19, -EBADMSG },
		{ TAG_RLIMITS, zeros, 21, -EBADMSG },
		{ TAG_RLIMITS, "\0\0\0\0" "\2\0\0\0\0\0\0\0"
		    "\1\0\0\0\0\0\0\0", 20, -EBADMSG },
		{ TAG_ENVIRONMENT, "", 0, 0 },
		{ TAG_ENVIRONMENT, variables, PROTOCOL_ENVIRONMENT_MAX * 3,
		    0 },
		{ TAG_ENVIRONMENT, variables, sizeof(variables), -EBADMSG },
		{ TAG_ENVIRONMENT, "A=b", 3, -EBADMSG },
		{ TAG_ENVIRONMENT, "A", 2, -EBADMSG },
		{ TAG_ENVIRONMENT, "=b", 3, -EBADMSG },
		{ TAG_ENVIRONMENT, "1=b", 4, -EBADMSG },
		{ TAG_ENVIRONMENT, "A=b\0", 5, -EBADMSG },
		{ TAG_FILTERS, "", 0, 0 },
		{ TAG_FILTERS, "\2\0\0\0\1\0\0\0", 8, 0 },
		{ TAG_FILTERS, "\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0"
		    "\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0", 32, 0 },
		{ TAG_FILTERS, "\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0"
		    "\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0", 40,
		    -EBADMSG },
		{ TAG_FILTERS, "\2\0\0\0\0\0\0\0", 8, -EBADMSG },
		{ TAG_FILTERS, "\2\0\0\0\1\20\0\0", 8, -EBADMSG },
		{ TAG_FILTERS, "\1\0\0\0\1\0\0\0", 8, -EBADMSG },
		{ TAG_FILTERS, "\2\0\0\0\1\0\0", 7, -EBADMSG },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(variables); i += 3)
		memcpy(variables + i, "A=", 3);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct grant read;
		int n = grant_encode(&full_grant, bytes, sizeof(bytes));

		assert_true(n > 0);
		if (grant_decode(bytes, replace((size_t)n, rows[i].tag,
		    rows[i].value, rows[i].length), &read) != rows[i].result)
			fail_msg("row %zu", i);
	}
}

static void
test_plain(void **state)
{
	static const enum message_type plain[] = { MESSAGE_ENTERED,
		MESSAGE_CONFIRMED, MESSAGE_LEAVING };
	static const enum message_type others[] = { MESSAGE_INVALID,
		MESSAGE_LOGIN_REQUEST, MESSAGE_GRANT, MESSAGE_REFUSAL,
		MESSAGE_FAILED, (enum message_type)8 };
	struct built built;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(plain); i++) {
		assert_int_equal(plain_message_encode(plain[i], bytes,
		    sizeof(bytes)), WIRE_HEADER_SIZE);
		assert_int_equal(message_type_of(bytes, WIRE_HEADER_SIZE),
		    plain[i]);
		for (size_t k = 0; k < ARRAY_LENGTH(plain); k++)
			assert_int_equal(plain_message_decode(plain[k], bytes,
			    WIRE_HEADER_SIZE), i == k ? 0 : -EBADMSG);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		assert_int_equal(plain_message_encode(others[i], bytes,
		    sizeof(bytes)), -EINVAL);
		assert_int_equal(plain_message_decode(others[i],
		    request_bytes, sizeof(request_bytes)), -EINVAL);
	}
	begin(&built, MESSAGE_ENTERED);
	add(&built, 0x8001, "", 0);
	assert_int_equal(plain_message_decode(MESSAGE_ENTERED, bytes,
	    (size_t)wire_end(&built.writer)), -EBADMSG);
	begin(&built, (enum message_type)8);
	assert_int_equal(message_type_of(bytes,
	    (size_t)wire_end(&built.writer)), MESSAGE_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_grant),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_string_limits),
		cmocka_unit_test(test_encode_refuses),
		cmocka_unit_test(test_grant_refuses),
		cmocka_unit_test(test_grant_lists),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

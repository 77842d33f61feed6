/* Messages of the login socket: whatever is taken can be said again, and
 * means the same.  The first byte chooses the message; the header, whose
 * length mutations would only spoil, is made here. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/protocol.h"
#include "common/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t message[PROTOCOL_MESSAGE_MAX];
static uint8_t first[PROTOCOL_MESSAGE_MAX], second[PROTOCOL_MESSAGE_MAX];

static void
require(int holds)
{
	if (!holds)
		abort();
}

/* decode -> encode -> decode -> encode: both encodings are the same bytes. */
#define ROUND_TRIP(name, length) do { \
	struct name once, again; \
	int n_, m_; \
	if (name##_decode(message, (length), &once) != 0) \
		break; \
	n_ = name##_encode(&once, first, sizeof(first)); \
	require(n_ > 0 && (size_t)n_ <= (length)); \
	require(name##_decode(first, (size_t)n_, &again) == 0); \
	m_ = name##_encode(&again, second, sizeof(second)); \
	require(n_ == m_ && memcmp(first, second, (size_t)n_) == 0); \
} while (0)

static void
decode_all(size_t length)
{
	ROUND_TRIP(login_request, length);
	ROUND_TRIP(grant, length);
	ROUND_TRIP(refusal, length);
	ROUND_TRIP(enter_failure, length);
	for (enum message_type type = MESSAGE_INVALID;
	    type <= MESSAGE_LEAVING + 1; type++) {
		int r = plain_message_decode(type, message, length);

		require(r != 0 || message_type_of(message, length) == type);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_writer writer;
	int length;

	if (size == 0 || size > sizeof(message))
		return 0;
	memcpy(message, data, size);
	decode_all(size);
	wire_begin(&writer, message, sizeof(message), data[0] % 9);
	wire_put(&writer, data + 1, size - 1);
	length = wire_end(&writer);
	if (length > 0)
		decode_all((size_t)length);
	return 0;
}

/* The messages on jaild's login socket; PROTOCOL.md describes the bytes.
 *
 * One SOCK_SEQPACKET message each.  The order of one login:
 *
 *	module -> jaild   LOGIN_REQUEST
 *	jaild  -> module  GRANT (with two descriptors) | REFUSAL
 *	module -> jaild   ENTERED | FAILED
 *	jaild  -> module  CONFIRMED (the session is live) | REFUSAL
 *	module -> jaild   LEAVING
 *
 * Fields are tag-length-value: a receiver skips a field it does not know,
 * unless the tag has PROTOCOL_CRITICAL set, in which case it refuses.  So a
 * module one version older or newer than the daemon works, and never by
 * ignoring a wall. */
#ifndef COMMON_PROTOCOL_H
#define COMMON_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#define PROTOCOL_VERSION 1	/* equal on both sides */
#define PROTOCOL_REVISION 0	/* any: critical fields decide */
#define PROTOCOL_CRITICAL 0x8000u

/* Limits, in bytes with the final NUL where they are of strings. */
#define PROTOCOL_MESSAGE_MAX 65536
#define PROTOCOL_NAME_MAX 256	/* user, service, tty, jail, tier */
#define PROTOCOL_HOST_MAX 1025	/* rhost: NI_MAXHOST */
#define PROTOCOL_REASON_MAX 1024
#define PROTOCOL_UUID_MAX 37
#define PROTOCOL_SHA256_MAX 65
#define PROTOCOL_RLIMITS_MAX 16
#define PROTOCOL_ENVIRONMENT_MAX 128	/* variables */
#define PROTOCOL_VARIABLE_MAX 4096	/* bytes of one NAME=value */
#define PROTOCOL_FILTERS_MAX 4
#define PROTOCOL_FILTER_FLAGS 2u	/* SECCOMP_FILTER_FLAG_LOG */
#define PROTOCOL_FILTER_INSTRUCTIONS_MAX 4096	/* BPF_MAXINSNS */

enum message_type {
	MESSAGE_INVALID = 0,
	MESSAGE_LOGIN_REQUEST = 1,
	MESSAGE_GRANT = 2,
	MESSAGE_REFUSAL = 3,
	MESSAGE_ENTERED = 4,
	MESSAGE_CONFIRMED = 5,
	MESSAGE_FAILED = 6,
	MESSAGE_LEAVING = 7,
};

/* Who asks; all strings are PAM items, "" where PAM has none. */
struct login_request {
	const char *user;
	const char *service;
	const char *tty;
	const char *rhost;
};

struct grant_rlimit {
	uint32_t resource;	/* RLIMIT_* */
	uint64_t soft;		/* RLIM_INFINITY as UINT64_MAX */
	uint64_t hard;
};

/* One classic BPF program; the instructions (struct sock_filter) of all
 * programs lie one behind another in the filters descriptor, in this order,
 * which is also the order of loading. */
struct grant_filter {
	uint32_t flags;		/* SECCOMP_FILTER_FLAG_LOG or 0 */
	uint32_t instructions;	/* 1 ... PROTOCOL_FILTER_INSTRUCTIONS_MAX */
};

/* The order of descriptors that come with a GRANT. */
enum grant_descriptor {
	GRANT_FD_INIT = 0,	/* pidfd of jail-init */
	GRANT_FD_FILTERS = 1,	/* sealed memfd: the BPF programs */
	GRANT_FD_COUNT = 2,
};

#define GRANT_FLAG_AUDIT_REQUIRED 1u	/* no record, no login */
#define GRANT_FLAG_SCOPE_ABSTRACT 2u	/* Landlock: abstract sockets */

/* Everything that the module needs to enter; complete or not at all. */
struct grant {
	uint32_t flags;			/* GRANT_FLAG_* */
	uint32_t namespaces;		/* CLONE_NEW* for one setns() */
	uint64_t root_dev, root_ino;	/* st_dev, st_ino of the jail's / */
	uint64_t capabilities;		/* permitted and effective, 1 << CAP_* */
	uint32_t umask;
	uint32_t n_rlimits;
	struct grant_rlimit rlimits[PROTOCOL_RLIMITS_MAX];
	uint32_t n_environment;
	const char *environment[PROTOCOL_ENVIRONMENT_MAX]; /* NAME=value */
	uint32_t n_filters;
	struct grant_filter filters[PROTOCOL_FILTERS_MAX];
	const char *account;		/* acct= of audit records */
	const char *jail;		/* the jail's name */
	const char *vm;			/* vm= of audit records: ACCOUNT/JAIL */
	const char *tier;
	const char *uuid;
	const char *policy_sha256;
};

/* Why not: one sentence for the person at the client, one for the log. */
struct refusal {
	const char *public_reason;
	const char *full_reason;
};

/* Entering failed at a named step, after the point of no return or before. */
struct enter_failure {
	const char *step;
	int32_t error;		/* errno */
};

/* Writes one message into buffer.  Returns its length, or -EMSGSIZE when
 * it does not fit or a field is over its limit, -EINVAL on a value that no
 * receiver would take. */
int login_request_encode(const struct login_request *request, void *buffer,
    size_t size);
int grant_encode(const struct grant *grant, void *buffer, size_t size);
int refusal_encode(const struct refusal *refusal, void *buffer, size_t size);
int enter_failure_encode(const struct enter_failure *failure, void *buffer,
    size_t size);
/* A message without fields: ENTERED, CONFIRMED, LEAVING. */
int plain_message_encode(enum message_type type, void *buffer, size_t size);

/* The type of a received message with a whole header of a version that is
 * understood; MESSAGE_INVALID otherwise. */
enum message_type message_type_of(const void *message, size_t length);

/* Reads one message.  Strings in *ret point into the message, which has to
 * outlive them.  0, or -EBADMSG for anything that is not exactly one message
 * of that type: a missing or repeated field, a count or length over its
 * limit, a string without its NUL or with one inside, bytes left over, an
 * unknown critical field.  *ret is written only on success. */
int login_request_decode(const void *message, size_t length,
    struct login_request *ret);
int grant_decode(const void *message, size_t length, struct grant *ret);
int refusal_decode(const void *message, size_t length, struct refusal *ret);
int enter_failure_decode(const void *message, size_t length,
    struct enter_failure *ret);
/* 0; -EBADMSG as above; -EINVAL when type is not one without fields. */
int plain_message_decode(enum message_type type, const void *message,
    size_t length);

#endif

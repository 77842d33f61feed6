/* What an agent may try, and what a policy's own tests expect of it. */
#ifndef LANG_ACTION_H
#define LANG_ACTION_H

#include "common/service.h"
#include "lang/policy.h"

enum action_kind {
	ACTION_INVALID = 0,
	ACTION_CONNECT,
	ACTION_RESOLVE,
	ACTION_SYSCALL,
	ACTION_READ,
	ACTION_WRITE,
	ACTION_EXECUTE,
	ACTION_DEVICE,
	ACTION_CAPABILITY,
	ACTION_KINDS
};

/* connect tcp 192.0.2.1 port 80 | resolve "a.example.org" |
 * syscall socket(domain == AF_INET) | read "/etc/shadow" | ... */
struct action {
	enum action_kind kind;
	unsigned protocol;	/* connect: one PROTOCOL_* */
	struct destination to;	/* connect: an address, a name or the host */
	bool has_port;		/* connect */
	uint16_t port;
	const char *text;	/* resolve: the name; syscall: the call; read,
				 * write, execute, device: a path, template */
	uint64_t arguments[6];	/* syscall: zero where nothing is known */
	uint64_t known[6];	/* syscall: which bits of them are known */
	unsigned capability;	/* capability: its number */
	struct origin origin;
};

enum expectation_kind {
	EXPECT_ANSWER = 0,	/* of decide_action() */
	EXPECT_USE,		/* of decide_login() */
	EXPECT_REFUSE,
};

/* Whom an expectation is about: a jail, or a login. */
struct test_subject {
	const struct jail *jail;	/* NULL: the login below */
	const char *user;
	const char *const *groups;
	size_t n_groups;
	enum service_class service;
	const char *rhost;		/* "": local */
	struct origin origin;
};

struct test_expectation {
	enum expectation_kind kind;
	const struct test_subject *subject;
	bool allowed;			/* EXPECT_ANSWER */
	struct action action;		/* EXPECT_ANSWER */
	const struct jail *jail;	/* EXPECT_USE */
	struct origin origin;
};

/* A test block; it passes when all of its expectations hold. */
struct policy_test {
	const char *name;
	const struct test_expectation *expectations;
	size_t n_expectations;
	struct origin origin;
};

/* "connect", "read", ...; "?" for what is no kind. */
const char *action_kind_name(enum action_kind kind);

#endif

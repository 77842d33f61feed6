/* The compiled policy: immutable, complete, one allocation arena.
 *
 * Everything that decides or builds reads this and nothing else of the
 * language.  Zero is the strictest value of every enum.  Strings that hold
 * variables are kept as templates (lang/template.h); everything else is
 * final.  Every setting remembers its origin. */
#ifndef LANG_POLICY_H
#define LANG_POLICY_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/service.h"

/* Where a setting was said. */
struct origin {
	const char *file;	/* NULL: a built-in default */
	uint32_t line, column;	/* from 1 */
	const char *part;	/* the profile or jail whose block says it */
};

enum tier {
	TIER_VM = 0,
	TIER_CONTAINER,
	TIER_NAMESPACE,
	TIER_CHROOT,
};

enum jail_mode {
	MODE_ENFORCE = 0,
	MODE_COMPLAIN,
};

enum root_kind {
	ROOT_EMPTY = 0,
	ROOT_DIRECTORY,
	ROOT_IMAGE,
	ROOT_HOST,
};

enum home_mode {
	HOME_NONE = 0,
	HOME_READ_ONLY,
	HOME_PRIVATE,
	HOME_COPY_ON_WRITE,
	HOME_READ_WRITE,
};

enum mount_mode {
	MOUNT_HIDDEN = 0,
	MOUNT_READ_ONLY,
	MOUNT_TMPFS,
	MOUNT_COPY_ON_WRITE,
	MOUNT_READ_WRITE,
};

enum network_mode {
	NETWORK_NONE = 0,
	NETWORK_FILTERED,
	NETWORK_HOST,
};

enum flow_action {
	FLOW_DENY = 0,
	FLOW_LOG,		/* allowed, each one on record */
	FLOW_ALLOW,
};

/* protocols, bits of flow.protocols */
#define PROTOCOL_TCP 1u
#define PROTOCOL_UDP 2u
#define PROTOCOL_ICMP 4u
#define PROTOCOL_ALL 7u

enum destination_kind {
	DESTINATION_ADDRESS = 0,
	DESTINATION_NAME,	/* "x.org"; "*.x.org": every name below it */
	DESTINATION_HOST,	/* the machine that the jail is on */
	DESTINATION_INTERNET,	/* any, without private ranges */
	DESTINATION_ANY,	/* but the host, other jails, link-local,
				 * metadata and multicast addresses */
};

enum secret_kind {
	SECRET_FILE = 0,	/* at a path */
	SECRET_SSH_AGENT,
	SECRET_HEADER,		/* of requests to one host */
};

enum syscall_profile {
	SYSCALLS_STRICT = 0,
	SYSCALLS_DEFAULT,
	SYSCALLS_OFF,
};

enum syscall_action {
	SYSCALL_KILL = 0,
	SYSCALL_DENY,
	SYSCALL_LOG,	/* allowed, each call on record */
	SYSCALL_ALLOW,
};

enum compare {
	COMPARE_EQ = 0,
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GT,
	COMPARE_GE,
};

/* limit kinds; the order of jail.limits[] */
enum limit_kind {
	LIMIT_TASKS = 0,
	LIMIT_OPEN_FILES,
	LIMIT_SESSIONS,
	LIMIT_SESSION_TIME,	/* seconds */
	LIMIT_IDLE_TIME,	/* seconds */
	LIMIT_MEMORY,		/* bytes */
	LIMIT_CPU,		/* percent of one processor */
	LIMIT_DISK,		/* bytes */
	LIMIT_LOCKED_MEMORY,	/* bytes */
	LIMIT_KINDS
};

/* audit words, bits of jail.audit */
#define AUDIT_WORD_DENIED 1u
#define AUDIT_WORD_EXEC 2u
#define AUDIT_WORD_FILES 4u
#define AUDIT_WORD_NETWORK 8u

struct policy_mount {
	enum mount_mode mode;
	const char *source;	/* template; NULL for tmpfs and hidden */
	const char *target;	/* template; for hidden: the path itself */
	bool fresh, noexec, optional;
	uint64_t size_bytes;	/* tmpfs */
	uint32_t permissions;	/* tmpfs: mode bits, default 01777 */
	struct origin origin;
};

struct policy_device {
	const char *path;	/* template, may be a glob */
	bool read_only, optional;
	struct origin origin;
};

struct policy_variable {
	const char *name;
	const char *value;	/* template */
	struct origin origin;
};

struct policy_feature {		/* tolerate missing NAME */
	const char *name;
	struct origin origin;
};

/* argument & mask COMPARE value; mask is all ones of the argument's width
 * when none was written. */
struct syscall_condition {
	uint8_t argument;	/* 0 ... 5 */
	uint8_t width_bits;	/* 32 or 64 */
	enum compare compare;
	uint64_t mask, value;
};

#define SYSCALL_CONDITIONS_MAX 6

/* One rule for one system call; groups and lists are expanded, the order is
 * the order of decision: the first rule whose conditions all hold. */
struct syscall_rule {
	enum syscall_action action;
	bool quiet;		/* a denial that is not recorded */
	bool firm;		/* a ceiling's: denied in complain mode too */
	int error;		/* errno of a denial; default EPERM */
	const char *call;	/* libseccomp's name */
	size_t n_conditions;
	struct syscall_condition conditions[SYSCALL_CONDITIONS_MAX];
	struct origin origin;
};

struct policy_secret {
	const char *name;
	const char *source;	/* template: the file that holds it */
	enum secret_kind kind;
	const char *target;	/* template: the path, or the header's name */
	const char *host;	/* SECRET_HEADER: whom it is sent to */
	struct origin origin;
};

/* One value of a from criterion, or of a flow. */
struct address_range {
	int family;		/* AF_INET or AF_INET6; 0: local */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	} address;
	unsigned prefix_bits;
};

struct destination {
	enum destination_kind kind;
	struct address_range range;	/* DESTINATION_ADDRESS */
	const char *name;		/* DESTINATION_NAME, lower case */
};

struct port_range {
	uint16_t first, last;
};

/* A flow fits when its protocol, one destination and one port fit.  No
 * destination at all: all of them, what `any` leaves out too. */
struct flow {
	unsigned protocols;			/* PROTOCOL_* */
	const struct destination *to;		size_t n_to;
	const struct port_range *ports;		size_t n_ports;	/* 0: all */
};

/* The first rule whose flow fits decides; without one, it is denied. */
struct flow_rule {
	enum flow_action action;
	bool quiet;		/* a denial that is not recorded */
	struct flow flow;
	struct origin origin;
};

/* Who connects to an address and port of the host comes to the jail's. */
struct publish_rule {
	unsigned protocol;	/* one of PROTOCOL_TCP, PROTOCOL_UDP */
	uint16_t jail_port, host_port;
	struct address_range host;	/* one address */
	struct origin origin;
};

#define PERSIST_NONE UINT64_C(0)
#define PERSIST_UNTIL_STOPPED UINT64_MAX

struct policy_limit {
	bool set;
	uint64_t value;		/* unit by enum limit_kind */
	struct origin origin;
};

/* What nothing below a ceiling may go beyond.  Which members count is a
 * matter of the kind. */
enum bound_kind {
	BOUND_TIER = 0,		/* tier at least */
	BOUND_HOME,		/* home at most */
	BOUND_NETWORK,		/* network at most */
	BOUND_FLOW_DENY,
	BOUND_FLOW_ONLY,	/* the union of those of one ceiling */
	BOUND_PROFILE,		/* syscalls at least */
	BOUND_CALLS,		/* syscalls deny */
	BOUND_MOUNT_ONLY,
	BOUND_MOUNT_WRITE_ONLY,
	BOUND_MOUNT_DENY,
	BOUND_ROOT,		/* only */
	BOUND_DEVICE,		/* only */
	BOUND_CAPABILITIES,	/* only */
	BOUND_SECRET,		/* only */
	BOUND_TOLERATE,		/* only */
	BOUND_LIMIT,		/* at most */
	BOUND_PERSIST,		/* at most */
	BOUND_AUDIT,		/* at least */
	BOUND_KINDS
};

#define BOUND_ROOT_HOST 1u	/* bits of a BOUND_ROOT's value */
#define BOUND_ROOT_EMPTY 2u

struct policy_bound {
	enum bound_kind kind;
	unsigned choice;	/* an enum's value: tier, home, network,
				 * profile, limit kind */
	uint64_t value;		/* of a limit or of persist; bits of roots,
				 * capabilities or audit words */
	const char *const *texts;		size_t n_texts;
	struct flow flow;
	const struct syscall_rule *rules;	size_t n_rules;
	struct origin origin;
};

struct policy_ceiling {
	const char *name;	/* NULL: the one that binds everything */
	const struct policy_bound *bounds;	size_t n_bounds;
	struct origin origin;
};

/* One jail with everything it inherits applied. */
struct jail {
	const char *name;
	struct origin origin;
	const char *const *ancestry;	/* C3 order, nearest first, without
					 * the jail itself */
	size_t n_ancestry;

	enum tier tier;			struct origin tier_origin;
	enum jail_mode mode;		struct origin mode_origin;
	enum root_kind root;		struct origin root_origin;
	const char *root_path;	/* template; ROOT_IMAGE: the image's name */
	bool root_copy_on_write, root_fresh;
	const char *shell;		struct origin shell_origin; /* NULL: account's */
	const char *hostname;		struct origin hostname_origin; /* template */
	const char *workdir;		struct origin workdir_origin; /* template */
	uint32_t umask;			struct origin umask_origin;
	enum home_mode home;		struct origin home_origin;
	bool home_fresh;
	enum network_mode network;	struct origin network_origin;
	enum syscall_profile syscalls;	struct origin syscalls_origin;
	uint64_t capabilities;		struct origin capabilities_origin;
	uint32_t audit;			struct origin audit_origin;
	uint64_t persist_seconds;	struct origin persist_origin;

	const struct policy_mount *mounts;		size_t n_mounts;
	const struct policy_device *devices;		size_t n_devices;
	const struct policy_variable *environment;	size_t n_environment;
	const struct policy_secret *secrets;		size_t n_secrets;
	const struct policy_feature *tolerated;		size_t n_tolerated;
	const struct flow_rule *flows;			size_t n_flows;
	const struct publish_rule *published;		size_t n_published;
	const struct syscall_rule *syscall_rules;	size_t n_syscall_rules;
	struct policy_limit limits[LIMIT_KINDS];
	const struct policy_ceiling *const *ceilings;	size_t n_ceilings;
};

/* One value of a user or group criterion. */
struct name_pattern {
	const char *pattern;
	bool glob;		/* written in quotes: * and ? */
};

/* A criterion with no values is not there and always holds. */
struct match_rule {
	const struct name_pattern *users;	size_t n_users;
	const struct name_pattern *groups;	size_t n_groups;
	const enum service_class *services;	size_t n_services;
	const struct address_range *from;	size_t n_from;
	const struct jail *jail;		/* NULL: refuse */
	const char *reason;			/* refuse: may be NULL */
	struct origin origin;
};

struct policy_test;			/* lang/action.h */
struct match_index;			/* lang/match_index.h */

struct policy {
	const char *root_file;
	char sha256[65];		/* of the canonical dump, lower hex */
	const struct jail *jails;	size_t n_jails;
	const struct policy_ceiling *ceilings; size_t n_ceilings;
	const struct match_rule *matches; size_t n_matches;
	const struct match_index *index;	/* of them; NULL: none */
	const struct policy_test *tests; size_t n_tests; /* not in sha256 */
	void *arena;			/* lang/arena.h; owns all of the above */
};

/* Releases the policy and everything it points to; NULL is fine. */
void policy_free(struct policy *policy);

const struct jail *policy_find_jail(const struct policy *policy,
    const char *name);

/* The words of the language; "?" for values out of range. */
const char *tier_name(enum tier tier);
const char *mode_name(enum jail_mode mode);
const char *root_kind_name(enum root_kind kind);
const char *home_mode_name(enum home_mode mode);
const char *mount_mode_name(enum mount_mode mode);
const char *network_mode_name(enum network_mode mode);
const char *syscall_profile_name(enum syscall_profile profile);
const char *syscall_action_name(enum syscall_action action);
const char *flow_action_name(enum flow_action action);
const char *limit_kind_name(enum limit_kind kind);

#endif

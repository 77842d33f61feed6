/* What the parser makes of the files: the statements as they are written,
 * nothing looked up, nothing decided.
 *
 * A few members below a "check:" comment are filled in by the next stage. */
#ifndef LANG_TREE_H
#define LANG_TREE_H

#include "lang/action.h"
#include "lang/lexer.h"
#include "lang/names.h"
#include "lang/policy.h"

struct token_list {
	const struct token **items;
	size_t n;
};

enum setting_kind {
	SETTING_TIER = 0,
	SETTING_MODE,
	SETTING_ROOT,
	SETTING_SHELL,
	SETTING_HOSTNAME,
	SETTING_WORKDIR,
	SETTING_UMASK,
	SETTING_HOME,
	SETTING_NETWORK,
	SETTING_SYSCALLS,
	SETTING_CAPABILITIES,
	SETTING_AUDIT,
	SETTING_PERSIST,
	SETTING_MOUNT,
	SETTING_DEVICE,
	SETTING_ENVIRONMENT,
	SETTING_SECRET,
	SETTING_LIMIT,
	SETTING_TOLERATE,
	SETTING_UNDO,
	SETTING_KINDS
};

struct assignment {
	const struct token *name, *value;
	/* check: */
	bool valid;
	struct policy_variable variable;
};

/* argument & mask COMPARE value; masks are bits joined by | */
struct tree_condition {
	const struct token *argument, *compare;
	struct token_list mask, value;
};

struct tree_call {
	const struct token *name;	/* WORD, GROUP or DEFINE */
	struct tree_condition *conditions;
	size_t n_conditions;
};

struct tree_call_rule {
	const struct token *keyword;	/* allow, log, kill, deny */
	enum syscall_action action;
	bool quiet;
	const struct token *error;	/* errno's name, or NULL */
	struct tree_call *calls;
	size_t n_calls;
};

struct tree_flow {
	const struct token *protocol;	/* NULL: all three */
	struct token_list to, ports;
	bool broken;			/* was reported already */
};

struct tree_flow_rule {
	const struct token *keyword;	/* deny, log, allow, publish */
	enum flow_action action;
	bool quiet;
	bool everything;		/* deny, and nothing behind it */
	bool publishes;
	struct tree_flow flow;		/* publish: only its protocol */
	const struct token *jail_port, *host, *host_port;	/* publish */
};

/* One setting of a block; which members count is a matter of its kind. */
struct setting {
	enum setting_kind kind;
	const struct token *keyword;
	const struct token *word;	/* the word that chooses */
	unsigned choice;		/* which word it is: an enum's value */
	const struct token *string;	/* the first string */
	const struct token *target;	/* ... at STRING; a header's name */
	const struct token *host;	/* of a secret in a header */
	const struct token *number;	/* umask, or a limit's value */
	const struct token *size;	/* of a tmpfs */
	const struct token *permissions;
	bool fresh, noexec, optional, read_only, copy_on_write;
	struct token_list list;		/* capabilities, audit, tolerate, no */
	struct assignment *assignments;
	size_t n_assignments;
	struct tree_call_rule *call_rules;
	size_t n_call_rules;
	struct tree_flow_rule *flow_rules;
	size_t n_flow_rules;

	/* check: */
	struct setting *next;		/* of its kind in its block */
	bool valid;
	union {				/* by the kind */
		struct policy_mount mount;
		struct policy_device device;
		struct policy_secret secret;
	};
	const char *text;
	uint64_t value;
	struct policy_feature *features;
	size_t n_features;
	struct syscall_rule *rules;
	size_t n_rules;
	struct flow_rule *flows;
	size_t n_flows;
	struct publish_rule *published;
	size_t n_published;
};

struct tree_bound {
	const struct token *keyword, *word;
	enum bound_kind kind;
	unsigned choice;		/* as in struct policy_bound */
	bool none;			/* none, not: only values */
	const struct token *value;	/* of a limit or of persist */
	struct token_list list;
	struct tree_flow flow;
	struct tree_call_rule calls;
	/* check: */
	bool warned;			/* that it cannot be enforced */
};

struct tree_ceiling {
	const struct token *keyword, *name;	/* name NULL: the unnamed */
	struct tree_bound *bounds;
	size_t n_bounds;
	/* check: */
	struct policy_ceiling *made;	/* bound i is made of bounds[i] */
	struct tree_bound **made_of;
	const struct policy_bound *first[BOUND_KINDS];
	struct names paths[BOUND_KINDS];	/* of mounts: the first bound
						 * of the kind for each */
	bool used;
};

struct part {
	bool is_jail, broken;	/* broken: a setting could not be read */
	const struct token *keyword, *name;
	struct token_list parents;
	struct token_list under;	/* names of ceilings, outer first */
	struct setting **settings;
	size_t n_settings;

	/* check: the settings by their kinds, in order */
	struct setting *first[SETTING_KINDS];

	/* compile: */
	const struct jail *jail;

	/* check: itself and its ancestors, nearest first; n == 0: the
	 * inheritance is wrong, which was reported */
	struct part **ancestry;
	size_t n_ancestry;
	bool visiting, visited;
};

struct define {
	const struct token *name;
	struct token_list values;
	/* check: */
	bool visiting, visited;
};

enum criterion_kind {
	CRITERION_USER = 0,
	CRITERION_GROUP,
	CRITERION_SERVICE,
	CRITERION_FROM,
	CRITERION_KINDS
};

struct tree_match {
	const struct token *keyword;
	const struct token *criteria[CRITERION_KINDS];	/* NULL: not there */
	struct token_list values[CRITERION_KINDS];
	const struct token *jail;	/* NULL: refuse */
	const struct token *reason;
};

/* What is expected of an agent, or what jailctl is asked about. */
struct tree_action {
	const struct token *keyword;
	enum action_kind kind;
	const struct token *protocol, *port;	/* connect */
	struct token_list to;			/* connect: one value */
	const struct token *text;	/* resolve, a path, a capability */
	struct tree_call call;
};

/* as WORD, or as user ... */
struct tree_subject {
	const struct token *keyword, *jail;
	const struct token *service;
	struct token_list user, groups, from;
	bool broken;			/* was reported already */
	/* check: */
	const struct test_subject *made;	/* NULL: cannot be read */
};

struct tree_expectation {
	const struct token *keyword;
	enum expectation_kind kind;
	bool allowed;
	struct tree_action action;
	const struct token *jail;	/* use */
	const struct tree_subject *subject;
};

struct tree_test {
	const struct token *keyword, *name;
	struct tree_subject **subjects;
	size_t n_subjects;
	struct tree_expectation *expectations;
	size_t n_expectations;
	bool broken;		/* a line could not be read */
};

struct tree {
	const struct token *version;	/* of the root file; NULL: missing */
	const struct token *tokens;	/* of the root file */
	size_t n_tokens;
	struct define **defines;
	size_t n_defines;
	struct part **parts;
	size_t n_parts;
	/* check: */
	struct names define_names, part_names, ceiling_names;
	struct tree_match **matches;
	size_t n_matches;
	struct tree_ceiling **ceilings;
	size_t n_ceilings;
	struct token_list unders;	/* each ceiling's name where used */
	struct tree_test **tests;
	size_t n_tests;
	size_t n_bytes;		/* of all files */
	/* A statement or a file could not be read: a name that seems to be
	 * unknown may be defined there. */
	bool incomplete;
};

#endif

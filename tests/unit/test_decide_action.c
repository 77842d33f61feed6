/* What an agent meets, on jails made by hand. */
#include "config.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "lang/base_tree.h"
#include "lang/capability.h"
#include "lang/decide.h"
#include "lang/host_name.h"
#include "lang/load.h"

#define AT(number) .origin = { "/p.jail", number, 2, NULL }
#define ORIGIN(number) { "/p.jail", number, 2, NULL }

static struct destination
to(const char *text)
{
	struct destination d = { .kind = DESTINATION_ADDRESS };
	char address[64];
	const char *slash = strchr(text, '/');
	size_t length = slash == NULL ? strlen(text) : (size_t)(slash - text);

	if (strcmp(text, "any") == 0)
		d.kind = DESTINATION_ANY;
	else if (strcmp(text, "internet") == 0)
		d.kind = DESTINATION_INTERNET;
	else if (strcmp(text, "host") == 0)
		d.kind = DESTINATION_HOST;
	memcpy(address, text, length);
	address[length] = '\0';
	if (d.kind != DESTINATION_ADDRESS)
		return d;
	if (inet_pton(AF_INET, address, &d.range.address) == 1) {
		d.range.family = AF_INET;
		d.range.prefix_bits = 32;
	} else if (inet_pton(AF_INET6, address, &d.range.address) == 1) {
		d.range.family = AF_INET6;
		d.range.prefix_bits = 128;
	} else {
		d.kind = DESTINATION_NAME;
		d.name = text;
	}
	if (slash != NULL)
		d.range.prefix_bits = (unsigned)atoi(slash + 1);
	return d;
}

static struct destination to_packages[2], to_lan[1], to_any[1],
    to_internet[1], to_host[1], to_metadata[1];
static const struct port_range web[] = { { 80, 80 }, { 443, 443 } };
static const struct port_range high[] = { { 1024, 65535 } };

static struct flow_rule flows[] = {
	{ FLOW_DENY, true, { PROTOCOL_ALL, to_metadata, 1, NULL, 0 }, AT(1) },
	{ FLOW_ALLOW, false, { PROTOCOL_TCP, to_packages, 2, web, 2 },
	    AT(2) },
	{ FLOW_LOG, false, { PROTOCOL_UDP, to_lan, 1, NULL, 0 }, AT(3) },
	{ FLOW_DENY, false, { PROTOCOL_TCP, to_any, 1, high, 1 }, AT(4) },
	{ FLOW_ALLOW, false, { PROTOCOL_TCP, to_host, 1, web, 2 }, AT(5) },
	{ FLOW_ALLOW, false, { PROTOCOL_ALL, to_internet, 1, NULL, 0 },
	    AT(6) },
};

static int
setup(void **state)
{
	(void)state;
	to_packages[0] = to("packages.example.org");
	to_packages[1] = to("*.mirror.example.org");
	to_lan[0] = to("10.1.0.0/16");
	to_any[0] = to("any");
	to_internet[0] = to("internet");
	to_host[0] = to("host");
	to_metadata[0] = to("169.254.0.0/16");
	return 0;
}

static const struct jail filtered = { .name = "filtered",
	.tier = TIER_NAMESPACE, .network = NETWORK_FILTERED,
	.network_origin = ORIGIN(9), .flows = flows,
	.n_flows = ARRAY_LENGTH(flows) };
static const struct jail few = { .name = "few", .tier = TIER_NAMESPACE,
	.network = NETWORK_FILTERED, .network_origin = ORIGIN(9),
	.flows = flows, .n_flows = 3 };
static const struct jail lonely = { .name = "lonely",
	.network = NETWORK_NONE, .network_origin = ORIGIN(9) };
static const struct jail wide = { .name = "wide", .network = NETWORK_HOST,
	.network_origin = ORIGIN(9) };

struct row {
	const struct jail *jail;
	unsigned protocol;
	const char *to;
	int port;		/* -1: none */
	enum answer answer;
	unsigned line;		/* 0: built in */
};

static const struct row rows[] = {
	{ &lonely, PROTOCOL_TCP, "192.0.2.1", 80, ANSWER_DENY, 9 },
	{ &lonely, PROTOCOL_TCP, "host", 80, ANSWER_DENY, 9 },
	{ &lonely, PROTOCOL_TCP, "127.0.0.2", 80, ANSWER_ALLOW, 0 },
	{ &lonely, PROTOCOL_TCP, "::1", 80, ANSWER_ALLOW, 0 },
	{ &wide, PROTOCOL_UDP, "169.254.169.254", 80, ANSWER_ALLOW, 9 },
	{ &filtered, PROTOCOL_TCP, "169.254.169.254", 80, ANSWER_DENY, 1 },
	{ &filtered, PROTOCOL_TCP, "packages.example.org", 443,
	    ANSWER_ALLOW, 2 },
	{ &filtered, PROTOCOL_TCP, "a.b.MIRROR.example.org", 80,
	    ANSWER_ALLOW, 2 },
	{ &few, PROTOCOL_TCP, "mirror.example.org", 80, ANSWER_DENY, 9 },
	{ &few, PROTOCOL_TCP, "xmirror.example.org", 80, ANSWER_DENY, 9 },
	{ &few, PROTOCOL_UDP, "packages.example.org", 80, ANSWER_DENY, 9 },
	{ &few, PROTOCOL_TCP, "packages.example.org", 22, ANSWER_DENY, 9 },
	{ &few, PROTOCOL_TCP, "packages.example.org", -1, ANSWER_DEPENDS,
	    2 },
	{ &few, PROTOCOL_UDP, "10.1.255.1", 53, ANSWER_LOG, 3 },
	{ &few, PROTOCOL_UDP, "10.2.0.0", 53, ANSWER_DENY, 9 },
	/* the host may be one of them */
	{ &few, PROTOCOL_UDP, "host", 53, ANSWER_DEPENDS, 1 },
	{ &filtered, PROTOCOL_TCP, "192.0.2.1", 1023, ANSWER_ALLOW, 6 },
	{ &filtered, PROTOCOL_TCP, "192.0.2.1", 1024, ANSWER_DENY, 4 },
	{ &filtered, PROTOCOL_TCP, "192.0.2.1", -1, ANSWER_DEPENDS, 4 },
	{ &filtered, PROTOCOL_TCP, "10.1.0.1", 80, ANSWER_DENY, 9 },
	{ &filtered, PROTOCOL_ICMP, "192.0.2.1", -1, ANSWER_ALLOW, 6 },
	{ &filtered, PROTOCOL_ICMP, "224.0.0.1", -1, ANSWER_DENY, 9 },
	{ &filtered, PROTOCOL_ICMP, "fe80::1", -1, ANSWER_DENY, 9 },
	{ &filtered, PROTOCOL_ICMP, "fd12::1", -1, ANSWER_DENY, 9 },
	{ &filtered, PROTOCOL_ICMP, "2001:db8::1", -1, ANSWER_ALLOW, 6 },
};

static void
assert_answer(const struct action_decision *decision, enum answer answer,
    unsigned line, const char *what)
{
	if (decision->answer != answer || (decision->origin == NULL ? 0 :
	    decision->origin->line) != line)
		print_error("%s: %s by line %u: %s\n", what,
		    answer_name(decision->answer), decision->origin == NULL ?
		    0 : decision->origin->line, decision->why);
	assert_int_equal(decision->answer, answer);
	assert_int_equal(decision->origin == NULL ? 0 :
	    decision->origin->line, line);
	assert_true(decision->why[0] != '\0');
}

static void
test_connect(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		struct action action = { .kind = ACTION_CONNECT,
			.protocol = row->protocol, .to = to(row->to),
			.has_port = row->port >= 0,
			.port = (uint16_t)row->port };
		struct action_decision decision;

		decide_action(row->jail, NULL, &action, &decision);
		assert_answer(&decision, row->answer, row->line, row->to);
	}
}

static void
test_resolve(void **state)
{
	static const struct {
		const struct jail *jail;
		const char *name;
		enum answer answer;
		unsigned line;
	} table[] = {
		{ &lonely, "example.org", ANSWER_DENY, 9 },
		{ &wide, "example.org", ANSWER_ALLOW, 9 },
		{ &few, "packages.example.org", ANSWER_ALLOW, 2 },
		{ &few, "a.mirror.example.org", ANSWER_ALLOW, 2 },
		{ &few, "example.org", ANSWER_DENY, 9 },
		/* the denial of line 4 is for high ports of tcp only */
		{ &filtered, "example.org", ANSWER_ALLOW, 6 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		struct action action = { .kind = ACTION_RESOLVE,
			.text = table[i].name };
		struct action_decision decision;

		decide_action(table[i].jail, NULL, &action, &decision);
		assert_answer(&decision, table[i].answer, table[i].line,
		    table[i].name);
	}
}

/* What complain mode records instead of denying, and what it does not. */
static void
test_complain(void **state)
{
	struct syscall_rule rules[] = {
		{ .action = SYSCALL_DENY, .error = EACCES, .call = "read",
		    AT(3) },
	};
	struct jail jail = few;
	struct action action = { .kind = ACTION_CONNECT,
		.protocol = PROTOCOL_TCP, .to = to("192.0.2.1"),
		.has_port = true, .port = 22 };
	struct action_decision decision;

	(void)state;
	jail.mode = MODE_COMPLAIN;
	jail.syscalls = SYSCALLS_DEFAULT;
	jail.syscall_rules = rules;
	jail.n_syscall_rules = 1;
	decide_action(&jail, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_LOG, 9, "a flow");
	action = (struct action) { .kind = ACTION_SYSCALL, .text = "read" };
	decide_action(&jail, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_LOG, 3, "a rule");
	action.text = "ptrace";
	decide_action(&jail, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 0, "the profile");
}

static const struct syscall_rule call_rules[] = {
	{ .action = SYSCALL_DENY, .error = EACCES, .call = "ptrace",
	    .n_conditions = 1, .conditions = { { 0, 64, COMPARE_EQ,
	    UINT64_MAX, 16 } }, AT(1) },
	{ .action = SYSCALL_LOG, .call = "ptrace", AT(2) },
	{ .action = SYSCALL_KILL, .call = "kcmp", AT(3) },
	{ .action = SYSCALL_ALLOW, .call = "clone", AT(4) },
	{ .action = SYSCALL_DENY, .error = EPERM, .call = "fcntl",
	    .n_conditions = 1, .conditions = { { 1, 32, COMPARE_GE,
	    UINT32_MAX, 100 } }, AT(5) },
};

static void
test_syscall(void **state)
{
	static const struct {
		const char *call;
		uint64_t known;		/* of argument 0, or 1 for fcntl */
		uint64_t value;
		enum answer answer;
		unsigned line;
		int error;
	} table[] = {
		{ "ptrace", 0, 0, ANSWER_DEPENDS, 1, EACCES },
		{ "ptrace", UINT64_MAX, 16, ANSWER_DENY, 1, EACCES },
		{ "ptrace", UINT64_MAX, 17, ANSWER_LOG, 2, 0 },
		{ "ptrace", 1, 1, ANSWER_LOG, 2, 0 },
		{ "ptrace", 16, 16, ANSWER_DEPENDS, 1, EACCES },
		{ "kcmp", 0, 0, ANSWER_DENY, 3, 0 },
		{ "clone", 0, 0, ANSWER_DEPENDS, 4, 0 },
		{ "clone", UINT64_MAX, 17, ANSWER_ALLOW, 4, 0 },
		{ "clone", UINT64_MAX, 0x10000000, ANSWER_DENY, 0, EPERM },
		{ "fcntl", 0, 0, ANSWER_DEPENDS, 5, EPERM },
		{ "fcntl", ~UINT64_C(63), 0, ANSWER_ALLOW, 0, 0 },
		{ "fcntl", 256, 256, ANSWER_DENY, 5, EPERM },
		{ "fcntl64", UINT64_MAX, 99, ANSWER_ALLOW, 0, 0 },
		{ "mount", 0, 0, ANSWER_DENY, 0, EPERM },
		{ "read", 0, 0, ANSWER_ALLOW, 0, 0 },
		{ "io_uring_setup", 0, 0, ANSWER_DENY, 0, ENOSYS },
		{ "no_such_call", 0, 0, ANSWER_DENY, 0, ENOSYS },
	};
	const struct jail jail = { .name = "j", .syscalls = SYSCALLS_DEFAULT,
		.syscall_rules = call_rules,
		.n_syscall_rules = ARRAY_LENGTH(call_rules) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		unsigned n = strncmp(table[i].call, "fcntl", 5) == 0;
		struct action action = { .kind = ACTION_SYSCALL,
			.text = table[i].call };
		struct action_decision decision;

		action.arguments[n] = table[i].value;
		action.known[n] = table[i].known;
		decide_action(&jail, NULL, &action, &decision);
		assert_answer(&decision, table[i].answer, table[i].line,
		    table[i].call);
		assert_int_equal(decision.error, table[i].error);
		assert_int_equal(decision.kills,
		    strcmp(table[i].call, "kcmp") == 0);
	}
}

static void
test_capability(void **state)
{
	struct action action = { .kind = ACTION_CAPABILITY };
	const struct jail jail = { .name = "j", .capabilities = 1u << 10,
		.capabilities_origin = ORIGIN(7) };
	struct action_decision decision;

	(void)state;
	assert_true(capability_find("CAP_NET_BIND_SERVICE",
	    &action.capability));
	assert_int_equal(action.capability, 10);
	decide_action(&jail, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_ALLOW, 7, "a capability");
	assert_true(capability_find("CAP_CHECKPOINT_RESTORE",
	    &action.capability));
	assert_int_equal(action.capability, 40);
	decide_action(&jail, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 7, "a capability");
	assert_false(capability_find("NET_ADMIN", &action.capability));
}

#define R (1u << ACTION_READ)
#define W (1u << ACTION_WRITE)
#define X (1u << ACTION_EXECUTE)
#define D (1u << ACTION_DEVICE)

static const struct policy_mount mounts[] = {
	{ .mode = MOUNT_READ_WRITE, .source = "/srv/${user}",
	    .target = "/workspace/${user}", AT(1) },
	{ .mode = MOUNT_HIDDEN, .target = "/usr/src/secret", AT(2) },
	{ .mode = MOUNT_READ_ONLY, .source = "/var/log", .target = "/var/log",
	    .noexec = true, AT(3) },
	{ .mode = MOUNT_TMPFS, .target = "/workspace/agent/t", .noexec = true,
	    AT(4) },
	{ .mode = MOUNT_READ_ONLY, .source = "/usr/bin/true",
	    .target = "/usr/bin/git", AT(5) },
	{ .mode = MOUNT_HIDDEN, .target = "/usr/sbin", AT(6) },
};
static const struct policy_device devices[] = {
	{ .path = "/dev/nvidia*", AT(8) },
	{ .path = "/dev/${user}", .read_only = true, AT(9) },
};
static const struct policy_secret secrets[] = {
	{ .name = "deploy", .source = "/etc/s", .target = "/run/deploy",
	    AT(10) },
};

static const struct {
	const char *path;
	unsigned allowed, line;
} paths[] = {
	{ "/", R, 0 }, { "/srv", 0, 0 }, { "/srv/agent/x", 0, 0 },
	{ "/usr/bin/make", R | X, 0 }, { "/usr/src/secret", 0, 2 },
	{ "/usr/src/secret/key", 0, 2 }, { "/usr/src/secrets", R | X, 0 },
	{ "/workspace", R, 0 }, { "/workspace/other", 0, 0 },
	{ "/workspace/${user}/a", R | W | X, 1 },
	{ "/workspace/agent/t/a", R | W, 4 },
	{ "/home/agent/.ssh/id", R | X, 12 }, { "${home}/x", R | X, 12 },
	{ "/home/other/x", 0, 0 }, { "/home", R, 0 },
	{ "/etc/shadow", 0, 0 }, { "/etc/passwd", R, 0 },
	{ "/etc/ssl/certs/x.pem", R | X, 0 }, { "/etc/ssl/private/x", 0, 0 },
	{ "/etc/ssl", R, 0 },
	{ "/tmp/x", R | W | X, 0 }, { "/dev/shm/x", R | W | X, 0 },
	{ "/proc/self/status", R | W, 0 }, { "/proc/kcore", 0, 0 },
	{ "/proc/sys/kernel/core_pattern", R, 0 }, { "/sys/fs/cgroup", 0, 0 },
	{ "/sys/class/net", R, 0 }, { "/dev/null", R | W | D, 0 },
	{ "/dev/sda", 0, 0 }, { "/dev/nvidia0", R | W | D, 8 },
	{ "/dev/agent", R | D, 9 }, { "/dev/nvidia-caps/x", 0, 0 },
	/* the policy's mounts lie over what every jail has */
	{ "/var/log/wtmp", R, 3 }, { "/run/utmp", 0, 0 },
	{ "/var/run/utmp", 0, 0 }, { "/var/run/host/x", 0, 0 },
	{ "/run/deploy", R, 10 }, { "/var/lib/x", 0, 0 },
	/* /bin may be a link */
	{ "/bin/git", R | X, 5 }, { "/usr/bin/git", R | X, 5 },
	{ "/sbin/reboot", 0, 6 }, { "/usr/bin/git/x", R | X, 5 },
};

static void
test_path(void **state)
{
	static const struct jail jail = { .name = "j", .root = ROOT_HOST,
		.home = HOME_READ_ONLY, .home_origin = ORIGIN(12),
		.mounts = mounts, .n_mounts = ARRAY_LENGTH(mounts),
		.devices = devices, .n_devices = ARRAY_LENGTH(devices),
		.secrets = secrets, .n_secrets = ARRAY_LENGTH(secrets) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
		for (enum action_kind kind = ACTION_READ;
		    kind <= ACTION_DEVICE; kind++) {
			struct action action = { .kind = kind,
				.text = paths[i].path };
			struct action_decision decision;

			decide_action(&jail, NULL, &action, &decision);
			assert_answer(&decision, paths[i].allowed >> kind & 1 ?
			    ANSWER_ALLOW : ANSWER_DENY, paths[i].line,
			    paths[i].path);
		}
	}
}

static void
test_path_facts(void **state)
{
	static const char *const kept[] = { "shadow", NULL };
	const struct template_values nobody = { .user = "x" };
	const struct template_values root = { .user = "../x", .home = "/h" };
	const struct jail empty = { .name = "j", .root = ROOT_EMPTY };
	const struct jail host = { .name = "j", .root = ROOT_HOST };
	const struct jail tree = { .name = "j", .root = ROOT_DIRECTORY,
		.root_path = "/srv/root", .root_origin = ORIGIN(4) };
	struct decide_facts facts = { .kept = kept };
	struct action action = { .kind = ACTION_READ, .text = "/etc/shadow" };
	struct action_decision decision;

	(void)state;
	decide_action(&host, &facts, &action, &decision);
	assert_answer(&decision, ANSWER_ALLOW, 0, "kept");
	decide_action(&empty, &facts, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 0, "not kept");
	action.text = "/usr/bin/env";
	decide_action(&empty, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 0, "an empty root");
	decide_action(&tree, NULL, &action, &decision);
	assert_answer(&decision, ANSWER_ALLOW, 4, "a root");
	facts.account = &nobody;
	decide_action(&host, &facts, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 0, "no home");
	facts.account = &root;
	action.text = "/srv/${user}";
	decide_action(&host, &facts, &action, &decision);
	assert_answer(&decision, ANSWER_DENY, 0, "a bad name");
	assert_non_null(strstr(decision.why, "${user}"));
}

static const char ceilings[] =
    "version 1\n"
    "ceiling {\n"
    "network deny to 169.254.0.0/16\n"
    "network only tcp to { any, 10.0.0.0/8 }\n"
    "network only udp to 10.0.0.53 port 53\n"
    "syscalls deny ptrace, fcntl(op == 5)\n"
    "mount deny { \"/srv/x/secret\", \"/usr/src\", \"/home/eve\" }\n"
    "}\n"
    "ceiling web { network deny tcp to any port 25 }\n"
    "jail j under web {\n"
    "mode complain\n"
    "network filtered { allow to any; allow to 10.0.0.0/8; "
    "allow to 169.0.0.0/8 }\n"
    "syscalls default { allow fcntl }\n"
    "mount \"/srv/${user}\" at \"/w\" read-write\n"
    "mount \"/srv\" at \"/v\" read-only\n"
    "home read-only\n"
    "}\n";

/* A ceiling's bounds hold whatever the jail's own rules and its mode say. */
static void
test_ceiling(void **state)
{
	static const struct {
		const char *action;
		const char *user;
		enum answer answer;
		unsigned line;
	} table[] = {
		{ "connect tcp 169.254.1.1 port 80", "x", ANSWER_DENY, 4 },
		{ "connect tcp 169.253.1.1 port 80", "x", ANSWER_ALLOW, 12 },
		{ "connect tcp 10.0.0.1 port 25", "x", ANSWER_DENY, 9 },
		{ "connect tcp 10.0.0.1", "x", ANSWER_DEPENDS, 9 },
		{ "connect udp 10.0.0.53 port 53", "x", ANSWER_ALLOW, 12 },
		{ "connect udp 10.0.0.53 port 54", "x", ANSWER_DENY, 4 },
		{ "connect udp 10.0.0.53", "x", ANSWER_DEPENDS, 4 },
		{ "connect icmp 10.0.0.53", "x", ANSWER_DENY, 4 },
		{ "connect tcp \"a.example.org\" port 80", "x",
		    ANSWER_ALLOW, 12 },
		{ "connect tcp host port 80", "x", ANSWER_DEPENDS, 4 },
		{ "resolve \"a.example.org\"", "x", ANSWER_ALLOW, 12 },
		{ "syscall ptrace", "x", ANSWER_DENY, 6 },
		{ "syscall fcntl", "x", ANSWER_DEPENDS, 6 },
		{ "syscall fcntl(op == 6)", "x", ANSWER_ALLOW, 13 },
		{ "read \"/v/x/secret/y\"", "x", ANSWER_DENY, 7 },
		{ "read \"/v/x/public\"", "x", ANSWER_ALLOW, 15 },
		{ "read \"/w/secret\"", "x", ANSWER_DENY, 7 },
		{ "read \"/w/secret\"", "y", ANSWER_ALLOW, 14 },
		{ "read \"/usr/src/x\"", "y", ANSWER_DENY, 7 },
		{ "read \"/usr/share\"", "y", ANSWER_ALLOW, 0 },
		{ "read \"/usr/share\"", "eve", ANSWER_DENY, 7 },
	};
	struct load_options options = { .root_file = "p.jail" };
	struct policy *policy = NULL;

	(void)state;
	assert_int_equal(policy_load_memory(&options, ceilings,
	    strlen(ceilings), &policy), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
		char home[32];
		struct template_values account = { .user = table[i].user,
			.home = home };
		struct decide_facts facts = { .account = &account };
		struct action_decision decision;
		const struct action *actions;
		void *memory;
		size_t n;

		snprintf(home, sizeof(home), "/home/%s", table[i].user);
		assert_int_equal(actions_load(&options, table[i].action,
		    strlen(table[i].action), &actions, &n, &memory), 0);
		decide_action(&policy->jails[0], &facts, &actions[0],
		    &decision);
		assert_answer(&decision, table[i].answer, table[i].line,
		    table[i].action);
		actions_free(memory);
	}
	policy_free(policy);
}

/* The list as it is shipped is the list as it is compiled in. */
static void
test_kept(void **state)
{
	const char *srcdir = getenv("srcdir");
	char line[256], name[512];
	size_t i = 0;
	FILE *file;

	(void)state;
	snprintf(name, sizeof(name), "%s/config/etc-keep.conf",
	    srcdir == NULL ? "." : srcdir);
	file = fopen(name, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		assert_non_null(base_kept[i]);
		assert_string_equal(base_kept[i], line);
		i++;
	}
	assert_null(base_kept[i]);
	fclose(file);
}

static void
test_host_name(void **state)
{
	(void)state;
	assert_true(host_name_covers("*.x.org", "a.x.org"));
	assert_true(host_name_covers("*.x.org", "*.a.x.org"));
	assert_true(host_name_covers("*.x.org", "*.X.org"));
	assert_false(host_name_covers("*.x.org", "x.org"));
	assert_false(host_name_covers("*.x.org", "ax.org"));
	assert_false(host_name_covers("x.org", "*.x.org"));
	assert_false(host_name_covers("a.x.org", "x.org"));
	assert_false(host_name_covers("*.a.x.org", "*.x.org"));
	assert_null(host_name_flaw("a-1.x_y.org", false));
	assert_null(host_name_flaw("*.org", true));
	assert_non_null(host_name_flaw("*.org", false));
	assert_non_null(host_name_flaw("a.*.org", true));
	assert_non_null(host_name_flaw("a..org", true));
	assert_non_null(host_name_flaw("-a.org", true));
	assert_non_null(host_name_flaw("a.org.", true));
	assert_non_null(host_name_flaw("10.0.0.1", true));
	assert_non_null(host_name_flaw("", true));
	assert_non_null(host_name_flaw("a b", true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_complain),
		cmocka_unit_test(test_syscall),
		cmocka_unit_test(test_capability),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_path_facts),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_host_name),
	};

	return cmocka_run_group_tests_name("decide_action", tests, setup,
	    NULL);
}

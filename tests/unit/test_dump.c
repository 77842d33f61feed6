/* The canonical text of policies: its bytes, and that it is read as the
 * policy that it was written from. */
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
#include <jansson.h>

#include "common/cleanup.h"
#include "lang/dump.h"
#include "lang/load.h"
#include "lang/policy.h"

#define CODER { "/p.jail", 14, 5, "coder" }
#define BASE { "/p.jail", 3, 5, "base" }

static const struct policy_mount mounts[] = {
	{ .mode = MOUNT_READ_WRITE, .source = "/srv/projects/${user}",
	    .target = "/workspace", .noexec = true, .optional = true,
	    .origin = CODER },
	{ .mode = MOUNT_COPY_ON_WRITE, .source = "/srv/re\"f",
	    .target = "/srv/re\"f", .fresh = true, .origin = CODER },
	{ .mode = MOUNT_READ_ONLY, .source = "/srv/$${x}",
	    .target = "/srv/$${x}", .origin = BASE },
	{ .mode = MOUNT_HIDDEN, .target = "/usr/src/secret", .origin = BASE },
	{ .mode = MOUNT_TMPFS, .target = "/scratch", .permissions = 0700,
	    .size_bytes = UINT64_C(3) << 29, .noexec = true,
	    .origin = CODER },
};
static const struct policy_device devices[] = {
	{ .path = "/dev/nvidia*", .optional = true, .origin = CODER },
	{ .path = "/dev/video0", .read_only = true, .origin = CODER },
};
static const struct policy_variable environment[] = {
	{ .name = "EDITOR", .value = "vi\t\\ \"${user}\"\n", .origin = BASE },
};
static const struct policy_feature tolerated[] = {
	{ .name = "landlock-scopes", .origin = CODER },
};
static const struct policy_secret secrets[] = {
	{ .name = "agent", .source = "/s/${user}", .kind = SECRET_SSH_AGENT,
	    .origin = CODER },
	{ .name = "api", .source = "/s/$$", .kind = SECRET_HEADER,
	    .target = "Authorization", .host = "api.example.org",
	    .origin = BASE },
	{ .name = "file", .source = "/s/f", .target = "/run/f",
	    .origin = BASE },
};
static struct destination to_some[] = {
	{ .kind = DESTINATION_NAME, .name = "*.example.org" },
	{ .kind = DESTINATION_ADDRESS, .range = { .family = AF_INET,
	    .prefix_bits = 8 } },
	{ .kind = DESTINATION_HOST }, { .kind = DESTINATION_ANY },
};
static const struct destination to_internet = { DESTINATION_INTERNET,
	{ 0 }, NULL };
static const struct port_range ports[] = { { 80, 80 }, { 1000, 2000 } };
static const struct flow_rule flows[] = {
	{ FLOW_ALLOW, false, { PROTOCOL_TCP, to_some, 4, ports, 2 }, CODER },
	{ FLOW_DENY, true, { PROTOCOL_ALL, &to_internet, 1, NULL, 0 },
	    CODER },
	{ FLOW_LOG, false, { PROTOCOL_UDP, &to_internet, 1, ports + 1, 1 },
	    BASE },
	{ FLOW_DENY, false, { PROTOCOL_ALL, NULL, 0, NULL, 0 }, BASE },
};
static struct publish_rule published[] = {
	{ .protocol = PROTOCOL_TCP, .jail_port = 8080, .host_port = 80,
	    .host = { .family = AF_INET, .prefix_bits = 32 },
	    .origin = CODER },
};
static const struct syscall_rule rules[] = {
	{ .action = SYSCALL_ALLOW, .call = "perf_event_open",
	    .origin = CODER },
	{ .action = SYSCALL_DENY, .error = ENOSYS, .quiet = true,
	    .call = "io_uring_setup", .origin = CODER },
	{ .action = SYSCALL_DENY, .error = EPERM, .call = "socket",
	    .n_conditions = 2, .conditions = {
		{ .argument = 0, .width_bits = 32, .compare = COMPARE_EQ,
		    .mask = UINT32_MAX, .value = 17 },
		{ .argument = 1, .width_bits = 32, .compare = COMPARE_NE,
		    .mask = 0xf, .value = 3 },
	    }, .origin = BASE },
	{ .action = SYSCALL_LOG, .call = "ptrace", .n_conditions = 1,
	    .conditions = { { .argument = 5, .width_bits = 64,
		.compare = COMPARE_GE, .mask = UINT64_MAX,
		.value = 4096 } }, .origin = BASE },
	{ .action = SYSCALL_KILL, .call = "bpf", .origin = BASE },
};
static const char *const ancestry[] = { "base", "other" };

static const struct jail jails[] = {
	{ .name = "quiet", .origin = { "/p.jail", 30, 1, "quiet" },
	    .tier = TIER_CHROOT, .root = ROOT_HOST, .hostname = "${jail}",
	    .workdir = "${home}", .umask = 077, .network = NETWORK_HOST,
	    .home = HOME_READ_ONLY, .syscalls = SYSCALLS_STRICT },
	{ .name = "coder", .origin = { "/p.jail", 13, 1, "coder" },
	    .ancestry = ancestry, .n_ancestry = 2,
	    .tier = TIER_NAMESPACE, .tier_origin = CODER,
	    .mode = MODE_COMPLAIN, .mode_origin = BASE, .root = ROOT_HOST,
	    .shell = "/bin/sh", .shell_origin = BASE,
	    .hostname = "box-${jail}", .hostname_origin = CODER,
	    .workdir = "${home}", .umask = 07, .umask_origin = CODER,
	    .home = HOME_PRIVATE, .home_fresh = true, .home_origin = CODER,
	    .syscalls = SYSCALLS_DEFAULT, .syscalls_origin = CODER,
	    .audit = AUDIT_WORD_DENIED | AUDIT_WORD_EXEC,
	    .network = NETWORK_FILTERED, .network_origin = CODER,
	    .flows = flows, .n_flows = ARRAY_LENGTH(flows),
	    .published = published, .n_published = 1,
	    .persist_seconds = 3600, .persist_origin = CODER,
	    .secrets = secrets, .n_secrets = ARRAY_LENGTH(secrets),
	    .mounts = mounts, .n_mounts = ARRAY_LENGTH(mounts),
	    .devices = devices, .n_devices = ARRAY_LENGTH(devices),
	    .environment = environment, .n_environment = 1,
	    .tolerated = tolerated, .n_tolerated = 1,
	    .syscall_rules = rules, .n_syscall_rules = ARRAY_LENGTH(rules),
	    .limits = {
		[LIMIT_TASKS] = { true, 512, CODER },
		[LIMIT_SESSION_TIME] = { true, 5400, CODER },
		[LIMIT_IDLE_TIME] = { true, 172800, CODER },
		[LIMIT_MEMORY] = { true, UINT64_C(4) << 30, CODER },
		[LIMIT_DISK] = { true, UINT64_C(2048) << 40, CODER },
		[LIMIT_CPU] = { true, 200, BASE },
	    } },
};

static const char jails_text[] =
    "version 1\n"
    "\n"
    "jail coder {\n"
    "\ttier namespace\n"
    "\tmode complain\n"
    "\troot host\n"
    "\tshell \"/bin/sh\"\n"
    "\thostname \"box-${jail}\"\n"
    "\tworkdir \"${home}\"\n"
    "\tumask 007\n"
    "\thome private fresh\n"
    "\tcapabilities none\n"
    "\taudit denied, exec\n"
    "\tpersist 1h\n"
    "\tnetwork filtered {\n"
    "\t\tpublish tcp port 8080 at 10.1.0.0 port 80\n"
    "\t\tallow tcp to { \"*.example.org\", 10.0.0.0/8, host, any } "
    "port { 80, 1000-2000 }\n"
    "\t\tdeny quiet to internet\n"
    "\t\tlog udp to internet port 1000-2000\n"
    "\t\tdeny\n"
    "\t}\n"
    "\tsyscalls default {\n"
    "\t\tallow perf_event_open\n"
    "\t\tdeny quiet errno ENOSYS io_uring_setup\n"
    "\t\tdeny socket(domain == 17, type & 15 != 3)\n"
    "\t\tlog ptrace(arg5 >= 0x1000)\n"
    "\t\tkill bpf\n"
    "\t}\n"
    "\tmount \"/srv/projects/${user}\" at \"/workspace\" read-write noexec "
    "optional\n"
    "\tmount \"/srv/re\\\"f\" copy-on-write fresh\n"
    "\tmount \"/srv/$${x}\" read-only\n"
    "\tmount \"/usr/src/secret\" hidden\n"
    "\tmount tmpfs \"/scratch\" size 1536M mode 700 noexec\n"
    "\tdevice \"/dev/nvidia*\" optional\n"
    "\tdevice \"/dev/video0\" read-only\n"
    "\tenvironment set EDITOR = \"vi\\t\\\\ \\\"${user}\\\"\\n\"\n"
    "\tsecret agent from \"/s/${user}\" ssh-agent\n"
    "\tsecret api from \"/s/$$\" header \"Authorization\" to "
    "\"api.example.org\"\n"
    "\tsecret file from \"/s/f\" at \"/run/f\"\n"
    "\ttolerate missing landlock-scopes\n"
    "\tlimit tasks 512\n"
    "\tlimit session-time 90m\n"
    "\tlimit idle-time 2d\n"
    "\tlimit memory 4G\n"
    "\tlimit cpu 200%\n"
    "\tlimit disk 2048T\n"
    "}\n"
    "\n"
    "jail quiet {\n"
    "\ttier chroot\n"
    "\tmode enforce\n"
    "\troot host\n"
    "\tworkdir \"${home}\"\n"
    "\tumask 077\n"
    "\thome read-only\n"
    "\tcapabilities none\n"
    "\taudit none\n"
    "\tpersist none\n"
    "\tnetwork host\n"
    "\tsyscalls strict\n"
    "}\n";

static const struct name_pattern users[] = {
	{ "ci-*", true }, { "claude", false }, { "a$b", true },
};
static const enum service_class services[] = { SERVICE_CRON, SERVICE_SSHD };
static struct address_range from[] = {
	{ .family = 0 },
	{ .family = AF_INET, .prefix_bits = 16 },
	{ .family = AF_INET6, .prefix_bits = 128 },
};
static const struct match_rule matches[] = {
	{ .users = users, .n_users = 3, .services = services, .n_services = 2,
	    .jail = &jails[1] },
	{ .groups = users + 1, .n_groups = 1, .from = from, .n_from = 3,
	    .jail = &jails[0] },
	{ .from = from, .n_from = 1, .reason = "no \"$\" here" },
	{ .jail = NULL },
};

static const char matches_text[] =
    "\n"
    "match user { \"ci-*\", claude, \"a$$b\" } service { cron, sshd } "
    "use coder\n"
    "match group claude from { local, 10.1.0.0/16, 2001:db8::1 } use quiet\n"
    "match from local refuse \"no \\\"$$\\\" here\"\n"
    "match any refuse\n";

static char *
dump(const struct policy *policy)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(policy_dump(out, policy), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static int
setup(void **state)
{
	(void)state;
	inet_pton(AF_INET, "10.1.0.0", &from[1].address);
	inet_pton(AF_INET, "10.1.0.0", &published[0].host.address);
	inet_pton(AF_INET, "10.0.0.0", &to_some[1].range.address);
	inet_pton(AF_INET6, "2001:db8::1", &from[2].address);
	return 0;
}

static void
test_bytes(void **state)
{
	const struct policy policy = { .jails = jails, .n_jails = 2,
		.matches = matches, .n_matches = ARRAY_LENGTH(matches) };
	_cleanup_free_ char *text = dump(&policy);

	(void)state;
	assert_true(strncmp(text, jails_text, strlen(jails_text)) == 0);
	assert_string_equal(text + strlen(jails_text), matches_text);
}

/* The order in which jails are defined leaves no trace; that of matches
 * does. */
static void
test_order(void **state)
{
	const struct jail swapped[] = { jails[1], jails[0] };
	const struct match_rule turned[] = { matches[3], matches[2] };
	const struct policy one = { .jails = jails, .n_jails = 2 };
	const struct policy other = { .jails = swapped, .n_jails = 2 };
	const struct policy straight = { .matches = matches + 2,
		.n_matches = 2 };
	const struct policy reverse = { .matches = turned, .n_matches = 2 };
	_cleanup_free_ char *text = dump(&one), *same = dump(&other);
	_cleanup_free_ char *third = dump(&straight), *last = dump(&reverse);

	(void)state;
	assert_string_equal(text, same);
	assert_string_not_equal(third, last);
}

static struct policy *
load(const char *text)
{
	const struct load_options options = { .root_file = "/p.jail",
		.diagnostics = stderr };
	struct policy *policy = NULL;

	assert_int_equal(policy_load_memory(&options, text, strlen(text),
	    &policy), 0);
	return policy;
}

static const char written[] =
    "version 1\n"
    "define office = { 10.1.0.0/16, 2001:db8:1::/48 }\n"
    "profile base { home private; audit exec, denied; umask 027\n"
    "    syscalls default { deny @raw-io; log ptrace } }\n"
    "jail late inherits base { tier chroot; network host }\n"
    "jail coder inherits base {\n"
    "    hostname \"a-${user}\"\n"
    "    mount \"/srv/p/${user}\" at \"/workspace\" read-write noexec\n"
    "    mount \"/srv/$$ref\" read-only optional\n"
    "    mount tmpfs \"/scratch\" size 64M\n"
    "    device \"/dev/nvidia*\" optional\n"
    "    environment set LANG = \"C.UTF-8\", TAB = \"\\t$$\\\\\"\n"
    "    syscalls default {\n"
    "        deny errno ENOSYS io_uring_setup, io_uring_enter\n"
    "        deny quiet socket(domain == AF_PACKET)\n"
    "        allow personality(arg0 == 0xffffffff)\n"
    "    }\n"
    "    limit tasks 64; limit open-files 4096\n"
    "    tolerate missing overlay\n"
    "}\n"
    "match user \"ci-*\" service cron use late\n"
    "match group research from { local, $office } use coder\n"
    "match user { claude, \"x$$*\" } use coder\n"
    "match any refuse \"only \\\"agents\\\" for 5$$\"\n";

/* What was written is read again as the same policy. */
static void
test_round_trip(void **state)
{
	struct policy *first = load(written), *again;
	_cleanup_free_ char *text = dump(first), *same = NULL;

	(void)state;
	again = load(text);
	same = dump(again);
	assert_string_equal(text, same);
	assert_string_equal(first->sha256, again->sha256);
	assert_int_equal(first->n_jails, again->n_jails);
	assert_int_equal(first->n_matches, again->n_matches);
	assert_non_null(strstr(text, "home private"));
	assert_non_null(strstr(text, "deny quiet socket(domain == 17)"));
	policy_free(first);
	policy_free(again);
}

/* What the language cannot say is an error, never a wrong text. */
static void
test_unsayable(void **state)
{
	static const struct name_pattern dotted = { "a.b", false };
	static const enum service_class none = SERVICE_NONE;
	static const struct syscall_rule no_error = { .action = SYSCALL_DENY,
		.call = "bpf" };
	static const struct syscall_rule no_width = { .action = SYSCALL_LOG,
		.call = "socket", .n_conditions = 1, .conditions = {
		    { .argument = 5, .width_bits = 32 } } };
	static const struct policy_mount odd = { .mode = MOUNT_TMPFS,
		.target = "/t", .size_bytes = 1000 };
	const struct jail wrong_jails[] = {
		{ .name = "a", .syscall_rules = &no_error,
		    .n_syscall_rules = 1 },
		{ .name = "a", .syscall_rules = &no_width,
		    .n_syscall_rules = 1 },
		{ .name = "a", .mounts = &odd, .n_mounts = 1 },
		{ .name = "a", .root = ROOT_DIRECTORY },
	};
	const struct match_rule wrong_matches[] = {
		{ .users = &dotted, .n_users = 1 },
		{ .services = &none, .n_services = 1 },
	};
	_cleanup_free_ char *text = NULL;
	size_t length;
	_cleanup_file_ FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_non_null(out);
	for (size_t i = 0; i < ARRAY_LENGTH(wrong_jails); i++) {
		struct policy policy = { .jails = &wrong_jails[i],
			.n_jails = 1 };

		assert_int_equal(policy_dump(out, &policy), -EINVAL);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(wrong_matches); i++) {
		struct policy policy = { .matches = &wrong_matches[i],
			.n_matches = 1 };

		assert_int_equal(policy_dump(out, &policy), -EINVAL);
	}
}

static void
test_explain(void **state)
{
	static const char *const lines[] = {
		"jail coder inherits base, other         "
		"/p.jail:13:1 (coder)\n",
		"\ntier namespace                          "
		"/p.jail:14:5 (coder)\n",
		"\ncapabilities none                       built in\n",
		"\nnetwork filtered                        "
		"/p.jail:14:5 (coder)\n"
		"    publish tcp port 8080 at 10.1.0.0 port 80  "
		"/p.jail:14:5 (coder)\n",
		"\nsyscalls default                        "
		"/p.jail:14:5 (coder)\n"
		"    allow perf_event_open               "
		"/p.jail:14:5 (coder)\n"
		"    deny quiet errno ENOSYS io_uring_setup  "
		"/p.jail:14:5 (coder)\n",
		"\nlimit cpu 200%                          "
		"/p.jail:3:5 (base)\n",
	};
	_cleanup_free_ char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_non_null(out);
	assert_int_equal(jail_explain(out, &jails[1]), 0);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++)
		if (strstr(text, lines[i]) == NULL)
			fail_msg("missing: %s\nin:\n%s", lines[i], text);
	assert_null(strstr(text, " {\n"));
}

static const json_t *
find_setting(const json_t *object, const char *name, const char *value)
{
	const json_t *settings = json_object_get(object, "settings"), *setting;
	size_t i;

	json_array_foreach(settings, i, setting)
		if (strcmp(json_string_value(json_object_get(setting,
		    "name")), name) == 0 &&
		    strcmp(json_string_value(json_object_get(setting,
		    "value")), value) == 0)
			return setting;
	return NULL;
}

static void
test_json(void **state)
{
	json_t *object = jail_explain_json(&jails[1]);
	const json_t *setting;

	(void)state;
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object,
	    "jail")), "coder");
	assert_int_equal(json_integer_value(json_object_get(object,
	    "line")), 13);
	assert_int_equal(json_array_size(json_object_get(object,
	    "inherits")), 2);
	setting = find_setting(object, "tier", "namespace");
	assert_non_null(setting);
	assert_string_equal(json_string_value(json_object_get(setting,
	    "file")), "/p.jail");
	assert_int_equal(json_integer_value(json_object_get(setting,
	    "line")), 14);
	assert_int_equal(json_integer_value(json_object_get(setting,
	    "column")), 5);
	assert_string_equal(json_string_value(json_object_get(setting,
	    "part")), "coder");
	setting = find_setting(object, "capabilities", "none");
	assert_non_null(setting);
	assert_true(json_is_null(json_object_get(setting, "file")));
	assert_true(json_is_null(json_object_get(setting, "part")));
	assert_non_null(find_setting(object, "rule", "kill bpf"));
	assert_non_null(find_setting(object, "rule", "deny"));
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_unsayable),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_json),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

/* The policy and the keep list that are installed into /etc/jaild. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "lang/decide.h"
#include "lang/load.h"

static char directory[] = "/tmp/test_shipped.XXXXXX";
static char policy_path[64], folder_path[64];

/* A file of config/, whole (free()). */
static char *
read_shipped(const char *name)
{
	const char *srcdir = getenv("srcdir");
	_cleanup_free_ char *path = NULL;
	_cleanup_fd_ int fd = -1;
	char *text = NULL;
	size_t length;

	assert_true(asprintf(&path, "%s/config/%s", srcdir == NULL ? "." :
	    srcdir, name) > 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(read_all(fd, 65536, &text, &length), 0);
	return text;
}

/* Loads the text as the root file of a folder like /etc/jaild. */
static struct policy *
load(const char *text)
{
	const struct load_options options = { .root_file = policy_path,
		.diagnostics = stderr, .strict = true };
	struct policy *policy = NULL;
	FILE *file = fopen(policy_path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(policy_load(&options, &policy), 0);
	return policy;
}

/* The name of the jail that decides; NULL: none. */
static const char *
decide(const struct policy *policy, const char *user, const char *group,
    enum service_class service, const char *rhost)
{
	const char *const groups[] = { group };
	const struct login_facts facts = { .user = user,
		.service = service, .rhost = rhost, .groups = groups,
		.n_groups = group != NULL };
	struct decision decision;

	decide_login(policy, &facts, &decision);
	return decision.verdict == VERDICT_JAIL ? decision.jail->name : NULL;
}

/* As it is installed: one jail for every agent, as strict as one can be that
 * lets somebody work in a home. */
static void
test_one_strict_jail(void **state)
{
	_cleanup_free_ char *text = read_shipped("policy.jail");
	struct policy *policy = load(text);
	const struct jail *jail;

	(void)state;
	assert_int_equal(policy->n_jails, 1);
	assert_int_equal(policy->n_matches, 1);
	assert_string_equal(decide(policy, "claude", NULL, SERVICE_SSHD,
	    NULL), "agent");
	jail = &policy->jails[0];
	assert_int_equal(jail->tier, TIER_NAMESPACE);
	assert_int_equal(jail->mode, MODE_ENFORCE);
	assert_int_equal(jail->network, NETWORK_NONE);
	assert_int_equal(jail->home, HOME_READ_WRITE);
	assert_int_equal(jail->syscalls, SYSCALLS_DEFAULT);
	assert_int_equal(jail->n_syscall_rules, 0);
	assert_int_equal(jail->capabilities, 0);
	assert_int_equal(jail->persist_seconds, PERSIST_NONE);
	assert_int_equal(jail->n_mounts, 0);
	assert_int_equal(jail->n_devices, 0);
	assert_int_equal(jail->n_secrets, 0);
	assert_int_equal(jail->n_tolerated, 0);
	assert_true(jail->audit & AUDIT_WORD_DENIED);
	assert_true(jail->limits[LIMIT_TASKS].set);
	assert_true(jail->limits[LIMIT_OPEN_FILES].set);
	policy_free(policy);
}

/* True for a comment that is an example, not a sentence. */
static bool
is_example(const char *line)
{
	static const char *const begins[] = {
		"# jail ", "# profile ", "# match ", "# include ", "# }",
		"#\t",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(begins); i++)
		if (strncmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* The examples, without their comment signs, are a policy that this build
 * takes, and that gives somebody a jail. */
static void
test_examples(void **state)
{
	_cleanup_free_ char *text = read_shipped("policy.jail");
	struct policy *policy;
	unsigned n = 0;

	(void)state;
	for (char *line = text; line != NULL;) {
		if (is_example(line)) {
			*line = ' ';
			n++;
		}
		line = strchr(line, '\n');
		if (line != NULL)
			line++;
	}
	assert_true(n > 10);
	policy = load(text);
	assert_true(policy->n_jails >= 2);
	assert_string_equal(decide(policy, "ci-1", NULL, SERVICE_CRON, NULL),
	    "agent");
	assert_string_equal(decide(policy, "claude", "research",
	    SERVICE_SSHD, "10.1.2.3"), "coder");
	assert_null(decide(policy, "claude", "research", SERVICE_SSHD,
	    "192.0.2.1"));
	assert_string_equal(decide(policy, "claude", NULL, SERVICE_SSHD,
	    "192.0.2.1"), "agent");
	policy_free(policy);
}

/* What agents must not read, nor a directory that holds it. */
static const char *const secrets[] = {
	"shadow", "gshadow", "sudoers", "sudoers.d", "environment", "pam.d",
	"jaild", "ssh", "ssh/ssh_host_ed25519_key", "ssh/ssh_host_rsa_key",
	"ssl", "ssl/private", "pki", "pki/tls", "pki/tls/private",
	"security", "krb5.keytab", "machine-id", "fstab", "crypttab",
	"pip.conf", "npmrc", "wgetrc", "curlrc", "netrc", "maven", "default",
	"NetworkManager", "wireguard", "docker", "kubernetes", "libvirt",
};

/* Plain names below /etc, each once. */
static void
test_keep_list(void **state)
{
	_cleanup_free_ char *text = read_shipped("etc-keep.conf");
	char *next = text, *line, *names[256];
	size_t n = 0;

	(void)state;
	while ((line = strsep(&next, "\n")) != NULL) {
		line[strcspn(line, "#")] = '\0';
		if (line[0] == '\0')
			continue;
		assert_null(strpbrk(line, " \t\r*?["));
		assert_true(line[0] != '/' && line[strlen(line) - 1] != '/');
		assert_null(strstr(line, ".."));
		for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++)
			assert_string_not_equal(line, secrets[i]);
		for (size_t i = 0; i < n; i++)
			assert_string_not_equal(line, names[i]);
		assert_true(n < ARRAY_LENGTH(names));
		names[n++] = line;
	}
	assert_true(n > 0);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(policy_path, sizeof(policy_path), "%s/policy.jail",
	    directory);
	snprintf(folder_path, sizeof(folder_path), "%s/policy.d", directory);
	return mkdir(folder_path, 0700);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(policy_path);
	rmdir(folder_path);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_strict_jail),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_keep_list),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* jaild.conf: what is taken, what is refused, and where it says so. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "config/config.h"

static char directory[] = "/tmp/test_config.XXXXXX";
static char path[64];

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/jaild.conf", directory);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

static void
write_file(const void *text, size_t length)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
}

/* Loads the file; diagnostics go to *ret_said (free()). */
static int
load(bool may_be_missing, bool check_trust, char **ret_said,
    struct config **ret)
{
	size_t length = 0;
	FILE *out = open_memstream(ret_said, &length);
	int r;

	assert_non_null(out);
	r = config_load(path, may_be_missing, check_trust, out, ret);
	fclose(out);
	return r;
}

static void
assert_defaults(const struct config *config)
{
	assert_string_equal(config->policy_file,
	    JAILD_SYSCONFDIR "/policy.jail");
	assert_string_equal(config->keep_list,
	    JAILD_SYSCONFDIR "/etc-keep.conf");
	assert_string_equal(config->run_dir, JAILD_RUNDIR);
	assert_string_equal(config->state_dir, JAILD_STATEDIR);
	assert_string_equal(config->cgroup_dir, "");
	assert_false(config->cgroup_favordynmods);
	assert_string_equal(config->agents_group, "agents");
	assert_int_equal(config->agents_uid_min, 70000);
	assert_int_equal(config->agents_uid_max, 79999);
	assert_int_equal(config->login_timeout_ms, 10000);
	assert_int_equal(config->build_timeout_ms, 8000);
	assert_int_equal(config->close_timeout_ms, 10000);
	assert_int_equal(config->outside_processes, OUTSIDE_END);
	assert_int_equal(config->workers_max, 64);
	assert_true(config->audit_required);
	assert_int_equal(config->log_level, LOG_LEVEL_INFO);
}

static void
test_missing(void **state)
{
	_cleanup_free_ char *said = NULL, *complaint = NULL;
	struct config *config = NULL;

	(void)state;
	unlink(path);
	assert_int_equal(load(true, true, &said, &config), 0);
	assert_string_equal(said, "");
	assert_defaults(config);
	config_free(config);
	config = NULL;
	assert_int_equal(load(false, true, &complaint, &config), -ENOENT);
	assert_non_null(strstr(complaint, "jaild.conf: error: cannot open "
	    "the file: No such file or directory\n"));
	assert_null(config);
	config_free(NULL);
}

static void
test_everything_said(void **state)
{
	static const char text[] =
	    "policy_file = \"/srv/p.jail\"; keep_list = \"/srv/keep\"\n"
	    "run_dir : \"/run/j\"\nstate_dir = \"/srv/s\";\n"
	    "cgroup_dir = \"/sys/fs/cgroup/jails\";\n"
	    "cgroup_favordynmods = true;\n"
	    "agents_group = \"bots-1\";\n"
	    "login_timeout_ms = 600000; build_timeout_ms = 0x1f4;\n"
	    "close_timeout_ms = 500L; workers_max = 1;\n"
	    "audit_required = false; // not here\n"
	    "outside_processes = \"record\";\n"
	    "log_level = \"error\";\n";
	_cleanup_free_ char *said = NULL;
	struct config *config = NULL;

	(void)state;
	write_file(text, sizeof(text) - 1);
	assert_int_equal(load(false, false, &said, &config), 0);
	assert_string_equal(said, "");
	assert_string_equal(config->policy_file, "/srv/p.jail");
	assert_string_equal(config->keep_list, "/srv/keep");
	assert_string_equal(config->run_dir, "/run/j");
	assert_string_equal(config->state_dir, "/srv/s");
	assert_string_equal(config->cgroup_dir, "/sys/fs/cgroup/jails");
	assert_true(config->cgroup_favordynmods);
	assert_string_equal(config->agents_group, "bots-1");
	assert_int_equal(config->login_timeout_ms, 600000);
	assert_int_equal(config->build_timeout_ms, 500);
	assert_int_equal(config->close_timeout_ms, 500);
	assert_int_equal(config->workers_max, 1);
	assert_false(config->audit_required);
	assert_int_equal(config->outside_processes, OUTSIDE_RECORD);
	assert_int_equal(config->log_level, LOG_LEVEL_ERROR);
	config_free(config);
}

static const struct {
	const char *text;
	const char *said;	/* behind "path:" */
} wrong[] = {
	{ "\nlogin_timout_ms = 1;", "2: error: 'login_timout_ms' is no "
	    "setting; the settings are policy_file, keep_list, run_dir, " },
	{ "Log_level = \"info\";", "1: error: 'Log_level' is no setting" },
	{ "workers_max = 0;",
	    "1: error: workers_max must be a number from 1 to 1024\n" },
	{ "workers_max = 1025;", "1: error: workers_max must be a number" },
	{ "workers_max = -1;", "1: error: workers_max must be a number" },
	{ "workers_max = 4294967297L;", "1: error: workers_max must be" },
	{ "workers_max = 1.0;", "1: error: workers_max must be a number" },
	{ "workers_max = \"1\";", "1: error: workers_max must be a number" },
	{ "workers_max = true;", "1: error: workers_max must be a number" },
	{ "workers_max = [ 1 ];", "1: error: workers_max must be a number" },
	{ "workers_max = ( 1 );", "1: error: workers_max must be a number" },
	{ "workers_max = { a = 1; };", "1: error: workers_max must be" },
	{ "login_timeout_ms = 999;", "1: error: login_timeout_ms must be a "
	    "number from 1000 to 600000\n" },
	{ "build_timeout_ms = 499;", "1: error: build_timeout_ms must be a "
	    "number from 500 to 600000\n" },
	{ "close_timeout_ms = 600001;", "1: error: close_timeout_ms must" },
	{ "audit_required = 1;",
	    "1: error: audit_required must be true or false\n" },
	{ "audit_required = \"true\";", "1: error: audit_required must be" },
	{ "log_level = \"verbose\";", "1: error: log_level must be "
	    "\"error\", \"warning\", \"info\" or \"debug\"\n" },
	{ "outside_processes = \"off\";", "1: error: outside_processes must "
	    "be \"end\" or \"record\"\n" },
	{ "outside_processes = false;", "1: error: outside_processes must" },
	{ "log_level = 3;", "1: error: log_level must be" },
	{ "log_level = true;", "1: error: log_level must be" },
	{ "policy_file = \"\";", "1: error: policy_file must be an absolute "
	    "path of at most 1024 bytes\n" },
	{ "policy_file = \"p.jail\";", "1: error: policy_file must be" },
	{ "policy_file = \"/\";", "1: error: policy_file must be" },
	{ "policy_file = \"/a/\";", "1: error: policy_file must be" },
	{ "policy_file = \"/a//b\";", "1: error: policy_file must be" },
	{ "policy_file = \"//a\";", "1: error: policy_file must be" },
	{ "policy_file = \"/a/../b\";", "1: error: policy_file must be" },
	{ "policy_file = \"/a/.\";", "1: error: policy_file must be" },
	{ "policy_file = \"/a\\nb\";", "1: error: policy_file must be" },
	{ "policy_file = 1;", "1: error: policy_file must be" },
	{ "cgroup_dir = \"jails\";", "1: error: cgroup_dir must be \"\" or "
	    "an absolute path of at most 1024 bytes\n" },
	{ "run_dir = \"/123456789/123456789/123456789/123456789/123456789/"
	    "123456789/123456789/123456789/123456789/1234\";",
	    "1: error: run_dir must be an absolute path of at most 94" },
	{ "agents_group = \"\";", "1: error: agents_group must be a group "
	    "name of at most 32 bytes\n" },
	{ "agents_group = \"0\";", "1: error: agents_group must be" },
	{ "agents_group = \"a:b\";", "1: error: agents_group must be" },
	{ "agents_group = \"a b\";", "1: error: agents_group must be" },
	{ "agents_group = \"a23456789012345678901234567890123\";",
	    "1: error: agents_group must be" },
	{ "workers_max = 1;\nworkers_max = 2;", "2: error: duplicate" },
	{ "workers_max = 1;\n\nlog_level =;", "3: error: syntax error" },
	{ "workers_max = 1;\n@include \"/etc/other\"\n", "2: error: @include "
	    "is not possible: all settings stand in this file\n" },
	{ " \t@include \"/etc/other\"\n", "1: error: @include is not" },
	{ "\nlogin_timeout_ms = 5000;", "2: error: build_timeout_ms (8000) "
	    "must not be above login_timeout_ms (5000)\n" },
	{ "login_timeout_ms = 5000;\nbuild_timeout_ms = 5001;",
	    "2: error: build_timeout_ms (5001) must not be above" },
	{ "agents_uid_min = 999;", "1: error: agents_uid_min must be a number "
	    "from 1000 to 2147483647\n" },
	{ "agents_uid_max = 2147483648L;", "1: error: agents_uid_max must" },
	{ "agents_uid_min = 80000;", "1: error: agents_uid_min (80000) must "
	    "not be above agents_uid_max (79999)\n" },
	{ "agents_uid_min = 65535;", "1: error: from agents_uid_min (65535) "
	    "to agents_uid_max (79999) there must be neither 65534 nor" },
	{ "agents_uid_min = 2000;\nagents_uid_max = 65534;",
	    "2: error: from agents_uid_min (2000) to" },
};

static void
test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
		_cleanup_free_ char *said = NULL;
		struct config *config = NULL;
		size_t length = strlen(path);

		write_file(wrong[i].text, strlen(wrong[i].text));
		if (load(false, false, &said, &config) != -EINVAL)
			fail_msg("taken: %s", wrong[i].text);
		assert_null(config);
		assert_int_equal(strncmp(said, path, length), 0);
		assert_int_equal(said[length], ':');
		if (strncmp(said + length + 1, wrong[i].said,
		    strlen(wrong[i].said)) != 0)
			fail_msg("%s: %s", wrong[i].text, said);
	}
}

/* The longest and shortest values that are allowed. */
static void
test_edges(void **state)
{
	static const char *const texts[] = {
		"run_dir = \"/123456789/123456789/123456789/123456789/"
		    "123456789/123456789/123456789/123456789/123456789/"
		    "123\";",
		"agents_group = \"a2345678901234567890123456789012\";",
		"workers_max = 1024;", "login_timeout_ms = 8000;",
		"policy_file = \"/a/.b/c./...\";", "", "# @include \"x\"",
		"agents_uid_min = 1000;\nagents_uid_max = 65533;",
		"agents_uid_min = 65536;",
		"agents_uid_max = 2147483647;",
		"agents_uid_min = 70000;\nagents_uid_max = 70000;",
		"log_level = \"debug\";", "log_level = \"warning\";",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		_cleanup_free_ char *said = NULL;
		struct config *config = NULL;

		write_file(texts[i], strlen(texts[i]));
		if (load(false, false, &said, &config) != 0)
			fail_msg("%s", said);
		config_free(config);
	}
}

/* All mistakes in one run, a line each. */
static void
test_all_mistakes(void **state)
{
	static const char text[] = "a = 1;\nworkers_max = 0;\n"
	    "log_level = 1;\nb = 2;\n";
	_cleanup_free_ char *said = NULL;
	struct config *config = NULL;
	unsigned lines = 0;

	(void)state;
	write_file(text, sizeof(text) - 1);
	assert_int_equal(load(false, false, &said, &config), -EINVAL);
	for (const char *p = said; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 4);
	assert_non_null(strstr(said, ":4: error: 'b' is no setting"));
}

static void
test_unseen_bytes(void **state)
{
	static const char text[] = "workers_max = 1;\n\0a = 1;\n";
	_cleanup_free_ char *said = NULL;
	_cleanup_free_ char *big = malloc(65537);
	struct config *config = NULL;

	(void)state;
	write_file(text, sizeof(text) - 1);
	assert_int_equal(load(false, false, &said, &config), -EINVAL);
	assert_non_null(strstr(said, ":2: error: the file holds a NUL byte"));
	free(said);
	assert_non_null(big);
	memset(big, '\n', 65537);
	write_file(big, 65536);
	assert_int_equal(load(false, false, &said, &config), 0);
	config_free(config);
	config = NULL;
	free(said);
	write_file(big, 65537);
	assert_int_equal(load(false, false, &said, &config), -EFBIG);
	assert_non_null(strstr(said, "is larger than 64 KiB"));
}

static void
test_trust(void **state)
{
	_cleanup_free_ char *said = NULL, *other = NULL;
	struct config *config = NULL;

	(void)state;
	write_file("", 0);
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(load(false, true, &said, &config), -EPERM);
	assert_null(config);
	assert_non_null(strstr(said, geteuid() == 0 ? ": error: the file is "
	    "writable by group or others, so it is not used\n" :
	    ": error: the file is not owned by root, so it is not used\n"));
	assert_int_equal(load(false, false, &other, &config), 0);
	config_free(config);
	assert_int_equal(unlink(path), 0);
}

/* Nothing waits for a peer, and an empty FIFO is no empty file. */
static void
test_no_file(void **state)
{
	_cleanup_free_ char *said = NULL, *other = NULL;
	struct config *config = NULL;

	(void)state;
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(load(true, false, &said, &config), -EPERM);
	assert_int_equal(unlink(path), 0);
	assert_non_null(strstr(said, "is not a regular file"));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(load(true, false, &other, &config), -EPERM);
	assert_int_equal(rmdir(path), 0);
	assert_null(config);
}

/* The shipped file shows each setting once, with its default. */
static void
test_shipped(void **state)
{
	const char *srcdir = getenv("srcdir");
	_cleanup_free_ char *shipped = NULL, *said = NULL, *text = NULL;
	_cleanup_free_ char *line = NULL, *table = NULL;
	_cleanup_file_ FILE *in = NULL;
	struct config *config = NULL;
	size_t size = 0, length = 0, n = 0;
	FILE *out;

	(void)state;
	assert_true(asprintf(&shipped, "%s/config/jaild.conf",
	    srcdir == NULL ? "." : srcdir) > 0);
	in = fopen(shipped, "re");
	out = open_memstream(&text, &length);
	assert_non_null(in);
	assert_non_null(out);
	while (getline(&line, &size, in) >= 0)
		if (line[0] == '#' && line[1] != ' ' && line[1] != '\n') {
			fputs(line + 1, out);
			n++;
		}
	fclose(out);
	write_file(text, length);
	if (load(false, false, &said, &config) != 0)
		fail_msg("%s", said);
	assert_string_equal(config->policy_file, "/etc/jaild/policy.jail");
	assert_string_equal(config->keep_list, "/etc/jaild/etc-keep.conf");
	assert_string_equal(config->state_dir, "/var/lib/jaild");
	free(config->policy_file);
	free(config->keep_list);
	free(config->state_dir);
	config->policy_file = strdup(JAILD_SYSCONFDIR "/policy.jail");
	config->keep_list = strdup(JAILD_SYSCONFDIR "/etc-keep.conf");
	config->state_dir = strdup(JAILD_STATEDIR);
	assert_defaults(config);
	config_free(config);
	out = open_memstream(&table, &length);
	assert_non_null(out);
	config_describe(out);
	fclose(out);
	for (const char *p = table; *p != '\0'; p++)
		n -= *p == '\n';
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_everything_said),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_all_mistakes),
		cmocka_unit_test(test_unseen_bytes),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

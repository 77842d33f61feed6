/* In brackets, because config/ has a header of that name. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <libconfig.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "common/trusted.h"
#include "config/config.h"

#define CONFIG_MAX_BYTES 65536

enum setting_kind {
	KIND_PATH = 1,		/* char * */
	KIND_OPTIONAL_PATH,	/* char *, may be "" */
	KIND_GROUP,		/* char * */
	KIND_NUMBER,		/* uint32_t */
	KIND_SWITCH,		/* bool */
	KIND_WORD,		/* an enum, in the order of its words */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;		/* in struct config */
	uint32_t min, max;	/* of numbers; max of strings: bytes */
	const char *text;	/* default of strings */
	uint32_t value;		/* default of all others */
	const char *const *words;	/* NULL at the end */
};

#define AT(member) offsetof(struct config, member)

_Static_assert(sizeof(enum log_level) == sizeof(uint32_t) &&
    sizeof(enum outside) == sizeof(uint32_t), "words are numbers");

/* A socket's address holds 107 bytes, and the longest name of a socket in
 * run_dir takes 13 of them. */
#define RUN_DIR_MAX 94
#define PATH_BYTES_MAX 1024
#define GROUP_BYTES_MAX 32

/* Below are accounts of the system; above, some programs see a sign. */
#define UID_LEAST 1000
#define UID_MOST 2147483647
/* Nobody, and what was once said for "no uid". */
#define UID_NOBODY 65534
#define UID_NONE_16 65535

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug", NULL,
};

static const char *const outside_words[] = {
	[OUTSIDE_END] = "end", [OUTSIDE_RECORD] = "record", NULL,
};

/* Everything that may stand in the file, in the order of jaild.conf(5). */
static const struct setting settings[] = {
	{ "policy_file", KIND_PATH, AT(policy_file), 0, PATH_BYTES_MAX,
	    JAILD_SYSCONFDIR "/policy.jail", 0, NULL },
	{ "keep_list", KIND_PATH, AT(keep_list), 0, PATH_BYTES_MAX,
	    JAILD_SYSCONFDIR "/etc-keep.conf", 0, NULL },
	{ "run_dir", KIND_PATH, AT(run_dir), 0, RUN_DIR_MAX,
	    JAILD_RUNDIR, 0, NULL },
	{ "state_dir", KIND_PATH, AT(state_dir), 0, PATH_BYTES_MAX,
	    JAILD_STATEDIR, 0, NULL },
	{ "cgroup_dir", KIND_OPTIONAL_PATH, AT(cgroup_dir), 0, PATH_BYTES_MAX,
	    "", 0, NULL },
	{ "cgroup_favordynmods", KIND_SWITCH, AT(cgroup_favordynmods), 0, 0,
	    NULL, false, NULL },
	{ "agents_group", KIND_GROUP, AT(agents_group), 0, GROUP_BYTES_MAX,
	    "agents", 0, NULL },
	{ "agents_uid_min", KIND_NUMBER, AT(agents_uid_min), UID_LEAST,
	    UID_MOST, NULL, 70000, NULL },
	{ "agents_uid_max", KIND_NUMBER, AT(agents_uid_max), UID_LEAST,
	    UID_MOST, NULL, 79999, NULL },
	{ "login_timeout_ms", KIND_NUMBER, AT(login_timeout_ms), 1000, 600000,
	    NULL, 10000, NULL },
	{ "build_timeout_ms", KIND_NUMBER, AT(build_timeout_ms), 500, 600000,
	    NULL, 8000, NULL },
	{ "close_timeout_ms", KIND_NUMBER, AT(close_timeout_ms), 500, 600000,
	    NULL, 10000, NULL },
	{ "workers_max", KIND_NUMBER, AT(workers_max), 1, 1024, NULL, 64, NULL },
	{ "account_sessions_max", KIND_NUMBER, AT(account_sessions_max), 1,
	    65536, NULL, 100, NULL },
	{ "audit_required", KIND_SWITCH, AT(audit_required), 0, 0, NULL,
	    true, NULL },
	{ "outside_processes", KIND_WORD, AT(outside_processes), 0, 0, NULL,
	    OUTSIDE_END, outside_words },
	{ "log_level", KIND_WORD, AT(log_level), 0, 0, NULL,
	    LOG_LEVEL_INFO, level_words },
};

/* One reading of one file. */
struct reading {
	const char *path;
	FILE *diagnostics;
	bool failed;
	unsigned lines[ARRAY_LENGTH(settings)];	/* 0: not said */
	struct config *config;
};

static void report(struct reading *reading, unsigned line,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

static void
report(struct reading *reading, unsigned line, const char *format, ...)
{
	va_list arguments;

	reading->failed = true;
	fprintf(reading->diagnostics, "%s:%u: error: ", reading->path, line);
	va_start(arguments, format);
	vfprintf(reading->diagnostics, format, arguments);
	va_end(arguments);
	fputc('\n', reading->diagnostics);
}

static void *
member(struct config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static int
set_string(struct config *config, const struct setting *setting,
    const char *text)
{
	char **at = member(config, setting), *copy = strdup(text);

	if (copy == NULL)
		return -ENOMEM;
	free(*at);
	*at = copy;
	return 0;
}

static void
set_value(struct config *config, const struct setting *setting,
    uint32_t value)
{
	/* An enum of this compiler's is an unsigned int. */
	if (setting->kind == KIND_SWITCH)
		*(bool *)member(config, setting) = value != 0;
	else
		*(uint32_t *)member(config, setting) = value;
}

static int
new_config(struct config **ret)
{
	struct config *config = calloc(1, sizeof(*config));
	int r = config == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(settings); i++) {
		if (settings[i].text != NULL)
			r = set_string(config, &settings[i],
			    settings[i].text);
		else
			set_value(config, &settings[i], settings[i].value);
	}
	if (r < 0)
		config_free(config);
	else
		*ret = config;
	return r;
}

/* Absolute, and spelled in the one way in which it is compared and shown. */
static bool
is_path(const char *path, size_t max)
{
	size_t part;

	if (*path == '\0' || strlen(path) > max)
		return false;
	for (const char *p = path; *p != '\0'; p += part) {
		if (*p++ != '/')
			return false;
		part = strcspn(p, "/");
		/* Nothing, "." or "..". */
		if (part <= 2 && strspn(p, ".") >= part)
			return false;
	}
	for (const char *p = path; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return true;
}

/* A name as the tools of the system make them, which is no number. */
static bool
is_group(const char *name, size_t max)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	size_t length = strlen(name);

	if (length == 0 || length > max || strchr(letters, name[0]) == NULL)
		return false;
	for (const char *p = name; *p != '\0'; p++)
		if (strchr(letters, *p) == NULL &&
		    strchr("0123456789-", *p) == NULL)
			return false;
	return true;
}

static bool
is_string_allowed(const struct setting *setting, const char *text)
{
	if (setting->kind == KIND_GROUP)
		return is_group(text, setting->max);
	if (setting->kind == KIND_OPTIONAL_PATH && *text == '\0')
		return true;
	return is_path(text, setting->max);
}

/* "a", "b" or "c" */
static void
say_words(FILE *out, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		const char *before = i == 0 ? "" : words[i + 1] == NULL ?
		    " or " : ", ";

		fprintf(out, "%s\"%s\"", before, words[i]);
	}
}

static void
say_allowed(FILE *out, const struct setting *setting)
{
	switch (setting->kind) {
	case KIND_PATH:
		fprintf(out, "an absolute path of at most %" PRIu32 " bytes",
		    setting->max);
		break;
	case KIND_OPTIONAL_PATH:
		fprintf(out, "\"\" or an absolute path of at most %" PRIu32
		    " bytes", setting->max);
		break;
	case KIND_GROUP:
		fprintf(out, "a group name of at most %" PRIu32 " bytes",
		    setting->max);
		break;
	case KIND_NUMBER:
		fprintf(out, "a number from %" PRIu32 " to %" PRIu32,
		    setting->min, setting->max);
		break;
	case KIND_SWITCH:
		fputs("true or false", out);
		break;
	case KIND_WORD:
		say_words(out, setting->words);
		break;
	}
}

/* What a string, number or switch of the file is worth for the setting:
 * 0, -EINVAL, -ENOMEM. */
static int
take_string(struct config *config, const struct setting *setting,
    const char *text)
{
	if (setting->kind == KIND_WORD) {
		for (uint32_t i = 0; setting->words[i] != NULL; i++) {
			if (strcmp(setting->words[i], text) != 0)
				continue;
			set_value(config, setting, i);
			return 0;
		}
		return -EINVAL;
	}
	if (setting->text == NULL || !is_string_allowed(setting, text))
		return -EINVAL;
	return set_string(config, setting, text);
}

static int
take_number(struct config *config, const struct setting *setting,
    long long number)
{
	if (setting->kind != KIND_NUMBER || number < setting->min ||
	    number > setting->max)
		return -EINVAL;
	set_value(config, setting, (uint32_t)number);
	return 0;
}

static int
take(struct config *config, const struct setting *setting,
    const config_setting_t *said)
{
	switch (config_setting_type(said)) {
	case CONFIG_TYPE_STRING:
		return take_string(config, setting,
		    config_setting_get_string(said));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return take_number(config, setting,
		    config_setting_get_int64(said));
	case CONFIG_TYPE_BOOL:
		if (setting->kind != KIND_SWITCH)
			return -EINVAL;
		set_value(config, setting,
		    config_setting_get_bool(said) != 0);
		return 0;
	default:
		return -EINVAL;
	}
}

static void
report_unknown(struct reading *reading, unsigned line, const char *name)
{
	reading->failed = true;
	fprintf(reading->diagnostics,
	    "%s:%u: error: '%s' is no setting; the settings are",
	    reading->path, line, name);
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		fprintf(reading->diagnostics, "%s %s", i == 0 ? "" : ",",
		    settings[i].name);
	fputc('\n', reading->diagnostics);
}

static void
report_value(struct reading *reading, unsigned line,
    const struct setting *setting)
{
	reading->failed = true;
	fprintf(reading->diagnostics, "%s:%u: error: %s must be ",
	    reading->path, line, setting->name);
	say_allowed(reading->diagnostics, setting);
	fputc('\n', reading->diagnostics);
}

static int
read_setting(struct reading *reading, const config_setting_t *said)
{
	const char *name = config_setting_name(said);
	unsigned line = config_setting_source_line(said);
	size_t i = 0;
	int r;

	while (i < ARRAY_LENGTH(settings) &&
	    strcmp(settings[i].name, name) != 0)
		i++;
	if (i == ARRAY_LENGTH(settings)) {
		report_unknown(reading, line, name);
		return 0;
	}
	reading->lines[i] = line;
	r = take(reading->config, &settings[i], said);
	if (r == -EINVAL)
		report_value(reading, line, &settings[i]);
	return r == -ENOMEM ? r : 0;
}

static unsigned
line_of(const struct reading *reading, size_t offset)
{
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (settings[i].offset == offset)
			return reading->lines[i];
	return 0;
}

static void
check_uids(struct reading *reading)
{
	const struct config *config = reading->config;
	uint32_t min = config->agents_uid_min, max = config->agents_uid_max;
	unsigned line = line_of(reading, AT(agents_uid_max));

	if (line == 0)
		line = line_of(reading, AT(agents_uid_min));
	if (min > max)
		report(reading, line, "agents_uid_min (%" PRIu32 ") must not "
		    "be above agents_uid_max (%" PRIu32 ")", min, max);
	else if (min <= UID_NONE_16 && max >= UID_NOBODY)
		report(reading, line, "from agents_uid_min (%" PRIu32 ") to "
		    "agents_uid_max (%" PRIu32 ") there must be neither %d "
		    "nor %d, which belong to nobody", min, max, UID_NOBODY,
		    UID_NONE_16);
}

/* What settings must be to each other. */
static void
check_together(struct reading *reading)
{
	const struct config *config = reading->config;
	unsigned line = line_of(reading, AT(build_timeout_ms));

	check_uids(reading);
	if (line == 0)
		line = line_of(reading, AT(login_timeout_ms));
	if (config->build_timeout_ms > config->login_timeout_ms)
		report(reading, line, "build_timeout_ms (%" PRIu32 ") must "
		    "not be above login_timeout_ms (%" PRIu32 ")",
		    config->build_timeout_ms, config->login_timeout_ms);
}

/* What libconfig would follow or not see: the directive that reads another
 * file, which nobody has checked, and everything behind a NUL. */
static bool
check_text(struct reading *reading, const char *text, size_t length)
{
	unsigned line = 1;

	for (const char *p = text; p < text + length; p++) {
		const char *word = p + strspn(p, " \t");

		if ((p == text || p[-1] == '\n') &&
		    strncmp(word, "@include", strlen("@include")) == 0)
			report(reading, line, "@include is not possible: "
			    "all settings stand in this file");
		if (*p == '\0') {
			report(reading, line, "the file holds a NUL byte");
			break;
		}
		line += *p == '\n';
	}
	return !reading->failed;
}

static int
read_settings(struct reading *reading, config_t *file, const char *text)
{
	const config_setting_t *root;
	int r = 0;

	if (config_read_string(file, text) != CONFIG_TRUE) {
		report(reading, (unsigned)config_error_line(file), "%s",
		    config_error_text(file));
		return -EINVAL;
	}
	root = config_root_setting(file);
	for (int i = 0; r == 0 && i < config_setting_length(root); i++)
		r = read_setting(reading,
		    config_setting_get_elem(root, (unsigned)i));
	if (r == 0 && !reading->failed)
		check_together(reading);
	return r == 0 && reading->failed ? -EINVAL : r;
}

static int
read_text(struct reading *reading, const char *text, size_t length)
{
	_cleanup_free_ char *whole = NULL;
	config_t file;
	int r;

	if (!check_text(reading, text, length))
		return -EINVAL;
	/* libconfig takes a comment only with its newline. */
	if (asprintf(&whole, "%s\n", text) < 0)
		return -ENOMEM;
	config_init(&file);
	r = read_settings(reading, &file, whole);
	config_destroy(&file);
	return r;
}

static int
refuse_file(struct reading *reading, int error, const char *why)
{
	fprintf(reading->diagnostics, "%s: error: the file %s, so it is not "
	    "used\n", reading->path, why);
	return error;
}

/* MUST:
 *  1. what is checked is the descriptor that is read;
 *  2. only a regular file is read, and with check_trust only one that
 *     nobody but root can write. */
static int
read_file(struct reading *reading, bool check_trust, int fd, enum trust trust)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	int r;

	if (trust == TRUST_NOT_REGULAR || (check_trust && trust != TRUST_OK))
		return refuse_file(reading, -EPERM, trust_reason(trust));
	r = read_all(fd, CONFIG_MAX_BYTES, &text, &length);
	if (r == -EFBIG)
		return refuse_file(reading, r, "is larger than 64 KiB");
	if (r < 0)
		return refuse_file(reading, r, "cannot be read");
	return read_text(reading, text, length);
}

static int
load(struct reading *reading, const char *tree, const char *path,
    bool may_be_missing, bool check_trust)
{
	_cleanup_fd_ int fd = -1;
	enum trust trust = TRUST_NO;
	int r;

	fd = tree_open(tree, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	if (fd == -ENOENT && may_be_missing)
		return 0;
	r = fd < 0 ? fd : trusted_judge(fd, 0, &trust);
	if (r < 0) {
		fprintf(reading->diagnostics, "%s: error: cannot open the "
		    "file: %s\n", reading->path, strerror(-r));
		return r;
	}
	return read_file(reading, check_trust, fd, trust);
}

int
config_load_tree(const char *tree, const char *path, bool may_be_missing,
    bool check_trust, FILE *diagnostics, struct config **ret)
{
	_cleanup_free_ char *name = NULL;
	struct reading reading = { .diagnostics = diagnostics };
	int r = new_config(&reading.config);

	if (asprintf(&name, "%s%s", tree == NULL ? "" : tree, path) < 0) {
		name = NULL;
		r = r < 0 ? r : -ENOMEM;
	}
	reading.path = name;
	if (r == 0)
		r = load(&reading, tree, path, may_be_missing, check_trust);
	if (r < 0)
		config_free(reading.config);
	else
		*ret = reading.config;
	return r;
}

int
config_load(const char *path, bool may_be_missing, bool check_trust,
    FILE *diagnostics, struct config **ret)
{
	return config_load_tree(NULL, path, may_be_missing, check_trust,
	    diagnostics, ret);
}

void
config_free(struct config *config)
{
	if (config == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (settings[i].text != NULL)
			free(*(char **)member(config, &settings[i]));
	free(config);
}

static void
say_default(FILE *out, const struct setting *setting)
{
	if (setting->text != NULL)
		fprintf(out, "\"%s\"", setting->text);
	else if (setting->kind == KIND_WORD)
		fprintf(out, "\"%s\"", setting->words[setting->value]);
	else if (setting->kind == KIND_SWITCH)
		fputs(setting->value != 0 ? "true" : "false", out);
	else
		fprintf(out, "%" PRIu32, setting->value);
}

void
config_describe(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++) {
		fprintf(out, "%s\t", settings[i].name);
		say_default(out, &settings[i]);
		fputc('\t', out);
		say_allowed(out, &settings[i]);
		fputc('\n', out);
	}
}

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
#include "config/setting.h"

#define CONFIG_MAX_BYTES 65536

/* Nobody, and what was once said for "no uid". */
#define UID_NOBODY 65534
#define UID_NONE_16 65535

/* One reading of one file. */
struct reading {
	const char *path;
	FILE *diagnostics;
	bool failed;
	unsigned lines[N_SETTINGS];	/* 0: not said */
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

static int
new_config(struct config **ret)
{
	struct config *config = calloc(1, sizeof(*config));
	int r = config == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && i < N_SETTINGS; i++)
		r = setting_reset(config, &config_settings[i]);
	if (r < 0)
		config_free(config);
	else
		*ret = config;
	return r;
}

static void
report_unknown(struct reading *reading, unsigned line, const char *name)
{
	reading->failed = true;
	fprintf(reading->diagnostics,
	    "%s:%u: error: '%s' is no setting; the settings are",
	    reading->path, line, name);
	for (size_t i = 0; i < N_SETTINGS; i++)
		fprintf(reading->diagnostics, "%s %s", i == 0 ? "" : ",",
		    config_settings[i].name);
	fputc('\n', reading->diagnostics);
}

static void
report_value(struct reading *reading, unsigned line,
    const struct setting *setting)
{
	reading->failed = true;
	fprintf(reading->diagnostics, "%s:%u: error: %s must be ",
	    reading->path, line, setting->name);
	setting_say_allowed(reading->diagnostics, setting);
	fputc('\n', reading->diagnostics);
}

static int
read_setting(struct reading *reading, const config_setting_t *said)
{
	const char *name = config_setting_name(said);
	unsigned line = config_setting_source_line(said);
	size_t i = 0;
	int r;

	while (i < N_SETTINGS &&
	    strcmp(config_settings[i].name, name) != 0)
		i++;
	if (i == N_SETTINGS) {
		report_unknown(reading, line, name);
		return 0;
	}
	reading->lines[i] = line;
	r = setting_take(reading->config, &config_settings[i], said);
	if (r == -EINVAL)
		report_value(reading, line, &config_settings[i]);
	return r == -ENOMEM ? r : 0;
}

static unsigned
line_of(const struct reading *reading, size_t offset)
{
	for (size_t i = 0; i < N_SETTINGS; i++)
		if (config_settings[i].offset == offset)
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
	for (size_t i = 0; i < N_SETTINGS; i++)
		setting_free(config, &config_settings[i]);
	free(config);
}

void
config_describe(FILE *out)
{
	for (size_t i = 0; i < N_SETTINGS; i++) {
		fprintf(out, "%s\t", config_settings[i].name);
		setting_say_default(out, &config_settings[i]);
		fputc('\t', out);
		setting_say_allowed(out, &config_settings[i]);
		fputc('\n', out);
	}
}

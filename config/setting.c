/* In brackets, because config/ has a header of that name. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config/setting.h"

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

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug", NULL,
};

static const char *const outside_words[] = {
	[OUTSIDE_END] = "end", [OUTSIDE_RECORD] = "record", NULL,
};

/* Everything that may stand in the file, in the order of jaild.conf(5). */
const struct setting config_settings[N_SETTINGS] = {
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
	{ "workers_max", KIND_NUMBER, AT(workers_max), 1, 1024, NULL, 64,
	    NULL },
	{ "account_sessions_max", KIND_NUMBER, AT(account_sessions_max), 1,
	    65536, NULL, 100, NULL },
	{ "audit_required", KIND_SWITCH, AT(audit_required), 0, 0, NULL,
	    true, NULL },
	{ "outside_processes", KIND_WORD, AT(outside_processes), 0, 0, NULL,
	    OUTSIDE_END, outside_words },
	{ "log_level", KIND_WORD, AT(log_level), 0, 0, NULL,
	    LOG_LEVEL_INFO, level_words },
};

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

int
setting_reset(struct config *config, const struct setting *setting)
{
	if (setting->text != NULL)
		return set_string(config, setting, setting->text);
	set_value(config, setting, setting->value);
	return 0;
}

void
setting_free(struct config *config, const struct setting *setting)
{
	if (setting->text != NULL)
		free(*(char **)member(config, setting));
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

void
setting_say_allowed(FILE *out, const struct setting *setting)
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

int
setting_take(struct config *config, const struct setting *setting,
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

void
setting_say_default(FILE *out, const struct setting *setting)
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

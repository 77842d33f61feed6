#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/settings_value.h"

void
settings_write_string(FILE *out, const char *text, bool is_template)
{
	static const struct {
		char character, escape;
	} escapes[] = {
		{ '"', '"' }, { '\\', '\\' }, { '\n', 'n' }, { '\t', 't' },
	};

	fputc('"', out);
	for (; *text != '\0'; text++) {
		size_t i = 0;

		while (i < ARRAY_LENGTH(escapes) &&
		    escapes[i].character != *text)
			i++;
		if (i < ARRAY_LENGTH(escapes))
			fprintf(out, "\\%c", escapes[i].escape);
		else if (*text == '$' && !is_template)
			fputs("$$", out);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

/* The largest unit that leaves no rest; -EINVAL when none does. */
static int
write_size(FILE *out, uint64_t bytes)
{
	static const char units[] = "KMGT";
	unsigned i = 0;

	if (bytes % 1024 != 0)
		return -EINVAL;
	for (bytes /= 1024; bytes != 0 && bytes % 1024 == 0 &&
	    i + 2 < sizeof(units); i++)
		bytes /= 1024;
	fprintf(out, "%" PRIu64 "%c", bytes, units[i]);
	return 0;
}

static int
write_duration(FILE *out, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		char unit;
	} units[] = {
		{ 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' },
	};
	unsigned i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	fprintf(out, "%" PRIu64 "%c", seconds / units[i].seconds,
	    units[i].unit);
	return 0;
}

static int
write_count(FILE *out, uint64_t count)
{
	fprintf(out, "%" PRIu64, count);
	return 0;
}

static int
write_percent(FILE *out, uint64_t percent)
{
	fprintf(out, "%" PRIu64 "%%", percent);
	return 0;
}

static int (*const limit_writers[LIMIT_KINDS])(FILE *out, uint64_t value) = {
	[LIMIT_TASKS] = write_count, [LIMIT_OPEN_FILES] = write_count,
	[LIMIT_SESSIONS] = write_count,
	[LIMIT_SESSION_TIME] = write_duration,
	[LIMIT_IDLE_TIME] = write_duration,
	[LIMIT_MEMORY] = write_size, [LIMIT_CPU] = write_percent,
	[LIMIT_DISK] = write_size, [LIMIT_LOCKED_MEMORY] = write_size,
};

int
settings_write_limit_value(FILE *out, enum limit_kind kind, uint64_t value)
{
	return limit_writers[kind](out, value);
}

int
settings_write_limit(FILE *out, enum limit_kind kind, uint64_t value)
{
	fprintf(out, "%s ", limit_kind_name(kind));
	return settings_write_limit_value(out, kind, value);
}

static int
write_tmpfs(FILE *out, const struct policy_mount *mount)
{
	int r;

	fputs("tmpfs ", out);
	settings_write_string(out, mount->target, true);
	fputs(" size ", out);
	r = write_size(out, mount->size_bytes);
	fprintf(out, " mode %03" PRIo32 "%s", mount->permissions,
	    mount->noexec ? " noexec" : "");
	return r;
}

int
settings_write_mount(FILE *out, const struct policy_mount *mount)
{
	if (mount->mode == MOUNT_TMPFS)
		return write_tmpfs(out, mount);
	settings_write_string(out, mount->source == NULL ? mount->target :
	    mount->source, true);
	if (mount->source != NULL && strcmp(mount->source, mount->target)) {
		fputs(" at ", out);
		settings_write_string(out, mount->target, true);
	}
	fprintf(out, " %s%s%s%s", mount_mode_name(mount->mode),
	    mount->fresh ? " fresh" : "", mount->noexec ? " noexec" : "",
	    mount->optional ? " optional" : "");
	return 0;
}

int
settings_write_root(FILE *out, const struct jail *jail)
{
	if (jail->root == ROOT_HOST || jail->root == ROOT_EMPTY) {
		fputs(root_kind_name(jail->root), out);
	} else {
		if (jail->root_path == NULL)
			return -EINVAL;
		if (jail->root == ROOT_IMAGE)
			fputs("image ", out);
		settings_write_string(out, jail->root_path, true);
	}
	fprintf(out, "%s%s", jail->root_copy_on_write ? " copy-on-write" : "",
	    jail->root_fresh ? " fresh" : "");
	return 0;
}

void
settings_write_bits(FILE *out, uint64_t bits, const char *const *words)
{
	const char *separator = "";

	if (bits == 0)
		fputs("none", out);
	for (unsigned i = 0; words[i] != NULL; i++) {
		if ((bits & UINT64_C(1) << i) == 0)
			continue;
		fprintf(out, "%s%s", separator, words[i]);
		separator = ", ";
	}
}

void
settings_write_persist(FILE *out, uint64_t seconds)
{
	if (seconds == PERSIST_NONE)
		fputs("none", out);
	else if (seconds == PERSIST_UNTIL_STOPPED)
		fputs("until-stopped", out);
	else
		write_duration(out, seconds);
}

void
settings_write_secret(FILE *out, const struct policy_secret *secret)
{
	fprintf(out, "%s from ", secret->name);
	settings_write_string(out, secret->source, true);
	if (secret->kind == SECRET_SSH_AGENT) {
		fputs(" ssh-agent", out);
		return;
	}
	fputs(secret->kind == SECRET_FILE ? " at " : " header ", out);
	settings_write_string(out, secret->target, true);
	if (secret->kind == SECRET_HEADER) {
		fputs(" to ", out);
		settings_write_string(out, secret->host, false);
	}
}

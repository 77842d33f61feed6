#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/capability.h"
#include "lang/settings.h"
#include "lang/settings_value.h"
#include "lang/words.h"

struct lines {
	const struct jail *jail;
	int (*take)(const struct setting_line *line, void *context);
	void *context;
};

/* Writes the value of row index of a kind; 0 or -EINVAL. */
typedef int value_writer(FILE *out, const struct jail *jail, size_t index);

static int write_rule(FILE *out, const struct jail *jail, size_t index);

static int
hand_over(struct lines *lines, enum setting_line_kind kind, const char *name,
    value_writer *writer, size_t index, const struct origin *origin)
{
	struct setting_line line = { .kind = kind, .name = name,
		.origin = origin, .of_ceiling = writer == write_rule &&
		    lines->jail->syscall_rules[index].firm };
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int r;

	if (out == NULL)
		return -ENOMEM;
	r = writer(out, lines->jail, index);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	line.value = text;
	return r < 0 ? r : lines->take(&line, lines->context);
}

static int
write_tier(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fputs(tier_name(jail->tier), out);
	return 0;
}

static int
write_mode(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fputs(mode_name(jail->mode), out);
	return 0;
}

static int
write_root(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	return settings_write_root(out, jail);
}

static int
write_shell(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_string(out, jail->shell, true);
	return 0;
}

static int
write_hostname(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_string(out, jail->hostname, true);
	return 0;
}

static int
write_workdir(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_string(out, jail->workdir, true);
	return 0;
}

static int
write_umask(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fprintf(out, "%03" PRIo32, jail->umask);
	return 0;
}

static int
write_home(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fprintf(out, "%s%s", home_mode_name(jail->home),
	    jail->home_fresh ? " fresh" : "");
	return 0;
}

static int
write_network(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fputs(network_mode_name(jail->network), out);
	return 0;
}

static int
write_published(FILE *out, const struct jail *jail, size_t index)
{
	return settings_write_published(out, &jail->published[index]);
}

static int
write_flow(FILE *out, const struct jail *jail, size_t index)
{
	return settings_write_flow_rule(out, &jail->flows[index]);
}

static int
write_syscalls(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	fputs(syscall_profile_name(jail->syscalls), out);
	return 0;
}

static int
write_rule(FILE *out, const struct jail *jail, size_t index)
{
	return settings_write_rule(out, &jail->syscall_rules[index]);
}

static int
write_capabilities(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_bits(out, jail->capabilities, capability_words);
	return 0;
}

static int
write_audit(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_bits(out, jail->audit, audit_words);
	return 0;
}

static int
write_persist(FILE *out, const struct jail *jail, size_t index)
{
	(void)index;
	settings_write_persist(out, jail->persist_seconds);
	return 0;
}

static int
write_secret(FILE *out, const struct jail *jail, size_t index)
{
	settings_write_secret(out, &jail->secrets[index]);
	return 0;
}

static int
write_limit(FILE *out, const struct jail *jail, size_t index)
{
	return settings_write_limit(out, (enum limit_kind)index,
	    jail->limits[index].value);
}

static int
write_mount(FILE *out, const struct jail *jail, size_t index)
{
	return settings_write_mount(out, &jail->mounts[index]);
}

static int
write_device(FILE *out, const struct jail *jail, size_t index)
{
	const struct policy_device *device = &jail->devices[index];

	settings_write_string(out, device->path, true);
	fprintf(out, "%s%s", device->read_only ? " read-only" : "",
	    device->optional ? " optional" : "");
	return 0;
}

static int
write_variable(FILE *out, const struct jail *jail, size_t index)
{
	fprintf(out, "set %s = ", jail->environment[index].name);
	settings_write_string(out, jail->environment[index].value, true);
	return 0;
}

static int
write_feature(FILE *out, const struct jail *jail, size_t index)
{
	fprintf(out, "missing %s", jail->tolerated[index].name);
	return 0;
}

static bool
has_shell(const struct jail *jail)
{
	return jail->shell != NULL;
}

/* A chroot has the host's name and may not say another. */
static bool
has_hostname(const struct jail *jail)
{
	return jail->tier != TIER_CHROOT && jail->hostname != NULL;
}

static bool
has_workdir(const struct jail *jail)
{
	return jail->workdir != NULL;
}

#define ORIGIN(member) offsetof(struct jail, member##_origin)

/* What stands once in each jail. */
static const struct {
	const char *name;
	value_writer *write;
	size_t origin;
	bool (*is_said)(const struct jail *jail);	/* NULL: always */
} singles[] = {
	{ "tier", write_tier, ORIGIN(tier), NULL },
	{ "mode", write_mode, ORIGIN(mode), NULL },
	{ "root", write_root, ORIGIN(root), NULL },
	{ "shell", write_shell, ORIGIN(shell), has_shell },
	{ "hostname", write_hostname, ORIGIN(hostname), has_hostname },
	{ "workdir", write_workdir, ORIGIN(workdir), has_workdir },
	{ "umask", write_umask, ORIGIN(umask), NULL },
	{ "home", write_home, ORIGIN(home), NULL },
	{ "capabilities", write_capabilities, ORIGIN(capabilities), NULL },
	{ "audit", write_audit, ORIGIN(audit), NULL },
	{ "persist", write_persist, ORIGIN(persist), NULL },
};

/* What stands as often as it was said. */
#define ROWS(name, write, rows, count, type) \
	{ name, write, offsetof(struct jail, rows), \
	    offsetof(struct jail, count), sizeof(struct type), \
	    offsetof(struct type, origin) }

static const struct {
	const char *name;
	value_writer *write;
	size_t rows, count;	/* where in struct jail */
	size_t row_size, origin;
} collections[] = {
	ROWS("mount", write_mount, mounts, n_mounts, policy_mount),
	ROWS("device", write_device, devices, n_devices, policy_device),
	ROWS("environment", write_variable, environment, n_environment,
	    policy_variable),
	ROWS("secret", write_secret, secrets, n_secrets, policy_secret),
	ROWS("tolerate", write_feature, tolerated, n_tolerated,
	    policy_feature),
};

static int
each_single(struct lines *lines)
{
	const char *base = (const char *)lines->jail;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(singles); i++) {
		const void *origin = base + singles[i].origin;

		if (singles[i].is_said == NULL ||
		    singles[i].is_said(lines->jail))
			r = hand_over(lines, LINE_SETTING, singles[i].name,
			    singles[i].write, 0, origin);
	}
	return r;
}

static int
end_block(struct lines *lines, const struct origin *origin)
{
	const struct setting_line end = { .kind = LINE_END, .name = "",
		.value = "", .origin = origin };

	return lines->take(&end, lines->context);
}

static int
each_network(struct lines *lines)
{
	const struct jail *jail = lines->jail;
	bool block = jail->network == NETWORK_FILTERED;
	int r = hand_over(lines, block ? LINE_BLOCK : LINE_SETTING, "network",
	    write_network, 0, &jail->network_origin);

	for (size_t i = 0; r == 0 && i < jail->n_published; i++)
		r = hand_over(lines, LINE_RULE, "network", write_published, i,
		    &jail->published[i].origin);
	for (size_t i = 0; r == 0 && i < jail->n_flows; i++)
		r = hand_over(lines, LINE_RULE, "network", write_flow, i,
		    &jail->flows[i].origin);
	return r == 0 && block ? end_block(lines, &jail->network_origin) : r;
}

static int
each_syscall(struct lines *lines)
{
	const struct jail *jail = lines->jail;
	size_t n = jail->n_syscall_rules;
	int r = hand_over(lines, n > 0 ? LINE_BLOCK : LINE_SETTING,
	    "syscalls", write_syscalls, 0, &jail->syscalls_origin);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = hand_over(lines, LINE_RULE, "syscalls", write_rule, i,
		    &jail->syscall_rules[i].origin);
	return r == 0 && n > 0 ? end_block(lines, &jail->syscalls_origin) : r;
}

static int
each_collected(struct lines *lines)
{
	const char *base = (const char *)lines->jail;
	int r = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(collections); i++) {
		const char *rows;
		size_t n;

		memcpy(&rows, base + collections[i].rows, sizeof(rows));
		memcpy(&n, base + collections[i].count, sizeof(n));
		for (size_t k = 0; r == 0 && k < n; k++) {
			const void *origin = rows + collections[i].row_size *
			    k + collections[i].origin;

			r = hand_over(lines, LINE_SETTING,
			    collections[i].name, collections[i].write, k,
			    origin);
		}
	}
	return r;
}

static int
each_limit(struct lines *lines)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < LIMIT_KINDS; i++)
		if (lines->jail->limits[i].set)
			r = hand_over(lines, LINE_SETTING, "limit",
			    write_limit, i, &lines->jail->limits[i].origin);
	return r;
}

int
settings_each(const struct jail *jail,
    int (*take)(const struct setting_line *line, void *context),
    void *context)
{
	static int (*const groups[])(struct lines *lines) = {
		each_single, each_network, each_syscall, each_collected,
		each_limit
	};
	struct lines lines = { .jail = jail, .take = take,
		.context = context };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(groups); i++)
		r = groups[i](&lines);
	return r;
}

#include "config.h"

#include "common/cleanup.h"
#include "lang/enforced.h"

static bool
asks_container(const struct jail *jail)
{
	return jail->tier == TIER_CONTAINER;
}

static bool
asks_vm(const struct jail *jail)
{
	return jail->tier == TIER_VM;
}

static bool
asks_empty(const struct jail *jail)
{
	return jail->root == ROOT_EMPTY;
}

static bool
asks_directory(const struct jail *jail)
{
	return jail->root == ROOT_DIRECTORY;
}

static bool
asks_image(const struct jail *jail)
{
	return jail->root == ROOT_IMAGE;
}

static bool
asks_root_copy(const struct jail *jail)
{
	return jail->root == ROOT_HOST && jail->root_copy_on_write;
}

static bool
asks_filtered(const struct jail *jail)
{
	return jail->network == NETWORK_FILTERED;
}

static bool
asks_capabilities(const struct jail *jail)
{
	return jail->capabilities != 0;
}

static bool
asks_persist(const struct jail *jail)
{
	return jail->persist_seconds != PERSIST_NONE;
}

#define ORIGIN(member) offsetof(struct jail, member##_origin)

static const struct {
	const char *what;
	bool (*asks)(const struct jail *jail);
	size_t origin;
} settings[] = {
	{ "tier container", asks_container, ORIGIN(tier) },
	{ "tier vm", asks_vm, ORIGIN(tier) },
	{ "root empty", asks_empty, ORIGIN(root) },
	{ "a root directory", asks_directory, ORIGIN(root) },
	{ "root image", asks_image, ORIGIN(root) },
	{ "root host copy-on-write", asks_root_copy, ORIGIN(root) },
	{ "network filtered", asks_filtered, ORIGIN(network) },
	{ "capabilities", asks_capabilities, ORIGIN(capabilities) },
	{ "persist", asks_persist, ORIGIN(persist) },
};

static const struct {
	const char *what;
	enum limit_kind kind;
} limits[] = {
	{ "limit sessions", LIMIT_SESSIONS },
	{ "limit session-time", LIMIT_SESSION_TIME },
	{ "limit idle-time", LIMIT_IDLE_TIME },
	{ "limit memory", LIMIT_MEMORY },
	{ "limit cpu", LIMIT_CPU },
	{ "limit disk", LIMIT_DISK },
	{ "limit locked-memory", LIMIT_LOCKED_MEMORY },
};

#define N_SETTINGS ((unsigned)ARRAY_LENGTH(settings))
#define N_LIMITS ((unsigned)ARRAY_LENGTH(limits))

/* One row of one of the tables, or one secret. */
static bool
look_at(const struct jail *jail, unsigned i, struct unenforced *ret)
{
	if (i < N_SETTINGS) {
		ret->what = settings[i].what;
		ret->origin = (const struct origin *)(const void *)
		    ((const char *)jail + settings[i].origin);
		return settings[i].asks(jail);
	}
	i -= N_SETTINGS;
	if (i < N_LIMITS) {
		ret->what = limits[i].what;
		ret->origin = &jail->limits[limits[i].kind].origin;
		return jail->limits[limits[i].kind].set;
	}
	ret->what = "a secret";
	ret->origin = &jail->secrets[i - N_LIMITS].origin;
	return true;
}

bool
jail_unenforced(const struct jail *jail, unsigned *index,
    struct unenforced *ret)
{
	size_t n = N_SETTINGS + N_LIMITS + jail->n_secrets;

	while (*index < n)
		if (look_at(jail, (*index)++, ret))
			return true;
	return false;
}

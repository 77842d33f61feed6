#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/arena.h"
#include "lang/policy.h"
#include "lang/words.h"

const char *const tier_words[] = {
	[TIER_VM] = "vm", [TIER_CONTAINER] = "container",
	[TIER_NAMESPACE] = "namespace", [TIER_CHROOT] = "chroot", NULL
};

const char *const mode_words[] = {
	[MODE_ENFORCE] = "enforce", [MODE_COMPLAIN] = "complain", NULL
};

const char *const home_words[] = {
	[HOME_NONE] = "none", [HOME_READ_ONLY] = "read-only",
	[HOME_PRIVATE] = "private", [HOME_COPY_ON_WRITE] = "copy-on-write",
	[HOME_READ_WRITE] = "read-write", NULL
};

const char *const network_words[] = {
	[NETWORK_NONE] = "none", [NETWORK_FILTERED] = "filtered",
	[NETWORK_HOST] = "host", NULL
};

const char *const profile_words[] = {
	[SYSCALLS_STRICT] = "strict", [SYSCALLS_DEFAULT] = "default",
	[SYSCALLS_OFF] = "off", NULL
};

const char *const action_words[] = {
	[SYSCALL_KILL] = "kill", [SYSCALL_DENY] = "deny",
	[SYSCALL_LOG] = "log", [SYSCALL_ALLOW] = "allow", NULL
};

const char *const limit_words[] = {
	[LIMIT_TASKS] = "tasks", [LIMIT_OPEN_FILES] = "open-files",
	[LIMIT_SESSIONS] = "sessions", [LIMIT_SESSION_TIME] = "session-time",
	[LIMIT_IDLE_TIME] = "idle-time", [LIMIT_MEMORY] = "memory",
	[LIMIT_CPU] = "cpu", [LIMIT_DISK] = "disk",
	[LIMIT_LOCKED_MEMORY] = "locked-memory", NULL
};

const char *const flow_words[] = {
	[FLOW_DENY] = "deny", [FLOW_LOG] = "log", [FLOW_ALLOW] = "allow", NULL
};

const char *const protocol_words[] = { "tcp", "udp", "icmp", NULL };

const char *const audit_words[] = {
	"denied", "exec", "files", "network", NULL
};

const char *const feature_words[] = {
	"audit-rules", "cgroup-limits", "landlock-scopes", "overlay",
	"seccomp-log", NULL
};

static const char *const root_words[] = {
	[ROOT_EMPTY] = "empty", [ROOT_DIRECTORY] = "directory",
	[ROOT_IMAGE] = "image", [ROOT_HOST] = "host", NULL
};

static const char *const mount_words[] = {
	[MOUNT_HIDDEN] = "hidden", [MOUNT_READ_ONLY] = "read-only",
	[MOUNT_TMPFS] = "tmpfs", [MOUNT_COPY_ON_WRITE] = "copy-on-write",
	[MOUNT_READ_WRITE] = "read-write", NULL
};

void
policy_free(struct policy *policy)
{
	if (policy != NULL)
		arena_free(policy->arena);
}

const struct jail *
policy_find_jail(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->n_jails; i++)
		if (strcmp(policy->jails[i].name, name) == 0)
			return &policy->jails[i];
	return NULL;
}

/* Each table ends in a NULL, which names nothing. */
#define NAME(table, value) \
	((size_t)(value) < ARRAY_LENGTH(table) - 1 ? (table)[value] : "?")

const char *
tier_name(enum tier tier)
{
	return NAME(tier_words, tier);
}

const char *
mode_name(enum jail_mode mode)
{
	return NAME(mode_words, mode);
}

const char *
root_kind_name(enum root_kind kind)
{
	return NAME(root_words, kind);
}

const char *
home_mode_name(enum home_mode mode)
{
	return NAME(home_words, mode);
}

const char *
mount_mode_name(enum mount_mode mode)
{
	return NAME(mount_words, mode);
}

const char *
network_mode_name(enum network_mode mode)
{
	return NAME(network_words, mode);
}

const char *
syscall_profile_name(enum syscall_profile profile)
{
	return NAME(profile_words, profile);
}

const char *
syscall_action_name(enum syscall_action action)
{
	return NAME(action_words, action);
}

const char *
limit_kind_name(enum limit_kind kind)
{
	return NAME(limit_words, kind);
}

const char *
flow_action_name(enum flow_action action)
{
	return NAME(flow_words, action);
}

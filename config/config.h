/* jaild.conf: settings of the daemon, not of jails (libconfig). */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum log_level {
	LOG_LEVEL_ERROR = 0,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* What becomes of an agent's process outside of its jail. */
enum outside {
	OUTSIDE_END = 0,
	OUTSIDE_RECORD,
};

struct config {
	char *policy_file;	/* "/etc/jaild/policy.jail" */
	char *keep_list;	/* "/etc/jaild/etc-keep.conf" */
	char *run_dir;		/* "/run/jaild": login.sock, control.sock */
	char *state_dir;	/* "/var/lib/jaild" */
	char *cgroup_dir;	/* "" : found; else a cgroup v2 directory */
	bool cgroup_favordynmods;	/* false */
	char *agents_group;	/* "agents" */
	uint32_t agents_uid_min;	/* 70000: of accounts made for */
	uint32_t agents_uid_max;	/* 79999: agents by jailctl adopt */
	uint32_t login_timeout_ms;	/* 10000 */
	uint32_t build_timeout_ms;	/* 8000 */
	uint32_t close_timeout_ms;	/* 10000 */
	uint32_t workers_max;		/* 64 logins at once */
	uint32_t account_sessions_max;	/* 100 of one account */
	bool audit_required;		/* true */
	enum outside outside_processes;	/* end */
	enum log_level log_level;	/* info */
};

/* Reads path; a missing file is all defaults only when may_be_missing.
 * Any unknown key, wrong type or value out of range is one line
 * "file:line: error: ..." with what is allowed on diagnostics.  0 and *ret
 * (config_free()); -EINVAL; -errno. */
int config_load(const char *path, bool may_be_missing, bool check_trust,
    FILE *diagnostics, struct config **ret);
void config_free(struct config *config);

/* The same of the host whose root directory is tree; NULL: of this one.
 * Links stay in the tree; what is wrong is said of tree and path. */
int config_load_tree(const char *tree, const char *path, bool may_be_missing,
    bool check_trust, FILE *diagnostics, struct config **ret);

/* A line for each setting, its columns parted by tabs: name, default as it
 * would be written in the file, what is allowed. */
void config_describe(FILE *out);

#endif

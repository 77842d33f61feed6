#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jaild/admit.h"
#include "jailctl/doctor_settings.h"
#include "jailctl/lockdown.h"
#include "jailctl/lockdown_keys.h"
#include "jailctl/text_edit.h"

/* Behind all others, so that it has the last word. */
#define SYSCTL_FILE "/etc/sysctl.d/zz-jaild.conf"
#define AUDIT_RULES "/etc/audit/rules.d"
#define AUDIT_FILE AUDIT_RULES "/zz-jaild.rules"
#define AUDITD_CONF "/etc/audit/auditd.conf"
#define AGENT_SHELL JAILD_PKGLIBEXECDIR "/jail-shell"
#define BACKLOG_WANTED "8192"
#define LOG_WANTED_MIB 256ul

static int
edited(int r, const char *path)
{
	if (r < 0)
		complain("%s: %s", path, strerrordesc_np(-r));
	return r;
}

static int
close_setting(struct lockdown *lockdown, const char *subject)
{
	char value[SETTING_VALUE_MAX], line[256];
	const struct setting *setting = settings;
	struct file_state *state;
	int r;

	while (setting->name != NULL && strcmp(setting->name, subject) != 0)
		setting++;
	if (setting->name == NULL)
		return -ENOENT;
	r = lockdown_directory(lockdown, "/etc/sysctl.d");
	if (r < 0)
		return r;
	state = lockdown_file(lockdown, SYSCTL_FILE);
	if (state == NULL)
		return -ENOMEM;
	setting_read(setting->name, value);
	snprintf(line, sizeof(line), "%s = %s", setting->name,
	    setting->closed);
	r = text_append(state, line);
	if (r == 0)
		r = lockdown_setting(lockdown, setting->name, value,
		    setting->closed);
	return edited(r, SYSCTL_FILE);
}

static int
close_backlog(struct lockdown *lockdown, const char *subject)
{
	char value[SETTING_VALUE_MAX];
	struct file_state *state;
	int r = 0;

	(void)subject;
	if (access(AUDIT_RULES, F_OK) == 0) {
		state = lockdown_file(lockdown, AUDIT_FILE);
		r = state == NULL ? -ENOMEM : edited(text_append(state,
		    "-b " BACKLOG_WANTED), AUDIT_FILE);
	}
	lockdown_setting_read(AUDIT_BACKLOG, value);
	return r < 0 ? r : lockdown_setting(lockdown, AUDIT_BACKLOG, value,
	    BACKLOG_WANTED);
}

/* As many more files as it takes; their size stays. */
static int
close_rotation(struct lockdown *lockdown, const char *subject)
{
	struct file_state *state = lockdown_file(lockdown, AUDITD_CONF);
	unsigned long size = 8, count;
	const char *at;
	char value[32];

	(void)subject;
	if (state == NULL || state->kind != FILE_TEXT)
		return -ENOENT;
	at = strstr(state->text, "\nmax_log_file =");
	if (at != NULL)
		size = strtoul(strchr(at, '=') + 1, NULL, 10);
	count = size == 0 ? 0 : (LOG_WANTED_MIB + size - 1) / size;
	snprintf(value, sizeof(value), "%lu", count < 2 ? 2 : count);
	return edited(text_set_key(state, "num_logs", value), AUDITD_CONF);
}

static int
close_mail(struct lockdown *lockdown, const char *subject)
{
	struct file_state *state = lockdown_file(lockdown, "/etc/aliases");
	char line[300];

	if (state == NULL)
		return -ENOMEM;
	snprintf(line, sizeof(line), "%s: root", subject);
	return edited(text_append(state, line), "/etc/aliases");
}

static int
close_shell(struct lockdown *lockdown, const char *subject)
{
	struct file_state *state = lockdown_file(lockdown, "/etc/passwd");

	return state == NULL ? -ENOMEM : edited(text_set_field(state, subject,
	    6, AGENT_SHELL), "/etc/passwd");
}

static int
close_linger(struct lockdown *lockdown, const char *subject)
{
	struct file_state *state;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), ADMIT_LINGER_DIRECTORY "/%s", subject);
	state = lockdown_file(lockdown, path);
	if (state == NULL)
		return -ENOMEM;
	file_state_free(state);
	return 0;
}

static int
remove_ranges(struct lockdown *lockdown, const char *path,
    const struct account *account)
{
	struct file_state *state = lockdown_file(lockdown, path);
	char uid[16];
	int r;

	if (state == NULL)
		return -ENOMEM;
	if (state->kind == FILE_ABSENT)
		return 0;
	snprintf(uid, sizeof(uid), "%u", account->uid);
	r = text_remove_entries(state, account->name);
	if (r == 0)
		r = text_remove_entries(state, uid);
	return edited(r, path);
}

static int
close_ranges(struct lockdown *lockdown, const char *subject)
{
	struct account *account;
	int r = account_resolve(subject, &account);

	if (r < 0)
		return r;
	r = remove_ranges(lockdown, "/etc/subuid", account);
	if (r == 0)
		r = remove_ranges(lockdown, "/etc/subgid", account);
	account_free(account);
	return r;
}

static int
close_groups(struct lockdown *lockdown, const char *subject)
{
	struct file_state *state = lockdown_file(lockdown, "/etc/group");
	int r = state == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r == 0 && admit_root_groups[i] != NULL; i++)
		r = text_remove_member(state, admit_root_groups[i], 3,
		    subject);
	if (r < 0 || access("/etc/gshadow", F_OK) != 0)
		return edited(r, "/etc/group");
	state = lockdown_file(lockdown, "/etc/gshadow");
	r = state == NULL ? -ENOMEM : 0;
	for (size_t i = 0; r == 0 && admit_root_groups[i] != NULL; i++)
		r = text_remove_member(state, admit_root_groups[i], 3,
		    subject);
	return edited(r, "/etc/gshadow");
}

static int
close_user_unit(struct lockdown *lockdown, const char *subject)
{
	struct account *account;
	struct file_state *state;
	char path[PATH_MAX];
	int r = account_resolve(subject, &account);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "/etc/systemd/system/user@%u.service",
	    account->uid);
	account_free(account);
	r = lockdown_directory(lockdown, "/etc/systemd/system");
	state = r < 0 ? NULL : lockdown_file(lockdown, path);
	if (state == NULL)
		return r < 0 ? r : -ENOMEM;
	if (state->kind != FILE_ABSENT) {
		complain("%s is there, and not a mask", path);
		return -EEXIST;
	}
	state->text = strdup("/dev/null");
	state->length = strlen("/dev/null");
	state->kind = FILE_LINK;
	return state->text == NULL ? -ENOMEM : 0;
}

static const struct {
	enum finding finding;
	int (*close)(struct lockdown *lockdown, const char *subject);
} closers[] = {
	{ FINDING_TIOCSTI, close_setting },
	{ FINDING_PROTECTED_LINKS, close_setting },
	{ FINDING_CORE_PATTERN, close_setting },
	{ FINDING_IO_URING, close_setting },
	{ FINDING_USER_NAMESPACES, close_setting },
	{ FINDING_AUDIT_BACKLOG_SHORT, close_backlog },
	{ FINDING_AUDITD_ROTATES, close_rotation },
	{ FINDING_SSHD_KEYS, lockdown_close_keys },
	{ FINDING_MAIL_COMMANDS, close_mail },
	{ FINDING_AGENT_SHELL, close_shell },
	{ FINDING_AGENT_LINGERS, close_linger },
	{ FINDING_AGENT_SUBIDS, close_ranges },
	{ FINDING_AGENT_GROUP, close_groups },
	{ FINDING_AGENT_USER_UNIT, close_user_unit },
};

bool
lockdown_closes(enum finding finding)
{
	for (size_t i = 0; i < ARRAY_LENGTH(closers); i++)
		if (closers[i].finding == finding)
			return true;
	return false;
}

int
lockdown_close(struct lockdown *lockdown, enum finding finding,
    const char *subject)
{
	for (size_t i = 0; i < ARRAY_LENGTH(closers); i++)
		if (closers[i].finding == finding)
			return closers[i].close(lockdown, subject);
	return -ENOTSUP;
}

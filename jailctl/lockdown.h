/* jailctl lockdown: closes what doctor finds, and takes that back. */
#ifndef JAILCTL_LOCKDOWN_H
#define JAILCTL_LOCKDOWN_H

#include "jailctl/doctor.h"
#include "jailctl/file_state.h"

/* All that is made for sshd lies in this file. */
#define LOCKDOWN_SSHD "/etc/ssh/sshd_config.d/00-jaild-lockdown.conf"
/* A file of keys for each agent, which no agent can write. */
#define LOCKDOWN_KEYS JAILD_SYSCONFDIR "/authorized_keys"

struct file_change {
	char *path;
	struct file_state before, after;
	bool done;		/* path is what after says */
};

/* Of the running kernel: doctor_settings.h, or AUDIT_BACKLOG. */
#define AUDIT_BACKLOG "audit backlog_limit"
struct setting_change {
	char *name, *before, *after;
	bool done;
};

/* In the order in which they are made. */
struct lockdown {
	const struct config *config;
	struct file_change *files;
	size_t n_files;
	struct setting_change *settings;
	size_t n_settings;
};

void lockdown_free(struct lockdown *lockdown);

/* The file's state as it will be after the changes so far, to be edited; it
 * is looked at when it is named first.  NULL with the error said. */
struct file_state *lockdown_file(struct lockdown *lockdown,
    const char *path);
/* Makes the directory when it is missing.  0 or -errno, which was said. */
int lockdown_directory(struct lockdown *lockdown, const char *path);
/* 0 or -ENOMEM. */
int lockdown_setting(struct lockdown *lockdown, const char *name,
    const char *before, const char *after);

/* Plans what closes a finding of doctor's; nothing is changed.  0; -errno
 * when it cannot be closed, which was said. */
int lockdown_close(struct lockdown *lockdown, enum finding finding,
    const char *subject);
/* True when lockdown_close() knows how. */
bool lockdown_closes(enum finding finding);

/* Shows all changes. */
void lockdown_show(const struct lockdown *lockdown);
bool lockdown_empty(const struct lockdown *lockdown);

/* Makes all changes or none, with the record written first.  0, or -errno
 * after saying what went wrong. */
int lockdown_apply(struct lockdown *lockdown);

/* Takes back what is on record; what was changed by others since stays, on
 * record too, and what to do is said.  An exit status. */
int lockdown_undo(const struct arguments *arguments,
    const struct config *config);

/* Changes of this lockdown are put behind those on record.  0 or -errno. */
int lockdown_record_add(const struct lockdown *lockdown);
/* What is on record, empty without one.  0 and *ret (lockdown_free());
 * -EBADMSG, -errno. */
int lockdown_record_read(const struct config *config, struct lockdown *ret);
/* Writes those that are done; removes the file when none is.  0, -errno. */
int lockdown_record_write(const struct lockdown *lockdown);
/* Its path, of PATH_MAX. */
void lockdown_record_path(const struct config *config, char *ret_path);

/* The running value of a setting; "" when there is none. */
void lockdown_setting_read(const char *name, char *ret_value);
int lockdown_setting_write(const char *name, const char *value);

/* What sshd does for others than agents, as text, to be compared; NULL when
 * it does not say. */
char *lockdown_sshd_others(void);

/* Tells the programs whose files changed; what goes wrong is said.  An exit
 * status. */
int lockdown_tell(const struct lockdown *lockdown);

#endif

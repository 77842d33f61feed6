/* Making an account an agent's, and undoing it: the steps that `jailctl
 * adopt` and `jailctl release` share. */
#ifndef JAILCTL_ADOPTION_H
#define JAILCTL_ADOPTION_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include <jansson.h>

#include "jailctl/jailctl.h"

#define ADOPTION_WHY_MAX 1024
#define ADOPTION_UID_NONE ((uid_t)-1)
#define AGENT_SHELL JAILD_PKGLIBEXECDIR "/jail-shell"

struct adoption {
	const struct config *config;
	const char *name;
	bool create;		/* the account is to be made */
	bool keep_home;		/* of an account that is removed */
	bool remove_storage;	/* of its jails, together with it */
	uid_t uid;		/* ADOPTION_UID_NONE: not made yet */
	char *home, *shell;	/* NULL: not made yet */
	char *keys;		/* text for the file of keys; NULL: none */
	json_t *record;		/* what is kept of it; see adoption_record.c */
	char why[ADOPTION_WHY_MAX];	/* of what failed last */
};

/* One thing that an adoption may have to do.  What undoing needs to know is
 * the step's data, a JSON object that is kept in the record. */
struct adoption_step {
	const char *name;
	/* Looks whether there is something to do: *ret_data, new, or NULL.
	 * 0 or -errno with why. */
	int (*plan)(struct adoption *adoption, json_t **ret_data);
	/* Does it.  What was begun is undone by the caller, with undo. */
	int (*apply)(struct adoption *adoption, json_t *data);
	/* Undoes as much of it as was done and is still as it was left. */
	int (*undo)(struct adoption *adoption, const json_t *data);
	/* "change its shell from /bin/bash to ..." */
	void (*tell)(FILE *out, const struct adoption *adoption,
	    const json_t *data);
	void (*tell_undo)(FILE *out, const struct adoption *adoption,
	    const json_t *data);
};

/* In the order in which they are done; the last one is NULL. */
extern const struct adoption_step *const adoption_steps[];
const struct adoption_step *adoption_step_find(const char *name);

extern const struct adoption_step adoption_group, adoption_account,
    adoption_shell, adoption_membership, adoption_ids, adoption_linger,
    adoption_unit, adoption_keys;

/* Fills uid, home and shell from the host's accounts: 0, or -ENOENT. */
int adoption_look_up(struct adoption *adoption);

/* Notes why something cannot be.  Returns error. */
__attribute__((format(printf, 3, 4)))
int adoption_fail(struct adoption *adoption, int error, const char *format,
    ...);

/* Runs a program of the system with these words: 0; -ENOENT when there is
 * none; -EIO with its own last words as why. */
int adoption_run(struct adoption *adoption, const char *const argv[]);
#define ADOPTION_RUN(adoption, ...) \
	adoption_run(adoption, (const char *const[]){ __VA_ARGS__, NULL })

/* Makes one line of what a program said. */
const char *adoption_one_line(char *said);

/* Whether this host has been started by systemd, or has it at all. */
bool adoption_systemd_runs(void);
bool adoption_systemd_is_there(void);

/* What keeps the account from being adopted, with the way out as why: 0 when
 * nothing does, -EPERM. */
int adoption_refuse(struct adoption *adoption);

/* How many processes the uid has on this host, in jails or not. */
size_t adoption_processes(uid_t uid);

/* Whether its name can be that of a record's file. */
bool adoption_may_be_recorded(const struct adoption *adoption);

/* What the terminal sends would hit a tool in the middle of a file. */
void adoption_ignore_signals(void);

/* What `jailctl adopt` and `release` do before and after: begin is called with
 * the settings, by root only, and what the adoption holds is freed.  An exit
 * status. */
int adoption_command(struct adoption *adoption,
    const struct arguments *arguments,
    int (*begin)(struct adoption *adoption,
    const struct arguments *arguments));

#endif

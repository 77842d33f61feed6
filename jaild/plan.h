/* Decision + account -> the ordered steps that make the jail.  Pure: it
 * looks at no file, so that it can be printed before anything is touched. */
#ifndef JAILD_PLAN_H
#define JAILD_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "jaild/account.h"
#include "lang/policy.h"

/* Paths and facts of this installation that a plan needs. */
struct plan_place {
	const char *state_dir;		/* /var/lib/jaild */
	const char *run_dir;		/* /run/jaild */
	const char *jail_shell;		/* absolute path of jail-shell */
	const char *keep_list;		/* /etc/jaild/etc-keep.conf */
	const char *host_name;		/* of this machine: ${host} */
	gid_t tty_gid;			/* group of terminals */
};

/* What a step does; one row of the builder's table (build_steps.c) and of
 * the printer's (plan_print.c) each.  Paths of targets are the jail's, paths
 * of sources the host's. */
enum step_kind {
	STEP_INVALID = 0,
	STEP_ROOT,	/* an empty tmpfs becomes the jail's / */
	STEP_DIRECTORY,	/* target, mode, uid, gid */
	STEP_FILE,	/* target, contents, mode, uid, gid */
	STEP_SYMLINK,	/* target, source: what it says */
	STEP_SYSTEM,	/* source: a symlink is copied, a directory is bound
			 * read-only, what is missing is left out */
	STEP_COPY,	/* source's contents at target; may be missing */
	STEP_KEEP,	/* source: list of names of /etc to keep */
	STEP_BIND,	/* source at target */
	STEP_HOME,	/* source at target; must be the account's own */
	STEP_TMPFS,	/* target, size, mode, uid, gid */
	STEP_SCRATCH,	/* one tmpfs for all scratch directories */
	STEP_SCRATCH_DIRECTORY,	/* a directory of it at target */
	STEP_DEV,	/* target: device nodes work in it */
	STEP_PROC,
	STEP_SYSFS,
	STEP_MQUEUE,
	STEP_DEVPTS,	/* gid */
	STEP_NODE,	/* target, mode, major, minor: a character device */
	STEP_DEVICE,	/* source: devices of the host, may be a glob */
	STEP_HIDE,	/* target: an empty file or directory over it */
	STEP_READ_ONLY,	/* target: made read-only where it is */
	STEP_STORAGE,	/* source: name of kept data, at target */
	STEP_OVERLAY,	/* source below, storage `storage` above, at target */
	STEP_RECORDS,	/* jaild's directory with the jail's utmp and wtmp */
	STEP_LOG,	/* jaild's directory with the log socket */
	STEP_FILTERS,	/* the shell's filters as a file */
	STEP_HOSTNAME,	/* source: the name */
	STEP_LOOPBACK,
	STEP_PIVOT,	/* the tree becomes "/", the host's is let go */
	STEP_KINDS
};

#define STEP_FLAG_READ_ONLY 1u
#define STEP_FLAG_NOEXEC 2u
#define STEP_FLAG_OPTIONAL 4u	/* a missing source is no error */
#define STEP_FLAG_DEVICES 8u	/* device nodes work below it */
#define STEP_FLAG_FRESH 16u	/* storage that ends with the jail */
#define STEP_FLAG_OWN 64u	/* the source must be the account's own */
#define STEP_FLAG_CEILING 128u	/* hides for a ceiling: gives way to what
				 * the policy has at the target */
#define STEP_FLAG_RECORD 32u	/* worth a VIRT_RESOURCE record */

struct plan_step {
	enum step_kind kind;
	unsigned flags;		/* STEP_FLAG_* */
	const char *source, *target;
	const char *storage;	/* path below the state directory */
	const char *contents;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint64_t size_bytes;
	unsigned major, minor;
	struct origin origin;	/* file NULL: built in */
};

struct plan {
	const struct jail *jail;	/* outlives the plan */
	const struct plan_place *place;	/* outlives the plan */
	char uuid[37];
	uint32_t namespaces;		/* CLONE_NEW* */
	uid_t uid;
	gid_t gid;
	struct plan_step *steps;
	size_t n_steps, n_allocated;
	char **strings;			/* owned by the plan */
	size_t n_strings;
	const char *shell;		/* the agent's real shell */
	const char *workdir;		/* expanded */
	const char **environment;	/* NAME=value, expanded */
	size_t n_environment;
};

/* Makes the plan.  0 and *ret (plan_free()); -EINVAL or -ENOTSUP when the
 * jail cannot be for this account: *ret_reason (free()) is a whole sentence
 * with the policy's file:line:col where there is one; -ENOMEM. */
int plan_make(const struct jail *jail, const struct account *account,
    const struct plan_place *place, const char *uuid, struct plan **ret,
    char **ret_reason);
void plan_free(struct plan *plan);

/* One numbered line a step, stable, for `jailctl explain --plan`. */
int plan_print(FILE *out, const struct plan *plan);

/* One step in words: "bind /usr at /usr"; never empty. */
void plan_step_describe(const struct plan_step *step, char *text,
    size_t size);

#endif

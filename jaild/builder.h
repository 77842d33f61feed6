/* The state of one build, shared by the files that hold its steps. */
#ifndef JAILD_BUILDER_H
#define JAILD_BUILDER_H

#include "jaild/build.h"

/* Behind the closed door of the side room: where layers and scratch
 * directories are attached while the jail is made. */
#define BUILD_SCRATCH "/run/host/scratch"
#define BUILD_LOWER "/run/host/lower"
#define BUILD_STORE "/run/host/store"
#define BUILD_EMPTY_FILE "/run/host/empty"
#define BUILD_EMPTY_DIRECTORY "/run/host/nothing"

struct builder {
	const struct plan *plan;
	const struct build_input *input;
	struct build_failure *failure;
	int host_fd;		/* the host's / */
	int root_fd;		/* the jail's / */
	dev_t root_dev;		/* of the tmpfs that is the jail's / */
	int log_tree;		/* detached mounts: the log directory, */
	int records_tree;	/* and its `records' */
	int *storage_trees;	/* one a step, -1: none */
};

/* Fills the failure with a sentence and returns error (-errno), whose words
 * are left out behind a final comma. */
__attribute__((format(printf, 3, 4)))
int build_fail(struct builder *builder, int error, const char *format, ...);

/* Opens a target inside the jail (O_PATH), making what is missing on the
 * jail's own tmpfs only. */
int target_open(struct builder *builder, const char *target, bool is_file,
    int *ret_fd);

/* The same for the folder that target is in; *ret_name is what stands behind
 * it in target. */
int target_parent(struct builder *builder, const char *target, int *ret_fd,
    const char **ret_name);

/* Opens what an O_PATH descriptor names, through the jail's own /proc (the
 * host's shows nothing of a process in a new PID namespace). */
int build_reopen(const struct builder *builder, int fd, int flags);

/* A new file of the jail's own, as the jail's /. */
int build_file(struct builder *builder, const char *target,
    const void *contents, size_t length, mode_t mode);
int build_symlink(struct builder *builder, const char *target,
    const char *says);

/* Attaches a detached mount at target and fails with its sentence. */
int build_attach(struct builder *builder, int mount_fd, const char *target,
    bool is_file);

/* The detached mount of what source (O_PATH) is, at target of its kind. */
int build_bind(struct builder *builder, int source_fd, const char *target,
    unsigned step_flags);

/* MOUNT_* flags of STEP_FLAG_*. */
unsigned mount_flags_of(unsigned step_flags);

/* The steps that have files of their own. */
int build_keep(struct builder *builder, const struct plan_step *step);
int build_storage(struct builder *builder, const struct plan_step *step);
int build_overlay(struct builder *builder, const struct plan_step *step);
int build_device(struct builder *builder, const struct plan_step *step);
int build_hostname(struct builder *builder, const struct plan_step *step);
int build_loopback(struct builder *builder, const struct plan_step *step);
int build_tmpfs(struct builder *builder, const struct plan_step *step);
int build_dev(struct builder *builder, const struct plan_step *step);
int build_scratch(struct builder *builder, const struct plan_step *step);
int build_scratch_directory(struct builder *builder,
    const struct plan_step *step);
int build_proc(struct builder *builder, const struct plan_step *step);
int build_sysfs(struct builder *builder, const struct plan_step *step);
int build_mqueue(struct builder *builder, const struct plan_step *step);
int build_devpts(struct builder *builder, const struct plan_step *step);

/* Before the application's mount namespace is entered: opens (and makes)
 * what the plan keeps below the state directory. */
int build_prepare_storage(struct builder *builder);
/* Removes the storage of one jail's fresh mounts. */
int storage_remove_fresh(const char *state_dir, const char *uuid);

/* Runs one step through the table of kinds. */
int build_step(struct builder *builder, const struct plan_step *step);

#endif

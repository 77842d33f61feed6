/* Decision + account -> the ordered steps that make the jail.  Pure. */
#ifndef JAILD_PLAN_H
#define JAILD_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "common/protocol.h"
#include "jaild/account.h"
#include "lang/policy.h"

/* Paths of this installation that a plan needs (config/). */
struct plan_place {
	const char *state_dir;		/* /var/lib/jaild */
	const char *run_dir;		/* /run/jaild */
	const char *jail_shell;		/* absolute path of jail-shell */
	const char *keep_list;		/* /etc/jaild/etc-keep.conf */
	const char *cgroup_dir;		/* jaild's delegated v2 directory */
	const char *host_name;		/* of this machine: ${host} */
};

/* What a step does; one row of the builder's table each (jaild/build.c). */
enum step_kind {
	STEP_INVALID = 0,
	/* The plan's author adds the kinds here. */
	STEP_KINDS
};

struct plan;

/* Makes the plan.  0 and *ret (plan_free()); -EINVAL or -ENOTSUP when the
 * jail cannot be for this account: *ret_reason (free()) is a whole sentence
 * with the policy's file:line:col where there is one; -ENOMEM. */
int plan_make(const struct jail *jail, const struct account *account,
    const struct plan_place *place, const char *uuid, struct plan **ret,
    char **ret_reason);
void plan_free(struct plan *plan);

/* One numbered line a step, stable, for `jailctl explain --plan`. */
int plan_print(FILE *out, const struct plan *plan);
size_t plan_count(const struct plan *plan);

#endif

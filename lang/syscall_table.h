/* What is known of system calls: names, groups, arguments, profiles.
 * Tables only; names are libseccomp's, groups systemd's. */
#ifndef LANG_SYSCALL_TABLE_H
#define LANG_SYSCALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/policy.h"

/* True when any ABI of any machine libseccomp knows has the call. */
bool syscall_known(const char *call);

/* All names this build knows, for suggestions; NULL-terminated. */
const char *const *syscall_names(void);

/* Members of "@group" (written without the @), nested groups expanded, each
 * once; NULL when there is no such group.  NULL-terminated. */
const char *const *syscall_group_members(const char *group);
const char *const *syscall_group_names(void);

struct syscall_argument {
	unsigned index;		/* 0 ... 5 */
	unsigned width_bits;	/* 32 or 64 */
	bool pointer;		/* its content cannot be looked at */
};

/* The named argument of a call (names of the man pages; also arg0 ... arg5
 * for every call, 64 bits wide).  False when the call has none such. */
bool syscall_argument_find(const char *call, const char *argument,
    struct syscall_argument *ret);

/* Names of a call's arguments, for suggestions; NULL-terminated, may be
 * empty, never NULL. */
const char *const *syscall_argument_names(const char *call);

/* A symbolic constant: AF_PACKET, SOCK_RAW, CLONE_NEWUSER, PROT_EXEC,
 * TIOCSTI, PR_SET_NAME, ...  False when it is not known. */
bool syscall_constant_find(const char *name, uint64_t *ret);

/* EPERM -> 1; false when it is no errno name. */
bool syscall_errno_find(const char *name, int *ret);
const char *syscall_errno_name(int error);	/* "EPERM"; NULL */

/* The rules a profile consists of, in order of decision (allow with
 * conditions before the deny of the same call, ...), origins built-in; calls
 * without any rule are denied with ENOSYS.  SYSCALLS_OFF still holds the
 * rules nothing may lift. */
const struct syscall_rule *syscall_profile_rules(enum syscall_profile profile,
    size_t *ret_count);

/* True for the calls that login programs need as root after the entry: no
 * policy may deny or kill them. */
bool syscall_needed_by_login(const char *call);

/* True for what no policy may allow (setns, mount, ...). */
bool syscall_never_allowed(const char *call);

#endif

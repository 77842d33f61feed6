/* What is known of system calls: names, groups, arguments, profiles.
 * Tables only; names are libseccomp's, groups systemd's. */
#ifndef LANG_SYSCALL_TABLE_H
#define LANG_SYSCALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lang/policy.h"

/* True when any ABI of any machine libseccomp knows has the call, or it is
 * one of the newer calls whose number is the same on every machine. */
bool syscall_known(const char *call);

/* All names this build knows, sorted, for suggestions; NULL-terminated. */
const char *const *syscall_names(void);

/* The call that a variant of an older or narrower ABI does the work of
 * (setuid32: setuid, mmap2: mmap, umount: umount2), so that a rule for the
 * one holds for the other; NULL when the name is no variant. */
const char *syscall_base_name(const char *call);

/* One number of one ABI. */
struct syscall_entry {
	uint32_t number;
	const char *name;
};

/* Every known call of the ABI (an AUDIT_ARCH_ or SCMP_ARCH_ token), by
 * number; NULL when nothing is known of it.  The tables of this header are
 * made once, at their first use, and live as long as the process. */
const struct syscall_entry *syscall_abi_entries(uint32_t abi,
    size_t *ret_count);

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
 * for every call, 64 bits wide, but for keyctl and prctl, whose manuals have
 * arg2 ... arg5 and count from 1).  False when the call has none such. */
bool syscall_argument_find(const char *call, const char *argument,
    struct syscall_argument *ret);

/* Names of a call's arguments, for suggestions; NULL-terminated, may be
 * empty, never NULL. */
const char *const *syscall_argument_names(const char *call);

/* A symbolic constant: AF_PACKET, SOCK_RAW, CLONE_NEWUSER, PROT_EXEC,
 * TIOCSTI, PR_SET_NAME, ...  False when it is not known. */
bool syscall_constant_find(const char *name, uint64_t *ret);

/* All of them, for suggestions; NULL-terminated. */
const char *const *syscall_constant_names(void);

/* EPERM -> 1; false when it is no errno name. */
bool syscall_errno_find(const char *name, int *ret);
const char *syscall_errno_name(int error);	/* "EPERM"; NULL */

/* The rules a profile consists of, in order of decision (allow with
 * conditions before the deny of the same call, ...), origins built-in; calls
 * without any rule are denied with ENOSYS.  SYSCALLS_OFF still holds the
 * rules nothing may lift.  This and the two below: NULL when out of memory,
 * and then nothing is allowed. */
const struct syscall_rule *syscall_profile_rules(enum syscall_profile profile,
    size_t *ret_count);

/* What nothing may lift, in order: when a jail's rules or its profile allow
 * a call that one of these denies, it is denied all the same.  They are
 * mounting, joining or making namespaces, changing the kernel or the host's
 * state, opening files by handle, and typing into a terminal. */
const struct syscall_rule *syscall_never_rules(size_t *ret_count);

/* What the door's filter allows before anything else is asked, because
 * login programs do it as root after the entry (login-program facts in
 * DESIGN.md): all of these are SYSCALL_ALLOW. */
const struct syscall_rule *syscall_login_rules(size_t *ret_count);

/* True for the calls that login programs, jail-shell or any process at all
 * need: no policy may deny or kill them as a whole.  A denial that looks at
 * an argument, such as ioctl(request == TIOCSTI), is not meant. */
bool syscall_needed_by_login(const char *call);

/* True for what no policy may allow, whatever its arguments (setns, mount,
 * ...).  Calls that are refused for some arguments only (clone with a
 * namespace flag) stand in syscall_never_rules(). */
bool syscall_never_allowed(const char *call);

/* True when the profile allows the call whatever its arguments. */
bool syscall_profile_allows(enum syscall_profile profile, const char *call);

#endif

/* From a jail's system call rules to BPF programs. */
#ifndef JAILD_FILTER_H
#define JAILD_FILTER_H

#include <stddef.h>
#include <stdint.h>

#include "common/protocol.h"
#include "lang/policy.h"

/* Which of the two walls: the door's filter is loaded by the PAM module and
 * lets login programs work as root; the shell's is loaded by jail-shell on
 * top and is the policy to the letter. */
enum filter_stage {
	FILTER_SHELL = 0,
	FILTER_DOOR,
};

/* Programs in loading order, their instructions one behind another in a
 * sealed memfd: just what a grant carries. */
struct filter_set {
	int memfd;		/* owned; -1: none */
	uint32_t n_filters;
	struct grant_filter filters[PROTOCOL_FILTERS_MAX];
};

/* Lowers the jail's rules and its profile, for all ABIs of this machine, to
 * what each number meets, and compiles that: unknown calls ENOSYS; denials
 * that are not quiet once more in a program of their own with
 * SECCOMP_FILTER_FLAG_LOG; `log` rules as SECCOMP_RET_LOG.
 *
 * In complain mode denials of the jail's own rules are allowed and logged;
 * the profile, and what nothing may lift, stand.  The x32 ABI is refused,
 * other ABIs kill.  Calls of i386 that carry others (socketcall, ipc) are
 * refused where the carried call depends on its arguments, which lie in
 * memory: so programs of i386 that open sockets the old way cannot.
 *
 * 0 and *ret (filter_set_close()); -E2BIG when a program would be larger
 * than the kernel takes; -EINVAL with *ret_call naming what cannot be
 * lowered; -EOPNOTSUPP on a machine that is not known; -errno.
 * Source: seccomp(2), Documentation/userspace-api/seccomp_filter.rst. */
int filters_compile(const struct jail *jail, enum filter_stage stage,
    struct filter_set *ret, const char **ret_call);

void filter_set_close(struct filter_set *set);

#endif

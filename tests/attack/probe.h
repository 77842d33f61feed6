/* One attack on a jail is one row of the table in probe.c. */
#ifndef TESTS_ATTACK_PROBE_H
#define TESTS_ATTACK_PROBE_H

#include <sys/types.h>

/* What the host prepared to be found or hurt; from the command line. */
struct host_target {
	pid_t pid;		/* a process of the agent's uid */
	int shm_id;		/* a System V segment that it may attach */
	int shm_key;
	const char *socket;	/* the name of an abstract listener */
	const char *setuid;	/* a copy of the probe, mode 4755, root's */
	long extra_fds;		/* what the shell gave beyond 0 to 2 */
};

extern struct host_target host_target;

/* Each returns 0 when the attack succeeded, or its -errno.  They run in a
 * process of their own, so they need not undo anything of it. */
int attack_chroot_escape(void);
int attack_clone_user(void);
int attack_clone3(void);
int attack_setns_self(void);
int attack_ns_ioctl(void);
int attack_ptrace_target(void);
int attack_ptrace_parent(void);
int attack_vm_read(void);
int attack_pidfd_getfd(void);
int attack_kill(void);
int attack_proc_target(void);
int attack_handle(void);
int attack_bpf(void);
int attack_perf(void);
int attack_io_uring(void);
int attack_sticky_input(void);
int attack_sticky_input_upper(void);
int attack_console(void);
int attack_console_upper(void);
int attack_line_discipline(void);
int attack_abstract(void);
int attack_login_socket(void);
int attack_control_socket(void);
int attack_shm_get(void);
int attack_shm_attach(void);
int attack_setuid(void);
int attack_set_ids(void);
int attack_capabilities(void);
int attack_ambient(void);
int attack_loginuid(void);
int attack_core(void);
int attack_descriptors(void);
int attack_privileges(void);

#endif

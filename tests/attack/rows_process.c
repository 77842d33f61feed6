/* Other processes, and what they share. */
#include "config.h"

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/attack/probe.h"

#define NICE_FIRST -19

static int
trace(pid_t pid)
{
	return result_of(ptrace(PTRACE_SEIZE, pid, NULL, NULL));
}

static int
attack_ptrace_target(void)
{
	return trace(host_target.pid);
}

/* What the process was started by; inside, sshd's child. */
static int
attack_ptrace_parent(void)
{
	return trace(getppid());
}

/* Address 0 is nobody's: EFAULT comes after the permission. */
static int
attack_vm_read(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { NULL, 1 };

	return result_of(process_vm_readv(host_target.pid, &here, 1, &there,
	    1, 0));
}

static int
attack_vm_write(void)
{
	char byte = 0;
	struct iovec here = { &byte, 1 }, there = { NULL, 1 };

	return result_of(process_vm_writev(host_target.pid, &here, 1, &there,
	    1, 0));
}

/* Of a child, so that nothing but the call itself stands in the way. */
static int
attack_pidfd_getfd(void)
{
	pid_t child = fork();
	int pidfd, r;

	if (child == 0) {
		pause();
		_exit(0);
	}
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	r = result_of(syscall(SYS_pidfd_getfd, pidfd, 0, 0));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return r;
}

static int
attack_pidfd_open(void)
{
	return result_of(syscall(SYS_pidfd_open, host_target.pid, 0));
}

static int
attack_kill(void)
{
	return result_of(kill(host_target.pid, 0));
}

static int
attack_priority(void)
{
	return result_of(setpriority(PRIO_PROCESS, (id_t)host_target.pid,
	    10));
}

static int
attack_limit(void)
{
	struct rlimit limit;

	return result_of(syscall(SYS_prlimit64, host_target.pid, RLIMIT_CPU,
	    NULL, &limit));
}

static int
attack_affinity(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return -errno;
	return result_of(sched_setaffinity(host_target.pid, sizeof(set),
	    &set));
}

static int
attack_own_priority(void)
{
	return result_of(setpriority(PRIO_PROCESS, 0, NICE_FIRST));
}

static int
attack_real_time(void)
{
	struct sched_param parameters = { .sched_priority = 1 };

	return result_of(sched_setscheduler(0, SCHED_FIFO, &parameters));
}

static int
attack_proc_target(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd", host_target.pid);
	return result_of(open(path, O_RDONLY | O_DIRECTORY));
}

static int
attack_shm_get(void)
{
	return result_of(shmget(host_target.shm_key, 0, 0));
}

static int
attack_shm_attach(void)
{
	void *at = shmat(host_target.shm_id, NULL, SHM_RDONLY);

	return at == (void *)-1 ? -errno : 0;
}

static int
attack_semaphore(void)
{
	return result_of(syscall(SYS_semget, host_target.semaphore_key, 0,
	    0));
}

static int
attack_message_queue(void)
{
	return result_of(syscall(SYS_msgget, host_target.queue_key, 0));
}

/* What follows knows a process by its number alone. */
static int
attack_compare(void)
{
	return result_of(syscall(SYS_kcmp, host_target.pid, host_target.pid,
	    0, 0, 0));
}

static int
attack_session(void)
{
	return result_of(getsid(host_target.pid));
}

static int
attack_robust_list(void)
{
	void *head;
	size_t length;

	return result_of(syscall(SYS_get_robust_list, host_target.pid, &head,
	    &length));
}

/* Signal 0 with a value, as if the kernel had not sent it. */
static int
attack_queue_signal(void)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	return result_of(syscall(SYS_rt_sigqueueinfo, host_target.pid, 0,
	    &info));
}

#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_IDLE (3 << 13)
#define IOPRIO_REAL_TIME (1 << 13)

static int
attack_io_priority(void)
{
	return result_of(syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS,
	    host_target.pid, IOPRIO_IDLE));
}

static int
attack_pages(void)
{
	return result_of(syscall(SYS_move_pages, host_target.pid, 0, NULL,
	    NULL, NULL, 0));
}

static int
attack_owner(void)
{
	int fd = open("/dev/null", O_RDONLY);

	return result_of(fcntl(fd, F_SETOWN, host_target.pid));
}

/* Ahead of everything else that runs. */
static int
attack_deadline(void)
{
	const struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attributes = { .size = 48, .policy = 6, .runtime = 1000000,
		.deadline = 100000000, .period = 100000000 };

	return result_of(syscall(SYS_sched_setattr, 0, &attributes, 0));
}

static const struct row rows[] = {
	{ "ptrace-attach", AS_AGENT, FUNCTION(attack_ptrace_target),
	    AFTER(0), BOTH(EPERM) },
	{ "ptrace-parent", 0, FUNCTION(attack_ptrace_parent), AFTER(0),
	    BOTH(EPERM) },
	{ "ptrace-me", AS_AGENT, CALL(SYS_ptrace, PTRACE_TRACEME), AFTER(0),
	    BOTH(EPERM) },
	{ "process_vm_readv", AS_AGENT, FUNCTION(attack_vm_read),
	    AFTER(EFAULT), BOTH(EPERM) },
	{ "process_vm_writev", AS_AGENT, FUNCTION(attack_vm_write),
	    AFTER(EFAULT), BOTH(EPERM) },
	{ "pidfd_getfd", AS_AGENT, FUNCTION(attack_pidfd_getfd), AFTER(0),
	    BOTH(EPERM) },
	{ "pidfd_open", AS_AGENT, FUNCTION(attack_pidfd_open), AFTER(0),
	    BOTH(ESRCH) },
	{ "kill-host", AS_AGENT, FUNCTION(attack_kill), AFTER(0),
	    BOTH(ESRCH) },
	{ "kill-first-process", 0, CALL(SYS_kill, 1, 0), AFTER(0),
	    BOTH(EPERM) },
	{ "priority-host", AS_AGENT, FUNCTION(attack_priority), AFTER(0),
	    BOTH(ESRCH) },
	{ "limits-host", AS_AGENT, FUNCTION(attack_limit), AFTER(0),
	    BOTH(ESRCH) },
	{ "affinity-host", AS_AGENT, FUNCTION(attack_affinity), AFTER(0),
	    BOTH(ESRCH) },
	{ "priority", 0, FUNCTION(attack_own_priority), AFTER(0),
	    BOTH(EACCES) },
	{ "real-time", 0, FUNCTION(attack_real_time), AFTER(0),
	    BOTH(EPERM) },
	{ "oom-score", 0, OPEN("/proc/1/oom_score_adj", O_WRONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-host", AS_AGENT, FUNCTION(attack_proc_target), AFTER(0),
	    BOTH(ENOENT) },
	{ "proc-1-root", FIRST, OPEN("/proc/1/root", O_PATH), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-cwd", FIRST, OPEN("/proc/1/cwd", O_PATH), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-exe", FIRST, OPEN("/proc/1/exe", O_WRONLY), AFTER(ETXTBSY),
	    BOTH(EACCES) },
	{ "proc-1-mem", FIRST, OPEN("/proc/1/mem", O_RDWR), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-environ", FIRST, OPEN("/proc/1/environ", O_RDONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-fd", FIRST, OPEN("/proc/1/fd", O_RDONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "proc-1-maps", FIRST, OPEN("/proc/1/maps", O_RDONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "parent-mem", PARENT | SSHD_ONLY, OPEN("mem", O_RDWR), AFTER(0),
	    BOTH(EACCES) },
	{ "parent-fd", PARENT | SSHD_ONLY, OPEN("fd", O_RDONLY), AFTER(0),
	    BOTH(EACCES) },
	{ "parent-exe", PARENT | SSHD_ONLY, OPEN("exe", O_WRONLY),
	    AFTER(ETXTBSY), BOTH(EACCES) },
	{ "parent-environ", PARENT | SSHD_ONLY, OPEN("environ", O_RDONLY),
	    AFTER(0), BOTH(EACCES) },
	{ "shmget", AS_AGENT, FUNCTION(attack_shm_get), AFTER(0),
	    BOTH(ENOENT) },
	{ "shmat", AS_AGENT, FUNCTION(attack_shm_attach), AFTER(0),
	    BOTH(EINVAL) },
	{ "semget", AS_AGENT, FUNCTION(attack_semaphore), AFTER(0),
	    BOTH(ENOENT) },
	{ "msgget", AS_AGENT, FUNCTION(attack_message_queue), AFTER(0),
	    BOTH(ENOENT) },
	{ "mq_open", 0, CALL(SYS_mq_open, P("probe-queue"), O_RDONLY),
	    AFTER(0, ENOSYS), BOTH(ENOENT) },
	{ "kcmp", AS_AGENT, FUNCTION(attack_compare), AFTER(0, ENOSYS),
	    BOTH(EPERM) },
	{ "session-host", AS_AGENT, FUNCTION(attack_session), AFTER(0),
	    BOTH(ESRCH) },
	{ "robust-list-host", AS_AGENT, FUNCTION(attack_robust_list),
	    AFTER(0), BOTH(ESRCH) },
	{ "queue-signal-host", AS_AGENT, FUNCTION(attack_queue_signal),
	    AFTER(0), BOTH(ESRCH) },
	{ "io-priority-host", AS_AGENT, FUNCTION(attack_io_priority),
	    AFTER(0), BOTH(ESRCH) },
	{ "pages-host", AS_AGENT, FUNCTION(attack_pages), AFTER(0, ENOSYS),
	    BOTH(ESRCH) },
	{ "owner-host", AS_AGENT, FUNCTION(attack_owner), AFTER(0),
	    BOTH(ESRCH) },
	{ "io-real-time", 0, CALL(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0,
	    IOPRIO_REAL_TIME), AFTER(0), BOTH(EPERM) },
	{ "deadline", 0, FUNCTION(attack_deadline), AFTER(0, EBUSY),
	    BOTH(EPERM) },
	{ "host-shm", 0, OPEN("/dev/shm/probe", O_RDONLY), AFTER(0),
	    BOTH(ENOENT) },
	{ "host-queue", ABSENT, OPEN("/dev/mqueue/probe", O_RDONLY),
	    AFTER(0, ENOENT), BOTH(ENOENT) },
};

const struct row_table process_rows = ROW_TABLE(
    "Other processes and what they share", rows);

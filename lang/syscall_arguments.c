/* Arguments by the names of the man pages and the widths of the kernel.
 *
 * A blank-separated list in order: NAME is 32 bits wide, NAME! is 64, NAME*
 * is a pointer.  Widths are those that the kernel looks at: what it cuts to
 * 32 bits is compared in 32 bits, or an upper bit would be a way around a
 * rule. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/syscall_table.h"

#define ARGUMENTS_MAX 6

static const struct {
	const char *call, *arguments;
} signatures[] = {
	{ "accept", "sockfd addr* addrlen*" },
	{ "accept4", "sockfd addr* addrlen* flags" },
	{ "access", "pathname* mode" },
	{ "add_key", "type* description* payload* plen! keyring" },
	{ "alarm", "seconds" },
	{ "arch_prctl", "op addr!" },
	{ "bind", "sockfd addr* addrlen" },
	{ "bpf", "cmd attr* size" },
	{ "brk", "addr!" },
	{ "chdir", "path*" },
	{ "chmod", "pathname* mode" },
	{ "chown", "pathname* owner group" },
	{ "chroot", "path*" },
	{ "clock_adjtime", "clockid buf*" },
	{ "clock_getres", "clockid res*" },
	{ "clock_gettime", "clockid tp*" },
	{ "clock_nanosleep", "clockid flags request* remain*" },
	{ "clock_settime", "clockid tp*" },
	{ "clone", "flags stack* parent_tid* child_tid* tls!" },
	{ "clone3", "cl_args* size!" },
	{ "close", "fd" },
	{ "close_range", "first last flags" },
	{ "connect", "sockfd addr* addrlen" },
	{ "copy_file_range", "fd_in off_in* fd_out off_out* len! flags" },
	{ "creat", "pathname* mode" },
	{ "delete_module", "name* flags" },
	{ "dup", "oldfd" },
	{ "dup2", "oldfd newfd" },
	{ "dup3", "oldfd newfd flags" },
	{ "epoll_create", "size" },
	{ "epoll_create1", "flags" },
	{ "epoll_ctl", "epfd op fd event*" },
	{ "eventfd2", "initval flags" },
	{ "execve", "pathname* argv* envp*" },
	{ "execveat", "dirfd pathname* argv* envp* flags" },
	{ "exit", "status" },
	{ "exit_group", "status" },
	{ "faccessat", "dirfd pathname* mode" },
	{ "faccessat2", "dirfd pathname* mode flags" },
	{ "fadvise64", "fd offset! len! advice" },
	{ "fallocate", "fd mode offset! len!" },
	{ "fanotify_init", "flags event_f_flags" },
	{ "fanotify_mark", "fanotify_fd flags mask! dirfd pathname*" },
	{ "fchmod", "fd mode" },
	{ "fchmodat", "dirfd pathname* mode" },
	{ "fchmodat2", "dirfd pathname* mode flags" },
	{ "fchown", "fd owner group" },
	{ "fchownat", "dirfd pathname* owner group flags" },
	{ "fcntl", "fd op arg!" },
	{ "finit_module", "fd param_values* flags" },
	{ "flock", "fd op" },
	{ "ftruncate", "fd length!" },
	{ "futex", "uaddr* futex_op val timeout* uaddr2* val3" },
	{ "getdents64", "fd dirp* count" },
	{ "getpriority", "which who" },
	{ "getrandom", "buf* buflen! flags" },
	{ "getsockopt", "sockfd level optname optval* optlen*" },
	{ "inotify_add_watch", "fd pathname* mask" },
	{ "inotify_init1", "flags" },
	{ "io_uring_enter", "fd to_submit min_complete flags sig* sz!" },
	{ "io_uring_register", "fd opcode arg* nr_args" },
	{ "io_uring_setup", "entries p*" },
	{ "ioctl", "fd request argp!" },
	{ "ioperm", "from! num! turn_on" },
	{ "iopl", "level" },
	{ "ioprio_set", "which who ioprio" },
	{ "kcmp", "pid1 pid2 type idx1! idx2!" },
	{ "kexec_file_load", "kernel_fd initrd_fd cmdline_len! cmdline* flags!" },
	{ "keyctl", "operation arg2! arg3! arg4! arg5!" },
	{ "kill", "pid sig" },
	{ "landlock_create_ruleset", "attr* size! flags" },
	{ "lchown", "pathname* owner group" },
	{ "link", "oldpath* newpath*" },
	{ "linkat", "olddirfd oldpath* newdirfd newpath* flags" },
	{ "listen", "sockfd backlog" },
	{ "lseek", "fd offset! whence" },
	{ "madvise", "addr! length! advice" },
	{ "mbind", "addr! len! mode! nodemask* maxnode! flags" },
	{ "membarrier", "cmd flags cpu_id" },
	{ "memfd_create", "name* flags" },
	{ "memfd_secret", "flags" },
	{ "mkdir", "pathname* mode" },
	{ "mkdirat", "dirfd pathname* mode" },
	{ "mknod", "pathname* mode dev" },
	{ "mknodat", "dirfd pathname* mode dev" },
	{ "mlock", "addr! len!" },
	{ "mlock2", "addr! len! flags" },
	{ "mlockall", "flags" },
	{ "mmap", "addr! length! prot flags fd offset!" },
	{ "mount", "source* target* filesystemtype* mountflags! data*" },
	{ "mprotect", "addr! len! prot" },
	{ "mq_open", "name* oflag mode attr*" },
	{ "mremap", "old_address! old_size! new_size! flags new_address!" },
	{ "msgctl", "msqid op buf*" },
	{ "msgget", "key msgflg" },
	{ "msync", "addr! length! flags" },
	{ "munmap", "addr! length!" },
	{ "newfstatat", "dirfd pathname* statbuf* flags" },
	{ "open", "pathname* flags mode" },
	{ "openat", "dirfd pathname* flags mode" },
	{ "openat2", "dirfd pathname* how* size!" },
	{ "perf_event_open", "attr* pid cpu group_fd flags!" },
	{ "personality", "persona" },
	{ "pidfd_getfd", "pidfd targetfd flags" },
	{ "pidfd_open", "pid flags" },
	{ "pidfd_send_signal", "pidfd sig info* flags" },
	{ "pipe2", "pipefd* flags" },
	{ "pkey_alloc", "flags access_rights" },
	{ "pkey_mprotect", "addr! size! prot pkey" },
	{ "poll", "fds* nfds timeout" },
	{ "prctl", "op arg2! arg3! arg4! arg5!" },
	{ "pread64", "fd buf* count! offset!" },
	{ "prlimit64", "pid resource new_limit* old_limit*" },
	{ "process_madvise", "pidfd iovec* vlen! advice flags" },
	{ "process_vm_readv",
	    "pid local_iov* liovcnt! remote_iov* riovcnt! flags!" },
	{ "process_vm_writev",
	    "pid local_iov* liovcnt! remote_iov* riovcnt! flags!" },
	{ "ptrace", "op! pid addr! data!" },
	{ "pwrite64", "fd buf* count! offset!" },
	{ "quotactl", "op special* id addr*" },
	{ "read", "fd buf* count!" },
	{ "readlinkat", "dirfd pathname* buf* bufsiz" },
	{ "readv", "fd iov* iovcnt!" },
	{ "reboot", "magic magic2 op arg*" },
	{ "recvfrom", "sockfd buf* size! flags src_addr* addrlen*" },
	{ "recvmmsg", "sockfd msgvec* vlen flags timeout*" },
	{ "recvmsg", "sockfd msg* flags" },
	{ "rename", "oldpath* newpath*" },
	{ "renameat", "olddirfd oldpath* newdirfd newpath*" },
	{ "renameat2", "olddirfd oldpath* newdirfd newpath* flags" },
	{ "rt_sigaction", "signum act* oldact* sigsetsize!" },
	{ "rt_sigprocmask", "how set* oldset* sigsetsize!" },
	{ "rt_sigqueueinfo", "tgid sig info*" },
	{ "rt_tgsigqueueinfo", "tgid tid sig info*" },
	{ "sched_setaffinity", "pid cpusetsize mask*" },
	{ "sched_setattr", "pid attr* flags" },
	{ "sched_setscheduler", "pid policy param*" },
	{ "seccomp", "operation flags args*" },
	{ "semctl", "semid semnum op arg!" },
	{ "semget", "key nsems semflg" },
	{ "sendfile", "out_fd in_fd offset* count!" },
	{ "sendmmsg", "sockfd msgvec* vlen flags" },
	{ "sendmsg", "sockfd msg* flags" },
	{ "sendto", "sockfd buf* size! flags dest_addr* addrlen" },
	{ "set_mempolicy", "mode nodemask* maxnode!" },
	{ "setfsgid", "fsgid" },
	{ "setfsuid", "fsuid" },
	{ "setgid", "gid" },
	{ "setgroups", "size list*" },
	{ "setns", "fd nstype" },
	{ "setpgid", "pid pgid" },
	{ "setpriority", "which who prio" },
	{ "setregid", "rgid egid" },
	{ "setresgid", "rgid egid sgid" },
	{ "setresuid", "ruid euid suid" },
	{ "setreuid", "ruid euid" },
	{ "setrlimit", "resource rlim*" },
	{ "setsockopt", "sockfd level optname optval* optlen" },
	{ "setuid", "uid" },
	{ "shmat", "shmid shmaddr! shmflg" },
	{ "shmctl", "shmid op buf*" },
	{ "shmget", "key size! shmflg" },
	{ "shutdown", "sockfd how" },
	{ "signalfd4", "fd mask* sizemask! flags" },
	{ "socket", "domain type protocol" },
	{ "socketpair", "domain type protocol sv*" },
	{ "splice", "fd_in off_in* fd_out off_out* len! flags" },
	{ "statx", "dirfd pathname* flags mask statxbuf*" },
	{ "symlinkat", "target* newdirfd linkpath*" },
	{ "sync_file_range", "fd offset! nbytes! flags" },
	{ "syslog", "type bufp* len" },
	{ "tgkill", "tgid tid sig" },
	{ "timer_create", "clockid sevp* timerid*" },
	{ "timerfd_create", "clockid flags" },
	{ "tkill", "tid sig" },
	{ "truncate", "path* length!" },
	{ "umask", "mask" },
	{ "umount2", "target* flags" },
	{ "unlink", "pathname*" },
	{ "unlinkat", "dirfd pathname* flags" },
	{ "unshare", "flags!" },
	{ "userfaultfd", "flags" },
	{ "utimensat", "dirfd pathname* times* flags" },
	{ "vmsplice", "fd iov* nr_segs! flags" },
	{ "wait4", "pid wstatus* options rusage*" },
	{ "waitid", "idtype id infop* options rusage*" },
	{ "write", "fd buf* count!" },
	{ "writev", "fd iov* iovcnt!" },
};

/* Other names that manuals of different years give the same argument. */
static const struct {
	const char *call, *also, *name;
} aliases[] = {
	{ "clone", "newsp", "stack" },
	{ "fcntl", "cmd", "op" },
	{ "flock", "operation", "op" },
	{ "ioctl", "op", "request" },
	{ "keyctl", "option", "operation" },
	{ "keyctl", "op", "operation" },
	{ "kill", "signal", "sig" },
	{ "mmap", "len", "length" },
	{ "prctl", "option", "op" },
	{ "ptrace", "request", "op" },
	{ "quotactl", "cmd", "op" },
	{ "setsockopt", "option_name", "optname" },
	{ "socket", "family", "domain" },
	{ "socketpair", "family", "domain" },
};

static const char *
find_signature(const char *call)
{
	const char *base = syscall_base_name(call);

	for (size_t i = 0; i < ARRAY_LENGTH(signatures); i++)
		if (strcmp(signatures[i].call, call) == 0)
			return signatures[i].arguments;
	return base != NULL ? find_signature(base) : "";
}

static const char *
resolve_alias(const char *call, const char *argument)
{
	const char *base = syscall_base_name(call);

	for (size_t i = 0; i < ARRAY_LENGTH(aliases); i++)
		if (strcmp(aliases[i].also, argument) == 0 &&
		    (strcmp(aliases[i].call, call) == 0 ||
		    (base != NULL && strcmp(aliases[i].call, base) == 0)))
			return aliases[i].name;
	return argument;
}

/* arg0 ... arg5, but not where the manual has such names itself and counts
 * from 1 (keyctl, prctl): one of the two readings would be a surprise. */
static bool
find_numbered(const char *call, const char *argument,
    struct syscall_argument *ret)
{
	if (strstr(find_signature(call), " arg2") != NULL)
		return false;
	if (strncmp(argument, "arg", 3) != 0 || argument[3] < '0' ||
	    argument[3] >= '0' + ARGUMENTS_MAX || argument[4] != '\0')
		return false;
	*ret = (struct syscall_argument){ .width_bits = 64,
		.index = (unsigned)(argument[3] - '0') };
	return true;
}

bool
syscall_argument_find(const char *call, const char *argument,
    struct syscall_argument *ret)
{
	const char *at = find_signature(call);
	const char *name = resolve_alias(call, argument);
	size_t wanted = strlen(name);

	for (unsigned index = 0; *at != '\0'; index++) {
		size_t length = strcspn(at, " !*");

		if (length == wanted && strncmp(at, name, length) == 0) {
			char suffix = at[length];

			*ret = (struct syscall_argument){ .index = index,
				.width_bits = suffix == '!' || suffix == '*' ?
				    64 : 32, .pointer = suffix == '*' };
			return true;
		}
		at += strcspn(at, " ");
		at += strspn(at, " ");
	}
	return find_numbered(call, argument, ret);
}

/* One set per call, kept. */
static const char *const *
split_names(const char *arguments)
{
	char **names = calloc(ARGUMENTS_MAX + 1, sizeof(*names));

	for (size_t i = 0; names != NULL && *arguments != '\0' &&
	    i < ARGUMENTS_MAX; i++) {
		names[i] = strndup(arguments, strcspn(arguments, " !*"));
		arguments += strcspn(arguments, " ");
		arguments += strspn(arguments, " ");
	}
	return (const char *const *)names;
}

const char *const *
syscall_argument_names(const char *call)
{
	static const char *const none[] = { NULL };
	static const char *const *names[ARRAY_LENGTH(signatures)];
	const char *wanted = find_signature(call);

	for (size_t i = 0; i < ARRAY_LENGTH(signatures); i++) {
		if (signatures[i].arguments != wanted)
			continue;
		if (names[i] == NULL)
			names[i] = split_names(wanted);
		return names[i] != NULL ? names[i] : none;
	}
	return none;
}

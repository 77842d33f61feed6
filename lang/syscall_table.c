/* Names and numbers.
 *
 * libseccomp knows most of them; it is asked number by number, because its
 * names of the socket calls resolve to pseudo numbers where they are also
 * multiplexed.  What is newer than the oldest libseccomp we build with stands
 * in a table here: since Linux 5.1 a new call has one number everywhere. */
#include "config.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/syscall_table.h"

#define NUMBERS_MAX 1024

static const uint32_t abis[] = {
	SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_AARCH64, SCMP_ARCH_ARM,
	SCMP_ARCH_RISCV64, SCMP_ARCH_S390X, SCMP_ARCH_PPC64LE,
};

static const struct syscall_entry newer[] = {
	{ 451, "cachestat" }, { 452, "fchmodat2" }, { 453, "map_shadow_stack" },
	{ 454, "futex_wake" }, { 455, "futex_wait" }, { 456, "futex_requeue" },
	{ 457, "statmount" }, { 458, "listmount" },
	{ 459, "lsm_get_self_attr" }, { 460, "lsm_set_self_attr" },
	{ 461, "lsm_list_modules" }, { 462, "mseal" }, { 463, "setxattrat" },
	{ 464, "getxattrat" }, { 465, "listxattrat" }, { 466, "removexattrat" },
	{ 467, "open_tree_attr" }, { 468, "file_getattr" },
	{ 469, "file_setattr" },
};

static const struct {
	const char *variant, *base;
} variants[] = {
	{ "_llseek", "lseek" },
	{ "_newselect", "select" },
	{ "arm_fadvise64_64", "fadvise64" },
	{ "arm_sync_file_range", "sync_file_range" },
	{ "chown32", "chown" },
	{ "clock_adjtime64", "clock_adjtime" },
	{ "clock_getres_time64", "clock_getres" },
	{ "clock_gettime64", "clock_gettime" },
	{ "clock_nanosleep_time64", "clock_nanosleep" },
	{ "clock_settime64", "clock_settime" },
	{ "fadvise64_64", "fadvise64" },
	{ "fchown32", "fchown" },
	{ "fcntl64", "fcntl" },
	{ "fstat64", "fstat" },
	{ "fstatat64", "newfstatat" },
	{ "fstatfs64", "fstatfs" },
	{ "ftruncate64", "ftruncate" },
	{ "futex_time64", "futex" },
	{ "getegid32", "getegid" },
	{ "geteuid32", "geteuid" },
	{ "getgid32", "getgid" },
	{ "getgroups32", "getgroups" },
	{ "getresgid32", "getresgid" },
	{ "getresuid32", "getresuid" },
	{ "getuid32", "getuid" },
	{ "io_pgetevents_time64", "io_pgetevents" },
	{ "lchown32", "lchown" },
	{ "lstat64", "lstat" },
	{ "mmap2", "mmap" },
	{ "mq_timedreceive_time64", "mq_timedreceive" },
	{ "mq_timedsend_time64", "mq_timedsend" },
	{ "oldfstat", "fstat" },
	{ "oldlstat", "lstat" },
	{ "oldolduname", "uname" },
	{ "oldstat", "stat" },
	{ "olduname", "uname" },
	{ "ppoll_time64", "ppoll" },
	{ "pselect6_time64", "pselect6" },
	{ "readdir", "getdents" },
	{ "recv", "recvfrom" },
	{ "recvmmsg_time64", "recvmmsg" },
	{ "rt_sigtimedwait_time64", "rt_sigtimedwait" },
	{ "sched_rr_get_interval_time64", "sched_rr_get_interval" },
	{ "semtimedop_time64", "semtimedop" },
	{ "send", "sendto" },
	{ "sendfile64", "sendfile" },
	{ "setfsgid32", "setfsgid" },
	{ "setfsuid32", "setfsuid" },
	{ "setgid32", "setgid" },
	{ "setgroups32", "setgroups" },
	{ "setregid32", "setregid" },
	{ "setresgid32", "setresgid" },
	{ "setresuid32", "setresuid" },
	{ "setreuid32", "setreuid" },
	{ "setuid32", "setuid" },
	{ "sigaction", "rt_sigaction" },
	{ "signal", "rt_sigaction" },
	{ "sigpending", "rt_sigpending" },
	{ "sigprocmask", "rt_sigprocmask" },
	{ "sigreturn", "rt_sigreturn" },
	{ "sigsuspend", "rt_sigsuspend" },
	{ "stat64", "stat" },
	{ "statfs64", "statfs" },
	{ "stime", "clock_settime" },
	{ "sync_file_range2", "sync_file_range" },
	{ "timer_gettime64", "timer_gettime" },
	{ "timer_settime64", "timer_settime" },
	{ "timerfd_gettime64", "timerfd_gettime" },
	{ "timerfd_settime64", "timerfd_settime" },
	{ "truncate64", "truncate" },
	{ "ugetrlimit", "getrlimit" },
	{ "umount", "umount2" },
	{ "utimensat_time64", "utimensat" },
	{ "waitpid", "wait4" },
};

const char *
syscall_base_name(const char *call)
{
	for (size_t i = 0; i < ARRAY_LENGTH(variants); i++)
		if (strcmp(variants[i].variant, call) == 0)
			return variants[i].base;
	return NULL;
}

bool
syscall_known(const char *call)
{
	for (size_t i = 0; i < ARRAY_LENGTH(newer); i++)
		if (strcmp(newer[i].name, call) == 0)
			return true;
	/* Calls of other machines have numbers below that of the error. */
	return seccomp_syscall_resolve_name(call) != __NR_SCMP_ERROR;
}

static const char *
newer_name(uint32_t number)
{
	for (size_t i = 0; i < ARRAY_LENGTH(newer); i++)
		if (newer[i].number == number)
			return newer[i].name;
	return NULL;
}

/* Kept for the life of the process. */
static const char *
number_name(uint32_t abi, uint32_t number)
{
	const char *name = seccomp_syscall_resolve_num_arch(abi, (int)number);

	return name != NULL ? name : newer_name(number);
}

static struct syscall_entry *
read_abi(uint32_t abi, size_t *ret_count)
{
	struct syscall_entry *entries = calloc(NUMBERS_MAX, sizeof(*entries));
	size_t n = 0;

	for (uint32_t i = 0; entries != NULL && i < NUMBERS_MAX; i++) {
		const char *name = number_name(abi, i);

		if (name != NULL)
			entries[n++] = (struct syscall_entry){ i, name };
	}
	*ret_count = n;
	return entries;
}

const struct syscall_entry *
syscall_abi_entries(uint32_t abi, size_t *ret_count)
{
	static struct {
		struct syscall_entry *entries;
		size_t n;
	} cache[ARRAY_LENGTH(abis)];

	for (size_t i = 0; i < ARRAY_LENGTH(abis); i++) {
		if (abis[i] != abi)
			continue;
		if (cache[i].entries == NULL)
			cache[i].entries = read_abi(abi, &cache[i].n);
		*ret_count = cache[i].n;
		return cache[i].entries;
	}
	return NULL;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t
sort_unique(const char **names, size_t n)
{
	size_t kept = 0;

	qsort(names, n, sizeof(*names), compare_names);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
			names[kept++] = names[i];
	names[kept] = NULL;
	return kept;
}

const char *const *
syscall_names(void)
{
	static const char *const none[] = { NULL };
	static const char **names;
	size_t n = 0, count;

	if (names != NULL)
		return names;
	names = calloc(ARRAY_LENGTH(abis) * NUMBERS_MAX + 1, sizeof(*names));
	if (names == NULL)
		return none;
	for (size_t i = 0; i < ARRAY_LENGTH(abis); i++) {
		const struct syscall_entry *entries =
		    syscall_abi_entries(abis[i], &count);

		for (size_t j = 0; entries != NULL && j < count; j++)
			names[n++] = entries[j].name;
	}
	sort_unique(names, n);
	return names;
}

#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/jail_files.h"
#include "jaild/plan_tree.h"

#define SCRATCH_BYTES (UINT64_C(4) << 30)

/* What every jail has, before the policy's own mounts; lang/base_tree.c says
 * the same to who asks, and tests/unit/test_decide_property.c compares them.
 * Fields as in struct plan_step. */
static const struct plan_step first_steps[] = {
	{ STEP_ROOT },
	{ STEP_DIRECTORY, .target = "/usr", .mode = 0755 },
	{ STEP_BIND, STEP_FLAG_READ_ONLY, "/usr", "/usr" },
	{ STEP_SYSTEM, .source = "/bin", .target = "/bin" },
	{ STEP_SYSTEM, .source = "/sbin", .target = "/sbin" },
	{ STEP_SYSTEM, .source = "/lib", .target = "/lib" },
	{ STEP_SYSTEM, .source = "/lib32", .target = "/lib32" },
	{ STEP_SYSTEM, .source = "/lib64", .target = "/lib64" },
	{ STEP_SYSTEM, .source = "/libx32", .target = "/libx32" },
	{ STEP_SYSTEM, .source = "/opt", .target = "/opt" },
	{ STEP_DIRECTORY, .target = "/etc", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/proc", .mode = 0555 },
	{ STEP_PROC, .target = "/proc" },
	{ STEP_READ_ONLY, .target = "/proc/sys" },
	{ STEP_READ_ONLY, STEP_FLAG_OPTIONAL, .target = "/proc/sysrq-trigger" },
	{ STEP_READ_ONLY, STEP_FLAG_OPTIONAL, .target = "/proc/irq" },
	{ STEP_READ_ONLY, STEP_FLAG_OPTIONAL, .target = "/proc/bus" },
	{ STEP_READ_ONLY, STEP_FLAG_OPTIONAL, .target = "/proc/fs" },
	/* Anybody may put triggers there, and have the kernel count. */
	{ STEP_READ_ONLY, STEP_FLAG_OPTIONAL, .target = "/proc/pressure" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/kcore" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/kmsg" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/keys" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/key-users" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/timer_list" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/sched_debug" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/kallsyms" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/latency_stats" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/interrupts" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/config.gz" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/asound" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/acpi" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/proc/scsi" },
	{ STEP_DIRECTORY, .target = "/sys", .mode = 0555 },
	{ STEP_SYSFS, .target = "/sys" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/firmware" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/kernel" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/fs" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/module" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/power" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL, .target = "/sys/hypervisor" },
	{ STEP_HIDE, STEP_FLAG_OPTIONAL,
	    .target = "/sys/devices/virtual/powercap" },
	{ STEP_DIRECTORY, .target = "/dev", .mode = 0755 },
	{ STEP_DEV, STEP_FLAG_DEVICES | STEP_FLAG_NOEXEC, .target = "/dev" },
	{ STEP_NODE, .target = "/dev/null", .mode = 0666, .major = 1,
	    .minor = 3 },
	{ STEP_NODE, .target = "/dev/zero", .mode = 0666, .major = 1,
	    .minor = 5 },
	{ STEP_NODE, .target = "/dev/full", .mode = 0666, .major = 1,
	    .minor = 7 },
	{ STEP_NODE, .target = "/dev/random", .mode = 0666, .major = 1,
	    .minor = 8 },
	{ STEP_NODE, .target = "/dev/urandom", .mode = 0666, .major = 1,
	    .minor = 9 },
	{ STEP_NODE, .target = "/dev/tty", .mode = 0666, .major = 5,
	    .minor = 0 },
	{ STEP_DIRECTORY, .target = "/dev/pts", .mode = 0755 },
	{ STEP_DEVPTS, .target = "/dev/pts" },
	{ STEP_SYMLINK, .source = "pts/ptmx", .target = "/dev/ptmx" },
	{ STEP_SYMLINK, .source = "/proc/self/fd", .target = "/dev/fd" },
	{ STEP_SYMLINK, .source = "fd/0", .target = "/dev/stdin" },
	{ STEP_SYMLINK, .source = "fd/1", .target = "/dev/stdout" },
	{ STEP_SYMLINK, .source = "fd/2", .target = "/dev/stderr" },
	{ STEP_SYMLINK, .source = JAIL_LOG_SOCKET, .target = "/dev/log" },
	{ STEP_DIRECTORY, .target = "/dev/mqueue", .mode = 01777 },
	{ STEP_MQUEUE, .target = "/dev/mqueue" },
	{ STEP_SCRATCH, .size_bytes = SCRATCH_BYTES },
	{ STEP_SCRATCH_DIRECTORY, .target = "/dev/shm", .mode = 01777 },
	{ STEP_SCRATCH_DIRECTORY, .target = "/tmp", .mode = 01777 },
	{ STEP_SCRATCH_DIRECTORY, .target = "/var/tmp", .mode = 01777 },
	{ STEP_DIRECTORY, .target = "/run", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/run/lock", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/var/cache", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/var/lib", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/var/log", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/var/mail", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/var/spool", .mode = 0755 },
	{ STEP_SYMLINK, .source = "/run", .target = "/var/run" },
	{ STEP_SYMLINK, .source = "/run/lock", .target = "/var/lock" },
	{ STEP_DIRECTORY, .target = "/mnt", .mode = 0755 },
	{ STEP_DIRECTORY, .target = "/home", .mode = 0755 },
	/* The side room: behind this door root's programs find the records of
	 * logins; the agent cannot pass it. */
	{ STEP_DIRECTORY, .target = "/run/host", .mode = 0700 },
	{ STEP_RECORDS, .target = "/run/host/records" },
	{ STEP_BIND, STEP_FLAG_OPTIONAL, "/var/log/btmp", "/run/host/btmp" },
	{ STEP_BIND, STEP_FLAG_OPTIONAL, "/var/log/lastlog",
	    "/run/host/lastlog" },
	{ STEP_SYMLINK, .source = "/run/host/records/utmp",
	    .target = "/run/utmp" },
	{ STEP_SYMLINK, .source = "/run/host/records/wtmp",
	    .target = "/var/log/wtmp" },
	{ STEP_SYMLINK, .source = "/run/host/btmp",
	    .target = "/var/log/btmp" },
	{ STEP_SYMLINK, .source = "/run/host/lastlog",
	    .target = "/var/log/lastlog" },
	{ STEP_DIRECTORY, .target = JAIL_RUN_DIRECTORY, .mode = 0755 },
	{ STEP_DIRECTORY, .target = JAIL_LOG_DIRECTORY, .mode = 0755 },
	{ STEP_LOG, .target = JAIL_LOG_DIRECTORY },
	{ STEP_FILTERS, .target = JAIL_FILTERS_FILE, .mode = 0644 },
};

/* After the policy's own mounts. */
static const struct plan_step last_steps[] = {
	{ STEP_READ_ONLY, .target = "/dev" },
	{ STEP_READ_ONLY, .target = "/" },
	{ STEP_PIVOT },
};

void
plan_first_steps(const struct plan_step **ret, size_t *ret_n)
{
	*ret = first_steps;
	*ret_n = ARRAY_LENGTH(first_steps);
}

void
plan_last_steps(const struct plan_step **ret, size_t *ret_n)
{
	*ret = last_steps;
	*ret_n = ARRAY_LENGTH(last_steps);
}

/* Absolute, no empty component, no "." or "..", no newline, no slash at the
 * end. */
bool
plan_path_is_clean(const char *path)
{
	if (path[0] != '/' || strpbrk(path, "\n") != NULL)
		return false;
	if (path[1] == '\0')
		return true;
	for (const char *at = path; *at != '\0';) {
		size_t length = strcspn(at + 1, "/");

		if (length == 0 || (length == 1 && at[1] == '.') ||
		    (length == 2 && at[1] == '.' && at[2] == '.'))
			return false;
		at += 1 + length;
	}
	return true;
}

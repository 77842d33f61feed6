#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/doctor_settings.h"

#define SELINUX_ENFORCE "/sys/fs/selinux/enforce"

static bool
is_zero(const char *value)
{
	return strcmp(value, "0") == 0;
}

static bool
is_one(const char *value)
{
	return strcmp(value, "1") == 0;
}

static bool
is_not_zero(const char *value)
{
	return *value != '\0' && !is_zero(value);
}

static bool
is_pipe(const char *value)
{
	return *value == '|';
}

/* Where the kernel has a setting of the distribution's that forbids user
 * namespaces to other accounts than root, it is that one. */
const struct setting settings[SETTINGS_MAX] = {
	{ FINDING_TIOCSTI, "dev.tty.legacy_tiocsti", is_one, "0",
	    "who shares a terminal may type into it; jails refuse that, "
	    "programs outside of them do not" },
	{ FINDING_PROTECTED_LINKS, "fs.protected_symlinks", is_zero, "1",
	    "a link that an agent leaves in a shared directory is followed "
	    "by programs of root" },
	{ FINDING_PROTECTED_LINKS, "fs.protected_hardlinks", is_zero, "1",
	    "an agent can link to files that it may not write, where a "
	    "program of root will change them" },
	{ FINDING_CORE_PATTERN, "kernel.core_pattern", is_pipe, "core",
	    "when a program crashes in a jail, the kernel starts this as "
	    "root outside of it and hands it the crash" },
	{ FINDING_IO_URING, "kernel.io_uring_disabled", is_zero, "2",
	    "policies that permit io_uring let agents do what no filter of "
	    "system calls sees" },
	{ FINDING_USER_NAMESPACES, "kernel.unprivileged_userns_clone",
	    is_one, "0", "every account, but none in a jail, may make user "
	    "namespaces; jails of the tier `container` need them" },
	{ FINDING_USER_NAMESPACES, "user.max_user_namespaces", is_not_zero,
	    "0", "every account, but none in a jail, may make user "
	    "namespaces; jails of the tier `container` need them" },
};

static void
setting_path(const char *name, char *path, size_t size)
{
	size_t n = (size_t)snprintf(path, size, "/proc/sys/%s", name);

	for (size_t i = strlen("/proc/sys/"); i < n && i < size; i++)
		if (path[i] == '.')
			path[i] = '/';
}

void
setting_read(const char *name, char ret_value[SETTING_VALUE_MAX])
{
	_cleanup_file_ FILE *file = NULL;
	char path[256];

	setting_path(name, path, sizeof(path));
	file = fopen(path, "re");
	if (file == NULL || fgets(ret_value, SETTING_VALUE_MAX, file) == NULL)
		*ret_value = '\0';
	ret_value[strcspn(ret_value, "\n")] = '\0';
}

int
setting_write(const char *name, const char *value)
{
	_cleanup_fd_ int fd = -1;
	char path[256];

	setting_path(name, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write(fd, value, strlen(value)) < 0 ? -errno : 0;
}

static void
check_setting(struct doctor *doctor, const struct setting *setting)
{
	char value[SETTING_VALUE_MAX], text[FIX_MAX];

	setting_read(setting->name, value);
	if (!setting->open(value))
		return;
	doctor_report(doctor, setting->finding, setting->name,
	    doctor_fix(text, "jailctl lockdown %s",
	    finding_kinds[setting->finding].id), "%s is %s: %s",
	    setting->name, value, setting->text);
}

static bool
selinux_module_installed(void)
{
	static const char *const stores[] = { "targeted", "mls", "minimum",
		"default" };

	for (size_t i = 0; i < ARRAY_LENGTH(stores); i++) {
		char path[128];

		snprintf(path, sizeof(path), "/var/lib/selinux/%s/active/"
		    "modules/200/jaild", stores[i]);
		if (access(path, F_OK) == 0)
			return true;
		snprintf(path, sizeof(path), "/var/lib/selinux/%s/active/"
		    "modules/400/jaild", stores[i]);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* The store of modules is root's alone. */
static void
check_selinux(struct doctor *doctor)
{
	_cleanup_file_ FILE *file = fopen(SELINUX_ENFORCE, "re");
	int enforcing = 0;

	if (file == NULL || fscanf(file, "%d", &enforcing) != 1 ||
	    doctor_needs_root(doctor, "the modules of SELinux's policy") ||
	    selinux_module_installed())
		return;
	doctor_report_as(doctor, enforcing ? SEVERITY_ERROR :
	    SEVERITY_WARNING, FINDING_SELINUX_MODULE, "",
	    "dnf install jaild-selinux", "SELinux's policy has no module "
	    "jaild: %s", enforcing ? "the logins of agents fail" :
	    "the logins of agents will fail when it enforces");
}

void
doctor_settings(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);

	for (size_t i = 0; i < SETTINGS_MAX && settings[i].name != NULL; i++)
		check_setting(doctor, &settings[i]);
	if (access("/dev/log", F_OK) != 0)
		doctor_report(doctor, FINDING_SYSLOG_MISSING, "/dev/log",
		    "apt install rsyslog", "there is no /dev/log: why an "
		    "agent is refused stands in the audit trail only");
	check_selinux(doctor);
	if (json_array_size(doctor->findings) == before)
		doctor_fine(doctor, "the kernel's settings are as good as "
		    "they can be");
}

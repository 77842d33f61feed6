#include "config.h"

#include <errno.h>
#include <libaudit.h>
#include <limits.h>
#include <shadow.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/audit.h"
#include "jailctl/command_run.h"
#include "jailctl/doctor_settings.h"
#include "jailctl/doctor_sshd.h"
#include "jailctl/lockdown.h"

void
lockdown_setting_read(const char *name, char *ret_value)
{
	struct audit_state state;

	if (strcmp(name, AUDIT_BACKLOG) != 0)
		setting_read(name, ret_value);
	else if (audit_state_get(&state) == 0)
		snprintf(ret_value, SETTING_VALUE_MAX, "%u",
		    state.backlog_limit);
	else
		*ret_value = '\0';
}

int
lockdown_setting_write(const char *name, const char *value)
{
	int fd, r;

	if (strcmp(name, AUDIT_BACKLOG) != 0)
		return setting_write(name, value);
	fd = audit_open();
	if (fd < 0)
		return -errno;
	r = audit_set_backlog_limit(fd, (uint32_t)strtoul(value, NULL, 10));
	audit_close(fd);
	return r < 0 ? r : 0;
}

/* root and nobody stand for all who are not in the group of agents. */
char *
lockdown_sshd_others(void)
{
	static const char *const users[] = { NULL, "root", "nobody" };
	const char *sshd = sshd_find();
	char *all = NULL;

	for (size_t i = 0; sshd != NULL && i < ARRAY_LENGTH(users); i++) {
		_cleanup_free_ char *says = NULL;
		char *longer;

		if (sshd_ask(sshd, users[i], &says) < 0 ||
		    asprintf(&longer, "%s%s", all != NULL ? all : "",
		    says) < 0) {
			free(all);
			return NULL;
		}
		free(all);
		all = longer;
	}
	return all;
}

static bool
concerns(const struct lockdown *lockdown, const char *prefix)
{
	for (size_t i = 0; i < lockdown->n_files; i++)
		if (!file_state_same(&lockdown->files[i].before,
		    &lockdown->files[i].after) &&
		    strncmp(lockdown->files[i].path, prefix,
		    strlen(prefix)) == 0)
			return true;
	return false;
}

static int
fail(const char *what, int error)
{
	complain("%s: %s", what, error == -ESTALE ? "it was changed just now" :
	    strerrordesc_np(-error));
	return error;
}

static int
put_all(struct lockdown *lockdown)
{
	for (size_t i = 0; i < lockdown->n_files; i++) {
		struct file_change *change = &lockdown->files[i];
		int r = 0;

		if (file_state_same(&change->before, &change->after))
			continue;
		r = file_state_put(change->path, &change->before,
		    &change->after);
		if (r < 0)
			return fail(change->path, r);
		change->done = true;
	}
	for (size_t i = 0; i < lockdown->n_settings; i++) {
		struct setting_change *change = &lockdown->settings[i];
		int r = lockdown_setting_write(change->name, change->after);

		if (r < 0)
			return fail(change->name, r);
		change->done = true;
	}
	return 0;
}

/* What cannot be put back stays on record. */
static void
put_back(struct lockdown *lockdown)
{
	for (size_t i = lockdown->n_settings; i > 0; i--) {
		struct setting_change *change = &lockdown->settings[i - 1];

		if (change->done && lockdown_setting_write(change->name,
		    change->before) == 0)
			change->done = false;
	}
	for (size_t i = lockdown->n_files; i > 0; i--) {
		struct file_change *change = &lockdown->files[i - 1];

		if (change->done && file_state_put(change->path,
		    &change->after, &change->before) == 0)
			change->done = false;
	}
}

/* Another Match block, or a missing Include, may have the last word. */
static int
check_agents(const struct lockdown *lockdown)
{
	for (size_t i = 0; i < lockdown->n_files; i++) {
		const char *path = lockdown->files[i].path;
		_cleanup_free_ char *says = NULL;

		if (strncmp(path, LOCKDOWN_KEYS "/",
		    strlen(LOCKDOWN_KEYS "/")) != 0)
			continue;
		if (sshd_ask(sshd_find(), strrchr(path, '/') + 1, &says) ==
		    0 && strcasestr(says, "\nauthorizedkeysfile "
		    LOCKDOWN_KEYS "/") != NULL)
			continue;
		complain(LOCKDOWN_SSHD " has no effect for %s: is `Include "
		    "/etc/ssh/sshd_config.d/*.conf` the first line of "
		    "/etc/ssh/sshd_config?", strrchr(path, '/') + 1);
		return -EINVAL;
	}
	return 0;
}

/* Nobody else may notice, and sshd has to take it, before it is told. */
static int
check_sshd(const struct lockdown *lockdown, const char *before)
{
	_cleanup_free_ char *after = lockdown_sshd_others();

	if (after == NULL) {
		complain("sshd does not take " LOCKDOWN_SSHD);
		return -EINVAL;
	}
	if (strcmp(before, after) == 0)
		return check_agents(lockdown);
	complain(LOCKDOWN_SSHD " would change sshd for others than agents");
	return -EINVAL;
}

static int
make(struct lockdown *lockdown)
{
	_cleanup_free_ char *others = NULL;
	bool sshd = concerns(lockdown, "/etc/ssh/");
	int r;

	if (sshd) {
		others = lockdown_sshd_others();
		if (others == NULL) {
			complain("`sshd -T` fails: its settings are to be "
			    "mended first");
			return -EINVAL;
		}
	}
	r = put_all(lockdown);
	return r == 0 && sshd ? check_sshd(lockdown, others) : r;
}

/* What is on record besides this lockdown is written again with it. */
static int
forget(const struct lockdown *lockdown, struct lockdown *earlier)
{
	int r = lockdown_record_write(earlier);

	for (size_t i = 0; r == 0 && i < lockdown->n_files; i++)
		if (lockdown->files[i].done)
			return lockdown_record_add(lockdown);
	return r;
}

int
lockdown_apply(struct lockdown *lockdown)
{
	struct lockdown earlier;
	char path[PATH_MAX];
	int r;

	lockdown_record_path(lockdown->config, path);
	if (lckpwdf() < 0)
		return fail("/etc/.pwd.lock", -errno);
	r = lockdown_record_read(lockdown->config, &earlier);
	if (r == 0)
		r = lockdown_record_add(lockdown);
	if (r < 0) {
		ulckpwdf();
		return fail(path, r);
	}
	r = make(lockdown);
	if (r < 0) {
		put_back(lockdown);
		if (forget(lockdown, &earlier) < 0)
			complain("%s could not be written", path);
	}
	lockdown_free(&earlier);
	ulckpwdf();
	return r;
}

static void
hang_up(const char *pid_file)
{
	_cleanup_file_ FILE *file = fopen(pid_file, "re");
	int pid = 0;

	if (file != NULL && fscanf(file, "%d", &pid) == 1 && pid > 1)
		kill(pid, SIGHUP);
}

/* Where systemd runs, by unit; else the process of the file. */
static void
reload(const char *const units[2], const char *pid_file)
{
	if (access("/run/systemd/system", F_OK) != 0) {
		hang_up(pid_file);
		return;
	}
	for (size_t i = 0; i < 2 && units[i] != NULL; i++) {
		const char *const argv[] = { "systemctl", "try-reload-or-"
			"restart", units[i], NULL };

		if (command_run(argv, 0, NULL) == 0)
			return;
	}
}

static int
tell_sshd(void)
{
	const char *const argv[] = { sshd_find(), "-t", NULL };
	_cleanup_free_ char *says = NULL;

	if (argv[0] == NULL)
		return STATUS_OK;
	if (command_run(argv, COMMAND_ERRORS, &says) != 0)
		return complain("sshd was not told: %s", says != NULL ?
		    says : "it does not take its settings");
	reload((const char *const[]){ "ssh", "sshd" }, "/run/sshd.pid");
	return STATUS_OK;
}

static int
tell_auditd(void)
{
	struct audit_state state;

	if (audit_state_get(&state) == 0 && state.daemon_pid > 1)
		kill((pid_t)state.daemon_pid, SIGHUP);
	return STATUS_OK;
}

static int
tell_systemd(void)
{
	const char *const argv[] = { "systemctl", "daemon-reload", NULL };

	if (access("/run/systemd/system", F_OK) == 0 &&
	    command_run(argv, 0, NULL) != 0)
		return complain("`systemctl daemon-reload` fails");
	return STATUS_OK;
}

static int
tell_mail(void)
{
	const char *const argv[] = { "newaliases", NULL };
	int status = command_run(argv, 0, NULL);

	if (status != 0 && status != 127)
		return complain("`newaliases` fails");
	return STATUS_OK;
}

static const struct {
	const char *prefix;
	int (*tell)(void);
} listeners[] = {
	{ "/etc/ssh/", tell_sshd },
	{ "/etc/systemd/system/", tell_systemd },
	{ "/etc/aliases", tell_mail },
	{ "/etc/audit/auditd.conf", tell_auditd },
};

int
lockdown_tell(const struct lockdown *lockdown)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < ARRAY_LENGTH(listeners); i++)
		if (concerns(lockdown, listeners[i].prefix) &&
		    listeners[i].tell() != STATUS_OK)
			status = STATUS_FAILED;
	return status;
}

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/adoption.h"
#include "jailctl/command_run.h"

#define STATUS_MAX ((size_t)65536)

/* First whoever becomes an agent is closed in, at last it gets its keys. */
const struct adoption_step *const adoption_steps[] = {
	&adoption_group,
	&adoption_account,
	&adoption_shell,
	&adoption_membership,
	&adoption_ids,
	&adoption_linger,
	&adoption_unit,
	&adoption_keys,
	NULL,
};

const struct adoption_step *
adoption_step_find(const char *name)
{
	for (size_t i = 0; adoption_steps[i] != NULL; i++)
		if (strcmp(adoption_steps[i]->name, name) == 0)
			return adoption_steps[i];
	return NULL;
}

int
adoption_fail(struct adoption *adoption, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(adoption->why, sizeof(adoption->why), format, arguments);
	va_end(arguments);
	return error;
}

int
adoption_look_up(struct adoption *adoption)
{
	const struct passwd *passwd;

	errno = 0;
	passwd = getpwnam(adoption->name);
	if (passwd == NULL)
		return -ENOENT;
	free(adoption->home);
	free(adoption->shell);
	adoption->uid = passwd->pw_uid;
	adoption->home = strdup(passwd->pw_dir);
	adoption->shell = strdup(passwd->pw_shell);
	return adoption->home == NULL || adoption->shell == NULL ? -ENOMEM :
	    0;
}

const char *
adoption_one_line(char *said)
{
	size_t length = strlen(said);

	while (length > 0 && said[length - 1] == '\n')
		said[--length] = '\0';
	for (char *p = said; *p != '\0'; p++)
		if ((unsigned char)*p < ' ')
			*p = *p == '\n' ? ';' : ' ';
	return said;
}

int
adoption_run(struct adoption *adoption, const char *const argv[])
{
	_cleanup_free_ char *said = NULL;
	int status = command_run(argv, COMMAND_ERRORS | COMMAND_PATIENT,
	    &said);
	bool silent = said == NULL || *said == '\0';

	if (status == 0)
		return 0;
	if (status < 0)
		return adoption_fail(adoption, status, "%s: %s", argv[0],
		    strerrordesc_np(-status));
	if (status == 127 && silent)
		return adoption_fail(adoption, -ENOENT, "there is no program "
		    "%s on this host", argv[0]);
	return adoption_fail(adoption, -EIO, "%s failed (%d)%s%s", argv[0],
	    status, silent ? "" : ": ", silent ? "" :
	    adoption_one_line(said));
}

bool
adoption_systemd_runs(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

bool
adoption_systemd_is_there(void)
{
	return access("/usr/bin/systemctl", X_OK) == 0 ||
	    access("/bin/systemctl", X_OK) == 0;
}

/* Of the four uids the one that it would act by, or had before. */
static bool
is_of(const char *pid, uid_t uid)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	char path[64];
	unsigned uids[4];
	const char *line;
	size_t length;

	snprintf(path, sizeof(path), "/proc/%.20s/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read_all(fd, STATUS_MAX, &text, &length) < 0)
		return false;
	/* One that only waits to be reaped does nothing any more. */
	if (strstr(text, "\nState:\tZ") != NULL)
		return false;
	line = strstr(text, "\nUid:");
	if (line == NULL || sscanf(line, "\nUid: %u %u %u %u", &uids[0],
	    &uids[1], &uids[2], &uids[3]) != 4)
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(uids); i++)
		if (uids[i] == uid)
			return true;
	return false;
}

size_t
adoption_processes(uid_t uid)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	size_t n = 0;

	while (proc != NULL && (entry = readdir(proc)) != NULL)
		if (*entry->d_name >= '1' && *entry->d_name <= '9')
			n += is_of(entry->d_name, uid);
	if (proc != NULL)
		closedir(proc);
	return n;
}

bool
adoption_may_be_recorded(const struct adoption *adoption)
{
	return strchr(adoption->name, '/') == NULL && *adoption->name != '.';
}

void
adoption_ignore_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
}

int
adoption_command(struct adoption *adoption, const struct arguments *arguments,
    int (*begin)(struct adoption *adoption,
    const struct arguments *arguments))
{
	struct config *config;
	int status;

	if (geteuid() != 0)
		return complain("only root can do this: use sudo");
	if (settings_load(arguments, &config) < 0)
		return STATUS_FAILED;
	/* Where root's PATH has no sbin. */
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	adoption->config = config;
	status = begin(adoption, arguments);
	free(adoption->home);
	free(adoption->shell);
	free(adoption->keys);
	json_decref(adoption->record);
	config_free(config);
	return status;
}

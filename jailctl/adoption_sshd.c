#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/adoption_sshd.h"
#include "jailctl/command_run.h"
#include "jailctl/doctor_sshd.h"

#define PID_TEXT_MAX 64

/* As Debian and as Fedora call it. */
static const char *const units[] = { "ssh.service", "sshd.service" };

/* Lines are "keyword words", the keyword in lower case. */
static void
take_line(struct sshd_answer *answer, const char *line)
{
	static const char keys[] = "authorizedkeysfile ";
	static const char pid[] = "pidfile ";

	if (strncmp(line, keys, strlen(keys)) == 0 &&
	    answer->keys_files == NULL)
		answer->keys_files = strdup(line + strlen(keys));
	else if (strncmp(line, pid, strlen(pid)) == 0 &&
	    answer->pid_file == NULL)
		answer->pid_file = strdup(line + strlen(pid));
}

int
adoption_sshd_ask(const char *user, struct sshd_answer *ret)
{
	_cleanup_free_ char *said = NULL;
	char connection[512], *next, *line;
	const char *const argv[] = { sshd_find(), "-T", "-C",
		connection, NULL };
	int status;

	snprintf(connection, sizeof(connection),
	    "user=%s,host=localhost,addr=127.0.0.1", user);
	status = command_run(argv, COMMAND_ERRORS, &said);
	if (status < 0 || said == NULL)
		return status < 0 ? status : -ENOMEM;
	if (status != 0) {
		ret->said = strdup(adoption_one_line(said));
		return -EINVAL;
	}
	for (next = said; (line = strsep(&next, "\n")) != NULL;)
		take_line(ret, line);
	return ret->keys_files == NULL || ret->pid_file == NULL ? -EINVAL : 0;
}

void
sshd_answer_free(struct sshd_answer *answer)
{
	free(answer->keys_files);
	free(answer->pid_file);
	free(answer->said);
}

static int
reload_units(struct adoption *adoption)
{
	for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
		int r;

		if (ADOPTION_RUN(adoption, "systemctl", "--quiet",
		    "is-active", units[i]) < 0)
			continue;
		r = ADOPTION_RUN(adoption, "systemctl", "reload", units[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The number in a file says little: the process has to be an sshd. */
static bool
is_sshd(pid_t pid)
{
	char path[64], to[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return false;
	to[n] = '\0';
	return sshd_find() != NULL && strcmp(to, sshd_find()) == 0;
}

static int
reload_by_number(struct adoption *adoption)
{
	_cleanup_(sshd_answer_free) struct sshd_answer answer = { 0 };
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = -1;
	enum trust trust;
	size_t length;
	pid_t pid;

	if (adoption_sshd_ask(adoption->name, &answer) < 0)
		return adoption_fail(adoption, -EIO, "sshd does not take its "
		    "settings: %s", answer.said != NULL ? answer.said : "");
	fd = trusted_open(AT_FDCWD, answer.pid_file, 0, &trust);
	if (fd < 0 || trust != TRUST_OK ||
	    read_all(fd, PID_TEXT_MAX, &text, &length) < 0)
		return 0;
	pid = (pid_t)strtol(text, NULL, 10);
	if (pid <= 1 || !is_sshd(pid))
		return 0;
	return kill(pid, SIGHUP) == 0 ? 0 : adoption_fail(adoption, -EIO,
	    "sshd cannot be told to read its settings: %m");
}

int
adoption_sshd_reload(struct adoption *adoption)
{
	if (sshd_find() == NULL)
		return 0;
	return adoption_systemd_runs() ? reload_units(adoption) :
	    reload_by_number(adoption);
}

#include "config.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/command_run.h"
#include "jailctl/doctor.h"
#include "jailctl/doctor_sshd.h"
#include "jailctl/path_write.h"

/* Each question takes sshd a few milliseconds. */
#define AGENTS_ASKED_MAX 32

/* What decides which program runs, or what it loads. */
static const char *const deciding[] = { "BASH_ENV", "ENV", "GCONV_PATH",
	"HOME", "IFS", "LD_LIBRARY_PATH", "LD_PRELOAD", "PATH", "PERL5OPT",
	"PYTHONPATH", "SHELL", "SHELLOPTS" };

/* A client may set these: every distribution lets it, or they are names. */
static const char *const harmless[] = { "LANG", "LC_", "LANGUAGE", "TERM",
	"COLORTERM", "NO_COLOR", "XMODIFIERS", "GIT_" };

static bool
is_harmless(const char *pattern)
{
	for (size_t i = 0; i < ARRAY_LENGTH(harmless); i++)
		if (strncmp(pattern, harmless[i], strlen(harmless[i])) == 0)
			return true;
	return false;
}

static const char *
decides(const char *pattern)
{
	for (size_t i = 0; i < ARRAY_LENGTH(deciding); i++)
		if (fnmatch(pattern, deciding[i], 0) == 0)
			return deciding[i];
	return NULL;
}

static void
check_accept_env(struct doctor *doctor, const struct account *account,
    const char *words)
{
	_cleanup_free_ char *copy = strdup(words);
	char *saved = NULL;

	(void)account;
	for (char *word = copy != NULL ? strtok_r(copy, " ", &saved) : NULL;
	    word != NULL; word = strtok_r(NULL, " ", &saved)) {
		const char *variable = decides(word);

		if (is_harmless(word))
			continue;
		doctor_report_as(doctor, variable != NULL ? SEVERITY_WARNING :
		    SEVERITY_NOTE, FINDING_SSHD_ACCEPT_ENV, word,
		    "write AcceptEnv in /etc/ssh/sshd_config without it, and "
		    "systemctl reload ssh", "AcceptEnv %s: who has an "
		    "agent's key sets %s for the agent's programs", word,
		    variable != NULL ? variable : "that");
	}
}

static void
check_keys(struct doctor *doctor, const struct account *account,
    const char *words)
{
	_cleanup_free_ char *copy = strdup(words);
	char *saved = NULL, path[PATH_MAX], part[PATH_MAX];

	for (char *word = copy != NULL ? strtok_r(copy, " ", &saved) : NULL;
	    word != NULL; word = strtok_r(NULL, " ", &saved)) {
		if (strcmp(word, "none") == 0 ||
		    sshd_expand(word, account, path) < 0 ||
		    !path_agent_writes(account, path, part))
			continue;
		doctor_report(doctor, FINDING_SSHD_KEYS, account->name,
		    "jailctl lockdown sshd-keys", "AuthorizedKeysFile %s of "
		    "%s: it may change %s, and with that who logs in as it",
		    path, account->name, part);
	}
}

static void
check_chroot(struct doctor *doctor, const struct account *account,
    const char *words)
{
	if (strcmp(words, "none") != 0)
		doctor_report(doctor, FINDING_SSHD_CHROOT, account->name,
		    "write `Match User %s` with `ChrootDirectory none`",
		    "ChrootDirectory %s of %s: sshd looks for it inside the "
		    "jail, and logins fail where it is not there", words,
		    account->name);
}

static void
check_command_user(struct doctor *doctor, const struct account *account,
    const char *words)
{
	if (strcmp(words, account->name) == 0)
		doctor_report(doctor, FINDING_SSHD_KEYS_COMMAND,
		    account->name, "write `AuthorizedKeysCommandUser nobody` "
		    "in /etc/ssh/sshd_config, and systemctl reload ssh",
		    "sshd runs AuthorizedKeysCommand as %s, outside of its "
		    "jail", account->name);
}

static void
check_environment(struct doctor *doctor, const struct account *account,
    const char *words)
{
	(void)account;
	if (strcmp(words, "no") != 0)
		doctor_report(doctor, FINDING_SSHD_ENVIRONMENT, "",
		    "write `PermitUserEnvironment no` in "
		    "/etc/ssh/sshd_config, and systemctl reload ssh",
		    "PermitUserEnvironment %s: an agent "
		    "chooses in ~/.ssh/environment what its own sessions "
		    "load", words);
}

/* Lines of `sshd -T`, which may come more than once. */
static const struct {
	const char *keyword;
	void (*check)(struct doctor *doctor, const struct account *account,
	    const char *words);
} of_agents[] = {
	{ "acceptenv", check_accept_env },
	{ "authorizedkeyscommanduser", check_command_user },
	{ "authorizedkeysfile", check_keys },
	{ "chrootdirectory", check_chroot },
	{ "permituserenvironment", check_environment },
};

static void
check_line(struct doctor *doctor, const struct account *account, char *line)
{
	size_t length = strcspn(line, " ");

	if (line[length] == '\0')
		return;
	line[length] = '\0';
	for (size_t i = 0; i < ARRAY_LENGTH(of_agents); i++)
		if (strcasecmp(line, of_agents[i].keyword) == 0)
			of_agents[i].check(doctor, account,
			    line + length + 1);
}

static void
check_agent(struct doctor *doctor, const char *sshd,
    const struct account *account)
{
	_cleanup_free_ char *says = NULL;
	char *saved = NULL;

	if (sshd_ask(sshd, account->name, &says) < 0) {
		doctor_report(doctor, FINDING_SSHD_UNKNOWN, account->name,
		    "sshd -T", "`sshd -T` fails for %s", account->name);
		return;
	}
	for (char *line = strtok_r(says, "\n", &saved); line != NULL;
	    line = strtok_r(NULL, "\n", &saved))
		check_line(doctor, account, line);
}

static void
check_agents(struct doctor *doctor, const char *sshd)
{
	size_t n = doctor->n_agents;

	if (n > AGENTS_ASKED_MAX) {
		doctor_report(doctor, FINDING_SSHD_UNKNOWN, "",
		    "sshd -T -C user=ACCOUNT", "sshd was asked for its "
		    "settings for %d of %zu agents", AGENTS_ASKED_MAX, n);
		n = AGENTS_ASKED_MAX;
	}
	for (size_t i = 0; i < n; i++)
		check_agent(doctor, sshd, doctor->agents[i]);
}

static bool
says_no_pam(const char *says)
{
	return strncasecmp(says, "usepam no", strlen("usepam no")) == 0 ||
	    strcasestr(says, "\nusepam no") != NULL;
}

/* UsePAM is the same for everybody: no Match block may hold it. */
static bool
check_pam(struct doctor *doctor, const char *sshd)
{
	_cleanup_free_ char *says = NULL;

	if (sshd_ask(sshd, NULL, &says) < 0) {
		doctor_report(doctor, FINDING_SSHD_UNKNOWN, "", "sshd -T",
		    "`sshd -T` fails, so that UsePAM is not known");
		return false;
	}
	if (says_no_pam(says)) {
		doctor_report(doctor, FINDING_SSHD_NO_PAM, "",
		    "echo 'UsePAM yes' >/etc/ssh/sshd_config.d/00-jaild.conf "
		    "&& systemctl reload ssh", "UsePAM is no: agents log in "
		    "without a jail");
		return false;
	}
	return true;
}

static void
check_listener(const char *const argv[], const char *title, void *object)
{
	_cleanup_free_ char *says = NULL;
	struct doctor *doctor = object;

	if (command_run(argv, 0, &says) == 0 && says_no_pam(says))
		doctor_report(doctor, FINDING_SSHD_NO_PAM, title,
		    "start it with `UsePAM yes` in its settings",
		    "`%s`: UsePAM is no: agents that log in there are in no "
		    "jail", title);
}

void
doctor_sshd(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);
	const char *sshd = sshd_find();

	if (sshd == NULL) {
		doctor_report(doctor, FINDING_SSHD_MISSING, "", "",
		    "no sshd is installed here");
		return;
	}
	if (doctor_needs_root(doctor, "the settings of sshd"))
		return;
	sshd_each_listener(check_listener, doctor);
	if (!check_pam(doctor, sshd))
		return;
	check_agents(doctor, sshd);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "UsePAM is yes");
}

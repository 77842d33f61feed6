#include "config.h"

#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"

/* Mail systems that deliver as the receiver and run what its files say. */
static const char *const deliverers[] = {
	"/usr/lib/postfix/sbin/local", "/usr/libexec/postfix/local",
	"/usr/sbin/exim4", "/usr/sbin/exim", "/usr/sbin/sendmail-mta",
	"/usr/sbin/sendmail.sendmail", "/usr/sbin/smtpd",
	"/usr/bin/procmail", "/usr/bin/maildrop", "/usr/sbin/qmail-local" };

/* In its home; each may name a program. */
static const char *const instructions[] = { ".forward", ".procmailrc",
	".mailfilter", ".qmail" };

static const char *
deliverer(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(deliverers); i++)
		if (access(deliverers[i], X_OK) == 0)
			return deliverers[i];
	return NULL;
}

/* An alias is looked at before the account. */
static bool
has_alias(const char *name)
{
	_cleanup_file_ FILE *file = fopen("/etc/aliases", "re");
	char line[1024];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		size_t length = strcspn(line, ":");
		char *begin = line;

		if (line[length] == '\0')
			continue;
		line[length] = '\0';
		begin += strspn(begin, " \t\"");
		begin[strcspn(begin, " \t\"")] = '\0';
		if (strcasecmp(begin, name) == 0)
			return true;
	}
	return false;
}

static const char *
has_instructions(const struct account *account, char path[PATH_MAX])
{
	for (size_t i = 0; i < ARRAY_LENGTH(instructions); i++) {
		struct stat status;

		snprintf(path, PATH_MAX, "%s/%s", account->home,
		    instructions[i]);
		if (lstat(path, &status) == 0)
			return path;
	}
	return NULL;
}

static void
check(struct doctor *doctor, const struct account *account,
    const char *program)
{
	char path[PATH_MAX], text[FIX_MAX];

	if (has_alias(account->name))
		return;
	doctor_fix(text, "echo '%s: root' >>/etc/aliases && newaliases",
	    account->name);
	if (has_instructions(account, path) != NULL)
		doctor_report_as(doctor, SEVERITY_ERROR,
		    FINDING_MAIL_COMMANDS, account->name, text, "%s: when "
		    "mail comes for %s, %s does what stands there, outside "
		    "of the jail", path, account->name, program);
	else
		doctor_report(doctor, FINDING_MAIL_COMMANDS, account->name,
		    text, "%s delivers mail for %s as %s, and runs what a "
		    "~/.forward of its own may name, outside of the jail",
		    program, account->name, account->name);
}

void
doctor_mail(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings);
	const char *program = deliverer();

	for (size_t i = 0; program != NULL && i < doctor->n_agents; i++)
		check(doctor, doctor->agents[i], program);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, program == NULL ? "nothing here delivers "
		    "mail" : "no mail is delivered to an agent's account");
}

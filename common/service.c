#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "common/service.h"

/* Each PAM service name that is a door, with its class. */
static const struct {
	const char *pam_service;
	enum service_class class;
} services[] = {
	{ "sshd", SERVICE_SSHD },
	{ "login", SERVICE_LOGIN },
	{ "su", SERVICE_SU },
	{ "su-l", SERVICE_SU },
	{ "runuser", SERVICE_SU },
	{ "runuser-l", SERVICE_SU },
	{ "cron", SERVICE_CRON },
	{ "crond", SERVICE_CRON },
	{ "cronie", SERVICE_CRON },	/* its crond, as Debian has it */
	{ "jailctl", SERVICE_EXEC },
};

/* The policy's word for each class. */
static const char *const names[] = {
	[SERVICE_NONE] = NULL,
	[SERVICE_SSHD] = "sshd",
	[SERVICE_LOGIN] = "login",
	[SERVICE_SU] = "su",
	[SERVICE_CRON] = "cron",
	[SERVICE_EXEC] = "exec",
};

#define INSTEAD_OF_SUDO "`jailctl exec` does it"

/* Services that administrators may expect to be doors, and why they are not.
 * The last row is everything else. */
static const struct closed_service closed[] = {
	{ "sudo", "sudo would signal processes of the host by the numbers "
	    "that they have in the jail", INSTEAD_OF_SUDO, true },
	{ "sudo-i", "sudo would signal processes of the host by the numbers "
	    "that they have in the jail", INSTEAD_OF_SUDO, true },
	{ "doas", "its account stack is asked about the caller",
	    INSTEAD_OF_SUDO, true },
	{ "polkit-1", "pkexec starts the program without a fork, which leaves "
	    "it outside of the jail's PID namespace", INSTEAD_OF_SUDO, true },
	{ "atd", "atd could not remove a job from inside the jail and would "
	    "run it again for ever", "cron does it", false },
	{ "systemd-user", "the account's service manager would run outside "
	    "of the jail", NULL, false },
	{ NULL, "pam_jail(8) lists the services that are", NULL, false },
};

const struct closed_service *
service_closed(const char *pam_service)
{
	const struct closed_service *at = closed;

	while (at->pam_service != NULL && (pam_service == NULL ||
	    strcmp(at->pam_service, pam_service) != 0))
		at++;
	return at;
}

enum service_class
service_class_of(const char *pam_service)
{
	if (pam_service == NULL)
		return SERVICE_NONE;
	for (size_t i = 0; i < ARRAY_LENGTH(services); i++)
		if (strcmp(services[i].pam_service, pam_service) == 0)
			return services[i].class;
	return SERVICE_NONE;
}

bool
service_class_open(enum service_class class)
{
	return service_class_name(class) != NULL;
}

const char *
service_class_name(enum service_class class)
{
	return (size_t)class < ARRAY_LENGTH(names) ? names[class] : NULL;
}

enum service_class
service_class_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (names[i] != NULL && strlen(names[i]) == length &&
		    memcmp(names[i], name, length) == 0)
			return (enum service_class)i;
	return SERVICE_NONE;
}

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
	{ "jailctl", SERVICE_EXEC },
};

/* The policy's word for a class and whether the door is open. */
static const struct {
	const char *name;
	bool open;
} classes[] = {
	[SERVICE_NONE] = { NULL, false },
	[SERVICE_SSHD] = { "sshd", true },
	[SERVICE_LOGIN] = { "login", false },
	[SERVICE_SU] = { "su", false },
	[SERVICE_CRON] = { "cron", false },
	[SERVICE_EXEC] = { "exec", true },
};

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
	return (size_t)class < ARRAY_LENGTH(classes) && classes[class].open;
}

const char *
service_class_name(enum service_class class)
{
	if ((size_t)class >= ARRAY_LENGTH(classes))
		return NULL;
	return classes[class].name;
}

enum service_class
service_class_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
		const char *known = classes[i].name;

		if (known != NULL && strlen(known) == length &&
		    memcmp(known, name, length) == 0)
			return (enum service_class)i;
	}
	return SERVICE_NONE;
}

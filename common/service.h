/* PAM services and the classes in which policies speak of them. */
#ifndef COMMON_SERVICE_H
#define COMMON_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

/* Zero is no door: whatever is not in the table is refused. */
enum service_class {
	SERVICE_NONE = 0,
	SERVICE_SSHD,	/* sshd */
	SERVICE_LOGIN,	/* login */
	SERVICE_SU,	/* su, su-l, runuser, runuser-l */
	SERVICE_CRON,	/* cron, crond */
	SERVICE_EXEC,	/* jailctl exec */
};

/* The class of a PAM service name (PAM_SERVICE); SERVICE_NONE for one that
 * is no door for agents. */
enum service_class service_class_of(const char *pam_service);

/* Why a service is no door for agents: reason and instead are parts of a
 * sentence. */
struct closed_service {
	const char *pam_service;	/* NULL: whatever is not listed */
	const char *reason;
	const char *instead;		/* NULL: there is nothing */
	/* Its session is opened for somebody whom no account stack was asked
	 * about: sudo(8) asks about the caller. */
	bool session_alone;
};

/* What is said of a PAM service of class SERVICE_NONE; never NULL. */
const struct closed_service *service_closed(const char *pam_service);

/* True for each class but SERVICE_NONE. */
bool service_class_open(enum service_class class);

/* "sshd", "login", "su", "cron", "exec"; NULL for SERVICE_NONE. */
const char *service_class_name(enum service_class class);

/* The class that a policy's word names; SERVICE_NONE when it names none. */
enum service_class service_class_find(const char *name, size_t length);

#endif

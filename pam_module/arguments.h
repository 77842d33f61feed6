/* The words behind pam_jail.so in a PAM configuration file. */
#ifndef PAM_MODULE_ARGUMENTS_H
#define PAM_MODULE_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#define ARGUMENTS_TIMEOUT_MAX_S 600

struct arguments {
	const char *agents;	/* the group whose members are agents */
	const char *socket_path;
	uint32_t timeout_ms;
	bool refuse_only;	/* a session line that lets nobody in */
	const char *bad;	/* the first word not understood, or NULL */
};

/* Reads the words; the strings in *ret point into argv.  A word that is not
 * understood is remembered and leaves the default in place: who is no agent
 * must never depend on it, and agents are refused because of it. */
void arguments_parse(int argc, const char **argv, struct arguments *ret);

#endif

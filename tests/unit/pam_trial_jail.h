/* A jail for tests of the module, made without jaild. */
#ifndef TESTS_UNIT_PAM_TRIAL_JAIL_H
#define TESTS_UNIT_PAM_TRIAL_JAIL_H

#include <sys/stat.h>
#include <sys/types.h>

#include <stdbool.h>

#include "common/protocol.h"

/* A jail of the simplest kind: new namespaces and an empty tmpfs. */
struct jail {
	pid_t pid;
	int pidfd, filters;
	struct stat root;
};

/* New namespaces with an empty tmpfs as "/", mounted below directory, and a
 * process that holds them; its filters allow everything, in a memfd that can
 * be left unsealed.  Fails the test where that cannot be had; jail_end(). */
struct jail jail_make(const char *directory, bool sealed);
void jail_end(struct jail *jail);

/* A grant of it that can be entered, and the message with its descriptors. */
struct grant jail_grant(const struct jail *jail, const char *account);
void jail_send_grant(const struct jail *jail, int fd,
    const struct grant *grant);

/* The process is in the jail, with what that grant leaves it. */
void assert_entered(pid_t pid, const struct jail *jail);

#endif

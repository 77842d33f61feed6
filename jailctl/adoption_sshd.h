/* What an adoption asks of sshd. */
#ifndef JAILCTL_ADOPTION_SSHD_H
#define JAILCTL_ADOPTION_SSHD_H

#include <limits.h>

#include "jailctl/adoption.h"

struct sshd_answer {
	char *keys_files;	/* AuthorizedKeysFile, with single spaces */
	char *pid_file;		/* PidFile */
	char *said;		/* what it said when it failed */
};

/* The settings in force for a login of user, where an sshd is installed: 0,
 * or -EINVAL when sshd does not take its files.  *ret is released by
 * sshd_answer_free() either way.
 * Source: sshd(8) -T, -C. */
int adoption_sshd_ask(const char *user, struct sshd_answer *ret);
void sshd_answer_free(struct sshd_answer *answer);

/* Has a running sshd read its settings anew: 0, also where none runs; -EIO
 * with why. */
int adoption_sshd_reload(struct adoption *adoption);

#endif

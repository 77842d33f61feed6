/* Asking sshd for its settings: sshd(8) -T. */
#ifndef JAILCTL_DOCTOR_SSHD_H
#define JAILCTL_DOCTOR_SSHD_H

#include <limits.h>

struct account;

/* The daemon's path; NULL when none is installed. */
const char *sshd_find(void);

/* The settings in force for a login of user from this host, or with NULL
 * those outside of Match blocks: lines "keyword words".  0 and *ret_lines
 * (free()); -EINVAL when sshd does not take its files. */
int sshd_ask(const char *sshd, const char *user, char **ret_lines);

/* Calls visit for each sshd of this host that listens with options of its
 * own: argv are its program and those of its options that decide over its
 * settings, behind -T, NULL at the end; title is how ps(1) shows it. */
void sshd_each_listener(void (*visit)(const char *const argv[],
    const char *title, void *object), void *object);

/* Replaces %h, %u, %U and %% in a file name of sshd_config(5) and puts the
 * home in front of a relative one.  0; -EINVAL, -ENAMETOOLONG. */
int sshd_expand(const char *name, const struct account *account,
    char ret_path[PATH_MAX]);

#endif

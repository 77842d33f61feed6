#ifndef JAILCTL_DOCTOR_DAEMONS_H
#define JAILCTL_DOCTOR_DAEMONS_H

#include <stdbool.h>

/* True when a cron of this host runs jobs without asking PAM. */
bool cron_without_pam(void);

/* True when the process of this name in proc, a descriptor of /proc, sees this
 * host's files as we do: containers have their own. */
bool process_is_ours(int proc, const char *pid);

#endif

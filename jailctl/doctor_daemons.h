#ifndef JAILCTL_DOCTOR_DAEMONS_H
#define JAILCTL_DOCTOR_DAEMONS_H

#include <stdbool.h>

/* True when a cron of this host runs jobs without asking PAM. */
bool cron_without_pam(void);

#endif

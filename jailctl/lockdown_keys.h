/* Keys of agents: out of their own reach. */
#ifndef JAILCTL_LOCKDOWN_KEYS_H
#define JAILCTL_LOCKDOWN_KEYS_H

#include "jailctl/lockdown.h"

/* Plans that sshd looks for the keys of agents below /etc, and that those
 * that this account has now are there: a closer of lockdown_close.c. */
int lockdown_close_keys(struct lockdown *lockdown, const char *account);

#endif

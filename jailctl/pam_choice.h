/* Which doors the administrator took our lines from, to be remembered over
 * upgrades: a file of the state directory, a service a line. */
#ifndef JAILCTL_PAM_CHOICE_H
#define JAILCTL_PAM_CHOICE_H

#include <stdint.h>

#include "config/config.h"
#include "jailctl/pam_door.h"

/* Reads them as a set: bit i is pam_doors[i].  No file is an empty set; names
 * that are no doors are passed over.  0 with *ret, -errno. */
int pam_choice_read(const struct pam_directory *directory,
    const struct config *config, uint32_t *ret);

/* Writes the set; an empty one leaves no file.  0 or -errno. */
int pam_choice_write(const struct pam_directory *directory,
    const struct config *config, uint32_t set);

#endif

/* What the doctor's looks at PAM share. */
#ifndef JAILCTL_DOCTOR_PAM_H
#define JAILCTL_DOCTOR_PAM_H

#include "jailctl/doctor.h"
#include "jailctl/pam_door.h"
#include "jailctl/pam_stack.h"

#define PAM_DIRECTORY "/etc/pam.d"
#define PAM_MODULE "pam_jail.so"

/* A shell command that appends our two lines of the type to a file; NULL
 * without memory. */
char *pam_append_command(const struct doctor *doctor, const char *type,
    const char *file);

#endif

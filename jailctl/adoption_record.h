/* What is kept of an adoption: STATE_DIR/adopted/ACCOUNT, as JSON. */
#ifndef JAILCTL_ADOPTION_RECORD_H
#define JAILCTL_ADOPTION_RECORD_H

#include "jailctl/adoption.h"

/* Waits for whoever adopts or releases just now, and opens the directory,
 * which is made where it is missing.  0 with *ret_fd, -errno with why. */
int adoption_record_lock(struct adoption *adoption, int *ret_fd);

/* Reads the account's record into adoption->record: 0; -ENOENT; -EBADMSG or
 * another -errno with why. */
int adoption_record_read(struct adoption *adoption, int directory_fd);

/* A new record, complete when all steps have been done. */
json_t *adoption_record_new(const struct adoption *adoption);
json_t *adoption_record_steps(const struct adoption *adoption);
void adoption_record_complete(struct adoption *adoption);
bool adoption_record_is_complete(const struct adoption *adoption);

/* Puts the record on disk, whole.  0 or -errno with why. */
int adoption_record_write(struct adoption *adoption, int directory_fd);
int adoption_record_remove(struct adoption *adoption, int directory_fd);

#endif

/* The keys that let an agent in, where it cannot write them. */
#ifndef JAILCTL_ADOPTION_KEYS_H
#define JAILCTL_ADOPTION_KEYS_H

#include "jailctl/adoption.h"

/* Reads public keys from the file at path into adoption->keys: 0, or -errno
 * with why, also for a private key and for lines that are no keys. */
int adoption_keys_read(struct adoption *adoption, const char *path);

/* Adds what lies in the files that let the account in so far, in the words of
 * AuthorizedKeysFile.  A file that the account could have made to stand for
 * another one is left out, and named.  0; -ENOMEM with why. */
int adoption_keys_take_over(struct adoption *adoption, const char *files);

/* Puts adoption->keys into the file of an account that is adopted. */
int adoption_keys_replace(struct adoption *adoption);

#endif

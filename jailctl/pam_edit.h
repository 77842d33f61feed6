/* Our lines in the text of a file of /etc/pam.d: put in, taken out. */
#ifndef JAILCTL_PAM_EDIT_H
#define JAILCTL_PAM_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

#define PAM_JAIL "pam_jail.so"
#define PAM_REFUSE_ONLY "refuse-only"
#define PAM_GUARD "pam_succeed_if.so"

/* What a text has of ours.  All of it is freed by pam_found_free(). */
struct pam_found {
	char *bare;		/* the text without our blocks */
	char *inner;		/* the lines of the last block, NULL: none */
	unsigned n_blocks;
	unsigned line;		/* where fault is; 0: the whole file */
	const char *fault;	/* why we keep off; NULL: nothing wrong */
};

/* Takes every block of ours out of text, so that what is left are the bytes
 * that pam_edit_add() was given, and what anybody wrote around them since.
 * A block holds our two lines and nothing else, behind its first mark and in
 * front of its last; anything else there is a fault, and bare is NULL.
 * 0 with *ret, -ENOMEM. */
int pam_edit_find(const char *text, struct pam_found *ret);
void pam_found_free(struct pam_found *found);

/* Appends a block with the lines inner to bare: 0 with *ret (free());
 * -EINVAL when bare ends in a line that goes on; -ENOMEM. */
int pam_edit_add(const char *bare, const char *inner, char **ret);

/* The two session lines that these settings ask for: 0 with *ret (free()),
 * -ENOMEM.  Source: pam_jail(8). */
int pam_edit_lines(const struct config *config, char **ret);

/* True when the guard of inner is that of wanted, and behind it stands
 * `session required pam_jail.so`, with whatever arguments. */
bool pam_edit_same(const char *inner, const char *wanted);

#endif

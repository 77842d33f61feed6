/* Changes to the lines of a text in memory. */
#ifndef JAILCTL_TEXT_EDIT_H
#define JAILCTL_TEXT_EDIT_H

#include "jailctl/file_state.h"

/* All of these take a state of FILE_TEXT or FILE_ABSENT, which becomes root's
 * with mode 0644 when there is something to write.  0 or -ENOMEM. */

/* Adds a line at the end; one that is there stays. */
int text_append(struct file_state *state, const char *line);

/* Removes lines whose field up to the first ':' is word. */
int text_remove_entries(struct file_state *state, const char *word);

/* In lines whose first field is entry, sets field number n (from 0). */
int text_set_field(struct file_state *state, const char *entry, size_t n,
    const char *value);

/* In lines whose first field is entry, takes word out of the list with commas
 * that field number n is. */
int text_remove_member(struct file_state *state, const char *entry, size_t n,
    const char *word);

/* Sets "key = value" where a line has the key, or adds it. */
int text_set_key(struct file_state *state, const char *key,
    const char *value);

#endif

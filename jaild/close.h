/* Ending things takes time, so processes of their own do it. */
#ifndef JAILD_CLOSE_H
#define JAILD_CLOSE_H

#include <stddef.h>
#include <stdint.h>

struct live_jail;

/* Ends the leaf of a session that never went live, if there is one, and then
 * looks whether the jail is still needed. */
void close_leaf(struct live_jail *jail, uint64_t session_id);

/* In a forked process: signals as a program expects them, and no descriptor
 * but 0 to 2 and those in keep (ascending). */
void process_after_fork(const int *keep, size_t n_keep);

#endif

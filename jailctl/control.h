/* Asking the daemon on its control socket: PROTOCOL.md. */
#ifndef JAILCTL_CONTROL_H
#define JAILCTL_CONTROL_H

#include <jansson.h>

#include "jailctl/jailctl.h"

/* Sends one request (jail NULL: the operation names none) to the socket at
 * path and waits for the reply.  0 with *ret_reply (json_decref()), which may
 * say "ok": false; -errno when nobody answers; -EBADMSG when what is answered
 * is no reply. */
int control_ask_at(const char *path, const char *op, const char *jail,
    json_t **ret_reply);

/* The same on the socket that the arguments or the daemon's settings name.
 * Whatever goes wrong has been said, with what to do next: 0 means a reply
 * with "ok": true. */
int control_ask(const struct arguments *arguments, const char *op,
    const char *jail, json_t **ret_reply);

/* The command that starts jaild on this host. */
const char *control_start_command(void);

/* What to do when connecting ends with -error: a sentence. */
const char *control_next_step(int error);

#endif

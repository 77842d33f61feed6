/* Actions as tests of policies say them, and what is said of them. */
#ifndef JAILCTL_ACTION_TEXT_H
#define JAILCTL_ACTION_TEXT_H

#include <jansson.h>

#include "lang/decide.h"

/* "connect tcp 192.0.2.1 port 80", "read \"/etc/passwd\""; of a system call
 * with what is known of its arguments.  A new string; NULL without memory. */
char *action_text(const struct action *action);

/* "allowed", "denied with EPERM", "it depends on what is left open", ... */
void action_outcome(char *text, size_t size,
    const struct action_decision *decision);

/* True for what is allowed here and may be denied by the modes, owners and
 * access control lists of files all the same. */
bool action_has_permissions(const struct action *action,
    const struct action_decision *decision);

/* answer, why, errno, kills, quiet, and file, line and column of the line
 * that decides, null where it is built in. */
json_t *action_decision_json(const struct action_decision *decision);

/* file, line and column; all null when origin is NULL. */
json_t *origin_json(const struct origin *origin);

/* "policy.jail:3:5", or "built in", on standard output. */
void origin_print(const struct origin *origin);

#endif

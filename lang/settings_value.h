/* Values as the language says them. */
#ifndef LANG_SETTINGS_VALUE_H
#define LANG_SETTINGS_VALUE_H

#include <stdbool.h>
#include <stdio.h>

#include "lang/policy.h"

/* Writes text as a string of the language; a template keeps its '$'. */
void settings_write_string(FILE *out, const char *text, bool is_template);

/* "deny errno ENOSYS io_uring_setup"; "tasks 2048"; what stands behind
 * "mount".  0, or -EINVAL when the language has no words for it. */
int settings_write_rule(FILE *out, const struct syscall_rule *rule);
int settings_write_limit(FILE *out, enum limit_kind kind, uint64_t value);
int settings_write_mount(FILE *out, const struct policy_mount *mount);

#endif

/* Values as the language says them. */
#ifndef LANG_SETTINGS_VALUE_H
#define LANG_SETTINGS_VALUE_H

#include <stdbool.h>
#include <stdio.h>

#include "lang/policy.h"

/* Writes text as a string of the language; a template keeps its '$'. */
void settings_write_string(FILE *out, const char *text, bool is_template);

/* "deny errno ENOSYS io_uring_setup"; the call alone; "tasks 2048"; what
 * stands behind "mount".  0, or -EINVAL when the language has no words for it. */
int settings_write_rule(FILE *out, const struct syscall_rule *rule);
int settings_write_call(FILE *out, const struct syscall_rule *rule);
int settings_write_limit(FILE *out, enum limit_kind kind, uint64_t value);
int settings_write_limit_value(FILE *out, enum limit_kind kind,
    uint64_t value);
int settings_write_bound(FILE *out, const struct policy_bound *bound);
int settings_write_mount(FILE *out, const struct policy_mount *mount);
int settings_write_flow_rule(FILE *out, const struct flow_rule *rule);
int settings_write_flow(FILE *out, const struct flow *flow);
int settings_write_published(FILE *out, const struct publish_rule *rule);
int settings_write_destination(FILE *out, const struct destination *to);
int settings_write_address(FILE *out, const struct address_range *range);
int settings_write_root(FILE *out, const struct jail *jail);

/* Words by their bits, or none; a duration or a word; what stands behind
 * "secret". */
void settings_write_bits(FILE *out, uint64_t bits, const char *const *words);
void settings_write_persist(FILE *out, uint64_t seconds);
void settings_write_secret(FILE *out, const struct policy_secret *secret);

#endif

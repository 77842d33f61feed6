/* The words of the language by the enums they name, NULL-terminated. */
#ifndef LANG_WORDS_H
#define LANG_WORDS_H

extern const char *const tier_words[];
extern const char *const mode_words[];
extern const char *const home_words[];
extern const char *const network_words[];
extern const char *const profile_words[];
extern const char *const action_words[];
extern const char *const limit_words[];
extern const char *const flow_words[];

/* Word i is bit i: PROTOCOL_*. */
extern const char *const protocol_words[];

/* Bit i of jail.audit is word i. */
extern const char *const audit_words[];

/* What `tolerate missing` may name. */
extern const char *const feature_words[];

#endif

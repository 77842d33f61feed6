/* What may stand in jaild.conf, one row a setting. */
#ifndef CONFIG_SETTING_H
#define CONFIG_SETTING_H

#include <stddef.h>

#include <libconfig.h>

#include "config/config.h"

#define N_SETTINGS 17
#define AT(member) offsetof(struct config, member)

enum setting_kind {
	KIND_PATH = 1,		/* char * */
	KIND_OPTIONAL_PATH,	/* char *, may be "" */
	KIND_GROUP,		/* char * */
	KIND_NUMBER,		/* uint32_t */
	KIND_SWITCH,		/* bool */
	KIND_WORD,		/* an enum, in the order of its words */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;		/* in struct config */
	uint32_t min, max;	/* of numbers; max of strings: bytes */
	const char *text;	/* default of strings */
	uint32_t value;		/* default of all others */
	const char *const *words;	/* NULL at the end */
};

/* In the order of jaild.conf(5). */
extern const struct setting config_settings[N_SETTINGS];

/* Gives the setting its default.  0 or -ENOMEM. */
int setting_reset(struct config *config, const struct setting *setting);

/* Gives it what the file says.  0; -EINVAL: it is not allowed; -ENOMEM. */
int setting_take(struct config *config, const struct setting *setting,
    const config_setting_t *said);

/* Frees what it has. */
void setting_free(struct config *config, const struct setting *setting);

/* Writes what is allowed, in words that go behind "must be", and the default
 * as it would stand in the file. */
void setting_say_allowed(FILE *out, const struct setting *setting);
void setting_say_default(FILE *out, const struct setting *setting);

#endif

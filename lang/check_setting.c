#include "config.h"

#include <string.h>

#include "lang/capability.h"
#include "lang/check.h"
#include "lang/words.h"

static bool
check_image(struct checker *c, const struct token *token)
{
	if (token->broken)
		return false;
	if (token->text[0] != '\0' && token->text[0] != '-' &&
	    strpbrk(token->text, " \t\n") == NULL)
		return true;
	report_error(c->diagnostics, &token->place, NULL,
	    "an image has a name without blanks, such as "
	    "\"registry.example.org/ci:1\"");
	return false;
}

static bool
check_root(struct checker *c, struct setting *s)
{
	if (s->string == NULL)
		return true;
	s->text = s->string->text;
	return s->choice == ROOT_IMAGE ? check_image(c, s->string) :
	    check_path(c, s->string, false);
}

static bool
check_path_text(struct checker *c, struct setting *s)
{
	s->text = s->string->text;
	return check_path(c, s->string, false);
}

/* The letters outside of variables. */
static bool
check_hostname(struct checker *c, struct setting *s)
{
	const char *at = s->string->text;

	if (s->string->broken)
		return false;
	s->text = at;
	if (*at == '\0' || (!s->string->has_variable && strlen(at) > 63)) {
		report_error(c->diagnostics, &s->string->place, NULL,
		    "a host name has 1 to 63 letters");
		return false;
	}
	while (*at != '\0') {
		if (at[0] == '$' && at[1] == '{')
			at += strcspn(at, "}") + 1;
		else if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST"
		    "UVWXYZ0123456789-.", *at) != NULL)
			at++;
		else
			break;
	}
	if (*at == '\0')
		return true;
	report_error(c->diagnostics, &s->string->place, NULL,
	    "a host name is made of letters, digits, '-' and '.'");
	return false;
}

static bool
check_umask(struct checker *c, struct setting *s)
{
	return check_octal(c, s->number, 0777, &s->value);
}

static bool
check_always(struct checker *c, struct setting *s)
{
	(void)c;
	(void)s;
	return true;
}

/* Bits by the words of a list. */
static bool
check_bits(struct checker *c, struct setting *s, const char *const *words,
    const char *what)
{
	struct values values = check_expand(c, &s->list);
	bool good = check_alone(c, &values);
	unsigned bit;

	for (size_t i = 0; i < values.n; i++) {
		if (check_is_none(values.items[i].token))
			continue;
		if (check_word(c, &values.items[i], words, what, &bit))
			s->value |= UINT64_C(1) << bit;
		else
			good = false;
	}
	return good;
}

static bool
check_capabilities(struct checker *c, struct setting *s)
{
	return check_bits(c, s, capability_words, "capability");
}

static bool
check_audit(struct checker *c, struct setting *s)
{
	return check_bits(c, s, audit_words, "audit word");
}

static bool
check_persist(struct checker *c, struct setting *s)
{
	return check_persist_value(c, s->word, &s->value);
}

static bool (*const checks[SETTING_KINDS])(struct checker *c,
    struct setting *s) = {
	[SETTING_TIER] = check_always,
	[SETTING_MODE] = check_always,
	[SETTING_ROOT] = check_root,
	[SETTING_SHELL] = check_path_text,
	[SETTING_HOSTNAME] = check_hostname,
	[SETTING_WORKDIR] = check_path_text,
	[SETTING_UMASK] = check_umask,
	[SETTING_HOME] = check_always,
	[SETTING_NETWORK] = check_network,
	[SETTING_SYSCALLS] = check_call_rules,
	[SETTING_CAPABILITIES] = check_capabilities,
	[SETTING_AUDIT] = check_audit,
	[SETTING_PERSIST] = check_persist,
	[SETTING_MOUNT] = check_mount,
	[SETTING_DEVICE] = check_device,
	[SETTING_ENVIRONMENT] = check_environment,
	[SETTING_SECRET] = check_secret,
	[SETTING_LIMIT] = check_limit,
	[SETTING_TOLERATE] = check_tolerate,
	[SETTING_UNDO] = check_always,
};

void
check_setting(struct checker *c, struct setting *setting)
{
	setting->valid = checks[setting->kind](c, setting);
}

#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/check.h"
#include "lang/words.h"

#define VALUE_MAX_BYTES 4096	/* of a variable: PROTOCOL_VARIABLE_MAX */

/* What a limit's value looks like, and what this build can hold it to. */
struct limit_syntax {
	enum token_kind kind;
	bool built;
	uint64_t max;
};

static const struct limit_syntax limits[LIMIT_KINDS] = {
	[LIMIT_TASKS] = { TOKEN_NUMBER, true, 4194304 },
	[LIMIT_OPEN_FILES] = { TOKEN_NUMBER, true, 1048576 },
	[LIMIT_SESSIONS] = { TOKEN_NUMBER, false, 65536 },
	[LIMIT_SESSION_TIME] = { TOKEN_DURATION, false, UINT32_MAX },
	[LIMIT_IDLE_TIME] = { TOKEN_DURATION, false, UINT32_MAX },
	[LIMIT_MEMORY] = { TOKEN_SIZE, false, INT64_MAX },
	[LIMIT_CPU] = { TOKEN_PERCENT, false, 1000000 },
	[LIMIT_DISK] = { TOKEN_SIZE, false, INT64_MAX },
	[LIMIT_LOCKED_MEMORY] = { TOKEN_SIZE, false, INT64_MAX },
};

static void
not_built(struct checker *c, const struct token *at, const char *what)
{
	report_error(c->diagnostics, &at->place, NULL,
	    "%s is not in this build", what);
}

/* The same digits with a unit of the kind that is wanted: 512m and 512M. */
static const char *
other_unit(struct checker *c, const struct token *token, enum token_kind want)
{
	size_t n = strlen(token->text);

	if (n < 2 || token->text[n - 1] != (want == TOKEN_SIZE ? 'm' : 'M') ||
	    (want != TOKEN_SIZE && want != TOKEN_DURATION))
		return NULL;
	return arena_printf(c->arena, "%.*s%c", (int)n - 1, token->text,
	    want == TOKEN_SIZE ? 'M' : 'm');
}

static const char *
unit_hint(enum token_kind want)
{
	static const char *const hints[TOKEN_KINDS] = {
		[TOKEN_SIZE] = " with its unit (K, M, G, T)",
		[TOKEN_DURATION] = " with its unit (s, m, h, d)",
		[TOKEN_PERCENT] = " (such as 200%)",
		[TOKEN_NUMBER] = "",
	};

	return hints[want];
}

static bool
check_number(struct checker *c, const struct value *value,
    enum token_kind want, uint64_t max)
{
	const struct token *token = value->token;

	if (token->broken)
		return false;
	if (token->kind != want) {
		report_error(c->diagnostics, &token->place,
		    other_unit(c, token, want), "expected %s%s",
		    token_kind_name(want), unit_hint(want));
	} else if (want == TOKEN_NUMBER && token->text[0] == '0' &&
	    token->text[1] >= '0' && token->text[1] <= '9') {
		report_error(c->diagnostics, &token->place, NULL,
		    "a number has no leading zero; only modes are octal");
	} else if (token->number == 0 || token->number > max) {
		report_error(c->diagnostics, &token->place, NULL,
		    token->number == 0 ? "the value must not be zero" :
		    "the value is too large");
	} else {
		return true;
	}
	check_note_use(c, value);
	return false;
}

static bool
check_octal(struct checker *c, const struct token *token, uint32_t max,
    uint64_t *ret)
{
	const char *suggestion = NULL;
	size_t n = strlen(token->text);
	uint64_t mode = 0;

	if (token->broken)
		return false;
	if (strspn(token->text, "01234567") != n || n < 3 || n > 4) {
		if (strspn(token->text, "01234567") == n && n < 3)
			suggestion = arena_printf(c->arena, "%03o",
			    (unsigned)strtoul(token->text, NULL, 8));
		report_error(c->diagnostics, &token->place, suggestion,
		    "a mode is octal, with three or four digits");
		return false;
	}
	for (const char *at = token->text; *at != '\0'; at++)
		mode = mode * 8 + (uint64_t)(*at - '0');
	if (mode > max) {
		report_error(c->diagnostics, &token->place, NULL,
		    "the mode is more than %04o", max);
		return false;
	}
	*ret = mode;
	return true;
}

static bool
check_tier(struct checker *c, struct setting *s)
{
	if (s->choice == TIER_NAMESPACE || s->choice == TIER_CHROOT)
		return true;
	not_built(c, s->word, arena_printf(c->arena, "tier %s",
	    s->word->text));
	return false;
}

static bool
check_root(struct checker *c, struct setting *s)
{
	if (s->choice == ROOT_HOST && !s->copy_on_write)
		return true;
	not_built(c, s->word, s->choice == ROOT_HOST ?
	    "a root that is copied on write" : "another root than 'host'");
	return false;
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
check_network(struct checker *c, struct setting *s)
{
	if (s->choice != NETWORK_FILTERED)
		return true;
	not_built(c, s->word, "network filtered");
	return false;
}

static bool
check_always(struct checker *c, struct setting *s)
{
	(void)c;
	(void)s;
	return true;
}

static bool
is_none(const struct token *token)
{
	return token->kind == TOKEN_WORD && strcmp(token->text, "none") == 0;
}

static bool
check_capabilities(struct checker *c, struct setting *s)
{
	struct values values = check_expand(c, &s->list);

	if (values.n == 1 && is_none(values.items[0].token))
		return true;
	if (values.n > 0)
		not_built(c, values.items[0].token, "a capability");
	return false;
}

/* Takes a word of the list; *ret_index is which one. */
static bool
check_word(struct checker *c, const struct value *value,
    const char *const *words, const char *what, unsigned *ret_index)
{
	const struct token *token = value->token;

	for (unsigned i = 0; words[i] != NULL; i++) {
		if (token->kind != TOKEN_WORD ||
		    strcmp(words[i], token->text) != 0)
			continue;
		*ret_index = i;
		return true;
	}
	if (!token->broken) {
		report_error(c->diagnostics, &token->place,
		    suggest(token->text, words), "unknown %s '%s'", what,
		    token->text);
		check_note_use(c, value);
	}
	return false;
}

static bool
check_audit(struct checker *c, struct setting *s)
{
	struct values values = check_expand(c, &s->list);
	bool good = true;
	unsigned bit;

	if (values.n == 1 && is_none(values.items[0].token))
		return true;
	for (size_t i = 0; i < values.n; i++) {
		if (is_none(values.items[i].token)) {
			report_error(c->diagnostics,
			    &values.items[i].token->place, NULL,
			    "'none' stands alone");
			good = false;
		} else if (check_word(c, &values.items[i], audit_words,
		    "audit word", &bit))
			s->value |= UINT64_C(1) << bit;
		else
			good = false;
	}
	return good;
}

static bool
check_persist(struct checker *c, struct setting *s)
{
	if (s->choice == 0)
		return true;
	not_built(c, s->word, "a jail that persists");
	return false;
}

static bool
check_tmpfs(struct checker *c, struct setting *s)
{
	const struct value size = { .token = s->size };
	uint64_t mode = 01777;

	if (!check_mount_target(c, s->string, MOUNT_TMPFS) ||
	    !check_number(c, &size, TOKEN_SIZE, INT64_MAX))
		return false;
	if (s->permissions != NULL &&
	    !check_octal(c, s->permissions, 01777, &mode))
		return false;
	s->mount.target = s->string->text;
	s->mount.size_bytes = s->size->number;
	s->mount.permissions = (uint32_t)mode;
	return true;
}

static bool
check_bind(struct checker *c, struct setting *s)
{
	const struct token *target =
	    s->target != NULL ? s->target : s->string;
	bool good = check_path(c, s->string, false);

	s->mount.target = target->text;
	if (s->mount.mode != MOUNT_HIDDEN)
		s->mount.source = s->string->text;
	return check_mount_target(c, target, s->mount.mode) && good;
}

static bool
check_mount(struct checker *c, struct setting *s)
{
	s->mount.mode = (enum mount_mode)s->choice;
	s->mount.fresh = s->fresh;
	s->mount.noexec = s->noexec;
	s->mount.optional = s->optional;
	return s->mount.mode == MOUNT_TMPFS ? check_tmpfs(c, s)
	    : check_bind(c, s);
}

static bool
check_device(struct checker *c, struct setting *s)
{
	if (!check_path(c, s->string, true))
		return false;
	s->device.path = s->string->text;
	s->device.read_only = s->read_only;
	s->device.optional = s->optional;
	if (path_is_below(s->string->text, "/dev"))
		return true;
	report_error(c->diagnostics, &s->string->place, NULL,
	    "a device's path begins with /dev/");
	return false;
}

static bool
check_assignment(struct checker *c, struct assignment *a)
{
	a->variable.name = a->name->text;
	a->variable.value = a->value->text;
	if (a->value->broken)
		return false;
	if (strchr(a->name->text, '-') != NULL)
		report_error(c->diagnostics, &a->name->place, NULL,
		    "a variable's name has no '-'");
	else if (strlen(a->name->text) + strlen(a->value->text) + 2 >
	    VALUE_MAX_BYTES)
		report_error(c->diagnostics, &a->value->place, NULL,
		    "the value is longer than %d bytes", VALUE_MAX_BYTES);
	else
		return true;
	return false;
}

static bool
check_environment(struct checker *c, struct setting *s)
{
	for (size_t i = 0; i < s->n_assignments; i++)
		s->assignments[i].valid =
		    check_assignment(c, &s->assignments[i]);
	return true;
}

static bool
check_limit(struct checker *c, struct setting *s)
{
	const struct limit_syntax *limit = &limits[s->choice];
	const struct token_list list = { .items = &s->number, .n = 1 };
	struct values values = check_expand(c, &list);

	if (values.n != 1) {
		if (values.n > 1)
			report_error(c->diagnostics, &s->number->place, NULL,
			    "a limit has one value");
		return false;
	}
	if (!check_number(c, &values.items[0], limit->kind, limit->max))
		return false;
	s->value = values.items[0].token->number;
	if (!limit->built)
		not_built(c, s->word, arena_printf(c->arena, "limit %s",
		    s->word->text));
	return limit->built;
}

static bool
check_tolerate(struct checker *c, struct setting *s)
{
	struct values values = check_expand(c, &s->list);
	unsigned index;

	for (size_t i = 0; i < values.n; i++)
		if (check_word(c, &values.items[i], feature_words, "feature",
		    &index))
			arena_push(c->arena, s->features, s->n_features)->name =
			    feature_words[index];
	return true;
}

static bool (*const checks[SETTING_KINDS])(struct checker *c,
    struct setting *s) = {
	[SETTING_TIER] = check_tier,
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
	[SETTING_SECRET] = check_always,
	[SETTING_LIMIT] = check_limit,
	[SETTING_TOLERATE] = check_tolerate,
	[SETTING_UNDO] = check_always,
};

void
check_setting(struct checker *c, struct setting *setting)
{
	setting->valid = checks[setting->kind](c, setting);
}

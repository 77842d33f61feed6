/* The settings that collect. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "lang/check.h"
#include "lang/danger.h"
#include "lang/words.h"

#define VALUE_MAX_BYTES 4096	/* of a variable: PROTOCOL_VARIABLE_MAX */

/* What a limit's value looks like. */
struct limit_syntax {
	enum token_kind kind;
	uint64_t max;
};

static const struct limit_syntax limits[LIMIT_KINDS] = {
	[LIMIT_TASKS] = { TOKEN_NUMBER, 4194304 },
	[LIMIT_OPEN_FILES] = { TOKEN_NUMBER, 1048576 },
	[LIMIT_SESSIONS] = { TOKEN_NUMBER, 65536 },
	[LIMIT_SESSION_TIME] = { TOKEN_DURATION, UINT32_MAX },
	[LIMIT_IDLE_TIME] = { TOKEN_DURATION, UINT32_MAX },
	[LIMIT_MEMORY] = { TOKEN_SIZE, INT64_MAX },
	[LIMIT_CPU] = { TOKEN_PERCENT, 1000000 },
	[LIMIT_DISK] = { TOKEN_SIZE, INT64_MAX },
	[LIMIT_LOCKED_MEMORY] = { TOKEN_SIZE, INT64_MAX },
};

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

/* A source that a variable stands in is nobody's knowledge here. */
static void
warn_source(struct checker *c, const struct token *token, bool writable)
{
	const char *why = token->has_variable ? NULL :
	    danger_of_source(token_plain_text(c->arena, token), writable);

	if (why != NULL)
		report_warning(c->diagnostics, &token->place,
		    "no jail should have this: \"%s\" %s", token->text, why);
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
	if (s->mount.mode != MOUNT_HIDDEN && good)
		warn_source(c, s->string,
		    s->mount.mode == MOUNT_READ_WRITE);
	return check_mount_target(c, target, s->mount.mode) && good;
}

bool
check_mount(struct checker *c, struct setting *s)
{
	s->mount.mode = (enum mount_mode)s->choice;
	s->mount.fresh = s->fresh;
	s->mount.noexec = s->noexec;
	s->mount.optional = s->optional;
	return s->mount.mode == MOUNT_TMPFS ? check_tmpfs(c, s)
	    : check_bind(c, s);
}

bool
check_device(struct checker *c, struct setting *s)
{
	const char *why;

	if (!check_path(c, s->string, true))
		return false;
	s->device.path = s->string->text;
	s->device.read_only = s->read_only;
	s->device.optional = s->optional;
	if (path_is_below(s->string->text, "/dev")) {
		why = danger_of_device(s->string->text);
		if (why != NULL)
			report_warning(c->diagnostics, &s->string->place,
			    "no jail should have this: \"%s\" %s",
			    s->string->text, why);
		return true;
	}
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

bool
check_environment(struct checker *c, struct setting *s)
{
	for (size_t i = 0; i < s->n_assignments; i++)
		s->assignments[i].valid =
		    check_assignment(c, &s->assignments[i]);
	return true;
}

bool
check_limit_value(struct checker *c, const struct token *token,
    enum limit_kind kind, uint64_t *ret)
{
	const struct limit_syntax *limit = &limits[kind];
	const struct token_list list = { .items = &token, .n = 1 };
	struct values values = check_expand(c, &list);

	if (values.n > 1)
		report_error(c->diagnostics, &token->place, NULL,
		    "a limit has one value");
	if (values.n != 1 ||
	    !check_number(c, &values.items[0], limit->kind, limit->max))
		return false;
	*ret = values.items[0].token->number;
	return true;
}

bool
check_limit(struct checker *c, struct setting *s)
{
	return check_limit_value(c, s->number, (enum limit_kind)s->choice,
	    &s->value);
}

/* What stands in front of the ':' of a header (RFC 9110). */
static bool
check_header(struct checker *c, const struct token *token)
{
	const char *at = token->text;

	while (isalnum((unsigned char)*at) || (*at != '\0' &&
	    strchr("!#%&'*+-.^_`|~", *at) != NULL))
		at++;
	if (*at == '\0' && at != token->text)
		return true;
	if (!token->broken)
		report_error(c->diagnostics, &token->place, NULL,
		    "expected the name of a header, such as \"Authorization\"");
	return false;
}

bool
check_secret(struct checker *c, struct setting *s)
{
	bool good = check_path(c, s->string, false);

	s->secret = (struct policy_secret) { .name = s->word->text,
		.source = s->string->text,
		.kind = (enum secret_kind)s->choice };
	if (s->target != NULL)
		s->secret.target = s->target->text;
	if (s->secret.kind == SECRET_FILE)
		return check_mount_target(c, s->target, MOUNT_READ_ONLY) &&
		    good;
	if (s->secret.kind == SECRET_SSH_AGENT)
		return good;
	good = check_header(c, s->target) && good;
	s->secret.host = check_host_name(c, s->host, false);
	return s->secret.host != NULL && good;
}

bool
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

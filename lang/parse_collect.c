/* Settings that collect, and what takes them back. */
#include "config.h"

#include <string.h>

#include "lang/parse.h"
#include "lang/words.h"

static const char *const collecting[] = {
	"mount", "device", "environment", "secret", "limit", "tolerate", NULL
};

static bool
parse_mount_flags(struct parser *p, struct setting *s)
{
	for (;;) {
		if (parse_is_word(p, "noexec") && !s->noexec)
			s->noexec = true;
		else if (parse_is_word(p, "optional") && !s->optional &&
		    s->choice != MOUNT_TMPFS)
			s->optional = true;
		else
			return true;
		parse_next(p);
	}
}

static bool
parse_tmpfs_mode(struct parser *p, struct setting *s)
{
	if (s->permissions != NULL || !parse_accept_word(p, "mode"))
		return true;
	s->permissions = parse_expect(p, TOKEN_NUMBER, "an octal mode");
	return s->permissions != NULL;
}

static bool
parse_tmpfs(struct parser *p, struct setting *s)
{
	s->choice = MOUNT_TMPFS;
	s->string = parse_expect(p, TOKEN_STRING, "a path in quotes");
	if (s->string == NULL)
		return false;
	if (!parse_accept_word(p, "size"))
		return parse_error(p, "'size': a tmpfs has one");
	s->size = p->at;
	if (p->at->kind < TOKEN_NUMBER)
		return parse_error(p, "a size (such as 512M)");
	parse_next(p);
	return parse_tmpfs_mode(p, s) && parse_mount_flags(p, s) &&
	    parse_tmpfs_mode(p, s);
}

bool
parse_setting_mount(struct parser *p, struct setting *s)
{
	static const char *const words[] = {
		"read-only", "read-write", "copy-on-write", "hidden", "at", NULL
	};
	static const enum mount_mode mount_modes[] = {
		MOUNT_READ_ONLY, MOUNT_READ_WRITE, MOUNT_COPY_ON_WRITE,
		MOUNT_HIDDEN
	};

	if (parse_accept_word(p, "tmpfs"))
		return parse_tmpfs(p, s);
	s->string = parse_expect(p, TOKEN_STRING,
	    "'tmpfs' or a path in quotes");
	if (s->string == NULL)
		return false;
	if (parse_accept_word(p, "at")) {
		s->target = parse_expect(p, TOKEN_STRING, "a path in quotes");
		if (s->target == NULL)
			return false;
	}
	if (s->target != NULL && parse_is_word(p, "hidden"))
		return parse_error(p, "read-only, read-write or copy-on-write");
	if (!parse_setting_word(p, s, words, "how it is mounted"))
		return false;
	if (s->choice == 4)
		return parse_error(p, "one 'at'");
	s->choice = mount_modes[s->choice];
	if (s->choice == MOUNT_HIDDEN)
		return true;
	if (s->choice == MOUNT_COPY_ON_WRITE)
		s->fresh = parse_accept_word(p, "fresh");
	return parse_mount_flags(p, s);
}

bool
parse_setting_device(struct parser *p, struct setting *s)
{
	s->string = parse_expect(p, TOKEN_STRING, "a device's path in quotes");
	if (s->string == NULL)
		return false;
	s->read_only = parse_accept_word(p, "read-only");
	s->optional = parse_accept_word(p, "optional");
	return true;
}

bool
parse_setting_environment(struct parser *p, struct setting *s)
{
	struct assignment *a;

	if (!parse_accept_word(p, "set"))
		return parse_error(p, "'set'");
	do {
		a = arena_push(p->arena, s->assignments, s->n_assignments);
		a->name = parse_expect(p, TOKEN_WORD, "a variable's name");
		if (a->name == NULL ||
		    parse_expect(p, TOKEN_ASSIGN, "'='") == NULL)
			return false;
		parse_skip_newlines(p);
		a->value = parse_expect(p, TOKEN_STRING,
		    "the value in quotes");
		if (a->value == NULL)
			return false;
	} while (parse_comma(p));
	return true;
}

/* Where a secret goes: at STRING, ssh-agent, header STRING to STRING. */
static bool
parse_secret_use(struct parser *p, struct setting *s)
{
	static const char *const words[] = { "at", "ssh-agent", "header",
		NULL };
	static const enum secret_kind kinds[] = { SECRET_FILE,
		SECRET_SSH_AGENT, SECRET_HEADER };

	if (parse_choice(p, words, "where the secret goes", &s->choice) ==
	    NULL)
		return false;
	s->choice = kinds[s->choice];
	if (s->choice == SECRET_SSH_AGENT)
		return true;
	s->target = parse_expect(p, TOKEN_STRING, s->choice == SECRET_FILE ?
	    "a path in quotes" : "a header's name in quotes");
	if (s->target == NULL || s->choice == SECRET_FILE)
		return s->target != NULL;
	if (!parse_accept_word(p, "to"))
		return parse_error(p, "'to' and the host that gets it");
	s->host = parse_expect(p, TOKEN_STRING, "a host name in quotes");
	return s->host != NULL;
}

bool
parse_setting_secret(struct parser *p, struct setting *s)
{
	s->word = parse_expect(p, TOKEN_WORD, "the secret's name");
	if (s->word == NULL)
		return false;
	if (!parse_accept_word(p, "from"))
		return parse_error(p, "'from' and the file that holds it");
	s->string = parse_expect(p, TOKEN_STRING, "a path in quotes");
	return s->string != NULL && parse_secret_use(p, s);
}

bool
parse_setting_limit(struct parser *p, struct setting *s)
{
	if (!parse_setting_word(p, s, limit_words, "what is limited"))
		return false;
	if (p->at->kind < TOKEN_WORD)
		return parse_error(p, "a value");
	s->number = parse_next(p);
	return true;
}

bool
parse_setting_tolerate(struct parser *p, struct setting *s)
{
	if (!parse_accept_word(p, "missing"))
		return parse_error(p, "'missing'");
	return parse_tail(p, &s->list, "a feature");
}

bool
parse_setting_undo(struct parser *p, struct setting *s)
{
	static const char *const singles[] = {
		"tier", "mode", "root", "shell", "hostname", "workdir", "umask",
		"home", "network", "syscalls", "capabilities", "audit",
		"persist", NULL
	};

	for (size_t i = 0; singles[i] != NULL; i++) {
		if (!parse_is_word(p, singles[i]))
			continue;
		report_error(p->diagnostics, &p->at->place, NULL,
		    "'no' does not work on '%s'; write '%s' with the value "
		    "that shall hold", singles[i], singles[i]);
		parse_recover(p, p->depth);
		return true;
	}
	return parse_setting_word(p, s, collecting, "what is taken back") &&
	    parse_tail(p, &s->list, "what is taken back");
}

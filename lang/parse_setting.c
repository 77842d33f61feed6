#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/parse.h"
#include "lang/words.h"

/* One row a directive: the words of its grammar are in its function. */
struct setting_syntax {
	const char *word;
	bool (*parse)(struct parser *p, struct setting *setting);
};

static const char *const roots[] = {
	"empty", "image", "host", NULL
};
static const char *const collecting[] = {
	"mount", "device", "environment", "secret", "limit", "tolerate", NULL
};

static bool
choose(struct parser *p, struct setting *s, const char *const *words,
    const char *what)
{
	s->word = parse_choice(p, words, what, &s->choice);
	return s->word != NULL;
}

static bool
parse_tier(struct parser *p, struct setting *s)
{
	return choose(p, s, tier_words, "a tier");
}

static bool
parse_mode(struct parser *p, struct setting *s)
{
	return choose(p, s, mode_words, "a mode");
}

static bool
parse_copy_on_write(struct parser *p, struct setting *s)
{
	s->copy_on_write = parse_accept_word(p, "copy-on-write");
	if (s->copy_on_write)
		s->fresh = parse_accept_word(p, "fresh");
	return true;
}

static bool
parse_root(struct parser *p, struct setting *s)
{
	static const enum root_kind kinds[] = {
		ROOT_EMPTY, ROOT_IMAGE, ROOT_HOST
	};

	if (parse_is(p, TOKEN_STRING)) {
		s->choice = ROOT_DIRECTORY;
		s->word = s->string = parse_next(p);
		return parse_copy_on_write(p, s);
	}
	if (!choose(p, s, roots, "a root: a path in quotes"))
		return false;
	s->choice = kinds[s->choice];
	if (s->choice == ROOT_IMAGE) {
		s->string = parse_expect(p, TOKEN_STRING,
		    "an image in quotes");
		if (s->string == NULL)
			return false;
	}
	return parse_copy_on_write(p, s);
}

static bool
parse_text(struct parser *p, struct setting *s)
{
	s->string = parse_expect(p, TOKEN_STRING, "a string in quotes");
	return s->string != NULL;
}

static bool
parse_umask(struct parser *p, struct setting *s)
{
	s->number = parse_expect(p, TOKEN_NUMBER, "an octal mode");
	return s->number != NULL;
}

static bool
parse_home(struct parser *p, struct setting *s)
{
	if (!choose(p, s, home_words, "a kind of home"))
		return false;
	if (s->choice == HOME_PRIVATE || s->choice == HOME_COPY_ON_WRITE)
		s->fresh = parse_accept_word(p, "fresh");
	return true;
}

static bool
parse_network(struct parser *p, struct setting *s)
{
	if (!choose(p, s, network_words, "a network"))
		return false;
	if (s->choice != NETWORK_FILTERED)
		return true;
	return parse_block(p, s->keyword, parse_network_rule, s);
}

static bool
parse_syscalls(struct parser *p, struct setting *s)
{
	if (!choose(p, s, profile_words, "a profile of system calls"))
		return false;
	if (!parse_at_block(p))
		return true;
	return parse_block(p, s->keyword, parse_call_rule, s);
}

static bool
parse_words(struct parser *p, struct setting *s)
{
	return parse_tail(p, &s->list, "a word");
}

static bool
parse_persist(struct parser *p, struct setting *s)
{
	static const char *const words[] = { "none", "until-stopped", NULL };

	if (parse_is(p, TOKEN_DURATION)) {
		s->word = parse_next(p);
		s->choice = 2;
		return true;
	}
	return choose(p, s, words, "a duration or a word");
}

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

static bool
parse_mount(struct parser *p, struct setting *s)
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
	if (!choose(p, s, words, "how it is mounted"))
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

static bool
parse_device(struct parser *p, struct setting *s)
{
	s->string = parse_expect(p, TOKEN_STRING, "a device's path in quotes");
	if (s->string == NULL)
		return false;
	s->read_only = parse_accept_word(p, "read-only");
	s->optional = parse_accept_word(p, "optional");
	return true;
}

static bool
parse_environment(struct parser *p, struct setting *s)
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

static bool
parse_secret(struct parser *p, struct setting *s)
{
	s->word = parse_expect(p, TOKEN_WORD, "the secret's name");
	if (s->word == NULL)
		return false;
	if (!parse_accept_word(p, "from"))
		return parse_error(p, "'from' and the file that holds it");
	s->string = parse_expect(p, TOKEN_STRING, "a path in quotes");
	return s->string != NULL && parse_secret_use(p, s);
}

static bool
parse_limit(struct parser *p, struct setting *s)
{
	if (!choose(p, s, limit_words, "what is limited"))
		return false;
	if (p->at->kind < TOKEN_WORD)
		return parse_error(p, "a value");
	s->number = parse_next(p);
	return true;
}

static bool
parse_tolerate(struct parser *p, struct setting *s)
{
	if (!parse_accept_word(p, "missing"))
		return parse_error(p, "'missing'");
	return parse_tail(p, &s->list, "a feature");
}

static bool
parse_undo(struct parser *p, struct setting *s)
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
	return choose(p, s, collecting, "what is taken back") &&
	    parse_tail(p, &s->list, "what is taken back");
}

static const struct setting_syntax settings[SETTING_KINDS] = {
	[SETTING_TIER] = { "tier", parse_tier },
	[SETTING_MODE] = { "mode", parse_mode },
	[SETTING_ROOT] = { "root", parse_root },
	[SETTING_SHELL] = { "shell", parse_text },
	[SETTING_HOSTNAME] = { "hostname", parse_text },
	[SETTING_WORKDIR] = { "workdir", parse_text },
	[SETTING_UMASK] = { "umask", parse_umask },
	[SETTING_HOME] = { "home", parse_home },
	[SETTING_NETWORK] = { "network", parse_network },
	[SETTING_SYSCALLS] = { "syscalls", parse_syscalls },
	[SETTING_CAPABILITIES] = { "capabilities", parse_words },
	[SETTING_AUDIT] = { "audit", parse_words },
	[SETTING_PERSIST] = { "persist", parse_persist },
	[SETTING_MOUNT] = { "mount", parse_mount },
	[SETTING_DEVICE] = { "device", parse_device },
	[SETTING_ENVIRONMENT] = { "environment", parse_environment },
	[SETTING_SECRET] = { "secret", parse_secret },
	[SETTING_LIMIT] = { "limit", parse_limit },
	[SETTING_TOLERATE] = { "tolerate", parse_tolerate },
	[SETTING_UNDO] = { "no", parse_undo },
};

const char *const *
setting_words(void)
{
	static const char *words[SETTING_KINDS + 1];

	for (size_t i = 0; i < SETTING_KINDS; i++)
		words[i] = settings[i].word;
	return words;
}

static bool
unknown_setting(struct parser *p)
{
	const char *const *statement = statement_words();

	if (!parse_is(p, TOKEN_WORD) || p->at->broken)
		return parse_error(p, "a setting");
	for (; *statement != NULL; statement++) {
		if (!parse_is_word(p, *statement))
			continue;
		report_error(p->diagnostics, &p->at->place, NULL,
		    "'%s' cannot stand in a block; is a '}' missing above?",
		    p->at->text);
		return false;
	}
	report_error(p->diagnostics, &p->at->place,
	    suggest_for(p->diagnostics, p->at->text, setting_words()),
	    "unknown setting '%s'",
	    p->at->text);
	return false;
}

bool
parse_setting(struct parser *p, void *context)
{
	struct part *part = context;
	struct setting *s = arena_alloc(p->arena, 1, sizeof(*s));
	size_t kind = 0;

	while (kind < SETTING_KINDS && !parse_is_word(p, settings[kind].word))
		kind++;
	if (kind < SETTING_KINDS) {
		s->kind = (enum setting_kind)kind;
		s->keyword = parse_next(p);
		if (settings[kind].parse(p, s)) {
			*arena_push(p->arena, part->settings,
			    part->n_settings) = s;
			return true;
		}
	} else {
		unknown_setting(p);
	}
	part->broken = true;
	return false;
}

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

bool
parse_setting_word(struct parser *p, struct setting *s,
    const char *const *words, const char *what)
{
	s->word = parse_choice(p, words, what, &s->choice);
	return s->word != NULL;
}

static bool
parse_tier(struct parser *p, struct setting *s)
{
	return parse_setting_word(p, s, tier_words, "a tier");
}

static bool
parse_mode(struct parser *p, struct setting *s)
{
	return parse_setting_word(p, s, mode_words, "a mode");
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
	if (!parse_setting_word(p, s, roots, "a root: a path in quotes"))
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
	if (!parse_setting_word(p, s, home_words, "a kind of home"))
		return false;
	if (s->choice == HOME_PRIVATE || s->choice == HOME_COPY_ON_WRITE)
		s->fresh = parse_accept_word(p, "fresh");
	return true;
}

static bool
parse_network(struct parser *p, struct setting *s)
{
	if (!parse_setting_word(p, s, network_words, "a network"))
		return false;
	if (s->choice != NETWORK_FILTERED)
		return true;
	return parse_block(p, s->keyword, parse_network_rule, s);
}

static bool
parse_syscalls(struct parser *p, struct setting *s)
{
	if (!parse_setting_word(p, s, profile_words, "a profile of system calls"))
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
	return parse_setting_word(p, s, words, "a duration or a word");
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
	[SETTING_MOUNT] = { "mount", parse_setting_mount },
	[SETTING_DEVICE] = { "device", parse_setting_device },
	[SETTING_ENVIRONMENT] = { "environment", parse_setting_environment },
	[SETTING_SECRET] = { "secret", parse_setting_secret },
	[SETTING_LIMIT] = { "limit", parse_setting_limit },
	[SETTING_TOLERATE] = { "tolerate", parse_setting_tolerate },
	[SETTING_UNDO] = { "no", parse_setting_undo },
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

#include "config.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/cleanup.h"
#include "lang/capability.h"
#include "lang/decide_part.h"

static const char *const answers[] = {
	[ANSWER_DENY] = "deny", [ANSWER_DEPENDS] = "depends",
	[ANSWER_LOG] = "log", [ANSWER_ALLOW] = "allow",
};

static const char *const kinds[ACTION_KINDS] = {
	[ACTION_INVALID] = "?", [ACTION_CONNECT] = "connect",
	[ACTION_RESOLVE] = "resolve", [ACTION_SYSCALL] = "syscall",
	[ACTION_READ] = "read", [ACTION_WRITE] = "write",
	[ACTION_EXECUTE] = "execute", [ACTION_DEVICE] = "device",
	[ACTION_CAPABILITY] = "capability",
};

const char *
answer_name(enum answer answer)
{
	return (size_t)answer < ARRAY_LENGTH(answers) ? answers[answer] : "?";
}

const char *
action_kind_name(enum action_kind kind)
{
	return (size_t)kind < ARRAY_LENGTH(kinds) ? kinds[kind] : "?";
}

__attribute__((format(printf, 4, 0)))
static void
set(struct action_decision *decision, enum answer answer,
    const struct origin *origin, const char *why, va_list arguments)
{
	decision->answer = answer;
	decision->origin = origin != NULL && origin->file != NULL ?
	    origin : NULL;
	vsnprintf(decision->why, sizeof(decision->why), why, arguments);
}

void
decision_set(struct action_decision *decision, enum answer answer,
    const struct origin *origin, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	set(decision, answer, origin, why, arguments);
	va_end(arguments);
}

void
tally_add(struct tally *tally, enum answer answer, const struct origin *origin,
    const char *why, ...)
{
	va_list arguments;

	if (tally->some) {
		if (tally->decision->answer != answer)
			tally->decision->answer = ANSWER_DEPENDS;
		return;
	}
	tally->some = true;
	va_start(arguments, why);
	set(tally->decision, answer, origin, why, arguments);
	va_end(arguments);
}

static void
decide_capability(const struct jail *jail, const struct action *action,
    struct action_decision *ret)
{
	const char *name = capability_name(action->capability);

	if (action->capability < 64 &&
	    (jail->capabilities & UINT64_C(1) << action->capability) != 0)
		decision_set(ret, ANSWER_ALLOW, &jail->capabilities_origin,
		    "The jail has %s.", name);
	else
		decision_set(ret, ANSWER_DENY, &jail->capabilities_origin,
		    "The jail does not have %s.", name);
}

void
decide_action(const struct jail *jail, const struct decide_facts *facts,
    const struct action *action, struct action_decision *ret)
{
	static void (*const deciders[ACTION_KINDS])(const struct jail *jail,
	    const struct action *action, struct action_decision *ret) = {
		[ACTION_CONNECT] = decide_connect,
		[ACTION_RESOLVE] = decide_resolve,
		[ACTION_SYSCALL] = decide_call,
		[ACTION_CAPABILITY] = decide_capability,
	};
	static const struct decide_facts none;

	*ret = (struct action_decision) { .answer = ANSWER_DENY };
	if ((size_t)action->kind < ACTION_KINDS &&
	    deciders[action->kind] != NULL)
		deciders[action->kind](jail, action, ret);
	else if (action->kind >= ACTION_READ && action->kind <= ACTION_DEVICE)
		decide_path(jail, facts == NULL ? &none : facts, action, ret);
	else
		decision_set(ret, ANSWER_DENY, NULL, "That is no action.");
}

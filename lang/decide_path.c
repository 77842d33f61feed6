/* What is at a path of the jail, and what may be done there.  The longest
 * path that holds it decides, as it does among mounts. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/base_tree.h"
#include "lang/decide_place.h"

static const struct template_values example = {
	.user = "agent", .uid = "1000", .gid = "1000", .group = "agent",
	.home = "/home/agent", .host = "localhost",
};

/* /var/run and /var/lock are links in every jail. */
static const struct {
	const char *link, *to;
} links[] = {
	{ "/var/run", "/run" }, { "/var/lock", "/run/lock" },
};

/* Folders that are links below /usr on most hosts, and folders on others. */
static const char *const merged[] = { "/bin", "/sbin", "/lib", "/lib32",
	"/lib64", "/libx32" };

static const struct {
	unsigned right;
	const char *done;	/* "can be ..." */
} rights_for[ACTION_KINDS] = {
	[ACTION_READ] = { PATH_READ, "read" },
	[ACTION_WRITE] = { PATH_WRITE, "written" },
	[ACTION_EXECUTE] = { PATH_EXECUTE, "executed" },
	[ACTION_DEVICE] = { PATH_DEVICE, "opened as a device" },
};

static void
judge(const struct paths *p, enum action_kind kind,
    struct action_decision *ret)
{
	const struct place_found *found = &p->found;
	bool allowed = (found->rights & rights_for[kind].right) != 0;

	if (p->variable != NULL)
		decision_set(ret, ANSWER_DENY, NULL, "${%s} has no value for "
		    "the account, which refuses its login.", p->variable);
	else if (p->refused != NULL)
		decision_set(ret, ANSWER_DENY, &p->refused->origin,
		    "A mount goes beyond a ceiling, which refuses the login.");
	else if (!found->some)
		decision_set(ret, ANSWER_DENY, NULL,
		    "The jail has nothing at this path.");
	else
		decision_set(ret, allowed ? ANSWER_ALLOW : ANSWER_DENY,
		    found->origin, "At this path is %s, which can%s be %s.",
		    found->what, allowed ? "" : "not", rights_for[kind].done);
}

/* The path with what stands for its front; NULL: it does not begin so. */
static char *
replace_front(const char *path, const char *front, const char *by)
{
	char *text;

	if (!path_is_within(path, front))
		return NULL;
	text = malloc(strlen(by) + strlen(path) + 1);
	if (text != NULL)
		stpcpy(stpcpy(text, by), path + strlen(front));
	return text;
}

/* Where /bin is a link, what holds below /usr/bin holds too: the stricter
 * of the two is what can be promised. */
static void
judge_merged(struct paths *p, const char *path, enum action_kind kind,
    struct action_decision *ret)
{
	for (size_t i = 0; i < ARRAY_LENGTH(merged); i++) {
		_cleanup_free_ char *usr = NULL, *other = NULL;
		struct action_decision decision = { 0 };

		if (!path_is_within(path, merged[i]))
			continue;
		usr = malloc(strlen("/usr") + strlen(merged[i]) + 1);
		if (usr != NULL)
			stpcpy(stpcpy(usr, "/usr"), merged[i]);
		other = usr == NULL ? NULL :
		    replace_front(path, merged[i], usr);
		if (other == NULL)
			return;
		place_find(p, other);
		judge(p, kind, &decision);
		if (decision.answer < ret->answer ||
		    (decision.answer == ret->answer && ret->origin == NULL))
			*ret = decision;
	}
}

void
decide_path(const struct jail *jail, const struct decide_facts *facts,
    const struct action *action, struct action_decision *ret)
{
	struct template_values account = facts->account != NULL ?
	    *facts->account : example;
	struct paths p = { .jail = jail, .account = &account,
		.kept = facts->kept };
	_cleanup_free_ char *path = NULL;

	if (account.jail == NULL)
		account.jail = jail->name;
	path = place_expand(&p, action->text);
	for (size_t i = 0; path != NULL && i < ARRAY_LENGTH(links); i++) {
		char *other = replace_front(path, links[i].link, links[i].to);

		if (other == NULL)
			continue;
		free(path);
		path = other;
	}
	if (path != NULL)
		place_find(&p, path);
	judge(&p, action->kind, ret);
	if (path != NULL)
		judge_merged(&p, path, action->kind, ret);
}

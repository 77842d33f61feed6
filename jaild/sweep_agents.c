#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/account.h"
#include "jaild/sweep.h"

#define UIDS_MAX 1024
#define AGE_MAX_MS 60000
#define BUFFER_BYTES 65536

struct answer {
	uid_t uid;
	uint64_t asked_ms;
	char *name;		/* NULL: no agent */
};

struct sweep_agents {
	char *group;
	struct timespec changed[2];	/* of the files below */
	size_t n;
	struct answer answers[UIDS_MAX];
	char buffer[BUFFER_BYTES];
};

static const char *const files[] = { "/etc/passwd", "/etc/group" };

struct sweep_agents *
sweep_agents_new(const char *group)
{
	struct sweep_agents *agents = calloc(1, sizeof(*agents));

	if (agents == NULL)
		return NULL;
	agents->group = strdup(group);
	if (agents->group == NULL) {
		free(agents);
		return NULL;
	}
	return agents;
}

void
sweep_agents_free(struct sweep_agents *agents)
{
	for (size_t i = 0; i < agents->n; i++)
		free(agents->answers[i].name);
	free(agents->group);
	free(agents);
}

/* Answers from files that have changed since are asked for again. */
static void
look_at_files(struct sweep_agents *agents)
{
	bool changed = false;

	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		struct stat status = { 0 };

		stat(files[i], &status);
		changed = changed || memcmp(&status.st_mtim,
		    &agents->changed[i], sizeof(status.st_mtim)) != 0;
		agents->changed[i] = status.st_mtim;
	}
	for (size_t i = 0; changed && i < agents->n; i++)
		agents->answers[i].asked_ms = 0;
}

/* Its place, or the one that was asked for longest ago. */
static struct answer *
find(struct sweep_agents *agents, uid_t uid)
{
	struct answer *oldest = &agents->answers[0];

	for (size_t i = 0; i < agents->n; i++) {
		if (agents->answers[i].uid == uid)
			return &agents->answers[i];
		if (agents->answers[i].asked_ms < oldest->asked_ms)
			oldest = &agents->answers[i];
	}
	if (agents->n < UIDS_MAX)
		oldest = &agents->answers[agents->n++];
	free(oldest->name);
	*oldest = (struct answer){ .uid = uid };
	return oldest;
}

/* 1 and *ret_name (free()): an agent's; 0: not; -errno: not known. */
static int
ask(struct sweep_agents *agents, uid_t uid, char **ret_name)
{
	struct passwd passwd, *found = NULL;
	struct account *account = NULL;
	int r = getpwuid_r(uid, &passwd, agents->buffer, BUFFER_BYTES,
	    &found);

	if (found == NULL)
		return r == 0 || r == ENOENT || r == ESRCH ? 0 : -r;
	r = account_resolve(passwd.pw_name, &account);
	if (r < 0)
		return r == -ENOENT || r == -EPERM ? 0 : r;
	r = account_in_group(account, agents->group);
	if (r == 1 && (*ret_name = strdup(account->name)) == NULL)
		r = -ENOMEM;
	account_free(account);
	return r;
}

const char *
sweep_agents_name(struct sweep_agents *agents, uid_t uid)
{
	uint64_t now_ms = deadline_after(0);
	struct answer *answer;
	char *name = NULL;
	int r;

	if (uid == 0)
		return NULL;
	look_at_files(agents);
	answer = find(agents, uid);
	if (answer->asked_ms != 0 && now_ms - answer->asked_ms < AGE_MAX_MS)
		return answer->name;
	r = ask(agents, uid, &name);
	answer->asked_ms = now_ms;
	if (r < 0)
		return answer->name;
	free(answer->name);
	answer->name = name;
	return name;
}

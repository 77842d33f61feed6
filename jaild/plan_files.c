#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/plan_files.h"

/* A text being written; NULL from text_take() when memory ran out. */
struct text {
	FILE *stream;
	char *buffer;
	size_t length;
};

static bool
text_open(struct text *text)
{
	*text = (struct text){ 0 };
	text->stream = open_memstream(&text->buffer, &text->length);
	return text->stream != NULL;
}

static char *
text_take(struct text *text)
{
	int failed = ferror(text->stream);

	if (fclose(text->stream) != 0 || failed) {
		free(text->buffer);
		return NULL;
	}
	return text->buffer;
}

bool
is_passwd_field(const char *text)
{
	return text != NULL && strpbrk(text, ":\n") == NULL;
}

char *
passwd_contents(const struct account *account, const char *jail_shell)
{
	struct text text;

	if (!text_open(&text))
		return NULL;
	fprintf(text.stream, "root:x:0:0:root:/:/usr/sbin/nologin\n"
	    "%s:x:%u:%u:%s:%s:%s\n"
	    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
	    account->name, account->uid, account->gid,
	    is_passwd_field(account->gecos) ? account->gecos : "",
	    account->home, jail_shell);
	return text_take(&text);
}

char *
group_contents(const struct account *account, gid_t tty_gid)
{
	struct text text;

	if (!text_open(&text))
		return NULL;
	fprintf(text.stream, "root:x:0:\ntty:x:%u:\n", tty_gid);
	for (size_t i = 0; i < account->n_groups; i++)
		fprintf(text.stream, "%s:x:%u:%s\n", account->groups[i].name,
		    account->groups[i].gid, account->name);
	fprintf(text.stream, "nogroup:x:65534:\n");
	return text_take(&text);
}

/* Files for every database: nothing in a jail asks a directory service, and
 * no library is loaded for it. */
char *
nsswitch_contents(void)
{
	return strdup("passwd: files\ngroup: files\nshadow: files\n"
	    "gshadow: files\ninitgroups: files\nhosts: files dns\n"
	    "networks: files\nprotocols: files\nservices: files\n"
	    "ethers: files\nrpc: files\nnetgroup: files\n");
}

char *
hosts_contents(const char *hostname)
{
	char *contents = NULL;

	if (asprintf(&contents, "127.0.0.1 localhost\n"
	    "::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 %s\n",
	    hostname) < 0)
		return NULL;
	return contents;
}

char *
session_contents(const struct plan *plan, const struct account *account)
{
	struct text text;

	if (!text_open(&text))
		return NULL;
	fprintf(text.stream, "account=%s\nuid=%u\njail=%s\ntier=%s\nuuid=%s\n"
	    "shell=%s\nworkdir=%s\numask=%04o\n", account->name, account->uid,
	    plan->jail->name, tier_name(plan->jail->tier), plan->uuid,
	    plan->shell, plan->workdir, plan->jail->umask);
	for (size_t i = 0; i < plan->n_environment; i++)
		fprintf(text.stream, "env=%s\n", plan->environment[i]);
	return text_take(&text);
}

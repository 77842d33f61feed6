/* From files to a policy: source, lexer, parser, check, compile in one call. */
#ifndef LANG_LOAD_H
#define LANG_LOAD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct action;
struct policy;

struct load_options {
	const char *root_file;	/* e.g. /etc/jaild/policy.jail */
	bool check_trust;	/* owner, mode of every file; the daemon: true */
	uid_t owner;		/* who must own the files; 0 on every host */
	bool strict;		/* warnings are errors */
	FILE *diagnostics;	/* file:line:col: ... go here; NULL: nowhere */
	bool colour;
	bool quiet;		/* nothing is said of a policy that loads */
	const char *tree;	/* folder that is "/" to root_file and to what
				 * it includes; NULL: the host's */
	bool may_include;	/* a text in memory, from the working folder */
	void **json;		/* diagnostics_json() goes there, also when
				 * there is nothing to say; NULL: nowhere */
};

/* Loads a policy.  0 and *ret (policy_free()); -EINVAL when there was any
 * mistake (all are on diagnostics); -errno when the root file cannot be read
 * (said on diagnostics too).  *ret is written only on success. */
int policy_load(const struct load_options *options, struct policy **ret);

/* The same from a text in memory, which includes nothing unless it may;
 * root_file is the name that messages show. */
int policy_load_memory(const struct load_options *options, const char *text,
    size_t length, struct policy **ret);

/* Reads one action as the tests of a policy say it: "connect tcp 192.0.2.1
 * port 80", "read \"/etc/shadow\"".  A group of system calls is several.
 * *ret_actions has *ret_n of them and lives until *ret_memory is given to
 * actions_free().  Of the options, root_file is the name that messages show,
 * and diagnostics and colour hold.  0; -EINVAL with the mistakes on
 * diagnostics; -ENOMEM. */
int actions_load(const struct load_options *options, const char *text,
    size_t length, const struct action **ret_actions, size_t *ret_n,
    void **ret_memory);
void actions_free(void *memory);

#endif

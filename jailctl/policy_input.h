/* The policy that a command is about: a file, standard input, or that of a
 * host in a folder. */
#ifndef JAILCTL_POLICY_INPUT_H
#define JAILCTL_POLICY_INPUT_H

#include "jailctl/jailctl.h"
#include "lang/policy.h"

enum policy_messages {
	MESSAGES_IF_WRONG = 0,	/* without warnings when it is right */
	MESSAGES_ALL,
	MESSAGES_JSON,		/* nothing is said; ret->diagnostics */
};

struct policy_input {
	struct config *config;
	const char *name;	/* for messages; without --root's folder */
	struct policy *policy;	/* NULL: it has mistakes */
	void *diagnostics;	/* json_t, when it was asked for */
};

/* Loads settings, and the policy at path ("-": standard input; NULL: the one
 * that the settings name, whose files' owners and modes are looked at when it
 * is this host's).  With arguments->root all paths are of that tree.
 *
 * 0; -EINVAL for mistakes; -errno.  What is wrong was said on standard error,
 * unless it is wanted as JSON.  *ret is
 * filled either way (policy_input_close()). */
int policy_input_open(const struct arguments *arguments, const char *path,
    enum policy_messages messages, struct policy_input *ret);
void policy_input_close(struct policy_input *input);

/* Reads the file at path, or standard input when it is "-", as far as a file
 * of a policy may be long.  0 with *ret (free()); -errno, which was said. */
int policy_text_read(const char *path, char **ret, size_t *ret_length);

#endif

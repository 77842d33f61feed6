/* The steps of an adoption that concern the account and its groups. */
#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/adoption.h"
#include "jaild/account.h"

static const char *
text_of(const json_t *data, const char *key)
{
	const char *text = json_string_value(json_object_get(data, key));

	return text != NULL ? text : "";
}

/* The group of agents. */

static int
group_plan(struct adoption *adoption, json_t **ret_data)
{
	const char *name = adoption->config->agents_group;

	*ret_data = getgrnam(name) != NULL ? NULL :
	    json_pack("{s:s}", "group", name);
	return 0;
}

static int
group_apply(struct adoption *adoption, json_t *data)
{
	return ADOPTION_RUN(adoption, "groupadd", "--system",
	    text_of(data, "group"));
}

/* Whoever else has become a member keeps it. */
static int
group_undo(struct adoption *adoption, const json_t *data)
{
	const struct group *group = getgrnam(text_of(data, "group"));
	const struct passwd *passwd;
	bool primary = false;

	if (group == NULL || group->gr_mem[0] != NULL)
		return 0;
	setpwent();
	while ((passwd = getpwent()) != NULL)
		primary = primary || passwd->pw_gid == group->gr_gid;
	endpwent();
	return primary ? 0 : ADOPTION_RUN(adoption, "groupdel",
	    text_of(data, "group"));
}

static void
group_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)adoption;
	fprintf(out, "make the group %s", text_of(data, "group"));
}

static void
group_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)adoption;
	fprintf(out, "remove the group %s, if nobody is in it",
	    text_of(data, "group"));
}

const struct adoption_step adoption_group = { "group", group_plan,
	group_apply, group_undo, group_tell, group_tell_undo };

/* An account that is made for the agent. */

static int
account_plan(struct adoption *adoption, json_t **ret_data)
{
	*ret_data = adoption->create ? json_object() : NULL;
	return 0;
}

static int
account_apply(struct adoption *adoption, json_t *data)
{
	const struct config *config = adoption->config;
	char uid_min[32], uid_max[32], gid_min[32], gid_max[32];
	int r;

	(void)data;
	snprintf(uid_min, sizeof(uid_min), "UID_MIN=%u",
	    config->agents_uid_min);
	snprintf(uid_max, sizeof(uid_max), "UID_MAX=%u",
	    config->agents_uid_max);
	snprintf(gid_min, sizeof(gid_min), "GID_MIN=%u",
	    config->agents_uid_min);
	snprintf(gid_max, sizeof(gid_max), "GID_MAX=%u",
	    config->agents_uid_max);
	/* No subordinate ids: with them it could make user namespaces of any
	 * mapping. */
	r = ADOPTION_RUN(adoption, "useradd", "--create-home",
	    "--user-group", "--shell", AGENT_SHELL, "--groups",
	    config->agents_group, "--comment", "AI agent", "--key", uid_min,
	    "--key", uid_max, "--key", gid_min, "--key", gid_max, "--key",
	    "SUB_UID_COUNT=0", "--key", "SUB_GID_COUNT=0", "--key",
	    "HOME_MODE=0700", adoption->name);
	if (r < 0)
		return r;
	return adoption_look_up(adoption) == 0 ? 0 : adoption_fail(adoption,
	    -EIO, "useradd has made no account %s", adoption->name);
}

/* Whoever gets the number next shall not find an open home. */
static int
give_home_to_root(struct adoption *adoption, const char *home)
{
	_cleanup_fd_ int fd = open(home, O_RDONLY | O_DIRECTORY |
	    O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fchmod(fd, 0700) < 0 || fchown(fd, 0, 0) < 0)
		return adoption_fail(adoption, -errno, "%s cannot be given "
		    "to root: %m", home);
	return 0;
}

/* What its jails kept for it, below a directory that is root's alone. */
static int
remove_storage(struct adoption *adoption)
{
	char path[PATH_MAX];

	if (!adoption->remove_storage)
		return 0;
	snprintf(path, sizeof(path), "%s/storage/%s",
	    adoption->config->state_dir, adoption->name);
	return ADOPTION_RUN(adoption, "rm", "-rf", "--one-file-system", "--",
	    path);
}

static int
account_undo(struct adoption *adoption, const json_t *data)
{
	int r = adoption_look_up(adoption);

	(void)data;
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return adoption_fail(adoption, r, "no memory");
	r = remove_storage(adoption);
	if (r < 0)
		return r;
	if (!adoption->keep_home)
		return ADOPTION_RUN(adoption, "userdel", "--remove",
		    adoption->name);
	r = give_home_to_root(adoption, adoption->home);
	return r < 0 ? r : ADOPTION_RUN(adoption, "userdel", adoption->name);
}

static void
account_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)data;
	fprintf(out, "make the account, with a uid from %u to %u, a home, "
	    "the shell " AGENT_SHELL ", in the group %s",
	    adoption->config->agents_uid_min,
	    adoption->config->agents_uid_max, adoption->config->agents_group);
}

static void
account_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)data;
	fputs("remove the account", out);
	if (adoption->home != NULL)
		fprintf(out, adoption->keep_home ? "; %s stays, and becomes "
		    "root's alone" : " and its home %s, with all that is in "
		    "it and in its jails", adoption->home);
}

const struct adoption_step adoption_account = { "account", account_plan,
	account_apply, account_undo, account_tell, account_tell_undo };

/* The shell of an account that was there. */

static int
shell_plan(struct adoption *adoption, json_t **ret_data)
{
	*ret_data = adoption->create ||
	    strcmp(adoption->shell, AGENT_SHELL) == 0 ? NULL :
	    json_pack("{s:s}", "from", adoption->shell);
	return 0;
}

static int
shell_apply(struct adoption *adoption, json_t *data)
{
	(void)data;
	return ADOPTION_RUN(adoption, "usermod", "--shell", AGENT_SHELL,
	    adoption->name);
}

static int
shell_undo(struct adoption *adoption, const json_t *data)
{
	if (adoption_look_up(adoption) < 0 ||
	    strcmp(adoption->shell, AGENT_SHELL) != 0)
		return 0;
	return ADOPTION_RUN(adoption, "usermod", "--shell",
	    text_of(data, "from"), adoption->name);
}

static void
shell_tell(FILE *out, const struct adoption *adoption, const json_t *data)
{
	(void)adoption;
	fprintf(out, "change its shell from \"%s\" to " AGENT_SHELL,
	    text_of(data, "from"));
}

static void
shell_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)adoption;
	fprintf(out, "change its shell back to \"%s\"",
	    text_of(data, "from"));
}

const struct adoption_step adoption_shell = { "shell", shell_plan,
	shell_apply, shell_undo, shell_tell, shell_tell_undo };

/* Its place in the group of agents. */

static bool
is_member(const char *name, const char *group)
{
	struct account *account;
	bool is;

	if (account_resolve(name, &account) < 0)
		return false;
	is = account_in_group(account, group);
	account_free(account);
	return is;
}

static int
membership_plan(struct adoption *adoption, json_t **ret_data)
{
	const char *group = adoption->config->agents_group;

	*ret_data = adoption->create || is_member(adoption->name, group) ?
	    NULL : json_pack("{s:s}", "group", group);
	return 0;
}

static int
membership_apply(struct adoption *adoption, json_t *data)
{
	return ADOPTION_RUN(adoption, "gpasswd", "--add", adoption->name,
	    text_of(data, "group"));
}

static int
membership_undo(struct adoption *adoption, const json_t *data)
{
	if (!is_member(adoption->name, text_of(data, "group")))
		return 0;
	return ADOPTION_RUN(adoption, "gpasswd", "--delete", adoption->name,
	    text_of(data, "group"));
}

static void
membership_tell(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)adoption;
	fprintf(out, "add it to the group %s: from then on it logs in into "
	    "its jail only", text_of(data, "group"));
}

static void
membership_tell_undo(FILE *out, const struct adoption *adoption,
    const json_t *data)
{
	(void)adoption;
	fprintf(out, "take it out of the group %s: from then on it logs in "
	    "without a jail", text_of(data, "group"));
}

const struct adoption_step adoption_membership = { "membership",
	membership_plan, membership_apply, membership_undo, membership_tell,
	membership_tell_undo };

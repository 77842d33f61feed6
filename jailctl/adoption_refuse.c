/* What keeps an account from becoming an agent's. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/service.h"
#include "jailctl/adoption.h"
#include "jailctl/pam_door.h"
#include "jaild/admit.h"

#define NAME_MAX_BYTES 32
/* Below are accounts of the system: login.defs(5). */
#define UID_OF_PEOPLE 1000
#define UID_NOBODY 65534

/* The name becomes that of files, and stands in those of sshd. */
static int
check_name(struct adoption *adoption)
{
	const char *name = adoption->name;
	size_t length = strlen(name);

	if (length == 0 || length > NAME_MAX_BYTES || *name == '-' ||
	    *name == '.')
		return adoption_fail(adoption, -EPERM, "'%s' is no name of "
		    "an agent's account", name);
	for (const char *p = name; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("._-", *p) == NULL)
			return adoption_fail(adoption, -EPERM, "'%s' is no "
			    "name of an agent's account", name);
	return 0;
}

static int
check_exists(struct adoption *adoption)
{
	int r = adoption_look_up(adoption);

	if (r == -ENOMEM)
		return adoption_fail(adoption, r, "no memory");
	if (r == 0 && adoption->create)
		return adoption_fail(adoption, -EPERM, "there is an account "
		    "%s already: leave out --create to adopt that one",
		    adoption->name);
	if (r < 0 && !adoption->create)
		return adoption_fail(adoption, -EPERM, "there is no account "
		    "%s: --create makes it", adoption->name);
	return 0;
}

/* Where useradd(8) would put the home. */
static int
check_new_home(struct adoption *adoption)
{
	_cleanup_file_ FILE *file = fopen("/etc/default/useradd", "re");
	char line[PATH_MAX], base[PATH_MAX] = "/home", home[2 * PATH_MAX];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "HOME=/", strlen("HOME=/")) == 0)
			strcpy(base, line + strlen("HOME="));
	}
	snprintf(home, sizeof(home), "%s/%s", base, adoption->name);
	if (access(home, F_OK) < 0)
		return 0;
	return adoption_fail(adoption, -EPERM, "%s is there already: move it "
	    "away, or make the account with it (useradd -d %s %s) and leave "
	    "out --create", home, home, adoption->name);
}

static int
check_uid(struct adoption *adoption)
{
	if (adoption->uid == 0)
		return adoption_fail(adoption, -EPERM, "uid 0 is never an "
		    "agent");
	if (adoption->uid < UID_OF_PEOPLE || adoption->uid == UID_NOBODY)
		return adoption_fail(adoption, -EPERM, "%s is an account of "
		    "the system (uid %u), which services use without a "
		    "login: make one of the agent's own with --create",
		    adoption->name, adoption->uid);
	/* The tools that this uses change local files only. */
	if (!account_is_local(adoption->name))
		return adoption_fail(adoption, -EPERM, "%s is not in "
		    "/etc/passwd: an account of a directory service becomes "
		    "an agent there, as a member of the group %s",
		    adoption->name, adoption->config->agents_group);
	return 0;
}

static int
check_groups(struct adoption *adoption)
{
	struct account *account;
	int r = account_resolve(adoption->name, &account);

	if (r < 0)
		return adoption_fail(adoption, r, "%s: %s", adoption->name,
		    strerrordesc_np(-r));
	for (size_t i = 0; r == 0 && admit_root_groups[i] != NULL; i++) {
		const char *group = admit_root_groups[i];

		if (!account_in_group(account, group))
			continue;
		r = strcmp(account->groups[0].name, group) == 0 ?
		    adoption_fail(adoption, -EPERM, "the own group of %s is "
		    "%s, which is as good as root: `usermod -g` gives it "
		    "another one", adoption->name, group) :
		    adoption_fail(adoption, -EPERM, "%s is in group %s, "
		    "which is as good as root: `gpasswd -d %s %s` takes it "
		    "out", adoption->name, group, adoption->name, group);
	}
	account_free(account);
	return r;
}

/* They are outside of any jail, and would stay there. */
static int
check_processes(struct adoption *adoption)
{
	size_t n = adoption_processes(adoption->uid);

	if (n == 0)
		return 0;
	return adoption_fail(adoption, -EPERM, "%zu process%s of %s run%s "
	    "outside of a jail: `pkill -KILL -u %s` ends %s", n, n == 1 ?
	    "" : "es", adoption->name, n == 1 ? "s" : "", adoption->name,
	    n == 1 ? "it" : "them");
}

/* Behind a door without our lines there would be no jail. */
static int
check_doors(struct adoption *adoption)
{
	_cleanup_free_ char *lines = NULL;
	struct pam_directory directory;
	int r = pam_edit_lines(adoption->config, &lines);

	if (r == 0)
		r = pam_directory_open(NULL, &directory);
	if (r < 0)
		return adoption_fail(adoption, r, "the PAM stacks cannot be "
		    "read: %s", strerrordesc_np(-r));
	for (size_t i = 0; r == 0 && pam_doors[i] != NULL; i++) {
		struct pam_door door;

		if (!service_class_open(service_class_of(pam_doors[i])))
			continue;
		r = pam_door_look(&directory, pam_doors[i], lines, &door);
		if (r < 0)
			break;
		if (door.state == DOOR_WITHOUT || door.state == DOOR_MOVED ||
		    door.state == DOOR_FAULTY)
			r = adoption_fail(adoption, -EPERM, "logins by %s "
			    "would be without a jail: `jailctl pam enable` "
			    "puts the lines into its stack", pam_doors[i]);
		pam_door_free(&door);
	}
	pam_directory_close(&directory);
	return r;
}

int
adoption_refuse(struct adoption *adoption)
{
	static int (*const of_old[])(struct adoption *adoption) = {
		check_uid, check_groups, check_processes,
	};
	int r = check_name(adoption);

	if (r == 0)
		r = check_exists(adoption);
	if (r == 0 && adoption->create)
		r = check_new_home(adoption);
	for (size_t i = 0; r == 0 && !adoption->create &&
	    i < ARRAY_LENGTH(of_old); i++)
		r = of_old[i](adoption);
	return r == 0 ? check_doors(adoption) : r;
}

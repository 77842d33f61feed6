#include "config.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/cleanup.h"
#include "jaild/account.h"
#include "jailctl/doctor.h"

/* Files that say under which account something is started.  Of systemd's the
 * first directory that has a name hides it in the others. */
static const struct {
	const char *pattern, *key;
	const char *stop;	/* a command; %s is the file's name */
} places[] = {
	{ "/etc/systemd/system/*.service", "User",
	    "systemctl disable --now %s" },
	{ "/etc/systemd/system/*.service.d/*.conf", "User",
	    "systemctl edit the unit of %s" },
	{ "/run/systemd/system/*.service", "User",
	    "systemctl disable --now %s" },
	{ "/run/systemd/system/*.service.d/*.conf", "User",
	    "systemctl edit the unit of %s" },
	{ "/usr/local/lib/systemd/system/*.service", "User",
	    "systemctl disable --now %s" },
	{ "/usr/lib/systemd/system/*.service", "User",
	    "systemctl disable --now %s" },
	{ "/etc/supervisor/conf.d/*.conf", "user", "edit %s" },
	{ "/etc/supervisord.d/*.ini", "user", "edit %s" },
	{ "/etc/php/*/fpm/pool.d/*.conf", "user", "edit %s" },
	{ "/etc/php-fpm.d/*.conf", "user", "edit %s" },
	{ "/etc/xinetd.d/*", "user", "edit %s" },
};

/* The value of a line "key = value"; NULL when it is another line. */
static const char *
value_of(char *line, const char *key)
{
	char *at = line + strspn(line, " \t");
	size_t length = strlen(key);

	if (strncmp(at, key, length) != 0)
		return NULL;
	at += length;
	at += strspn(at, " \t");
	if (*at++ != '=')
		return NULL;
	at += strspn(at, " \t\"'");
	at[strcspn(at, " \t\r\n\"';")] = '\0';
	return at;
}

static const struct account *
agent_named(const struct doctor *doctor, const char *value)
{
	for (size_t i = 0; i < doctor->n_agents; i++) {
		const struct account *account = doctor->agents[i];
		char uid[16];

		snprintf(uid, sizeof(uid), "%u", account->uid);
		if (strcmp(account->name, value) == 0 ||
		    strcmp(uid, value) == 0)
			return account;
	}
	return NULL;
}

static void
check_file(struct doctor *doctor, const char *path, size_t place)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	const char *name = strrchr(path, '/') + 1;
	char line[1024], text[FIX_MAX];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		const char *value = value_of(line, places[place].key);
		const struct account *account = value == NULL ? NULL :
		    agent_named(doctor, value);
		const char *stop = places[place].stop;
		const char *what = strncmp(stop, "edit", 4) == 0 ? path :
		    name;

		if (account == NULL)
			continue;
		snprintf(text, sizeof(text), "%.*s%s%s",
		    (int)(strstr(stop, "%s") - stop), stop, what,
		    strstr(stop, "%s") + 2);
		doctor_report(doctor, FINDING_SERVICE_USER, path, text,
		    "%s starts something as %s: that runs outside of its "
		    "jail; `jailctl exec %s -- COMMAND` runs it inside",
		    path, account->name, account->name);
	}
}

static bool
seen(const glob_t *files, size_t n, const char *path)
{
	const char *name = strrchr(path, '/');

	for (size_t i = 0; i < n; i++)
		if (strcmp(strrchr(files->gl_pathv[i], '/'), name) == 0 &&
		    strncmp(path, "/usr/", 5) == 0)
			return true;
	return false;
}

void
doctor_units(struct doctor *doctor)
{
	size_t before = json_array_size(doctor->findings), n = 0;
	glob_t files = { 0 };

	if (doctor->n_agents == 0)
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		size_t first = n;

		if (glob(places[i].pattern, GLOB_NOSORT | (i > 0 ?
		    GLOB_APPEND : 0), NULL, &files) == GLOB_NOSPACE)
			break;
		for (n = files.gl_pathc; first < n; first++)
			if (!seen(&files, first, files.gl_pathv[first]))
				check_file(doctor, files.gl_pathv[first], i);
	}
	globfree(&files);
	if (doctor_nothing_since(doctor, before))
		doctor_fine(doctor, "no service is started as an agent");
}

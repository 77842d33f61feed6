#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "jailctl/jailctl.h"

#define DEFAULT_CONFIG JAILD_SYSCONFDIR "/jaild.conf"

int
settings_load(const struct arguments *arguments, struct config **ret)
{
	if (arguments->config != NULL)
		return config_load(arguments->config, false, false, stderr,
		    ret);
	return config_load(DEFAULT_CONFIG, true, false, stderr, ret);
}

int
settings_load_below(const char *root, const struct arguments *arguments,
    struct config **ret)
{
	if (root == NULL || arguments->config != NULL)
		return settings_load(arguments, ret);
	return config_load_tree(root, DEFAULT_CONFIG, true, false, stderr,
	    ret);
}

/* Colour is for people who look on, and want it (no-color.org). */
bool
wants_colour(void)
{
	const char *term = getenv("TERM"), *no = getenv("NO_COLOR");

	return isatty(STDERR_FILENO) && (no == NULL || *no == '\0') &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

int
print_json(void *json)
{
	char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(2) |
	    JSON_ENSURE_ASCII);

	json_decref(json);
	if (text == NULL)
		return complain("no memory");
	puts(text);
	free(text);
	return STATUS_OK;
}

#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "common/cleanup.h"
#include "pam_module/arguments.h"
#include "pam_module/jaild_client.h"

static bool
take_agents(struct arguments *arguments, const char *value)
{
	if (*value == '\0')
		return false;
	arguments->agents = value;
	return true;
}

static bool
take_socket(struct arguments *arguments, const char *value)
{
	if (*value != '/')
		return false;
	arguments->socket_path = value;
	return true;
}

static bool
take_timeout(struct arguments *arguments, const char *value)
{
	uint32_t seconds = 0;
	const char *p;

	for (p = value; *p >= '0' && *p <= '9'; p++) {
		seconds = seconds * 10 + (uint32_t)(*p - '0');
		if (seconds > ARGUMENTS_TIMEOUT_MAX_S)
			return false;
	}
	if (*p != '\0' || seconds == 0)
		return false;
	arguments->timeout_ms = seconds * 1000;
	return true;
}

static bool
take_refuse_only(struct arguments *arguments, const char *value)
{
	if (*value != '\0')
		return false;
	arguments->refuse_only = true;
	return true;
}

static const struct {
	const char *name;	/* with the "=" where a value follows */
	bool (*take)(struct arguments *arguments, const char *value);
} words[] = {
	{ "agents=", take_agents },
	{ "refuse-only", take_refuse_only },
	{ "socket=", take_socket },
	{ "timeout=", take_timeout },
};

static bool
take_word(struct arguments *arguments, const char *word)
{
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		size_t length = strlen(words[i].name);

		if (strncmp(word, words[i].name, length) == 0)
			return words[i].take(arguments, word + length);
	}
	return false;
}

void
arguments_parse(int argc, const char **argv, struct arguments *ret)
{
	*ret = (struct arguments){ .agents = "agents",
		.socket_path = JAILD_LOGIN_SOCKET, .timeout_ms = 20000 };
	for (int i = 0; i < argc; i++)
		if (!take_word(ret, argv[i]) && ret->bad == NULL)
			ret->bad = argv[i];
}

#include "config.h"

#include <ctype.h>
#include <string.h>

#include "lang/host_name.h"

#define NAME_MAX_BYTES 253
#define LABEL_MAX_BYTES 63

static bool
is_label(const char *label, size_t length)
{
	if (length == 0 || length > LABEL_MAX_BYTES || label[0] == '-' ||
	    label[length - 1] == '-')
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)label[i]) && label[i] != '-' &&
		    label[i] != '_')
			return false;
	return true;
}

const char *
host_name_flaw(const char *name, bool wildcard)
{
	size_t length;

	if (name[0] == '*' && name[1] == '.') {
		if (!wildcard)
			return "stands for many names";
		name += 2;
	}
	length = strlen(name);
	if (length == 0)
		return "is empty";
	if (length > NAME_MAX_BYTES)
		return "is longer than 253 bytes";
	if (name[length - 1] == '.')
		return "ends in a dot";
	if (strchr(name, '*') != NULL)
		return "has a '*' elsewhere than in front: \"*.x\" is every "
		    "name below x";
	if (name[strspn(name, "0123456789.")] == '\0')
		return "is an address, which is written without quotes";
	for (const char *at = name; at != NULL;) {
		size_t n = strcspn(at, ".");

		if (!is_label(at, n))
			return "is no host name: parts of letters, digits and "
			    "'-' with dots between them";
		at = at[n] == '.' ? at + n + 1 : NULL;
	}
	return NULL;
}

bool
host_name_covers(const char *rule, const char *name)
{
	bool wildcard = name[0] == '*';
	size_t below, length;

	if (rule[0] != '*')
		return strcasecmp(rule, name) == 0;
	name += wildcard;	/* what is below all of these */
	below = strlen(rule + 1);
	length = strlen(name);
	/* ".x" fits all that ends in it, and "*.x" itself, but not "x". */
	return (length > below || (wildcard && length == below)) &&
	    strcasecmp(name + length - below, rule + 1) == 0;
}

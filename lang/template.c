#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/template.h"

static const struct {
	const char *name;
	size_t offset;
	bool path;		/* may have slashes */
} variables[] = {
	{ "user", offsetof(struct template_values, user), false },
	{ "uid", offsetof(struct template_values, uid), false },
	{ "gid", offsetof(struct template_values, gid), false },
	{ "group", offsetof(struct template_values, group), false },
	{ "home", offsetof(struct template_values, home), true },
	{ "jail", offsetof(struct template_values, jail), false },
	{ "host", offsetof(struct template_values, host), false },
};

/* Values come from directory services: none may lead out of the path that
 * the policy's author sees. */
static bool
is_safe(const char *value, bool path)
{
	if (value == NULL || value[0] == '\0' || strcmp(value, ".") == 0 ||
	    strcmp(value, "..") == 0)
		return false;
	return path || strchr(value, '/') == NULL;
}

/* The variable behind "${"; ARRAY_LENGTH(variables) when there is none. */
static size_t
find_variable(const char *name, size_t length)
{
	size_t i = 0;

	while (i < ARRAY_LENGTH(variables) &&
	    (strlen(variables[i].name) != length ||
	    memcmp(variables[i].name, name, length) != 0))
		i++;
	return i;
}

/* Writes what "$..." at *at stands for, and goes behind it. */
static int
expand_dollar(FILE *out, const char **at,
    const struct template_values *values, const char **ret_variable)
{
	const char *name = *at + 2, *value;
	size_t length, i;

	if ((*at)[1] == '$') {
		fputc('$', out);
		*at += 2;
		return 0;
	}
	*ret_variable = "?";
	if ((*at)[1] != '{')
		return -EINVAL;
	length = strcspn(name, "}");
	i = find_variable(name, length);
	if (name[length] != '}' || i == ARRAY_LENGTH(variables))
		return -EINVAL;
	*ret_variable = variables[i].name;
	memcpy(&value, (const char *)values + variables[i].offset,
	    sizeof(value));
	if (!is_safe(value, variables[i].path))
		return -EINVAL;
	fputs(value, out);
	*at = name + length + 1;
	return 0;
}

static int
expand(FILE *out, const char *template, const struct template_values *values,
    const char **ret_variable)
{
	int r = 0;

	while (r == 0 && *template != '\0') {
		if (*template == '$')
			r = expand_dollar(out, &template, values,
			    ret_variable);
		else
			fputc(*template++, out);
	}
	return r;
}

int
template_expand(const char *template, const struct template_values *values,
    char **ret, const char **ret_variable)
{
	_cleanup_free_ char *text = NULL;
	const char *variable = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	int r;

	if (out == NULL)
		return -ENOMEM;
	r = expand(out, template, values, &variable);
	if (fclose(out) != 0 && r == 0)
		r = -ENOMEM;
	if (r == 0)
		*ret = steal_ptr(text);
	else if (r == -EINVAL)
		*ret_variable = variable;
	return r;
}

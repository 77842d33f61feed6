#include "config.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/check.h"
#include "lang/mount_target.h"

#define HOME_VARIABLE "${home}"

bool
path_is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static bool
has_dots(const char *path)
{
	for (const char *at = path; (at = strstr(at, "/.")) != NULL; at++) {
		size_t n = at[2] == '.' ? 3 : 2;

		if (at[n] == '/' || at[n] == '\0')
			return true;
	}
	return false;
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (iscntrl((unsigned char)*text))
			return true;
	return false;
}

/* What is wrong with a path; NULL: nothing. */
static const char *
path_flaw(const char *path, bool glob)
{
	size_t length = strlen(path);

	if (path[0] != '/' &&
	    strncmp(path, HOME_VARIABLE, strlen(HOME_VARIABLE)) != 0)
		return "a path is absolute: it begins with '/' or ${home}";
	if (path[0] != '/' && path[strlen(HOME_VARIABLE)] != '\0' &&
	    path[strlen(HOME_VARIABLE)] != '/')
		return "behind ${home} stands '/'";
	if (length >= PATH_MAX)
		return "the path is too long";
	if (has_control(path))
		return "a path has no control characters";
	if (strstr(path, "//") != NULL)
		return "a path has no '//'";
	if (has_dots(path))
		return "a path has no '.' and no '..'";
	if (length > 1 && path[length - 1] == '/')
		return "a path does not end in '/'";
	if (!glob && strpbrk(path, "*?[") != NULL)
		return "only a device's path may hold '*', '?' or '['";
	return NULL;
}

bool
check_path(struct checker *c, const struct token *token, bool glob)
{
	const char *suggestion = NULL;
	size_t length = strlen(token->text);
	const char *flaw, *trimmed;

	if (token->broken)
		return false;
	flaw = path_flaw(token->text, glob);
	if (flaw == NULL)
		return true;
	if (length > 1 && token->text[length - 1] == '/') {
		trimmed = arena_strndup(c->arena, token->text, length - 1);
		if (path_flaw(trimmed, glob) == NULL)
			suggestion = arena_printf(c->arena, "\"%s\"", trimmed);
	}
	report_error(c->diagnostics, &token->place, suggestion, "%s", flaw);
	return false;
}

bool
check_mount_target(struct checker *c, const struct token *token,
    enum mount_mode mode)
{
	const char *objection;

	if (!check_path(c, token, false))
		return false;
	objection = mount_target_objection(token->text, mode);
	if (objection == NULL)
		return true;
	report_error(c->diagnostics, &token->place, NULL, "\"%s\" %s",
	    token->text, objection);
	return false;
}

const char *
check_plain(struct checker *c, const struct token *token)
{
	if (token->broken)
		return NULL;
	if (!token->has_variable)
		return token_plain_text(c->arena, token);
	report_error(c->diagnostics, &token->place, NULL,
	    "variables stand only in a jail's strings");
	return NULL;
}

#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/pam_edit.h"

/* Marks are known by how they begin.  One of the first kind remembers that
 * the file did not end in a newline. */
#define MARK_BEGIN "# >>> jaild"
#define MARK_GLUED MARK_BEGIN ", behind a last line without its newline"
#define MARK_END "# <<< jaild"
#define MARK_WORDS ": made by `jailctl pam enable`; has to stand last\n"

/* pam_jail(8): the default, in milliseconds, and the most, in seconds. */
#define MODULE_TIMEOUT_MS 20000
#define MODULE_TIMEOUT_MAX 600

struct scan {
	struct pam_found found;
	const char *text;
	const char *inner;	/* behind the first mark; NULL: outside */
	const char *block;	/* that mark */
	unsigned begun;		/* its line */
	unsigned n_guards, n_modules;
	bool glued;
	size_t length;		/* of bare */
};

static int
fault(struct scan *scan, unsigned line, const char *text)
{
	scan->found.line = line;
	scan->found.fault = text;
	return -EBADMSG;
}

static bool
begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

static const char *
next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end != NULL ? end + 1 : line + strlen(line);
}

/* True when the line, up to end, is a session line of module. */
static bool
is_session_of(const char *line, const char *end, const char *module)
{
	size_t length = strlen(module);

	if (!begins(line, "session") || !isblank((unsigned char)line[7]))
		return false;
	for (const char *p = line; p + length <= end; p++)
		if (isspace((unsigned char)p[-(p > line)]) &&
		    strncmp(p, module, length) == 0 &&
		    (p + length == end || isspace((unsigned char)p[length])))
			return true;
	return false;
}

static void
keep(struct scan *scan, const char *from, const char *to)
{
	memcpy(scan->found.bare + scan->length, from, (size_t)(to - from));
	scan->length += (size_t)(to - from);
}

static int
begin_block(struct scan *scan, const char *line, unsigned number)
{
	if (scan->inner != NULL)
		return fault(scan, number, "a second first mark of jaild's "
		    "without a last one between them");
	scan->block = line;
	scan->inner = next_line(line);
	scan->begun = number;
	scan->glued = begins(line, MARK_GLUED);
	scan->n_guards = scan->n_modules = 0;
	return 0;
}

static int
end_block(struct scan *scan, const char *line, unsigned number)
{
	struct pam_found *found = &scan->found;

	if (scan->inner == NULL)
		return fault(scan, number, "a last mark of jaild's without "
		    "its first one");
	free(found->inner);
	found->inner = strndup(scan->inner, (size_t)(line - scan->inner));
	if (found->inner == NULL)
		return -ENOMEM;
	found->n_blocks++;
	/* Text behind the block still needs the newline in front of it. */
	if (scan->glued && *next_line(line) == '\0' && scan->length > 0 &&
	    found->bare[scan->length - 1] == '\n')
		scan->length--;
	scan->inner = NULL;
	return 0;
}

static int
inside_block(struct scan *scan, const char *line, unsigned number)
{
	const char *end = line + strcspn(line, "\n");

	if (scan->n_guards == 0 && scan->n_modules == 0 &&
	    is_session_of(line, end, PAM_GUARD))
		scan->n_guards++;
	else if (scan->n_modules == 0 && is_session_of(line, end, PAM_JAIL))
		scan->n_modules++;
	else
		return fault(scan, number, "a line that is not jaild's "
		    "stands between its marks: move it in front of them");
	return 0;
}

static int
take_line(struct scan *scan, const char *line, unsigned number)
{
	if (begins(line, MARK_BEGIN))
		return begin_block(scan, line, number);
	if (begins(line, MARK_END))
		return end_block(scan, line, number);
	if (scan->inner != NULL)
		return inside_block(scan, line, number);
	keep(scan, line, next_line(line));
	return 0;
}

int
pam_edit_find(const char *text, struct pam_found *ret)
{
	struct scan scan = { .text = text };
	unsigned number = 0;
	int r = 0;

	scan.found.bare = malloc(strlen(text) + 1);
	if (scan.found.bare == NULL)
		return -ENOMEM;
	for (const char *line = text; r == 0 && *line != '\0';
	    line = next_line(line))
		r = take_line(&scan, line, ++number);
	if (r == 0 && scan.inner != NULL)
		r = fault(&scan, scan.begun, "a first mark of jaild's "
		    "without its last one");
	scan.found.bare[scan.length] = '\0';
	if (r < 0) {
		free(scan.found.bare);
		scan.found.bare = NULL;
	}
	if (r == -ENOMEM) {
		pam_found_free(&scan.found);
		return r;
	}
	*ret = scan.found;
	return 0;
}

void
pam_found_free(struct pam_found *found)
{
	free(found->bare);
	free(found->inner);
	*found = (struct pam_found){ 0 };
}

/* libpam would take ours for the rest of such a line. */
static bool
goes_on(const char *bare)
{
	size_t end = strlen(bare);
	const char *line = strrchr(bare, '\n');

	if (line != NULL && line[1] == '\0') {
		for (end--, line--; line >= bare && *line != '\n';)
			line--;
		line = line < bare ? NULL : line;
	}
	line = line == NULL ? bare : line + 1;
	if (memchr(line, '#', (size_t)(bare + end - line)) != NULL)
		return false;
	while (end > (size_t)(line - bare) &&
	    isspace((unsigned char)bare[end - 1]))
		end--;
	return end > (size_t)(line - bare) && bare[end - 1] == '\\';
}

int
pam_edit_add(const char *bare, const char *inner, char **ret)
{
	size_t length = strlen(bare);
	bool glued = length > 0 && bare[length - 1] != '\n';

	if (goes_on(bare))
		return -EINVAL;
	if (asprintf(ret, "%s%s%s" MARK_WORDS "%s" MARK_END "\n", bare,
	    glued ? "\n" : "", glued ? MARK_GLUED : MARK_BEGIN, inner) < 0)
		return -ENOMEM;
	return 0;
}

int
pam_edit_lines(const struct config *config, char **ret)
{
	_cleanup_free_ char *lines = NULL;
	unsigned seconds = config->login_timeout_ms / 1000 + 5;
	size_t size;
	FILE *out = open_memstream(&lines, &size);

	if (out == NULL)
		return -ENOMEM;
	fprintf(out, "session [success=1 default=ignore] " PAM_GUARD
	    " quiet user notingroup %s shell != " JAILD_PKGLIBEXECDIR
	    "/jail-shell\n", config->agents_group);
	fputs("session required " PAM_JAIL, out);
	if (strcmp(config->agents_group, "agents") != 0)
		fprintf(out, " agents=%s", config->agents_group);
	if (strcmp(config->run_dir, JAILD_RUNDIR) != 0)
		fprintf(out, " socket=%s/login.sock", config->run_dir);
	if (config->login_timeout_ms >= MODULE_TIMEOUT_MS)
		fprintf(out, " timeout=%u", seconds > MODULE_TIMEOUT_MAX ?
		    MODULE_TIMEOUT_MAX : seconds);
	fputc('\n', out);
	if (fclose(out) != 0)
		return -ENOMEM;
	*ret = steal_ptr(lines);
	return 0;
}

bool
pam_edit_same(const char *inner, const char *wanted)
{
	static const char module[] = "session required " PAM_JAIL;
	size_t guard = (size_t)(next_line(wanted) - wanted);

	if (inner == NULL || strncmp(inner, wanted, guard) != 0)
		return false;
	inner += guard;
	return begins(inner, module) &&
	    isspace((unsigned char)inner[strlen(module)]);
}

#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "lang/arena.h"
#include "lang/source.h"
#include "lang/source_tree.h"
#include "lang/utf8.h"

static struct source *
new_source(struct source_set *set, const char *name)
{
	struct source *source = arena_alloc(set->arena, 1, sizeof(*source));

	source->name = name;
	source->text = "";
	source->index = (unsigned)set->n_sources;
	*arena_push(set->arena, set->sources, set->n_sources) = source;
	return source;
}

/* What must not stand in a file, at the first byte of it; NULL: all good. */
static const char *
find_flaw(const char *text, size_t length, struct place *place)
{
	uint32_t code;
	unsigned n;

	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return "the file begins with a byte order mark; save it "
		    "as UTF-8 without one";
	for (size_t i = 0; i < length; i += n) {
		n = utf8_decode(text + i, length - i, &code);
		if (n == 0)
			return "this is not valid UTF-8";
		if (code == 0)
			return "the file holds a NUL byte";
		if (code == '\r')
			return "the line ends in CR LF; lines end in LF alone";
		if ((code < ' ' && code != '\t' && code != '\n') ||
		    code == 0x7f)
			return "the file holds a control character";
		place->column++;
		if (code == '\n') {
			place->line++;
			place->column = 1;
		}
	}
	return NULL;
}

static void
allow_memory(struct source_set *set, size_t length)
{
	size_t more = length;

	if (set->n_bytes < SOURCE_MAX_BYTES)
		more -= more < SOURCE_MAX_BYTES - set->n_bytes ? more :
		    SOURCE_MAX_BYTES - set->n_bytes;
	set->n_bytes += length;
	arena_allow(set->arena, more * POLICY_MEMORY_MORE);
}

static void
set_text(struct source_set *set, struct source *source, const char *text,
    size_t length)
{
	struct place place = { .source = source, .line = 1, .column = 1 };
	const char *flaw = find_flaw(text, length, &place);

	allow_memory(set, length);
	if (flaw == NULL) {
		source->text = text;
		source->length = length;
		return;
	}
	source->broken = true;
	report_error(set->diagnostics, &place, NULL, "%s", flaw);
}

struct source *
source_from_memory(struct source_set *set, const char *name, const char *text,
    size_t length)
{
	struct source *source = new_source(set, name);

	set_text(set, source, arena_strndup(set->arena, text, length), length);
	return source;
}

/* Everything that is held outside the arena is held in here only, where
 * nothing leaves through arena_fail(). */
static int
read_file(struct source_set *set, const char *path, struct stat *ret_status,
    enum trust *ret_trust, char **ret_text, size_t *ret_length)
{
	_cleanup_fd_ int fd = -1;
	_cleanup_free_ char *text = NULL;
	size_t length;
	char *copy;
	int r;

	fd = source_tree_open(set->tree, path, set->owner, ret_trust);
	if (fd < 0)
		return fd;
	if (fstat(fd, ret_status) < 0)
		return -errno;
	if (*ret_trust == TRUST_NOT_REGULAR)
		return 0;
	r = read_all(fd, SOURCE_MAX_BYTES, &text, &length);
	if (r < 0)
		return r;
	copy = arena_try_alloc(set->arena, length + 1, 1);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, text, length);
	*ret_text = copy;
	*ret_length = length;
	return 0;
}

static const char *
read_error(int error)
{
	if (error == -EFBIG)
		return "is larger than one megabyte";
	return error == -ENOMEM ? "does not fit into memory" : NULL;
}

/* Says why the file cannot be read or is not trusted, at place: where it was
 * included, or the file itself. */
static bool
judge_file(struct source_set *set, const char *path, const struct place *place,
    int error, enum trust trust)
{
	const char *why = read_error(error);

	if (why != NULL)
		report_error(set->diagnostics, place, NULL, "\"%s\" %s", path,
		    why);
	else if (error < 0)
		report_error(set->diagnostics, place, NULL,
		    "cannot read \"%s\": %s", path, strerror(-error));
	else if (trust == TRUST_NOT_REGULAR ||
	    (set->check_trust && trust != TRUST_OK))
		report_error(set->diagnostics, place, NULL,
		    "\"%s\" %s, so it is not used", path, trust_reason(trust));
	else
		return true;
	return false;
}

/* What stands in front of the name of each file. */
static const char *
tree_name(const struct source_set *set)
{
	return set->tree == NULL ? "" : set->tree->name;
}

struct source *
source_open_root(struct source_set *set, const char *path, int *ret_error)
{
	struct source *source = new_source(set, arena_printf(set->arena,
	    "%s%s%s", tree_name(set), set->tree != NULL && *path != '/' ?
	    "/" : "", path));
	const struct place whole = { .source = source };
	enum trust trust = TRUST_NO;
	struct stat status = { 0 };
	size_t length = 0;
	char *text = NULL;
	int r;

	r = read_file(set, source->name, &status, &trust, &text, &length);
	source->broken = true;
	if (!judge_file(set, source->name, &whole, r, trust)) {
		*ret_error = r < 0 ? r : -EINVAL;
		return NULL;
	}
	source->broken = false;
	source->device = status.st_dev;
	source->inode = status.st_ino;
	set_text(set, source, text, length);
	return source;
}

/* "b.jail includes c.jail, which includes b.jail" */
static const char *
describe_ring(struct arena *arena, const struct source *from,
    const struct source *ring)
{
	const char *text = ring->name;

	for (; from != ring; from = from->includer)
		text = arena_printf(arena, "%s -> %s", from->name, text);
	return arena_printf(arena, "%s -> %s", ring->name, text);
}

static bool
seen_before(struct source_set *set, const struct source *includer,
    const struct place *place, const char *path, const struct stat *status)
{
	const struct source *known = NULL, *above;

	for (size_t i = 0; i < set->n_sources && known == NULL; i++)
		if (set->sources[i]->inode == status->st_ino &&
		    set->sources[i]->device == status->st_dev)
			known = set->sources[i];
	if (known == NULL)
		return false;
	for (above = includer; above != NULL; above = above->includer)
		if (above == known)
			break;
	if (above != NULL) {
		report_error(set->diagnostics, place, NULL,
		    "the include goes round in a ring: %s",
		    describe_ring(set->arena, includer, known));
		return true;
	}
	report_error(set->diagnostics, place, NULL,
	    "\"%s\" is included twice", path);
	report_note(set->diagnostics, &known->included_at,
	    "it is included here first");
	return true;
}

static struct source *
open_included(struct source_set *set, const struct source *includer,
    const struct place *place, const char *path)
{
	enum trust trust = TRUST_NO;
	struct source *source;
	struct stat status = { 0 };
	size_t length = 0;
	char *text = NULL;
	int r;

	r = read_file(set, path, &status, &trust, &text, &length);
	if (!judge_file(set, path, place, r, trust) ||
	    seen_before(set, includer, place, path, &status))
		return NULL;
	source = new_source(set, path);
	source->depth = includer->depth + 1;
	source->includer = includer;
	source->included_at = *place;
	source->device = status.st_dev;
	source->inode = status.st_ino;
	set_text(set, source, text, length);
	return source;
}

/* pattern behind length bytes of folder, which are no glob. */
static const char *
join_pattern(struct arena *arena, const char *folder, size_t length,
    const char *pattern)
{
	char *path, *out;

	out = path = arena_alloc(arena, 2 * length + strlen(pattern) + 1, 1);
	for (const char *at = folder; at < folder + length; at++) {
		if (strchr("*?[\\", *at) != NULL)
			*out++ = '\\';
		*out++ = *at;
	}
	strcpy(out, pattern);
	return path;
}

/* pattern as seen from the includer's folder. */
static const char *
resolve_pattern(struct source_set *set, const char *includer,
    const char *pattern)
{
	const char *slash = strrchr(includer, '/'), *tree = tree_name(set);

	if (*pattern == '/')
		return join_pattern(set->arena, tree, strlen(tree), pattern);
	if (slash == NULL)
		return pattern;
	return join_pattern(set->arena, includer,
	    (size_t)(slash + 1 - includer), pattern);
}

/* Copies the names out of glob(3)'s memory, so that nothing but the arena's
 * is held afterwards. */
static int
expand_glob(struct source_set *set, const char *pattern, char ***ret_paths,
    size_t *ret_n)
{
	struct arena *arena = set->arena;
	glob_t found = { 0 };
	char **paths;
	int r = source_tree_glob(set->tree, pattern, &found);

	*ret_n = 0;
	if (r == GLOB_NOMATCH)
		return 0;
	if (r != 0)
		return r == GLOB_NOSPACE ? -ENOMEM : -EIO;
	paths = arena_try_alloc(arena, found.gl_pathc, sizeof(*paths));
	for (size_t i = 0; paths != NULL && i < found.gl_pathc; i++) {
		size_t length = strlen(found.gl_pathv[i]) + 1;

		paths[i] = arena_try_alloc(arena, length, 1);
		if (paths[i] == NULL)
			paths = NULL;
		else
			memcpy(paths[i], found.gl_pathv[i], length);
	}
	*ret_n = found.gl_pathc;
	globfree(&found);
	*ret_paths = paths;
	return paths == NULL ? -ENOMEM : 0;
}

static bool
may_include(struct source_set *set, const struct source *includer,
    const struct place *place)
{
	if (set->no_include)
		report_error(set->diagnostics, place, NULL,
		    "a policy that is no file cannot include one");
	else if (includer->depth >= SOURCE_DEPTH_MAX)
		report_error(set->diagnostics, place, NULL,
		    "files include each other more than %d deep",
		    SOURCE_DEPTH_MAX);
	else
		return true;
	return false;
}

size_t
source_include(struct source_set *set, const struct source *includer,
    const struct place *place, const char *pattern,
    struct source ***ret_sources)
{
	struct source **sources = NULL;
	size_t n = 0, n_paths = 0;
	char **paths = NULL;
	const char *full;
	int r;

	if (!may_include(set, includer, place))
		return 0;
	full = resolve_pattern(set, includer->name, pattern);
	r = expand_glob(set, full, &paths, &n_paths);
	if (r == -ENOMEM)
		arena_fail(set->arena);
	if (r < 0)
		report_error(set->diagnostics, place, NULL,
		    "cannot read the folder of \"%s\"", pattern);
	else if (n_paths == 0 && strpbrk(pattern, "*?[") == NULL)
		report_error(set->diagnostics, place, NULL,
		    "there is no file \"%s\"", pattern);
	for (size_t i = 0; i < n_paths; i++) {
		struct source *source =
		    open_included(set, includer, place, paths[i]);

		if (source != NULL)
			*arena_push(set->arena, sources, n) = source;
	}
	if (n != 0)
		*ret_sources = sources;
	return n;
}

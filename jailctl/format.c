#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "jailctl/policy_input.h"
#include "jailctl/replace.h"
#include "lang/format.h"
#include "lang/load.h"

struct text {
	char *bytes;
	size_t length;
};

/* One file's way through. */
struct run {
	const struct arguments *arguments;
	struct text old, new;
	json_t *files;		/* what --json says of each */
};

static const char *
name_of(const char *path)
{
	return strcmp(path, "-") == 0 ? INPUT_NAME : path;
}

static int
lay_out(const struct run *run, const char *path, struct text *ret,
    void **ret_mistakes)
{
	bool json = run->arguments->json;
	const struct load_options options = { .root_file = name_of(path),
		.diagnostics = json ? NULL : stderr, .json = ret_mistakes,
		.colour = wants_colour() };
	int r = policy_format(&options, run->old.bytes, run->old.length,
	    &ret->bytes, &ret->length);

	if (r == -EINVAL && !json)
		complain("%s is left as it is", options.root_file);
	else if (r < 0 && r != -EINVAL)
		complain("%s: %s", options.root_file, r == -EPROTO ?
		    "would not keep what it says, so it is left as it is: "
		    "please report this" : r == -ENOMEM ?
		    "does not fit into memory" : strerrordesc_np(-r));
	return r;
}

static int
write_back(const char *path, const struct text *old, const struct text *new)
{
	const char *why;
	int r = replace_file(path, old->bytes, old->length, new->bytes,
	    new->length, &why);

	if (r < 0)
		return complain("%s is left as it is: %s: %s", path, why,
		    strerrordesc_np(-r));
	return STATUS_OK;
}

static bool
is_same(const struct run *run)
{
	return run->old.length == run->new.length &&
	    memcmp(run->old.bytes, run->new.bytes, run->old.length) == 0;
}

static int
say_wrong(const char *path)
{
	if (strcmp(path, "-") == 0)
		return complain(INPUT_NAME " is not laid out as it should be");
	return complain("%s is not laid out as it should be; `jailctl format "
	    "-w %s` does it", path, path);
}

static int
use(const struct run *run, const char *path)
{
	const struct arguments *arguments = run->arguments;
	bool same = is_same(run);

	if (arguments->check && !same)
		return arguments->json ? STATUS_FAILED : say_wrong(path);
	if (arguments->write)
		return same ? STATUS_OK : write_back(path, &run->old,
		    &run->new);
	if (!arguments->check && !arguments->json)
		fwrite(run->new.bytes, 1, run->new.length, stdout);
	return STATUS_OK;
}

static void
add_json(const struct run *run, const char *path, int status, void *mistakes)
{
	const struct arguments *arguments = run->arguments;
	bool laid_out = run->new.bytes != NULL;
	bool shown = laid_out && !arguments->check && !arguments->write;

	json_array_append_new(run->files, json_pack(
	    "{s:s, s:b, s:o, s:o, s:o}", "file", name_of(path), "ok",
	    status == STATUS_OK, "changes", laid_out ?
	    json_boolean(!is_same(run)) : json_null(), "text", shown ?
	    json_stringn(run->new.bytes, run->new.length) : json_null(),
	    "diagnostics", mistakes != NULL ? json_incref(mistakes) :
	    json_array()));
}

static int
format_one(struct run *run, const char *path)
{
	int status = STATUS_FAILED;
	void *mistakes = NULL;

	if (policy_text_read(path, &run->old.bytes, &run->old.length) == 0 &&
	    lay_out(run, path, &run->new, &mistakes) == 0)
		status = use(run, path);
	if (run->arguments->json)
		add_json(run, path, status, mistakes);
	json_decref(mistakes);
	free(run->old.bytes);
	free(run->new.bytes);
	run->old = run->new = (struct text){ 0 };
	return status;
}

/* The file that the path is in the tree, as this host names it. */
static char *
resolve(const char *root, const char *path)
{
	_cleanup_fd_ int fd = tree_open(root, path, O_PATH);
	char link[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	char *file;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	file = fd < 0 ? NULL : realpath(link, NULL);
	if (file == NULL)
		complain("%s: %s: %s", root, path,
		    strerrordesc_np(fd < 0 ? -fd : errno));
	return file;
}

static int
format_path(struct run *run, const char *path)
{
	const char *root = run->arguments->root;
	_cleanup_free_ char *file = NULL;

	if (root == NULL || strcmp(path, "-") == 0)
		return format_one(run, path);
	file = resolve(root, path);
	return file == NULL ? STATUS_FAILED : format_one(run, file);
}

static bool
misused(const char *why)
{
	complain("format: %s", why);
	return true;
}

/* What is asked for does not go together, which was said. */
static bool
is_misused(const struct arguments *arguments, char **paths, int n)
{
	if (arguments->check && arguments->write)
		return misused("--check writes nothing, so it does not go "
		    "with --write");
	if (n > 1 && !arguments->check && !arguments->write &&
	    !arguments->json)
		return misused("of several files nothing is shown; say "
		    "--write, --check or --json");
	for (int i = 0; arguments->write && i < n; i++)
		if (strcmp(paths[i], "-") == 0)
			return misused("--write wants a file");
	return false;
}

int
command_format(const struct arguments *arguments)
{
	static char input[] = "-";
	char *only_input[] = { input };
	char **paths = arguments->n_words > 0 ? arguments->words : only_input;
	int n = arguments->n_words > 0 ? arguments->n_words : 1;
	struct run run = { .arguments = arguments };
	int status = STATUS_OK;

	if (is_misused(arguments, paths, n))
		return STATUS_USAGE;
	run.files = json_array();
	for (int i = 0; i < n; i++)
		if (format_path(&run, paths[i]) != STATUS_OK)
			status = STATUS_FAILED;
	if (arguments->json && print_json(json_pack("{s:i, s:b, s:O}",
	    "version", JSON_VERSION, "ok", status == STATUS_OK, "files",
	    run.files)) != STATUS_OK)
		status = STATUS_FAILED;
	json_decref(run.files);
	return status;
}

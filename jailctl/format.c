#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int
lay_out(const char *path, const struct text *text, struct text *ret)
{
	const struct load_options options = {
		.root_file = strcmp(path, "-") == 0 ? INPUT_NAME : path,
		.diagnostics = stderr, .colour = wants_colour() };
	int r = policy_format(&options, text->bytes, text->length,
	    &ret->bytes, &ret->length);

	if (r == -EINVAL)
		complain("%s is left as it is", options.root_file);
	else if (r < 0)
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

static int
use(const struct arguments *arguments, const char *path,
    const struct text *old, const struct text *new)
{
	bool same = old->length == new->length &&
	    memcmp(old->bytes, new->bytes, old->length) == 0;

	if (arguments->check && !same && strcmp(path, "-") == 0)
		return complain(INPUT_NAME " is not laid out as it should be");
	if (arguments->check && !same)
		return complain("%s is not laid out as it should be; "
		    "`jailctl format -w %s` does it", path, path);
	if (arguments->check)
		return STATUS_OK;
	if (arguments->write)
		return same ? STATUS_OK : write_back(path, old, new);
	fwrite(new->bytes, 1, new->length, stdout);
	return STATUS_OK;
}

static int
format_one(const struct arguments *arguments, const char *path)
{
	struct text old = { 0 }, new = { 0 };
	int status = STATUS_FAILED;

	if (policy_text_read(path, &old.bytes, &old.length) == 0 &&
	    lay_out(path, &old, &new) == 0)
		status = use(arguments, path, &old, &new);
	free(old.bytes);
	free(new.bytes);
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
format_path(const struct arguments *arguments, const char *path)
{
	_cleanup_free_ char *file = NULL;

	if (arguments->root == NULL || strcmp(path, "-") == 0)
		return format_one(arguments, path);
	file = resolve(arguments->root, path);
	return file == NULL ? STATUS_FAILED : format_one(arguments, file);
}

static int
misused(const char *why)
{
	complain("format: %s", why);
	return STATUS_USAGE;
}

int
command_format(const struct arguments *arguments)
{
	static char input[] = "-";
	char *only_input[] = { input };
	char **paths = arguments->n_words > 0 ? arguments->words : only_input;
	int n = arguments->n_words > 0 ? arguments->n_words : 1;
	int status = STATUS_OK;

	if (arguments->check && arguments->write)
		return misused("--check writes nothing, so it does not go "
		    "with --write");
	if (n > 1 && !arguments->check && !arguments->write)
		return misused("of several files nothing is shown; say "
		    "--write or --check");
	for (int i = 0; i < n; i++) {
		if (arguments->write && strcmp(paths[i], "-") == 0)
			return misused("--write wants a file");
		if (format_path(arguments, paths[i]) != STATUS_OK)
			status = STATUS_FAILED;
	}
	return status;
}

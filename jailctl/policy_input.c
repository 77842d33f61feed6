#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/policy_input.h"
#include "lang/load.h"
#include "lang/source.h"

int
policy_text_read(const char *path, char **ret, size_t *ret_length)
{
	_cleanup_fd_ int fd = -1;
	int r;

	if (strcmp(path, "-") == 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	r = fd < 0 ? -errno : read_all(fd, SOURCE_MAX_BYTES, ret, ret_length);
	if (r < 0)
		complain("%s: %s", path, r == -EFBIG ?
		    "is larger than one megabyte" : strerrordesc_np(-r));
	return r;
}

static int
load_input(struct load_options *options, struct policy **ret)
{
	_cleanup_free_ char *text = NULL;
	size_t length;
	int r = policy_text_read("-", &text, &length);

	if (r < 0)
		return r;
	options->root_file = INPUT_NAME;
	options->may_include = true;
	return policy_load_memory(options, text, length, ret);
}

static bool
is_in_force(const struct arguments *arguments, const struct config *config,
    const char *path)
{
	return arguments->root == NULL &&
	    strcmp(path, config->policy_file) == 0;
}

static int
load(const struct arguments *arguments, const char *path,
    enum policy_messages messages, struct policy_input *ret)
{
	struct load_options options = { .root_file = path,
		.check_trust = is_in_force(arguments, ret->config, path),
		.strict = arguments->strict, .tree = arguments->root,
		.quiet = messages == MESSAGES_IF_WRONG,
		.diagnostics = messages == MESSAGES_JSON ? NULL : stderr,
		.json = messages == MESSAGES_JSON ? &ret->diagnostics : NULL,
		.colour = wants_colour() };

	ret->name = path;
	if (strcmp(path, "-") != 0)
		return policy_load(&options, &ret->policy);
	ret->name = INPUT_NAME;
	options.tree = NULL;
	return load_input(&options, &ret->policy);
}

int
policy_input_open(const struct arguments *arguments, const char *path,
    enum policy_messages messages, struct policy_input *ret)
{
	int r;

	*ret = (struct policy_input){ 0 };
	r = settings_load_below(arguments->root, arguments, &ret->config);
	if (r < 0)
		return r;
	r = load(arguments, path != NULL ? path : ret->config->policy_file,
	    messages, ret);
	if (r < 0 && messages == MESSAGES_JSON && ret->diagnostics == NULL)
		complain("%s%s: %s", arguments->root == NULL ? "" :
		    arguments->root, ret->name, strerrordesc_np(-r));
	return r;
}

void
policy_input_close(struct policy_input *input)
{
	policy_free(input->policy);
	config_free(input->config);
	json_decref(input->diagnostics);
}

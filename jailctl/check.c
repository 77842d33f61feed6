#include "config.h"

#include <stdio.h>

#include "common/cleanup.h"
#include "jailctl/jailctl.h"
#include "lang/policy.h"

static const char *
plural(size_t n, const char *one, const char *many)
{
	return n == 1 ? one : many;
}

int
command_check(const struct arguments *arguments)
{
	struct policy *policy;
	struct config *config;
	const char *path;
	int r = settings_load(arguments, &config);

	if (r < 0)
		return STATUS_FAILED;
	path = arguments->n_words > 0 ? arguments->words[0] :
	    config->policy_file;
	r = settings_load_policy(config, path, arguments->strict, &policy);
	if (r == 0) {
		printf("%s: %zu %s, %zu %s, sha256 %s\n", path,
		    policy->n_jails, plural(policy->n_jails, "jail", "jails"),
		    policy->n_matches, plural(policy->n_matches, "match",
		    "matches"), policy->sha256);
		policy_free(policy);
	}
	config_free(config);
	return r < 0 ? STATUS_FAILED : STATUS_OK;
}

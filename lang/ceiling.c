#include "config.h"

#include <string.h>

#include "lang/base_tree.h"
#include "lang/ceiling.h"

static bool
is_within_any(const struct policy_bound *bound, const char *path)
{
	for (size_t i = 0; i < bound->n_texts; i++)
		if (path_is_within(path, bound->texts[i]))
			return true;
	return false;
}

static bool
forbids(const struct policy_bound *bound, const char *source, bool writable)
{
	switch (bound->kind) {
	case BOUND_MOUNT_ONLY:
		return !is_within_any(bound, source);
	case BOUND_MOUNT_WRITE_ONLY:
		return writable && !is_within_any(bound, source);
	case BOUND_MOUNT_DENY:
		return is_within_any(bound, source);
	default:
		return false;
	}
}

const struct policy_bound *
ceiling_forbids_mount(const struct jail *jail, const char *source,
    bool writable)
{
	for (size_t i = 0; i < jail->n_ceilings; i++) {
		const struct policy_ceiling *ceiling = jail->ceilings[i];

		for (size_t k = 0; k < ceiling->n_bounds; k++)
			if (forbids(&ceiling->bounds[k], source, writable))
				return &ceiling->bounds[k];
	}
	return NULL;
}

const struct policy_bound *
ceiling_denies_path(const struct jail *jail, const char *path)
{
	for (size_t i = 0; i < jail->n_ceilings; i++) {
		const struct policy_ceiling *ceiling = jail->ceilings[i];

		for (size_t k = 0; k < ceiling->n_bounds; k++)
			if (ceiling->bounds[k].kind == BOUND_MOUNT_DENY &&
			    is_within_any(&ceiling->bounds[k], path))
				return &ceiling->bounds[k];
	}
	return NULL;
}

const struct policy_bound *
ceiling_hides(const struct jail *jail, const char *source, size_t *index,
    const char **ret_rest)
{
	size_t length = strcmp(source, "/") == 0 ? 0 : strlen(source);
	size_t n = 0;

	for (size_t i = 0; i < jail->n_ceilings; i++) {
		const struct policy_ceiling *ceiling = jail->ceilings[i];

		for (size_t k = 0; k < ceiling->n_bounds; k++) {
			const struct policy_bound *bound =
			    &ceiling->bounds[k];

			if (bound->kind != BOUND_MOUNT_DENY)
				continue;
			for (size_t m = 0; m < bound->n_texts; m++) {
				const char *path = bound->texts[m];

				if (n++ < *index ||
				    !path_is_within(path, source) ||
				    strlen(path) == length)
					continue;
				*index = n;
				*ret_rest = path + length;
				return bound;
			}
		}
	}
	return NULL;
}

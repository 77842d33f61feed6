/* ${user} and its siblings in a jail's strings. */
#ifndef LANG_TEMPLATE_H
#define LANG_TEMPLATE_H

#include <stddef.h>

struct template_values {
	const char *user, *uid, *gid, *group, *home, *jail, *host;
};

/* Expands ${...} and $$ into *ret (free()).  0; -EINVAL when a used value is
 * NULL, empty, ".", ".." or has a '/' (home may), or when the template is
 * malformed: *ret_variable then names the variable; -ENOMEM. */
int template_expand(const char *template, const struct template_values *values,
    char **ret, const char **ret_variable);

#endif

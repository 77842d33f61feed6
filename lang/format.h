/* A policy's text in the one layout. */
#ifndef LANG_FORMAT_H
#define LANG_FORMAT_H

#include <stddef.h>

struct load_options;

/* Lays out the text of one file; what it includes is not looked at, and of
 * the options only root_file (the name in messages), diagnostics, json and
 * colour count.  Names and values may be wrong, the grammar may not.
 *
 * 0 with *ret (free()), the same tokens and comments in the same order: that
 * is looked at before it is handed out.  -EINVAL when the grammar has
 * mistakes, which are on diagnostics and in json; -ENOMEM; -EPROTO when what
 * was laid out is not what was read. */
int policy_format(const struct load_options *options, const char *text,
    size_t length, char **ret, size_t *ret_length);

#endif

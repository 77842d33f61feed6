/* From tokens to the tree: what may stand where, and nothing else. */
#ifndef LANG_PARSER_H
#define LANG_PARSER_H

#include "lang/source.h"
#include "lang/tree.h"

/* Reads the root file, and at their place the files that it includes.
 * Mistakes are reported, and reading goes on behind them. */
struct tree *parser_run(struct source_set *set, const struct source *root);

/* Reads a source that is one action; NULL: it is none, which was reported. */
struct tree_action *parser_run_action(struct source_set *set,
    const struct source *source);

/* The words that statements and settings begin with, NULL-terminated. */
const char *const *statement_words(void);
const char *const *setting_words(void);

#endif

/* What the files of the parser share. */
#ifndef LANG_PARSE_H
#define LANG_PARSE_H

#include "lang/arena.h"
#include "lang/parser.h"

struct parser {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct source_set *set;
	struct tree *tree;
	const struct source *source;
	const struct token *tokens;
	const struct token *at;
	struct token_list under;	/* ceilings of the file */
	unsigned depth;		/* open braces */
};

/* The token that comes next; parse_next() goes behind it. */
const struct token *parse_next(struct parser *p);
bool parse_is(const struct parser *p, enum token_kind kind);
bool parse_is_word(const struct parser *p, const char *word);

/* Take the next token when it is such. */
bool parse_accept(struct parser *p, enum token_kind kind);
bool parse_accept_word(struct parser *p, const char *word);

/* Takes the next token, or reports that what was expected; NULL then. */
const struct token *parse_expect(struct parser *p, enum token_kind kind,
    const char *what);

/* Takes one word of a NULL-terminated list: *ret_choice is which one.
 * Anything else is reported as an unknown or a missing what. */
const struct token *parse_choice(struct parser *p, const char *const *words,
    const char *what, unsigned *ret_choice);

/* Reports that what was expected where the parser stands.  Always false. */
bool parse_error(struct parser *p, const char *what);

void parse_skip_newlines(struct parser *p);

/* Takes a comma, and the ends of lines behind it. */
bool parse_comma(struct parser *p);

/* Goes to the end of the statement that began at a depth, over whatever
 * blocks it has. */
void parse_recover(struct parser *p, unsigned depth);

/* The end of a statement: newline or ';', or nothing before '}' and at the
 * end of the file. */
bool parse_end(struct parser *p);

/* Whether it stands there; nothing is said or taken. */
bool parse_at_end(const struct parser *p);

/* Does a block come next?  Also when its '{' is a line too low. */
bool parse_at_block(const struct parser *p);

/* '{' { item END } '}'; head is named when the '}' is missing.  item reports
 * its mistakes itself. */
bool parse_block(struct parser *p, const struct token *head,
    bool (*item)(struct parser *p, void *context), void *context);

/* One value; values: one, or a list in braces; tail: some with commas. */
bool parse_value(struct parser *p, struct token_list *list, const char *what);
bool parse_values(struct parser *p, struct token_list *list,
    const char *what);
bool parse_tail(struct parser *p, struct token_list *list, const char *what);

/* WORD { "," WORD }, behind "inherits" or "under". */
bool parse_names(struct parser *p, struct token_list *list,
    const char *what);

/* One setting of the block of part (parse_setting.c). */
bool parse_setting(struct parser *p, void *part);

/* Takes the word of a setting that chooses among some. */
bool parse_setting_word(struct parser *p, struct setting *s,
    const char *const *words, const char *what);

/* What follows the keyword of settings that collect (parse_collect.c). */
bool parse_setting_mount(struct parser *p, struct setting *s);
bool parse_setting_device(struct parser *p, struct setting *s);
bool parse_setting_environment(struct parser *p, struct setting *s);
bool parse_setting_secret(struct parser *p, struct setting *s);
bool parse_setting_limit(struct parser *p, struct setting *s);
bool parse_setting_tolerate(struct parser *p, struct setting *s);
bool parse_setting_undo(struct parser *p, struct setting *s);

/* The blocks of `network filtered` (parse_flow.c) and of `syscalls`
 * (parse_rules.c), rule by rule. */
bool parse_network_rule(struct parser *p, void *setting);
bool parse_call_rule(struct parser *p, void *setting);

/* [proto] "to" values ["port" values]; one call with its conditions. */
bool parse_flow(struct parser *p, struct tree_flow *flow);
bool parse_call(struct parser *p, struct tree_call *call);

/* A ceiling with its bounds (parse_ceiling.c). */
bool parse_ceiling(struct parser *p);

/* A test block, and one action (parse_test.c). */
bool parse_test(struct parser *p);
bool parse_action(struct parser *p, struct tree_action *action);

#endif

/* Is the tree a policy?  Names, values and every setting on its own; what
 * depends on several blocks is compile.h's. */
#ifndef LANG_CHECK_H
#define LANG_CHECK_H

#include "lang/arena.h"
#include "lang/tree.h"

#define CHECK_DEPTH_MAX 32	/* of inheritance, and of defines in defines */
#define CHECK_VALUES_MAX 65536	/* of one list */
#define CHECK_NAME_MAX 64	/* bytes of a jail's name */

/* Where a name that was meant may come from. */
enum suggest_from {
	SUGGEST_DEFINES = 0,
	SUGGEST_PARTS,
	SUGGEST_JAILS,
	SUGGEST_CEILINGS,
	SUGGEST_KINDS
};

/* Names that are compared with mistakes, all together: what is meant by the
 * thousandth one is nobody's question. */
#define SUGGEST_WORDS_MAX 500000

#define CHECK_PARENTS_MAX 64

struct checker {
	struct arena *arena;
	struct diagnostics *diagnostics;
	struct tree *tree;
	struct part *heirs[CHECK_DEPTH_MAX];	/* being looked at, outermost
						 * first */
	unsigned depth;
	const char *const *words[SUGGEST_KINDS];	/* once asked for */
	size_t n_words[SUGGEST_KINDS];
	size_t suggested;
	size_t looks;		/* of one thing at another, so far */
	bool too_many;
};

/* Looks of one thing of a policy at another that are made in time, and how
 * many more for each of its bytes above a megabyte. */
#define CHECK_LOOKS_MAX 16000000
#define CHECK_LOOKS_MORE 16

/* Counts n more of them.  False: there are too many, which is an error at
 * the token, once: what was not looked at might be wrong. */
bool check_may_look(struct checker *c, const struct token *token, size_t n);

/* A value, and the define through which it came; NULL: written in place. */
struct value {
	const struct token *token, *define;
};

struct values {
	struct value *items;
	size_t n;
	size_t looked_at;	/* defines count too */
};

/* Checks the tree and fills in its "check:" members. */
void check_tree(struct arena *arena, struct diagnostics *diagnostics,
    struct tree *tree, const struct source *root);

/* A list with its defines replaced by their values; unknown ones are
 * reported and left out. */
struct values check_expand(struct checker *c, const struct token_list *list);

/* Behind an error about a value: where its define is used. */
void check_note_use(struct checker *c, const struct value *value);

/* What was probably meant by an unknown name; NULL: no idea. */
const char *check_suggest(struct checker *c, const struct token *token,
    enum suggest_from from);

struct part *check_find_part(const struct tree *tree, const char *name);

/* Who inherits from whom: fills in the ancestry of each part
 * (check_ancestry.c). */
void check_ancestry(struct checker *c);

/* One setting by itself: sets valid and what is compiled from it. */
void check_setting(struct checker *c, struct setting *setting);

/* The settings that collect (check_collect.c). */
bool check_mount(struct checker *c, struct setting *s);
bool check_device(struct checker *c, struct setting *s);
bool check_environment(struct checker *c, struct setting *s);
bool check_secret(struct checker *c, struct setting *s);
bool check_limit(struct checker *c, struct setting *s);
bool check_tolerate(struct checker *c, struct setting *s);

/* One value of a kind (check_value.c); what it is not is reported.
 * check_number() also refuses zero; check_word() finds one of a list. */
bool check_number(struct checker *c, const struct value *value,
    enum token_kind want, uint64_t max);
bool check_octal(struct checker *c, const struct token *token, uint32_t max,
    uint64_t *ret);
bool check_word(struct checker *c, const struct value *value,
    const char *const *words, const char *what, unsigned *ret_index);
bool check_limit_value(struct checker *c, const struct token *token,
    enum limit_kind kind, uint64_t *ret);
bool check_persist_value(struct checker *c, const struct token *token,
    uint64_t *ret);

/* The word `none`; reported when others stand beside it. */
bool check_is_none(const struct token *token);
bool check_alone(struct checker *c, const struct values *values);

/* A host's name in lower case; NULL: it is none, which was reported. */
const char *check_host_name(struct checker *c, const struct token *token,
    bool wildcard);

/* The rules of `network filtered`, and what they are made of
 * (check_flow.c). */
bool check_network(struct checker *c, struct setting *setting);
bool check_flow(struct checker *c, const struct tree_flow *tree,
    struct flow *ret);
bool check_destination(struct checker *c, const struct value *value,
    bool wildcard, struct destination *ret);
bool check_port(struct checker *c, const struct value *value,
    struct port_range *ret);
unsigned check_protocol(const struct token *token);	/* NULL: all */

/* True when what fits b always fits a. */
bool flow_covers(const struct flow *a, const struct flow *b);
bool destination_covers(const struct destination *a,
    const struct destination *b);

/* How many values are looked at for that, or to see whether they meet. */
size_t flow_looks(const struct flow *a, const struct flow *b);

/* False when nothing can fit both. */
bool flows_meet(const struct flow *a, const struct flow *b);

/* Does the glob (*, ?) fit whatever the other one fits? */
bool glob_covers(const char *glob, const char *other);

/* The rules of `syscalls` (check_syscalls.c). */
bool check_call_rules(struct checker *c, struct setting *setting);

/* A name or a group of calls: *ret_members is NULL for a name. */
bool check_call_name(struct checker *c, const struct value *value,
    const char *const **ret_members);
bool check_condition(struct checker *c, const struct token *call,
    const struct tree_condition *tree, struct syscall_condition *ret);

/* The ceilings, made from the tree's in their order (check_ceiling.c). */
const struct policy_ceiling *check_ceilings(struct checker *c);

/* By its name; NULL: the unnamed one. */
struct tree_ceiling *check_find_ceiling(const struct tree *tree,
    const char *name);

/* An action; a define or a group makes several of it (check_action.c). */
struct actions {
	struct action *items;
	size_t n;
};
bool check_action(struct checker *c, const struct tree_action *tree,
    struct actions *ret);
bool check_one_action(struct arena *arena, struct diagnostics *diagnostics,
    struct tree *tree, const struct tree_action *action,
    struct actions *ret);

/* A jail's path, with variables: absolute, without "..", "//" and a slash at
 * its end, and without a glob unless it may be one (check_path.c). */
bool check_path(struct checker *c, const struct token *token, bool glob);

/* May something be mounted there?  The error is reported at the token. */
bool check_mount_target(struct checker *c, const struct token *token,
    enum mount_mode mode);

/* True when path is strictly below folder. */
bool path_is_below(const char *path, const char *folder);

/* Where a setting of part was said. */
struct origin origin_of(const struct token *token, const struct part *part);

/* A string that is no jail's: its text, or NULL when it holds a variable,
 * which was reported. */
const char *check_plain(struct checker *c, const struct token *token);

/* A match line without its jail (check_match.c); false: not usable. */
bool check_match(struct checker *c, const struct tree_match *match,
    struct match_rule *ret);

/* One service, account or group by its bare or quoted name. */
bool check_service(struct checker *c, const struct value *value,
    enum service_class *ret);
const char *check_name(struct checker *c, const struct value *value);

/* True when whoever meets later would already have met earlier. */
bool match_covers(const struct match_rule *earlier,
    const struct match_rule *later);

/* How many values are looked at for that. */
size_t match_looks(const struct match_rule *earlier,
    const struct match_rule *later);

#endif

/* The compiled policy as text: canonical (its sha256 is the policy's), and
 * explained for people and programs. */
#ifndef LANG_DUMP_H
#define LANG_DUMP_H

#include <stdio.h>

struct policy;
struct jail;
struct match_rule;

/* The canonical text: same policy, same bytes; no origins. */
int policy_dump(FILE *out, const struct policy *policy);

/* One match line of it.  0; -EINVAL for what the language cannot say. */
int match_dump(FILE *out, const struct match_rule *rule);

/* Every effective setting of one jail with its origin, a line each:
 *	tier namespace            policy.jail:14:5 (coder)
 * rules in order of decision. */
int jail_explain(FILE *out, const struct jail *jail);

/* The same as one JSON object (jansson) with "settings": [{"name":,
 * "value":, "file":, "line":, "column":, "part":}, ...]; returns a new
 * json_t reference as void *, NULL without memory. */
void *jail_explain_json(const struct jail *jail);

#endif

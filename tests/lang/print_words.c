/* The words that the language's tables hold, a line each: what jail(5) has
 * to speak of. */
#include "config.h"

#include <stdio.h>

#include "lang/action.h"
#include "lang/parser.h"
#include "lang/words.h"

static void
print(const char *const *words)
{
	for (; *words != NULL; words++)
		puts(*words);
}

int
main(void)
{
	print(statement_words());
	print(setting_words());
	print(tier_words);
	print(mode_words);
	print(home_words);
	print(network_words);
	print(profile_words);
	print(action_words);
	print(limit_words);
	print(audit_words);
	print(feature_words);
	print(protocol_words);
	for (int i = ACTION_INVALID + 1; i < ACTION_KINDS; i++)
		puts(action_kind_name((enum action_kind)i));
	for (int i = SERVICE_NONE + 1; service_class_name(i) != NULL; i++)
		puts(service_class_name(i));
	return 0;
}

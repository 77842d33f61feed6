#include "config.h"

#include <stdio.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/policy_input.h"
#include "lang/dump.h"

int
command_compile(const struct arguments *arguments)
{
	struct policy_input input;
	int status = STATUS_FAILED;
	int r = policy_input_open(arguments, arguments->n_words > 0 ?
	    arguments->words[0] : NULL, MESSAGES_IF_WRONG, &input);

	if (r == 0) {
		r = policy_dump(stdout, input.policy);
		status = r == 0 ? STATUS_OK :
		    complain("%s: %s", input.name, strerrordesc_np(-r));
	}
	policy_input_close(&input);
	return status;
}

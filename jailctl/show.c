#include "config.h"

#include "jailctl/control.h"
#include "jailctl/jail_table.h"

int
command_show(const struct arguments *arguments)
{
	json_t *reply;
	int r;

	if (control_ask(arguments, "show", arguments->words[0], &reply) < 0)
		return STATUS_FAILED;
	if (arguments->json)
		return print_json(reply);
	r = jail_table_show(json_object_get(reply, "jail"));
	json_decref(reply);
	return r == 0 ? STATUS_OK :
	    complain("jaild's answer is not understood");
}

#include "config.h"

#include "common/cleanup.h"
#include "jailctl/control.h"
#include "jailctl/jail_table.h"

static int
print_jails(json_t *reply)
{
	json_t *jails = json_object_get(reply, "jails");

	if (!json_is_array(jails))
		return complain("jaild's answer is not understood");
	if (json_array_size(jails) == 0) {
		puts("no jails");
		return STATUS_OK;
	}
	return jail_table_print(jails) == 0 ? STATUS_OK :
	    complain("jaild's answer is not understood");
}

int
command_list(const struct arguments *arguments)
{
	json_t *reply;
	int status;

	if (control_ask(arguments, "list", NULL, &reply) < 0)
		return STATUS_FAILED;
	if (arguments->json)
		return print_json(reply);
	status = print_jails(reply);
	json_decref(reply);
	return status;
}

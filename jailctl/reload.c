#include "config.h"

#include "jailctl/control.h"

int
command_reload(const struct arguments *arguments)
{
	const char *sha256 = "?";
	json_t *reply;

	if (control_ask(arguments, "reload", NULL, &reply) < 0)
		return STATUS_FAILED;
	json_unpack(reply, "{s:s}", "policy_sha256", &sha256);
	printf("policy %s is in force; jails that are live stay as they "
	    "are\n", sha256);
	json_decref(reply);
	return STATUS_OK;
}

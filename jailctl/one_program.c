/* The program that is jaild and jailctl, by the name that it is called with. */
#include "config.h"

#include <string.h>

#include "jaild/main.h"
#include "jailctl/main.h"

/* A copy of jailctl may be called jailctl-for-purge. */
int
main(int argc, char **argv)
{
	const char *name = argc > 0 ? basename(argv[0]) : "";

	if (strncmp(name, "jailctl", strlen("jailctl")) == 0)
		return jailctl_main(argc, argv);
	return jaild_main(argc, argv);
}

/* The program jailctl, where it is one of its own: DESIGN.md. */
#include "config.h"

#include "jailctl/main.h"

int
main(int argc, char **argv)
{
	return jailctl_main(argc, argv);
}

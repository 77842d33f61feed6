/* The program jaild, where it is one of its own: DESIGN.md. */
#include "config.h"

#include "jaild/main.h"

int
main(int argc, char **argv)
{
	return jaild_main(argc, argv);
}

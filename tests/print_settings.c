/* The table of settings that config.c knows, for tests/check-man. */
#include "config.h"

#include <stdio.h>

#include "config/config.h"

int
main(void)
{
	config_describe(stdout);
	return 0;
}

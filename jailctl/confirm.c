#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include "jailctl/confirm.h"

bool
confirm(const struct arguments *arguments, const char *question)
{
	char answer[16] = "";

	if (arguments->yes)
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		complain("nothing was changed: there is no terminal to ask "
		    "at; --yes does not ask");
		return false;
	}
	printf("%s [y/N] ", question);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) != NULL &&
	    (*answer == 'y' || *answer == 'Y'))
		return true;
	puts("nothing was changed");
	return false;
}

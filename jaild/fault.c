#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jaild/fault.h"

#define TEXT_MAX 64
#define HOLD "hold "

static struct fault
parse(const char *text)
{
	struct fault fault = { 0 };

	if (strncmp(text, HOLD, strlen(HOLD)) == 0)
		fault.hold_step = strtoul(text + strlen(HOLD), NULL, 10);
	else
		fault.fail_step = strtoul(text, NULL, 10);
	return fault;
}

static char *
read_trusted(const char *path)
{
	enum trust trust = TRUST_NO;
	_cleanup_fd_ int fd = trusted_open(AT_FDCWD, path, 0, &trust);
	char *text = NULL;
	size_t length;

	if (fd < 0 || trust != TRUST_OK ||
	    read_all(fd, TEXT_MAX, &text, &length) < 0)
		return NULL;
	return text;
}

struct fault
fault_read(void)
{
	const char *step = getenv("JAILD_FAIL_STEP");
	const char *path = getenv("JAILD_FAIL_STEP_FILE");
	_cleanup_free_ char *text = NULL;

	if (step != NULL)
		return parse(step);
	if (path != NULL)
		text = read_trusted(path);
	return parse(text != NULL ? text : "");
}

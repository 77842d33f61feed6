/* libFuzzer target: any bytes are a jaild.conf or a list of mistakes, and what
 * was taken lies within what is allowed. */
#include "config.h"

#include <sys/mman.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
const char *__lsan_default_suppressions(void);

/* libconfig's scanner forgets a string that a mistake cut short; jaild reads
 * the file once. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static void
require(int holds)
{
	if (!holds)
		abort();
}

static void
check(const struct config *config)
{
	require(config->policy_file[0] == '/' && config->run_dir[0] == '/');
	require(config->login_timeout_ms > 0 && config->workers_max > 0);
	require(config->log_level <= LOG_LEVEL_DEBUG);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static FILE *nowhere;
	struct config *config = NULL;
	char path[64];
	int fd = memfd_create("jaild.conf", 0);

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	require(fd >= 0 && nowhere != NULL);
	require(write(fd, bytes, length) == (ssize_t)length);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (config_load(path, false, false, nowhere, &config) == 0) {
		check(config);
		config_free(config);
	}
	close(fd);
	return 0;
}

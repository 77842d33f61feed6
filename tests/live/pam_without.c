/* A PAM module that takes one capability away from the login program, to see
 * what it was for.  Its one word is the capability's number. */
#include "config.h"

#include <sys/syscall.h>

#include <linux/capability.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <unistd.h>

int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct words[2] = { 0 };
	unsigned number = argc == 1 ? (unsigned)atoi(argv[0]) : 64;

	(void)pamh;
	(void)flags;
	if (number >= 64 || syscall(SYS_capget, &header, words) < 0)
		return PAM_SESSION_ERR;
	words[number / 32].permitted &= ~(1u << number % 32);
	words[number / 32].effective &= ~(1u << number % 32);
	return syscall(SYS_capset, &header, words) < 0 ? PAM_SESSION_ERR :
	    PAM_SUCCESS;
}

int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc,
    const char **argv)
{
	(void)pamh;
	(void)flags;
	(void)argc;
	(void)argv;
	return PAM_SUCCESS;
}

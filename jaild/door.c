#include "config.h"

#include <linux/capability.h>

#include "common/cleanup.h"
#include "jaild/door.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* sshd: the terminal changes hands (CHOWN), the session becomes the agent
 * (SETUID, SETGID), libpam and sshd write their records (AUDIT_WRITE).
 * exec: the same, without a door of its own to look after. */
static const uint64_t capabilities[] = {
	[SERVICE_NONE] = 0,
	[SERVICE_SSHD] = CAP(CHOWN) | CAP(SETUID) | CAP(SETGID) |
	    CAP(AUDIT_WRITE),
	[SERVICE_EXEC] = CAP(CHOWN) | CAP(SETUID) | CAP(SETGID) |
	    CAP(AUDIT_WRITE),
};

uint64_t
door_capabilities(enum service_class service)
{
	if ((size_t)service >= ARRAY_LENGTH(capabilities))
		return 0;
	return capabilities[service];
}

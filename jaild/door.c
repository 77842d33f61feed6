#include "config.h"

#include <linux/capability.h>

#include "common/cleanup.h"
#include "jaild/door.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* All of them become the agent (SETUID, SETGID), and libpam sends its records
 * through them (AUDIT_WRITE).  Beyond that a door has only what is lost to it
 * otherwise; tests/live/cases/doors-capabilities takes each away in turn.
 *
 * sshd: the terminal changes hands (CHOWN).
 * login: the same, and its mode is set when it is the agent's (FOWNER).
 * su: the same for `su --pty`; and a command that was stopped together with
 * su goes on with it, and hears of its end first (KILL).
 * exec: as sshd, without a door of its own to look after. */
#define ANY_DOOR (CAP(SETUID) | CAP(SETGID) | CAP(AUDIT_WRITE))

static const uint64_t capabilities[] = {
	[SERVICE_NONE] = 0,
	[SERVICE_SSHD] = ANY_DOOR | CAP(CHOWN),
	[SERVICE_LOGIN] = ANY_DOOR | CAP(CHOWN) | CAP(FOWNER),
	[SERVICE_SU] = ANY_DOOR | CAP(CHOWN) | CAP(FOWNER) | CAP(KILL),
	[SERVICE_CRON] = ANY_DOOR,
	[SERVICE_EXEC] = ANY_DOOR | CAP(CHOWN),
};

uint64_t
door_capabilities(enum service_class service)
{
	if ((size_t)service >= ARRAY_LENGTH(capabilities))
		return 0;
	return capabilities[service];
}

/* Files below /run/jail that jaild writes and jail-shell reads.
 *
 * session: lines "key=value", no escapes; values hold no newline.  Keys, each
 * once but env: account, uid, jail, tier, uuid, shell, workdir, umask (octal)
 * and env (a NAME=value).
 *
 * filters: struct jail_filters_head, then the instructions (struct
 * sock_filter) of all programs, one behind another. */
#ifndef COMMON_JAIL_FILES_H
#define COMMON_JAIL_FILES_H

#include <stdint.h>

#include "common/protocol.h"

#define JAIL_RUN_DIRECTORY "/run/jail"
#define JAIL_SESSION_FILE "/run/jail/session"
#define JAIL_FILTERS_FILE "/run/jail/filters"
#define JAIL_LOG_DIRECTORY "/run/jail/log"
#define JAIL_LOG_SOCKET "/run/jail/log/log"

#define JAIL_FILTERS_MAGIC 0x4a464c54u
#define JAIL_SESSION_MAX 65536

struct jail_filters_head {
	uint32_t magic;
	uint32_t n_filters;	/* 0 ... PROTOCOL_FILTERS_MAX */
	struct grant_filter filters[PROTOCOL_FILTERS_MAX];
};

#endif

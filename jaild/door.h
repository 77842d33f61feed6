/* What each door needs of the host's privileges after the entry. */
#ifndef JAILD_DOOR_H
#define JAILD_DOOR_H

#include <stdint.h>

#include "common/service.h"

/* Capabilities (1 << CAP_*) that the login program keeps inside the jail
 * until it becomes the agent; 0 for a door that is closed. */
uint64_t door_capabilities(enum service_class service);

#endif

/* Fault injection: what shall go wrong in the next build.  Only tests set
 * the variables that this reads; both are the environment of root's daemon.
 *
 *	JAILD_FAIL_STEP=N		step N fails with EIO
 *	JAILD_FAIL_STEP_FILE=PATH	read at every build: "N", or "hold N" for
 *					a step that never ends */
#ifndef JAILD_FAULT_H
#define JAILD_FAULT_H

#include <stddef.h>

struct fault {
	size_t fail_step, hold_step;	/* from 1; 0: none */
};

/* What is not there, not root's alone or not understood asks for nothing. */
struct fault fault_read(void);

#endif

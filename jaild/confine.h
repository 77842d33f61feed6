/* What jaild's own processes give up before they do anything for anybody. */
#ifndef JAILD_CONFINE_H
#define JAILD_CONFINE_H

enum part {
	PART_RELAY = 0,		/* takes log records of one jail */
	PART_RECORDER,		/* writes to the host's utmp and wtmp */
	PART_SWEEPER,		/* looks for agents outside of their jails */
	PART_CLOSER,		/* ends a session or a jail */
	PART_DAEMON,		/* main, and the workers it forks */
	PARTS
};

/* For the calling process and what it forks, for good: no_new_privs, the
 * part's capabilities as permitted, effective and bounding set (as far as it
 * has them at all), and a filter that refuses the system calls which the part
 * has no business with (capabilities(7), seccomp(2)).  A later call can only
 * take more away.  0 or -errno; then the process is partly confined and must
 * end. */
int confine(enum part part);

#endif

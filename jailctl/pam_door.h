/* The doors of a host, and how our session lines stand in their stacks; and
 * services that are none, where the same lines refuse agents. */
#ifndef JAILCTL_PAM_DOOR_H
#define JAILCTL_PAM_DOOR_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "jailctl/pam_edit.h"

enum door_state {
	DOOR_FAULTY = 0,	/* why says what keeps us from it */
	DOOR_NOT_THERE,		/* no such service on this host */
	DOOR_OF_PACKAGE,	/* no door, and its stack is no file in /etc */
	DOOR_WITHOUT,		/* the lines are not there */
	DOOR_MOVED,		/* they are, but not as the last, or twice */
	DOOR_THROUGH,		/* its stack ends with that of another door;
				 * or it is none, and what it includes
				 * refuses agents */
	DOOR_BY_HAND,		/* they are, without our marks */
	DOOR_IN_PLACE,
	DOOR_STATES
};

/* /etc/pam.d of a host, which may lie below another directory. */
struct pam_directory {
	int root_fd;		/* AT_FDCWD: this host */
	int fd;			/* locked while it is open */
};

struct pam_door {
	const char *service;
	bool closed;		/* no door: any line of ours will do */
	enum door_state state;
	char *why;		/* of DOOR_FAULTY and DOOR_OF_PACKAGE */
	char *through;		/* what brings the lines: another service, or
				 * a file that this one includes */
	bool of_package;	/* the file is not in /etc */
	int fd;			/* of the file; -1: none */
	char *text;		/* the file's; NULL: none */
	struct pam_found found;	/* what it has of ours */
};

/* All services that have our lines, such before those that include them: the
 * doors, and those that open sessions for whom no account stack may have been
 * asked about.  NULL ends. */
extern const char *const pam_doors[];

/* The one of pam_doors[] with this name; -1: none of them. */
int pam_door_find(const char *service);

/* Opens /etc/pam.d below root (NULL: of this host), and waits for whoever
 * changes it by us.  0 or -errno. */
int pam_directory_open(const char *root, struct pam_directory *ret);
void pam_directory_close(struct pam_directory *directory);

/* Looks at one door; lines are those of pam_edit_lines().  0 with *ret
 * (pam_door_free()), also when its state is DOOR_FAULTY; -ENOMEM. */
int pam_door_look(const struct pam_directory *directory, const char *service,
    const char *lines, struct pam_door *ret);
void pam_door_free(struct pam_door *door);

/* Puts text into the file of the door: file_replace(). */
int pam_door_write(const struct pam_directory *directory,
    const struct pam_door *door, const char *text);

#endif

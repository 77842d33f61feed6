/* What a file was and becomes, kept so that it can be put back byte for
 * byte. */
#ifndef JAILCTL_FILE_STATE_H
#define JAILCTL_FILE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <jansson.h>

enum file_kind {
	FILE_ABSENT = 0,
	FILE_TEXT,
	FILE_LINK,
	FILE_DIRECTORY,
	FILE_KINDS
};

struct file_state {
	enum file_kind kind;
	char *text;		/* of a FILE_LINK: where it leads; else NULL */
	size_t length;
	uid_t uid;
	gid_t gid;
	mode_t mode;		/* permission bits */
};

/* Looks at path without following a link at its end.  0 and *ret
 * (file_state_free()); -EINVAL for a device, socket or FIFO;
 * -EFBIG above 16 MiB; -errno. */
int file_state_read(const char *path, struct file_state *ret);
void file_state_free(struct file_state *state);
int file_state_copy(const struct file_state *state, struct file_state *ret);

/* Equal in kind and content; owner and mode may differ. */
bool file_state_same(const struct file_state *a, const struct file_state *b);

/* Makes path what `to` says, when it is still what `from` says: -ESTALE when
 * it is not, -EINVAL when one cannot become the other.  A text that replaces
 * a text keeps owner, mode and attributes of the file.  The directory has to
 * be root's alone.  0 or -errno; on errors path is what it was. */
int file_state_put(const char *path, const struct file_state *from,
    const struct file_state *to);

/* As JSON: kind, text or hex, uid, gid, mode.  NULL without memory. */
json_t *file_state_to_json(const struct file_state *state);
/* 0 and *ret; -EBADMSG. */
int file_state_from_json(json_t *json, struct file_state *ret);

#endif

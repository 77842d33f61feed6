#include "config.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jailctl/file_replace.h"
#include "jailctl/file_state.h"

#define TEXT_MAX ((size_t)16 << 20)

void
file_state_free(struct file_state *state)
{
	free(state->text);
	*state = (struct file_state){ 0 };
}

int
file_state_copy(const struct file_state *state, struct file_state *ret)
{
	struct file_state copy = *state;

	if (state->text != NULL) {
		copy.text = malloc(state->length + 1);
		if (copy.text == NULL)
			return -ENOMEM;
		memcpy(copy.text, state->text, state->length);
		copy.text[state->length] = '\0';
	}
	*ret = copy;
	return 0;
}

static int
read_link(const char *path, struct file_state *state)
{
	char to[PATH_MAX];
	ssize_t length = readlink(path, to, sizeof(to) - 1);

	if (length < 0)
		return -errno;
	state->text = strndup(to, (size_t)length);
	state->length = (size_t)length;
	state->kind = FILE_LINK;
	return state->text == NULL ? -ENOMEM : 0;
}

static int
read_text(const char *path, struct file_state *state)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);

	if (fd < 0)
		return -errno;
	state->kind = FILE_TEXT;
	return read_all(fd, TEXT_MAX, &state->text, &state->length);
}

int
file_state_read(const char *path, struct file_state *ret)
{
	struct file_state state = { 0 };
	struct stat status;
	int r = 0;

	if (lstat(path, &status) < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return -errno;
		*ret = state;
		return 0;
	}
	state.uid = status.st_uid;
	state.gid = status.st_gid;
	state.mode = status.st_mode & 07777;
	if (S_ISREG(status.st_mode))
		r = read_text(path, &state);
	else if (S_ISLNK(status.st_mode))
		r = read_link(path, &state);
	else if (S_ISDIR(status.st_mode))
		state.kind = FILE_DIRECTORY;
	else
		r = -EINVAL;
	if (r < 0)
		file_state_free(&state);
	else
		*ret = state;
	return r;
}

bool
file_state_same(const struct file_state *a, const struct file_state *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == FILE_ABSENT || a->kind == FILE_DIRECTORY)
		return true;
	return a->length == b->length &&
	    memcmp(a->text, b->text, a->length) == 0;
}

/* A descriptor of the directory that path is in; *ret_name is the rest. */
static int
open_parent(const char *path, const char **ret_name)
{
	_cleanup_free_ char *parent = NULL;
	const char *slash = strrchr(path, '/');
	int fd;

	if (slash == NULL)
		return -EINVAL;
	parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (parent == NULL)
		return -ENOMEM;
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*ret_name = slash + 1;
	return fd < 0 ? -errno : fd;
}

static int
put_text(int dirfd, const char *name, const struct file_state *from,
    const struct file_state *to)
{
	_cleanup_fd_ int like = -1;
	int r;

	if (from->kind == FILE_TEXT) {
		like = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
		    O_NONBLOCK);
		if (like < 0)
			return -errno;
	}
	r = file_replace(dirfd, name, like, to->mode, to->text, to->length);
	if (r == 0 && like < 0 && (to->uid != 0 || to->gid != 0) &&
	    fchownat(dirfd, name, to->uid, to->gid, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	return r;
}

static int
put(int dirfd, const char *name, const struct file_state *from,
    const struct file_state *to)
{
	int r = 0;

	if (to->kind == FILE_TEXT && from->kind <= FILE_TEXT)
		return put_text(dirfd, name, from, to);
	if (to->kind == FILE_ABSENT)
		r = unlinkat(dirfd, name, from->kind == FILE_DIRECTORY ?
		    AT_REMOVEDIR : 0);
	else if (from->kind != FILE_ABSENT)
		return -EINVAL;
	else if (to->kind == FILE_LINK)
		r = symlinkat(to->text, dirfd, name);
	else if (to->kind == FILE_DIRECTORY)
		r = mkdirat(dirfd, name, to->mode);
	if (r < 0)
		return -errno;
	(void)fsync(dirfd);
	return 0;
}

int
file_state_put(const char *path, const struct file_state *from,
    const struct file_state *to)
{
	struct file_state now = { 0 };
	_cleanup_fd_ int dirfd = -1;
	const char *name;
	int r = file_state_read(path, &now);

	if (r < 0)
		return r;
	if (!file_state_same(&now, from)) {
		file_state_free(&now);
		return -ESTALE;
	}
	file_state_free(&now);
	dirfd = open_parent(path, &name);
	return dirfd < 0 ? dirfd : put(dirfd, name, from, to);
}

static const char *const kind_names[FILE_KINDS] = { "absent", "text", "link",
	"directory" };

static json_t *
hex_of(const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = malloc(2 * length + 1);
	json_t *json;

	if (hex == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		hex[2 * i] = digits[(unsigned char)text[i] >> 4];
		hex[2 * i + 1] = digits[text[i] & 15];
	}
	json = json_stringn(hex, 2 * length);
	free(hex);
	return json;
}

/* What is no UTF-8, or holds a NUL, cannot be a string of JSON's. */
json_t *
file_state_to_json(const struct file_state *state)
{
	json_t *json = json_pack("{s:s, s:I, s:I, s:I}", "kind",
	    kind_names[state->kind], "uid", (json_int_t)state->uid, "gid",
	    (json_int_t)state->gid, "mode", (json_int_t)state->mode);
	json_t *text = NULL;

	if (json == NULL || state->text == NULL)
		return json;
	if (strlen(state->text) == state->length)
		text = json_stringn(state->text, state->length);
	if (text != NULL)
		json_object_set_new(json, "text", text);
	else
		json_object_set_new(json, "hex", hex_of(state->text,
		    state->length));
	return json;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
take_hex(const char *hex, struct file_state *state)
{
	size_t length = strlen(hex) / 2;

	state->text = malloc(length + 1);
	if (state->text == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < length; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EBADMSG;
		state->text[i] = (char)(high << 4 | low);
	}
	state->text[length] = '\0';
	state->length = length;
	return 0;
}

static int
take_text(const char *text, const char *hex, struct file_state *state)
{
	if (hex != NULL)
		return take_hex(hex, state);
	if (text == NULL)
		return state->kind == FILE_TEXT || state->kind == FILE_LINK ?
		    -EBADMSG : 0;
	state->text = strdup(text);
	state->length = strlen(text);
	return state->text == NULL ? -ENOMEM : 0;
}

int
file_state_from_json(json_t *json, struct file_state *ret)
{
	const char *kind = NULL, *text = NULL, *hex = NULL;
	struct file_state state = { 0 };
	json_int_t uid, gid, mode;
	int r;

	if (json_unpack(json, "{s:s, s:I, s:I, s:I, s?:s, s?:s}", "kind",
	    &kind, "uid", &uid, "gid", &gid, "mode", &mode, "text", &text,
	    "hex", &hex) < 0)
		return -EBADMSG;
	while (state.kind < FILE_KINDS &&
	    strcmp(kind_names[state.kind], kind) != 0)
		state.kind++;
	if (state.kind == FILE_KINDS)
		return -EBADMSG;
	state.uid = (uid_t)uid;
	state.gid = (gid_t)gid;
	state.mode = (mode_t)mode;
	r = take_text(text, hex, &state);
	if (r < 0)
		file_state_free(&state);
	else
		*ret = state;
	return r;
}

/* Keys on their way to an agent: a file that the administrator names, and
 * those that let the account in before. */
#include "config.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/trusted.h"
#include "jaild/account.h"
#include "jailctl/adoption_keys.h"
#include "jailctl/doctor_sshd.h"

#define KEYS_MAX ((size_t)262144)

/* sshd(8): options, a type, the key in base64, a comment. */
static bool
is_key(const char *line, size_t length)
{
	static const char *const types[] = { "ssh-", "ecdsa-", "sk-" };

	for (const char *p = line; p < line + length; p++) {
		const char *type = p;

		if (p > line && !isblank((unsigned char)p[-1]))
			continue;
		p += strcspn(p, " \t\n");
		if (p + 5 > line + length || strncmp(p + 1, "AAAA", 4) != 0)
			continue;
		for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
			if (strncmp(type, types[i], strlen(types[i])) == 0)
				return true;
	}
	return false;
}

static int
check_keys(struct adoption *adoption, const char *path, const char *text)
{
	unsigned number = 0, n = 0;

	if (strstr(text, "PRIVATE KEY") != NULL)
		return adoption_fail(adoption, -EINVAL, "%s is a private "
		    "key: name the file with its public one, which ends in "
		    ".pub", path);
	for (const char *line = text; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		size_t blank = strspn(line, " \t\r");

		number++;
		if (blank < length && line[blank] != '#') {
			if (!is_key(line, length))
				return adoption_fail(adoption, -EINVAL,
				    "%s:%u: is no public key", path, number);
			n++;
		}
		line += length + (line[length] == '\n');
	}
	if (n == 0)
		return adoption_fail(adoption, -EINVAL, "%s holds no public "
		    "key", path);
	return 0;
}

int
adoption_keys_read(struct adoption *adoption, const char *path)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t length;
	int r;

	if (fd < 0)
		return adoption_fail(adoption, -errno, "%s: %m", path);
	r = read_all(fd, KEYS_MAX, &text, &length);
	if (r == 0 && strlen(text) != length)
		r = -EINVAL;
	if (r < 0)
		return adoption_fail(adoption, r, "%s: %s", path,
		    strerrordesc_np(-r));
	r = check_keys(adoption, path, text);
	if (r < 0)
		return r;
	adoption->keys = steal_ptr(text);
	return 0;
}

/* What the account could have put in the place of its keys is not read: only
 * a regular file of its own, on a way without links. */
static int
open_own(const struct adoption *adoption, const char *name)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		O_NOCTTY, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	_cleanup_fd_ int home = open(adoption->home, O_PATH | O_DIRECTORY |
	    O_CLOEXEC);
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (home < 0)
		return -errno;
	fd = (int)syscall(SYS_openat2, home, name, &how, sizeof(how));
	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_uid != adoption->uid)
		return -EPERM;
	return steal_fd(&fd);
}

/* A file outside of the home is root's already. */
static int
open_named(const struct adoption *adoption, const char *name)
{
	size_t home = strlen(adoption->home);
	_cleanup_fd_ int fd = -1;
	enum trust trust;

	if (strncmp(name, adoption->home, home) == 0 && name[home] == '/')
		return open_own(adoption, name + home + 1);
	fd = trusted_open(AT_FDCWD, name, 0, &trust);
	if (fd < 0)
		return fd;
	return trust == TRUST_OK ? steal_fd(&fd) : -EPERM;
}

static int
add_keys(struct adoption *adoption, const char *name)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_fd_ int fd = open_named(adoption, name);
	char *all;
	size_t length;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0 || read_all(fd, KEYS_MAX, &text, &length) < 0) {
		complain("the keys of %s in %s are not taken over: %s",
		    adoption->name, name, fd == -EPERM ? "it is not a file "
		    "of its own" : strerrordesc_np(fd < 0 ? -fd : EIO));
		return 0;
	}
	if (asprintf(&all, "%s%s# from %s\n%s", adoption->keys != NULL ?
	    adoption->keys : "", adoption->keys != NULL ? "\n" : "", name,
	    text) < 0)
		return -ENOMEM;
	free(adoption->keys);
	adoption->keys = all;
	return 0;
}

int
adoption_keys_take_over(struct adoption *adoption, const char *files)
{
	_cleanup_free_ char *names = strdup(files);
	char *next = names, *name, path[PATH_MAX];
	struct account *account;
	int r = names == NULL ? -ENOMEM : account_resolve(adoption->name,
	    &account);

	if (r < 0)
		return adoption_fail(adoption, r, "%s: %s", adoption->name,
		    strerrordesc_np(-r));
	while (r == 0 && (name = strsep(&next, " ")) != NULL)
		if (*name != '\0' && strcmp(name, "none") != 0 &&
		    sshd_expand(name, account, path) == 0)
			r = add_keys(adoption, path);
	account_free(account);
	return r < 0 ? adoption_fail(adoption, r, "no memory") : 0;
}

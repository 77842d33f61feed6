/* Another root, another tree. */
#include "config.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "tests/attack/probe.h"

/* The kernel may be newer than the C library's names. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#ifndef SYS_open_tree_attr
#define SYS_open_tree_attr 467
#endif

/* Keeps the old root by its working directory, and climbs. */
static int
attack_chroot_escape(void)
{
	if (mkdir("probe-root", 0700) < 0 && errno != EEXIST)
		return -errno;
	if (chroot("probe-root") < 0)
		return -errno;
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			return -errno;
	return result_of(chroot("."));
}

/* Whether the working directory is outside of the root: outside, it is made
 * so. */
static int
attack_cwd(void)
{
	static char path[PATH_MAX];

	if (host_target.place == OUTSIDE && chroot("/usr") < 0)
		return -errno;
	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return -errno;
	return path[0] == '/' ? -EPERM : 0;
}

/* Up from everything that may be a mount of another place. */
static int
attack_climb(void)
{
	static const char *const starts[] = { ".", "/proc/self/cwd", "/tmp",
		"/dev/shm", "/dev/pts", "/usr", "/etc", "/run", "/proc/self" };
	struct stat root, there;

	if (host_target.place == OUTSIDE && chroot("/usr") < 0)
		return -errno;
	if (stat("/", &root) < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		int fd = open(starts[i], O_PATH | O_DIRECTORY);

		for (int n = 0; fd >= 0 && n < 40; n++) {
			int up = openat(fd, "..", O_PATH | O_DIRECTORY);

			close(fd);
			fd = up;
		}
		if (fd < 0)
			continue;
		if (fstat(fd, &there) < 0)
			return -errno;
		close(fd);
		if (there.st_dev != root.st_dev || there.st_ino != root.st_ino)
			return 0;
	}
	return -EXDEV;
}

static int
attack_hard_link(void)
{
	if (link(host_target.setuid, "/usr/local/bin/probe-link") < 0)
		return -errno;
	return result_of(unlink("/usr/local/bin/probe-link"));
}

static const struct row rows[] = {
	{ "chroot", 0, CALL(SYS_chroot, P("/tmp")), AFTER(0), BOTH(EPERM) },
	{ "chroot-escape", 0, FUNCTION(attack_chroot_escape), AFTER(0),
	    BOTH(EPERM) },
	{ "cwd-outside", 0, FUNCTION(attack_cwd), AFTER(0), BOTH(EPERM) },
	{ "climb", 0, FUNCTION(attack_climb), AFTER(0), BOTH(EXDEV) },
	{ "pivot_root", 0, CALL(SYS_pivot_root, P("/nowhere"), P("/nowhere")),
	    AFTER(ENOENT), BOTH(EPERM) },
	{ "mount", 0, CALL(SYS_mount, P("x"), P("/mnt"), P("tmpfs")),
	    AFTER(0), BOTH(EPERM) },
	{ "mount-proc", 0, CALL(SYS_mount, P("x"), P("/mnt"), P("proc")),
	    AFTER(0), BOTH(EPERM) },
	{ "mount-bind", 0, CALL(SYS_mount, P("/usr"), P("/mnt"), 0, MS_BIND),
	    AFTER(0), BOTH(EPERM) },
	{ "mount-cgroup", 0, CALL(SYS_mount, P("x"), P("/mnt"),
	    P("cgroup2")), AFTER(0), BOTH(EPERM) },
	{ "remount", 0, CALL(SYS_mount, 0, P("/"), 0,
	    MS_REMOUNT | MS_BIND), AFTER(0), BOTH(EPERM) },
	{ "propagation", 0, CALL(SYS_mount, 0, P("/"), 0,
	    MS_SHARED | MS_REC), AFTER(0), BOTH(EPERM) },
	{ "umount", 0, CALL(SYS_umount2, P("/proc"), MNT_DETACH), AFTER(0),
	    BOTH(EPERM) },
	{ "fsopen", 0, CALL(SYS_fsopen, P("tmpfs"), 0), AFTER(0),
	    BOTH(EPERM) },
	{ "fsconfig", 0, CALL(SYS_fsconfig, -1, 6, 0, 0, 0),
	    AFTER(EBADF, EINVAL), BOTH(EPERM) },
	{ "fsmount", 0, CALL(SYS_fsmount, -1, 0, 0), AFTER(EBADF),
	    BOTH(EPERM) },
	{ "fspick", 0, CALL(SYS_fspick, AT_FDCWD, P("/"), 0), AFTER(0),
	    BOTH(EPERM) },
	{ "open_tree", 0, CALL(SYS_open_tree, AT_FDCWD, P("/"), 1), AFTER(0),
	    BOTH(EPERM) },
	{ "open_tree_attr", 0, CALL(SYS_open_tree_attr, AT_FDCWD, P("/"), 1,
	    0, 0), AFTER(0, EINVAL, ENOSYS), BOTH(EPERM) },
	{ "move_mount", 0, CALL(SYS_move_mount, -1, P("x"), -1, P("y"), 0),
	    AFTER(EBADF), BOTH(EPERM) },
	{ "mount_setattr", 0, CALL(SYS_mount_setattr, AT_FDCWD, P("/"), 0, 0,
	    0), AFTER(EINVAL), BOTH(EPERM) },
	{ "mknod-block", 0, CALL(SYS_mknodat, AT_FDCWD, P("probe-block"),
	    S_IFBLK | 0600, 0x800), AFTER(0), BOTH(EPERM) },
	{ "mknod-char", 0, CALL(SYS_mknodat, AT_FDCWD, P("probe-char"),
	    S_IFCHR | 0600, 0x101), AFTER(0), BOTH(EPERM) },
	{ "hard-link-setuid", 0, FUNCTION(attack_hard_link), AFTER(0),
	    BOTH(EROFS) },
};

const struct row_table tree_rows = ROW_TABLE("Another root, another tree",
    rows);

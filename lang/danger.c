#include "config.h"

#include <fnmatch.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/base_tree.h"
#include "lang/check.h"
#include "lang/danger.h"

#define ENGINE "lets whoever reaches it be root on the host"
#define SOCKETS "has sockets in it whose programs work for whoever reaches " \
	"them, read-only or not"
#define DISK "gives all files of the host, past every permission"
#define MEMORY "gives the memory of the host"
#define CODE "is what the host runs as root"
#define SETTINGS "is what the host is set up with"
#define JAILD "is jaild's own"

/* When the path itself is mounted, or one below it, or (holds) one above it;
 * some only count when they can be written. */
static const struct {
	const char *path;
	bool writable_only, holds;
	const char *why;
} sources[] = {
	{ "/run/docker.sock", false, false, ENGINE },
	{ "/var/run/docker.sock", false, false, ENGINE },
	{ "/run/podman", false, false, ENGINE },
	{ "/run/containerd", false, false, ENGINE },
	{ "/run/crio", false, false, ENGINE },
	{ "/run/libvirt", false, false, ENGINE },
	{ "/var/run/libvirt", false, false, ENGINE },
	{ "/run/lxd.socket", false, false, ENGINE },
	{ "/var/lib/lxd", false, false, ENGINE },
	{ "/var/lib/incus", false, false, ENGINE },
	{ "/var/lib/docker", false, false, ENGINE },
	{ "/run/dbus", false, false, ENGINE },
	{ "/run/systemd", false, false, ENGINE },
	{ "/run/user", false, false, SOCKETS },
	{ "/run/docker.sock", false, true, SOCKETS },
	{ "/var/run/docker.sock", false, true, SOCKETS },
	{ "/dev", false, false, "are the host's devices; `device` names one" },
	{ "/proc", false, false, "shows all processes of the host" },
	{ "/sys", true, false, "sets the kernel of the host" },
	{ "/boot", true, false, CODE },
	{ "/usr", true, false, CODE },
	{ "/bin", true, false, CODE },
	{ "/sbin", true, false, CODE },
	{ "/lib", true, false, CODE },
	{ "/lib64", true, false, CODE },
	{ "/opt", true, false, CODE },
	{ "/root", false, false, "is root's" },
	{ "/etc", true, false, SETTINGS },
	{ "/etc", true, true, SETTINGS },
	{ "/var/spool/cron", true, false, CODE },
	{ "/var/lib/jaild", false, false, JAILD },
	{ "/etc/jaild/secrets", false, false, "holds secrets; `secret` gives "
	    "one" },
	{ "/run/jaild", false, false, JAILD },
};

static const struct {
	const char *pattern, *why;
} devices[] = {
	{ "/dev/sd*", DISK }, { "/dev/hd*", DISK }, { "/dev/vd*", DISK },
	{ "/dev/xvd*", DISK }, { "/dev/nvme*", DISK },
	{ "/dev/mmcblk*", DISK }, { "/dev/dm-*", DISK },
	{ "/dev/md*", DISK }, { "/dev/loop*", DISK },
	{ "/dev/mapper/*", DISK }, { "/dev/disk/*", DISK },
	{ "/dev/disk/*/*", DISK }, { "/dev/mem", MEMORY },
	{ "/dev/kmem", MEMORY }, { "/dev/port", MEMORY },
	{ "/dev/uinput", "types for whoever sits at the host" },
	{ "/dev/*", "is every device" },
};

const char *
danger_of_source(const char *source, bool writable)
{
	if (strcmp(source, "/") == 0)
		return "is the whole host";
	for (size_t i = 0; i < ARRAY_LENGTH(sources); i++) {
		const char *path = sources[i].path;

		if (sources[i].writable_only && !writable)
			continue;
		if (sources[i].holds ? path_is_within(path, source) :
		    path_is_within(source, path))
			return sources[i].why;
	}
	return NULL;
}

const char *
danger_of_device(const char *path)
{
	for (size_t i = 0; i < ARRAY_LENGTH(devices); i++) {
		const char *pattern = devices[i].pattern;

		/* The last one is for globs as wide as itself. */
		if (strcmp(path, pattern) == 0 || glob_covers(path, pattern) ||
		    (strcmp(pattern, "/dev/*") != 0 &&
		    fnmatch(pattern, path, FNM_PATHNAME) == 0))
			return devices[i].why;
	}
	return NULL;
}

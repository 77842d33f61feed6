#include "config.h"

#include <string.h>

#include "common/cleanup.h"
#include "lang/base_tree.h"

#define ALL (PATH_READ | PATH_WRITE | PATH_EXECUTE)
#define PROGRAMS (PATH_READ | PATH_EXECUTE)
#define DEVICE (PATH_READ | PATH_WRITE | PATH_DEVICE)

#define HOST "the host's, read-only"
#define OWN "an empty folder of the jail's own, read-only"
#define MADE "a file made for the jail, read-only"
#define PROCESSES "the jail's own processes"
#define KERNEL "the kernel's, read-only"
#define HIDDEN "hidden in every jail"
#define NODE "a device that every jail has"
#define LOG "the jail's log socket"
#define SCRATCH "the jail's own scratch space"
#define SIDE_ROOM "behind a door for root alone"

#define HOST_ROWS 8	/* at the front of the table */

static const struct base_path rows[] = {
	/* With `root host`. */
	{ "/usr", true, PROGRAMS, true, HOST },
	{ "/bin", true, PROGRAMS, true, HOST },
	{ "/sbin", true, PROGRAMS, true, HOST },
	{ "/lib", true, PROGRAMS, true, HOST },
	{ "/lib32", true, PROGRAMS, true, HOST },
	{ "/lib64", true, PROGRAMS, true, HOST },
	{ "/libx32", true, PROGRAMS, true, HOST },
	{ "/opt", true, PROGRAMS, true, HOST },
	/* With every root. */
	{ "/", false, PATH_READ, false, OWN },
	{ "/etc", false, PATH_READ, false, OWN },
	{ "/etc/passwd", false, PATH_READ, false, MADE },
	{ "/etc/group", false, PATH_READ, false, MADE },
	{ "/etc/nsswitch.conf", false, PATH_READ, false, MADE },
	{ "/etc/hosts", false, PATH_READ, false, MADE },
	{ "/etc/resolv.conf", false, PATH_READ, false, MADE },
	{ "/etc/hostname", false, PATH_READ, false, MADE },
	{ "/proc", true, PATH_READ | PATH_WRITE, false, PROCESSES },
	{ "/proc/sys", true, PATH_READ, false, PROCESSES },
	{ "/proc/sysrq-trigger", true, PATH_READ, false, PROCESSES },
	{ "/proc/irq", true, PATH_READ, false, PROCESSES },
	{ "/proc/bus", true, PATH_READ, false, PROCESSES },
	{ "/proc/fs", true, PATH_READ, false, PROCESSES },
	{ "/proc/kcore", true, 0, false, HIDDEN },
	{ "/proc/kmsg", true, 0, false, HIDDEN },
	{ "/proc/keys", true, 0, false, HIDDEN },
	{ "/proc/key-users", true, 0, false, HIDDEN },
	{ "/proc/timer_list", true, 0, false, HIDDEN },
	{ "/proc/sched_debug", true, 0, false, HIDDEN },
	{ "/proc/acpi", true, 0, false, HIDDEN },
	{ "/proc/scsi", true, 0, false, HIDDEN },
	{ "/sys", true, PATH_READ, false, KERNEL },
	{ "/sys/firmware", true, 0, false, HIDDEN },
	{ "/sys/kernel", true, 0, false, HIDDEN },
	{ "/sys/fs", true, 0, false, HIDDEN },
	{ "/sys/module", true, 0, false, HIDDEN },
	{ "/sys/power", true, 0, false, HIDDEN },
	{ "/sys/hypervisor", true, 0, false, HIDDEN },
	{ "/sys/devices/virtual/powercap", true, 0, false, HIDDEN },
	{ "/proc/kallsyms", true, 0, false, HIDDEN },
	{ "/proc/latency_stats", true, 0, false, HIDDEN },
	{ "/proc/interrupts", true, 0, false, HIDDEN },
	{ "/proc/config.gz", true, 0, false, HIDDEN },
	{ "/proc/asound", true, 0, false, HIDDEN },
	{ "/proc/pressure", true, PATH_READ, false, PROCESSES },
	{ "/dev", false, PATH_READ, false, OWN },
	{ "/dev/null", false, DEVICE, false, NODE },
	{ "/dev/zero", false, DEVICE, false, NODE },
	{ "/dev/full", false, DEVICE, false, NODE },
	{ "/dev/random", false, DEVICE, false, NODE },
	{ "/dev/urandom", false, DEVICE, false, NODE },
	{ "/dev/tty", false, DEVICE, false, NODE },
	{ "/dev/ptmx", false, DEVICE, false, NODE },
	{ "/dev/pts", true, DEVICE, false, NODE },
	{ "/dev/fd", true, PATH_READ | PATH_WRITE, false, PROCESSES },
	{ "/dev/stdin", false, PATH_READ | PATH_WRITE, false, PROCESSES },
	{ "/dev/stdout", false, PATH_READ | PATH_WRITE, false, PROCESSES },
	{ "/dev/stderr", false, PATH_READ | PATH_WRITE, false, PROCESSES },
	{ "/dev/log", false, PATH_READ | PATH_WRITE, false, LOG },
	{ "/dev/mqueue", true, PATH_READ | PATH_WRITE, false, SCRATCH },
	{ "/dev/shm", true, ALL, false, SCRATCH },
	{ "/tmp", true, ALL, false, SCRATCH },
	{ "/var/tmp", true, ALL, false, SCRATCH },
	{ "/run", false, PATH_READ, false, OWN },
	{ "/run/lock", false, PATH_READ, false, OWN },
	{ "/var", false, PATH_READ, false, OWN },
	{ "/var/cache", false, PATH_READ, false, OWN },
	{ "/var/lib", false, PATH_READ, false, OWN },
	{ "/var/log", false, PATH_READ, false, OWN },
	{ "/var/mail", false, PATH_READ, false, OWN },
	{ "/var/spool", false, PATH_READ, false, OWN },
	{ "/mnt", false, PATH_READ, false, OWN },
	{ "/home", false, PATH_READ, false, OWN },
	{ "/run/host", true, 0, false, SIDE_ROOM },
	{ "/run/utmp", false, 0, false, SIDE_ROOM },
	{ "/var/log/wtmp", false, 0, false, SIDE_ROOM },
	{ "/var/log/btmp", false, 0, false, SIDE_ROOM },
	{ "/var/log/lastlog", false, 0, false, SIDE_ROOM },
	{ "/run/jail", false, PATH_READ, false, OWN },
	{ "/run/jail/log", true, PATH_READ, false, LOG },
	{ "/run/jail/filters", false, PATH_READ, false, MADE },
	{ "/run/jail/session", false, PATH_READ, false, MADE },
};

const char *const base_kept[] = {
	"ca-certificates", "ca-certificates.conf", "pki/ca-trust",
	"pki/tls/certs", "pki/tls/cert.pem", "pki/tls/openssl.cnf",
	"ssl/certs", "ssl/cert.pem", "ssl/openssl.cnf", "crypto-policies",
	"alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
	"default/locale", "locale.alias", "locale.conf", "localtime",
	"terminfo", "timezone", "vconsole.conf", "bash.bashrc", "bashrc",
	"DIR_COLORS", "inputrc", "profile", "profile.d", "shells", "zsh",
	"ethertypes", "host.conf", "gai.conf", "magic", "mime.types",
	"networks", "protocols", "rpc", "services", "debian_version",
	"os-release", "redhat-release", "system-release", "emacs", "fonts",
	"gitconfig", "groff", "man_db.conf", "manpath.config", "nanorc",
	"papersize", "vim", "vimrc", "java", "java-11-openjdk",
	"java-17-openjdk", "java-21-openjdk", "perl", "python2.7", "python3",
	"python3.9", "python3.11", "python3.12", "python3.13", "ruby", NULL
};

const struct base_path *
base_tree(enum root_kind root, size_t *ret_n)
{
	size_t first = root == ROOT_HOST ? 0 : HOST_ROWS;

	*ret_n = ARRAY_LENGTH(rows) - first;
	return rows + first;
}

bool
path_is_within(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	if (length == 1)
		return path[0] == '/';
	return strncmp(path, folder, length) == 0 &&
	    (path[length] == '\0' || path[length] == '/');
}

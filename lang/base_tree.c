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
	{ "/usr", true, PROGRAMS, HOST },
	{ "/bin", true, PROGRAMS, HOST },
	{ "/sbin", true, PROGRAMS, HOST },
	{ "/lib", true, PROGRAMS, HOST },
	{ "/lib32", true, PROGRAMS, HOST },
	{ "/lib64", true, PROGRAMS, HOST },
	{ "/libx32", true, PROGRAMS, HOST },
	{ "/opt", true, PROGRAMS, HOST },
	/* With every root. */
	{ "/", false, PATH_READ, OWN },
	{ "/etc", false, PATH_READ, OWN },
	{ "/etc/passwd", false, PATH_READ, MADE },
	{ "/etc/group", false, PATH_READ, MADE },
	{ "/etc/nsswitch.conf", false, PATH_READ, MADE },
	{ "/etc/hosts", false, PATH_READ, MADE },
	{ "/etc/resolv.conf", false, PATH_READ, MADE },
	{ "/etc/hostname", false, PATH_READ, MADE },
	{ "/proc", true, PATH_READ | PATH_WRITE, PROCESSES },
	{ "/proc/sys", true, PATH_READ, PROCESSES },
	{ "/proc/sysrq-trigger", true, PATH_READ, PROCESSES },
	{ "/proc/irq", true, PATH_READ, PROCESSES },
	{ "/proc/bus", true, PATH_READ, PROCESSES },
	{ "/proc/fs", true, PATH_READ, PROCESSES },
	{ "/proc/kcore", true, 0, HIDDEN },
	{ "/proc/kmsg", true, 0, HIDDEN },
	{ "/proc/keys", true, 0, HIDDEN },
	{ "/proc/key-users", true, 0, HIDDEN },
	{ "/proc/timer_list", true, 0, HIDDEN },
	{ "/proc/sched_debug", true, 0, HIDDEN },
	{ "/proc/acpi", true, 0, HIDDEN },
	{ "/proc/scsi", true, 0, HIDDEN },
	{ "/sys", true, PATH_READ, KERNEL },
	{ "/sys/firmware", true, 0, HIDDEN },
	{ "/sys/kernel", true, 0, HIDDEN },
	{ "/sys/fs", true, 0, HIDDEN },
	{ "/dev", false, PATH_READ, OWN },
	{ "/dev/null", false, DEVICE, NODE },
	{ "/dev/zero", false, DEVICE, NODE },
	{ "/dev/full", false, DEVICE, NODE },
	{ "/dev/random", false, DEVICE, NODE },
	{ "/dev/urandom", false, DEVICE, NODE },
	{ "/dev/tty", false, DEVICE, NODE },
	{ "/dev/ptmx", false, DEVICE, NODE },
	{ "/dev/pts", true, DEVICE, NODE },
	{ "/dev/fd", true, PATH_READ | PATH_WRITE, PROCESSES },
	{ "/dev/stdin", false, PATH_READ | PATH_WRITE, PROCESSES },
	{ "/dev/stdout", false, PATH_READ | PATH_WRITE, PROCESSES },
	{ "/dev/stderr", false, PATH_READ | PATH_WRITE, PROCESSES },
	{ "/dev/log", false, PATH_READ | PATH_WRITE, LOG },
	{ "/dev/mqueue", true, PATH_READ | PATH_WRITE, SCRATCH },
	{ "/dev/shm", true, ALL, SCRATCH },
	{ "/tmp", true, ALL, SCRATCH },
	{ "/var/tmp", true, ALL, SCRATCH },
	{ "/run", false, PATH_READ, OWN },
	{ "/run/lock", false, PATH_READ, OWN },
	{ "/var", false, PATH_READ, OWN },
	{ "/var/cache", false, PATH_READ, OWN },
	{ "/var/lib", false, PATH_READ, OWN },
	{ "/var/log", false, PATH_READ, OWN },
	{ "/var/mail", false, PATH_READ, OWN },
	{ "/var/spool", false, PATH_READ, OWN },
	{ "/mnt", false, PATH_READ, OWN },
	{ "/home", false, PATH_READ, OWN },
	{ "/run/host", true, 0, SIDE_ROOM },
	{ "/run/utmp", false, 0, SIDE_ROOM },
	{ "/var/log/wtmp", false, 0, SIDE_ROOM },
	{ "/var/log/btmp", false, 0, SIDE_ROOM },
	{ "/var/log/lastlog", false, 0, SIDE_ROOM },
	{ "/run/jail", true, PATH_READ, MADE },
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

/* Terminals. */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/attack/probe.h"

/* The process's controlling terminal: on another one the kernel itself would
 * refuse. */
static int
open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 || setsid() < 0)
		return -1;
	return open(ptsname(fd), O_RDWR);
}

/* The kernel looks at the lower 32 bits of the request; a filter that looks
 * at all of them can be passed by. */
static int
terminal_call(unsigned long request, const void *argument)
{
	int fd = open_terminal();

	if (fd < 0)
		return -EBADF;
	return result_of(syscall(SYS_ioctl, fd, request, argument));
}

static int
attack_input(void)
{
	return terminal_call(TIOCSTI, "x");
}

static int
attack_console(void)
{
	return terminal_call(TIOCLINUX, "\3");
}

#ifdef __LP64__
static int
attack_input_upper(void)
{
	return terminal_call(TIOCSTI | 1ul << 32, "x");
}

static int
attack_console_upper(void)
{
	return terminal_call(TIOCLINUX | 1ul << 63, "\3");
}
#endif

static int
attack_line_discipline(void)
{
	static const int discipline;

	return terminal_call(TIOCSETD, &discipline);
}

/* The controlling terminal of somebody else's session. */
static int
attack_steal(void)
{
	int fd = open_terminal();

	if (fd < 0)
		return -EBADF;
	if (fork() == 0)
		_exit(setsid() < 0 ? EINVAL : ioctl(fd, TIOCSCTTY, 1) < 0 ?
		    errno : 0);
	return wait(&fd) < 0 ? -errno : -WEXITSTATUS(fd);
}

static const struct row rows[] = {
	{ "tiocsti", 0, FUNCTION(attack_input), AFTER(0), BOTH(EPERM) },
	{ "tioclinux", 0, FUNCTION(attack_console), AFTER(ENOTTY),
	    BOTH(EPERM) },
#ifdef __LP64__
	{ "tiocsti-upper", 0, FUNCTION(attack_input_upper), AFTER(0),
	    BOTH(EPERM) },
	{ "tioclinux-upper", 0, FUNCTION(attack_console_upper),
	    AFTER(ENOTTY), BOTH(EPERM) },
#endif
	{ "steal", 0, FUNCTION(attack_steal), AFTER(0), BOTH(EPERM) },
	{ "line-discipline", 0, FUNCTION(attack_line_discipline), AFTER(0),
	    BOTH(EPERM) },
	{ "console", ABSENT, OPEN("/dev/console", O_RDWR | O_NOCTTY),
	    AFTER(0, ENOENT, EIO, ENXIO), BOTH(ENOENT) },
	{ "virtual-console", ABSENT, OPEN("/dev/tty1", O_RDWR | O_NOCTTY),
	    AFTER(0, ENOENT, EIO, ENXIO), BOTH(ENOENT) },
	{ "screen-memory", ABSENT, OPEN("/dev/vcs", O_RDONLY),
	    AFTER(0, ENOENT, ENXIO), BOTH(ENOENT) },
};

const struct row_table terminal_rows = ROW_TABLE("Terminals", rows);

#include "config.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/exec.h"

void
exec_pipes_close(int fds[3])
{
	for (int i = 0; i < 3; i++) {
		for (int j = i + 1; j < 3; j++)
			if (fds[j] == fds[i])
				fds[j] = -1;
		close_fd(&fds[i]);
	}
}

/* The account owns its end, so that it can open /dev/stdout again.  Ours does
 * not block: nobody inside can hold up the relay. */
static int
open_pipe(const struct account *account, bool to_child, int *ret_child,
    int *ret_session)
{
	int fds[2], ours = to_child ? 1 : 0;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	*ret_child = fds[1 - ours];
	*ret_session = fds[ours];
	if (fchown(*ret_child, account->uid, account->gid) < 0 ||
	    fcntl(*ret_session, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	return 0;
}

static int
open_three(const struct account *account, struct exec_pipes *pipes)
{
	int r = 0;

	for (int i = 0; r == 0 && i < 3; i++)
		r = open_pipe(account, i == 0, &pipes->child[i],
		    &pipes->session[i]);
	return r;
}

/* The terminal begins like the caller's. */
static void
copy_look(const struct exec_request *request, int fd)
{
	struct winsize size;

	if (request->caller_has_terminal)
		tcsetattr(fd, TCSANOW, &request->caller_modes);
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0 ||
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(fd, TIOCSWINSZ, &size);
}

/* MUST: the node is the jail's, opened after the entry, and its other end is
 * taken from it, not looked up by name. */
static int
open_terminal(const struct exec_request *request, struct exec_pipes *pipes)
{
	int unlock = 0, master, slave;

	master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC |
	    O_NONBLOCK);
	if (master < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		pipes->session[i] = master;
	if (ioctl(master, TIOCSPTLCK, &unlock) < 0)
		return -errno;
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		pipes->child[i] = slave;
	copy_look(request, slave);
	/* The group stays: devpts gives terminals to theirs. */
	if (fchmod(slave, 0620) < 0 ||
	    fchown(slave, request->account->uid, (gid_t)-1) < 0)
		return -errno;
	return 0;
}

int
exec_pipes_open(const struct exec_request *request, struct exec_pipes *ret)
{
	struct exec_pipes pipes = { .child = { -1, -1, -1 },
		.session = { -1, -1, -1 } };
	int r = request->terminal ? open_terminal(request, &pipes) :
	    open_three(request->account, &pipes);

	if (r < 0) {
		exec_pipes_close(pipes.child);
		exec_pipes_close(pipes.session);
		return r;
	}
	*ret = pipes;
	return 0;
}

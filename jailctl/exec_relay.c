#include "config.h"

#include <sys/ioctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jailctl/exec.h"
#include "jailctl/jailctl.h"

#define FLOWS 3
/* What a pipe takes at once when poll(2) says that it takes anything. */
#define CHUNK 4096
#define CONTROL_D 4

/* Bytes on their way in one direction. */
struct flow {
	int *from, *to;		/* -1: nothing comes, nobody listens */
	bool outward;
	bool owns_from;		/* a pipe's end, closed when it is done */
	bool ends_terminal;	/* an end of input is typed, not closed */
	bool idle;		/* nothing to read when last looked at */
	char bytes[CHUNK];
	size_t begin, end;
	char last;
};

struct relay {
	const struct exec_request *request;
	int caller[3], session[3];
	struct flow flows[FLOWS];
	size_t n_flows;
	pid_t child;
	int status;		/* -1: the child runs */
};

static volatile sig_atomic_t got_child, got_size, got_end;

static void
on_signal(int number)
{
	if (number == SIGCHLD)
		got_child = 1;
	else if (number == SIGWINCH)
		got_size = 1;
	else
		got_end = number;
}

/* Signals come while the relay waits, and at no other time: *ret_open is the
 * mask for waiting.  What the caller ignores (nohup) stays ignored. */
static void
catch_signals(sigset_t *ret_open)
{
	static const int caught[] = { SIGCHLD, SIGWINCH, SIGINT, SIGQUIT,
		SIGTERM, SIGHUP };
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LENGTH(caught); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, ret_open);
	for (size_t i = 0; i < ARRAY_LENGTH(caught); i++) {
		struct sigaction before;

		sigdelset(ret_open, caught[i]);
		sigaction(caught[i], &action, &before);
		if (before.sa_handler == SIG_IGN && caught[i] != SIGCHLD)
			sigaction(caught[i], &before, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	got_child = 1;		/* it may have ended before */
}

static void
add_flow(struct relay *relay, int *from, int *to, bool outward)
{
	relay->flows[relay->n_flows++] = (struct flow){ .from = from,
		.to = to, .outward = outward, .last = '\n',
		.owns_from = outward && !relay->request->terminal,
		.ends_terminal = relay->request->terminal && !outward };
}

static void
set_up(struct relay *relay, const struct exec_request *request,
    const int session[3], pid_t child)
{
	*relay = (struct relay){ .request = request, .child = child,
		.status = -1 };
	for (int i = 0; i < 3; i++) {
		relay->caller[i] = i;
		relay->session[i] = session[i];
	}
	add_flow(relay, &relay->caller[0], &relay->session[0], false);
	add_flow(relay, &relay->session[1], &relay->caller[1], true);
	if (!request->terminal)
		add_flow(relay, &relay->session[2], &relay->caller[2], true);
}

static void
set_raw(const struct exec_request *request)
{
	struct termios modes = request->caller_modes;

	if (!request->terminal || !request->caller_has_terminal)
		return;
	cfmakeraw(&modes);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
}

static void
pass_size(const struct relay *relay)
{
	struct winsize size;

	got_size = 0;
	if (relay->request->terminal &&
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
		ioctl(relay->session[0], TIOCSWINSZ, &size);
}

static void
stop_reading(struct flow *flow)
{
	if (flow->owns_from)
		close_fd(flow->from);
	*flow->from = -1;
}

/* The side that a flow comes from has ended: so does the other, as soon as
 * everything is through.  A terminal ends by what is typed. */
static void
end_input(struct flow *flow)
{
	stop_reading(flow);
	if (!flow->ends_terminal)
		return;
	flow->begin = flow->end = 0;
	if (flow->last != '\n')
		flow->bytes[flow->end++] = CONTROL_D;
	flow->bytes[flow->end++] = CONTROL_D;
	flow->ends_terminal = false;
}

static void
read_some(struct flow *flow)
{
	ssize_t n = read(*flow->from, flow->bytes, CHUNK);

	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		flow->idle = true;
		return;
	}
	if (n <= 0) {	/* also EIO: the last has left the terminal */
		end_input(flow);
		return;
	}
	flow->begin = 0;
	flow->end = (size_t)n;
	flow->last = flow->bytes[n - 1];
}

/* Nobody listens any more: who writes is told by its pipe. */
static void
end_output(struct flow *flow)
{
	flow->begin = flow->end = 0;
	*flow->to = -1;
	flow->ends_terminal = false;
	stop_reading(flow);
}

static void
write_some(struct flow *flow)
{
	ssize_t n = write(*flow->to, flow->bytes + flow->begin,
	    flow->end - flow->begin);

	if (n >= 0)
		flow->begin += (size_t)n;
	else if (errno != EAGAIN && errno != EINTR)
		end_output(flow);
}

static bool
has_bytes(const struct flow *flow)
{
	return flow->begin < flow->end;
}

/* A pipe whose writer has ended is closed behind the last byte. */
static void
close_ended(struct relay *relay)
{
	struct flow *input = &relay->flows[0];

	if (*input->from < 0 && !has_bytes(input) && *input->to >= 0 &&
	    !relay->request->terminal)
		close_fd(input->to);
}

/* Once the child has ended, only what is there already is looked for; but
 * what was read of it is written, however long that takes. */
static bool
may_wait(const struct relay *relay)
{
	for (size_t i = 0; i < relay->n_flows; i++)
		if (relay->flows[i].outward && has_bytes(&relay->flows[i]))
			return true;
	return relay->status < 0;
}

/* Waits for something to move, and moves it. */
static void
turn(struct relay *relay, const sigset_t *open_mask)
{
	const struct timespec now = { 0 };
	struct pollfd fds[FLOWS];

	for (size_t i = 0; i < relay->n_flows; i++) {
		const struct flow *flow = &relay->flows[i];

		fds[i] = (struct pollfd){
			.fd = has_bytes(flow) ? *flow->to : *flow->from,
			.events = has_bytes(flow) ? POLLOUT : POLLIN };
	}
	if (ppoll(fds, relay->n_flows, may_wait(relay) ? NULL : &now,
	    open_mask) < 0)
		return;
	for (size_t i = 0; i < relay->n_flows; i++) {
		struct flow *flow = &relay->flows[i];

		flow->idle = fds[i].revents == 0;
		if (fds[i].revents == 0)
			continue;
		if (has_bytes(flow))
			write_some(flow);
		else
			read_some(flow);
	}
	close_ended(relay);
}

static void
reap(struct relay *relay)
{
	int status;

	got_child = 0;
	if (waitpid(relay->child, &status, WNOHANG) != relay->child)
		return;
	if (WIFEXITED(status))
		relay->status = WEXITSTATUS(status);
	else
		relay->status = 128 + WTERMSIG(status);
	for (size_t i = 0; i < relay->n_flows; i++)
		relay->flows[i].idle = false;
}

/* The child has ended and what it wrote has been passed on; what others of
 * the session hold open is not waited for. */
static bool
is_done(const struct relay *relay)
{
	if (relay->status < 0)
		return false;
	for (size_t i = 0; i < relay->n_flows; i++) {
		const struct flow *flow = &relay->flows[i];

		if (flow->outward && (has_bytes(flow) ||
		    (*flow->from >= 0 && !flow->idle)))
			return false;
	}
	return true;
}

int
exec_relay(const struct exec_request *request, int session[3], pid_t child)
{
	static struct relay relay;
	sigset_t open_mask;

	set_up(&relay, request, session, child);
	catch_signals(&open_mask);
	set_raw(request);
	while (!is_done(&relay) && got_end == 0) {
		if (got_size)
			pass_size(&relay);
		if (got_child && relay.status < 0)
			reap(&relay);
		turn(&relay, &open_mask);
	}
	for (int i = 0; i < 3; i++)
		session[i] = relay.session[i];
	return got_end != 0 ? 128 + got_end : relay.status;
}

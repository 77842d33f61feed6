/* pam_jail.so through the real libpam, against a peer that speaks (or breaks)
 * the protocol, entering real namespaces.  The agent is an account that
 * every system has; nothing is added to the host. */
#include "config.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <sched.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "common/protocol.h"
#include "tests/unit/pam_trial_jail.h"

#define PATIENCE_MS 20000

static char directory[] = "/tmp/test_pam_jail.XXXXXX";
static char module_path[PATH_MAX];
static char socket_path[64];
static char agent[64], agent_group[64];
static int listener = -1;
static int session_flags;

/* What a login program reports after pam_open_session(). */
struct report {
	int code;
	int lines;		/* of the conversation */
	char line[512];
	char variable[64];
};

struct application {
	pid_t pid;
	int report_fd, go_fd;
};

static void
write_stack(const char *service, const char *group, const char *more)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, service);
	file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 2; i++) {
		const char *type = i == 0 ? "account" : "session";

		fprintf(file, "%s required pam_permit.so\n"
		    "%s required %s agents=%s socket=%s %s\n", type, type,
		    module_path, group, socket_path, more);
	}
	assert_int_equal(fclose(file), 0);
}

static int
converse(int n, const struct pam_message **messages,
    struct pam_response **ret, void *object)
{
	struct report *report = object;

	*ret = calloc((size_t)n, sizeof(**ret));
	for (int i = 0; i < n; i++, report->lines++)
		snprintf(report->line, sizeof(report->line), "%s",
		    messages[i]->msg);
	return PAM_SUCCESS;
}

static _Noreturn void
run_application(const char *service, const char *user, bool account,
    int report_fd, int go_fd)
{
	struct report report = { 0 };
	struct pam_conv conv = { converse, &report };
	pam_handle_t *pamh = NULL;
	const char *value;
	char byte;

	alarm(60);
	if (pam_start_confdir(service, user, &conv, directory, &pamh) !=
	    PAM_SUCCESS)
		_exit(90);
	pam_set_item(pamh, PAM_TTY, "ssh");
	pam_set_item(pamh, PAM_RHOST, "192.0.2.1");
	report.code = account ? pam_acct_mgmt(pamh, 0) :
	    pam_open_session(pamh, session_flags);
	value = pam_getenv(pamh, "JAIL");
	if (value != NULL)
		snprintf(report.variable, sizeof(report.variable), "%s",
		    value);
	if (write(report_fd, &report, sizeof(report)) != sizeof(report) ||
	    read(go_fd, &byte, 1) < 0)
		_exit(91);
	if (!account && report.code == PAM_SUCCESS)
		pam_close_session(pamh, 0);
	_exit(0);
}

static struct application
start(const char *service, const char *user, bool account)
{
	struct application application;
	int report[2], go[2];

	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	assert_int_equal(pipe2(go, O_CLOEXEC), 0);
	application.pid = fork();
	assert_true(application.pid >= 0);
	if (application.pid == 0) {
		close(listener);
		close(report[0]);
		close(go[1]);
		run_application(service, user, account, report[1], go[0]);
	}
	close(report[1]);
	close(go[0]);
	application.report_fd = report[0];
	application.go_fd = go[1];
	return application;
}

/* Fails when the application died instead of reporting. */
static void
read_report(const struct application *application, struct report *ret)
{
	assert_int_equal(read(application->report_fd, ret, sizeof(*ret)),
	    sizeof(*ret));
}

static int
finish(struct application *application)
{
	int status;

	close(application->go_fd);
	assert_int_equal(waitpid(application->pid, &status, 0),
	    application->pid);
	close(application->report_fd);
	return status;
}

/* Opens (or asks the account line) and expects no connection to jaild. */
static void
assert_alone(const char *service, const char *user, bool account, int code,
    int lines)
{
	struct application application = start(service, user, account);
	struct pollfd pollfd = { .fd = listener, .events = POLLIN };
	struct report report;

	read_report(&application, &report);
	assert_int_equal(finish(&application), 0);
	assert_int_equal(report.code, code);
	assert_int_equal(report.lines, lines);
	assert_int_equal(poll(&pollfd, 1, 0), 0);
}

static int
accept_request(void)
{
	static char message[PROTOCOL_MESSAGE_MAX];
	struct pollfd pollfd = { .fd = listener, .events = POLLIN };
	struct login_request request;
	int fds[PACKET_FDS_MAX], fd;
	size_t n_fds;
	ssize_t length;

	assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(fd >= 0);
	length = packet_receive(fd, message, sizeof(message), fds, &n_fds,
	    deadline_after(PATIENCE_MS));
	assert_true(length > 0);
	assert_int_equal(login_request_decode(message, (size_t)length,
	    &request), 0);
	assert_string_equal(request.user, agent);
	assert_string_equal(request.service, "sshd");
	assert_string_equal(request.tty, "ssh");
	assert_string_equal(request.rhost, "192.0.2.1");
	return fd;
}

static void
need_host(void)
{
	struct stat user, pid;

	if (geteuid() != 0 || stat("/proc/self/ns/user", &user) < 0 ||
	    stat("/proc/self/ns/pid", &pid) < 0 ||
	    user.st_ino != 0xEFFFFFFD || pid.st_ino != 0xEFFFFFFC) {
		print_message("needs root in the first namespaces\n");
		skip();
	}
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (pidfd < 0) {
		print_message("needs pidfds, which valgrind may not know\n");
		skip();
	}
	close(pidfd);
}

/* Who is no agent never causes a connection, whatever the line says; uid 0
 * passes even when it is in the group. */
static void
test_others_pass(void **state)
{
	static const char *const words[] = { "", "nonsense", "timeout=x" };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LENGTH(words); i++) {
		write_stack("sshd", "root", words[i / 2]);
		assert_alone("sshd", agent, i % 2, PAM_SUCCESS, 0);
		assert_alone("sshd", "root", i % 2, PAM_SUCCESS, 0);
	}
}

/* Doors that are not open, and lines that are broken, refuse agents; an
 * open door's account line leaves the verdict to others. */
static void
test_closed_doors(void **state)
{
	static const struct {
		const char *service, *more;
		int code;
	} rows[] = {
		{ "sudo", "", PAM_PERM_DENIED },
		{ "atd", "", PAM_PERM_DENIED },
		{ "systemd-user", "", PAM_PERM_DENIED },
		{ "unheard-of", "", PAM_PERM_DENIED },
		{ "sshd", "nonsense", PAM_SERVICE_ERR },
		{ "sshd", "timeout=", PAM_SERVICE_ERR },
		{ "sshd", "timeout=0", PAM_SERVICE_ERR },
		{ "sshd", "timeout=601", PAM_SERVICE_ERR },
		{ "sshd", "socket=relative", PAM_SERVICE_ERR },
	};

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LENGTH(rows); i++) {
		write_stack(rows[i / 2].service, agent_group,
		    rows[i / 2].more);
		assert_alone(rows[i / 2].service, agent, i % 2,
		    rows[i / 2].code, 1);
	}
	write_stack("sshd", agent_group, "");
	assert_alone("sshd", agent, true, PAM_SUCCESS, 0);
	write_stack("sshd", agent_group, "socket=/nonexistent/login.sock");
	assert_alone("sshd", agent, false, PAM_SESSION_ERR, 1);
}

/* A line for all services: it refuses at what is no door, decides nothing at
 * doors, and lets pass whom nobody knows. */
static void
test_refuse_only(void **state)
{
	static const struct {
		const char *service, *more;
		int code;
	} rows[] = {
		{ "sudo", "refuse-only", PAM_PERM_DENIED },
		{ "unheard-of", "refuse-only", PAM_PERM_DENIED },
		{ "sshd", "refuse-only nonsense", PAM_SERVICE_ERR },
		{ "sshd", "refuse-only", PAM_SUCCESS },
		{ "jailctl", "refuse-only", PAM_SUCCESS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		write_stack(rows[i].service, agent_group, rows[i].more);
		assert_alone(rows[i].service, agent, false, rows[i].code,
		    rows[i].code != PAM_SUCCESS);
		assert_alone(rows[i].service, "root", false, PAM_SUCCESS, 0);
		assert_alone(rows[i].service, "nobody-has-this-name", false,
		    PAM_SUCCESS, 0);
	}
	write_stack("sudo", agent_group, "");
	assert_alone("sudo", "nobody-has-this-name", false, PAM_USER_UNKNOWN,
	    0);
}

/* A program that wants silence has it, but for those which would otherwise
 * leave people without any reason. */
static void
test_silence(void **state)
{
	(void)state;
	session_flags = PAM_SILENT;
	write_stack("sudo", agent_group, "");
	assert_alone("sudo", agent, false, PAM_PERM_DENIED, 1);
	write_stack("atd", agent_group, "");
	assert_alone("atd", agent, false, PAM_PERM_DENIED, 0);
	session_flags = 0;
}

enum answer {
	ANSWER_SILENCE = 0,
	ANSWER_GARBAGE,
	ANSWER_TRUNCATED,
	ANSWER_OVERSIZED,
	ANSWER_VERSION,
	ANSWER_DESCRIPTOR,
	ANSWER_CLOSE,
	ANSWER_REFUSAL,
};

static void
give_answer(int fd, enum answer answer)
{
	static char message[PROTOCOL_MESSAGE_MAX + 1];
	struct refusal refusal = { .public_reason = "the\033 policy says no",
		.full_reason = "line 7" };
	int length = refusal_encode(&refusal, message, sizeof(message));

	if (answer == ANSWER_GARBAGE)
		memset(message, 'x', (size_t)length);
	if (answer == ANSWER_TRUNCATED)
		length -= 3;
	if (answer == ANSWER_OVERSIZED)
		length = sizeof(message);
	if (answer == ANSWER_VERSION)
		message[4]++;
	if (answer == ANSWER_CLOSE)
		assert_int_equal(shutdown(fd, SHUT_RDWR), 0);
	else if (answer != ANSWER_SILENCE)
		assert_int_equal(packet_send(fd, message, (size_t)length, &fd,
		    answer == ANSWER_DESCRIPTOR, deadline_after(1000)), 0);
}

static void
test_broken_answers(void **state)
{
	(void)state;
	need_host();
	write_stack("sshd", agent_group, "timeout=1");
	for (int i = ANSWER_SILENCE; i <= ANSWER_REFUSAL; i++) {
		struct application application = start("sshd", agent, false);
		struct report report;
		int fd = accept_request();

		give_answer(fd, (enum answer)i);
		read_report(&application, &report);
		close(fd);
		assert_int_equal(finish(&application), 0);
		assert_int_equal(report.code, PAM_SESSION_ERR);
		assert_int_equal(report.lines, 1);
		assert_non_null(strstr(report.line, i == ANSWER_REFUSAL ?
		    "the? policy says no" : "no jail is available"));
	}
}

static size_t
receive(int fd, char *message, size_t size)
{
	int fds[PACKET_FDS_MAX];
	size_t n_fds;
	ssize_t length = packet_receive(fd, message, size, fds, &n_fds,
	    deadline_after(PATIENCE_MS));

	assert_true(length > 0);
	return (size_t)length;
}

static void
test_enter(void **state)
{
	char message[1024], more[PATH_MAX + 256];
	struct application application;
	struct report report;
	struct grant grant;
	struct jail jail;
	size_t length;
	int fd;

	(void)state;
	need_host();
	/* With a line for all services in front and another one behind, as
	 * includes may bring them. */
	snprintf(more, sizeof(more), "timeout=10\nsession required %s "
	    "agents=%s refuse-only", module_path, agent_group);
	write_stack("sshd", agent_group, more);
	/* Before the jail: its descriptors would be inherited. */
	application = start("sshd", agent, false);
	jail = jail_make(directory, true);
	grant = jail_grant(&jail, agent);
	fd = accept_request();
	jail_send_grant(&jail, fd, &grant);
	length = receive(fd, message, sizeof(message));
	assert_int_equal(plain_message_decode(MESSAGE_ENTERED, message,
	    length), 0);
	length = (size_t)plain_message_encode(MESSAGE_CONFIRMED, message,
	    sizeof(message));
	assert_int_equal(packet_send(fd, message, length, NULL, 0,
	    deadline_after(1000)), 0);
	read_report(&application, &report);
	assert_int_equal(report.code, PAM_SUCCESS);
	assert_int_equal(report.lines, 0);
	assert_string_equal(report.variable, "trial");
	assert_entered(application.pid, &jail);
	assert_int_equal(finish(&application), 0);
	length = receive(fd, message, sizeof(message));
	assert_int_equal(plain_message_decode(MESSAGE_LEAVING, message,
	    length), 0);
	assert_int_equal(recv(fd, message, sizeof(message), 0), 0);
	close(fd);
	jail_end(&jail);
}

/* How a grant is spoiled: what is not given stays as it was. */
struct spoiled {
	uint32_t flags, add_namespaces, drop_namespaces, umask;
	bool repeat_rlimit, wrong_root, wrong_size, unsealed;
	uint64_t capability;
	const char *step;
	int error;
	bool killed;
};

static void
spoil(struct grant *grant, const struct spoiled *row)
{
	grant->flags |= row->flags;
	grant->namespaces |= row->add_namespaces;
	grant->namespaces &= ~row->drop_namespaces;
	grant->umask |= row->umask;
	grant->capabilities |= row->capability;
	if (row->repeat_rlimit)
		grant->rlimits[grant->n_rlimits++] = grant->rlimits[0];
	grant->root_ino += row->wrong_root;
	grant->filters[0].instructions += row->wrong_size;
}

/* Each wrong grant stops at its step: before the point of no return PAM gets
 * an error, after it the process is gone. */
static void
test_wrong_grants(void **state)
{
	static const struct spoiled rows[] = {
		{ .flags = 1u << 31, .step = "check-flags", .error = EINVAL },
		{ .add_namespaces = CLONE_NEWUSER,
		    .step = "check-namespaces", .error = EINVAL },
		{ .drop_namespaces = CLONE_NEWPID,
		    .step = "check-namespaces", .error = EINVAL },
		{ .umask = 01000, .step = "check-umask", .error = EINVAL },
		{ .repeat_rlimit = true, .step = "check-rlimits",
		    .error = EINVAL },
		{ .capability = UINT64_C(1) << 63,
		    .step = "check-capabilities", .error = EPERM },
		{ .wrong_size = true, .step = "check-filters",
		    .error = EBADMSG },
		{ .unsealed = true, .step = "check-filters", .error = EPERM },
		{ .wrong_root = true, .step = "root", .error = EXDEV,
		    .killed = true },
	};

	(void)state;
	need_host();
	write_stack("sshd", agent_group, "timeout=10");
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct jail jail = jail_make(directory,
		    !rows[i].unsealed);
		struct grant grant = jail_grant(&jail, agent);
		struct application application = start("sshd", agent, false);
		struct enter_failure failure;
		struct report report;
		char message[1024];
		int fd = accept_request(), status;

		spoil(&grant, &rows[i]);
		jail_send_grant(&jail, fd, &grant);
		assert_int_equal(enter_failure_decode(message,
		    receive(fd, message, sizeof(message)), &failure), 0);
		assert_string_equal(failure.step, rows[i].step);
		assert_int_equal(failure.error, rows[i].error);
		if (!rows[i].killed) {
			read_report(&application, &report);
			assert_int_equal(report.code, PAM_SESSION_ERR);
			assert_int_equal(report.lines, 1);
		}
		status = finish(&application);
		assert_int_equal(status, rows[i].killed ? SIGKILL : 0);
		close(fd);
		jail_end(&jail);
	}
}

/* Entered but never confirmed: nobody gets a session out of it. */
static void
test_unconfirmed(void **state)
{
	struct application application;
	struct jail jail;
	struct grant grant;
	char message[1024];
	int fd;

	(void)state;
	need_host();
	jail = jail_make(directory, true);
	grant = jail_grant(&jail, agent);
	write_stack("sshd", agent_group, "timeout=1");
	application = start("sshd", agent, false);
	fd = accept_request();
	jail_send_grant(&jail, fd, &grant);
	receive(fd, message, sizeof(message));
	assert_int_equal(finish(&application), SIGKILL);
	close(fd);
	jail_end(&jail);
}

static int
find_agent(void)
{
	const struct passwd *passwd;

	while ((passwd = getpwent()) != NULL) {
		const struct group *group = getgrgid(passwd->pw_gid);

		if (passwd->pw_uid == 0 || passwd->pw_gid == 0 ||
		    group == NULL)
			continue;
		snprintf(agent, sizeof(agent), "%s", passwd->pw_name);
		snprintf(agent_group, sizeof(agent_group), "%s",
		    group->gr_name);
		endpwent();
		return 0;
	}
	return -1;
}

static int
setup(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *builddir = getenv("builddir");
	char path[PATH_MAX];

	(void)state;
	snprintf(path, sizeof(path), "%s/pam_module/.libs/pam_jail.so",
	    builddir == NULL ? "." : builddir);
	if (realpath(path, module_path) == NULL || find_agent() < 0 ||
	    mkdtemp(directory) == NULL)
		return -1;
	snprintf(socket_path, sizeof(socket_path), "%s/s", directory);
	memcpy(address.sun_path, socket_path, sizeof(socket_path));
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address,
	    sizeof(address)) < 0 || listen(listener, 5) < 0)
		return -1;
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = { "s", "sshd", "sudo", "atd",
		"systemd-user", "jailctl", "unheard-of" };
	char path[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		remove(path);
	}
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_others_pass),
		cmocka_unit_test(test_closed_doors),
		cmocka_unit_test(test_refuse_only),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_broken_answers),
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_wrong_grants),
		cmocka_unit_test(test_unconfirmed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* Who logged in, as the login programs of a jail write it down.
 *
 * Every jail has a utmp and a wtmp of its own, whose terminals have numbers
 * of their own too.  Main takes what is new in the wtmp, which of sshd says
 * all that the utmp does, and those of the utmp who came with a terminal of
 * the host's; a process of its own copies them to the host's files, since
 * these may be locked by anybody for as long as they like. */
#include "config.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/close.h"
#include "jaild/confine.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/record_copy.h"

#define QUEUE_MAX 1024		/* records that wait for the copier */
#define COPIER_SECONDS 30	/* until it is taken for stuck */

#define PATH_WTMPDB "/var/lib/wtmpdb/wtmp.db"
#define WTMPDB_LIBRARY "libwtmpdb.so.0"

struct login_record {
	struct login_record *next;
	struct utmpx record;
	bool own_terminal, in_wtmp;
};

static int
records_path(const struct live_jail *jail, const char *name,
    char ret_path[PATH_MAX])
{
	int n = snprintf(ret_path, PATH_MAX, "%s/jails/%s/log/records%s%s",
	    jail->daemon->config->run_dir, jail->facts.uuid,
	    name[0] != '\0' ? "/" : "", name);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* The session whose login program came with this terminal of the host's and
 * said so to PAM, as login(1) does.  sshd allocates one in the jail when the
 * session is there already. */
static const struct session *
session_on(const struct live_jail *jail, const struct utmpx *record)
{
	for (const struct session *at = jail->sessions; at != NULL;
	    at = at->next) {
		const char *tty = at->facts.tty;

		if (strncmp(tty, _PATH_DEV, strlen(_PATH_DEV)) == 0)
			tty += strlen(_PATH_DEV);
		if (strncmp(tty, record->ut_line, sizeof(record->ut_line)) ==
		    0)
			return at;
	}
	return NULL;
}

static int
enqueue(struct live_jail *jail, const struct utmpx *record, bool in_wtmp)
{
	struct login_record **end = &jail->daemon->records, *new;
	const struct session *session = session_on(jail, record);
	size_t n = 0;

	for (; *end != NULL; end = &(*end)->next)
		n++;
	new = n < QUEUE_MAX ? calloc(1, sizeof(*new)) : NULL;
	if (new == NULL)
		return -ENOMEM;
	new->record = *record;
	new->in_wtmp = in_wtmp;
	new->own_terminal = session == NULL;
	/* It wrote down a number of the jail's PID namespace. */
	if (session != NULL)
		new->record.ut_pid = session->facts.pid;
	*end = new;
	return 0;
}

static void
drop_records(struct daemon *daemon, size_t n)
{
	for (; n > 0 && daemon->records != NULL; n--) {
		struct login_record *next = daemon->records->next;

		free(daemon->records);
		daemon->records = next;
	}
}

static int
on_copied(sd_event_source *source, const siginfo_t *info, void *object)
{
	struct daemon *daemon = object;

	sd_event_source_disable_unref(source);
	daemon->record_copier = 0;
	if (info->si_code != CLD_EXITED || info->si_status != 0)
		log_warning("logins were not written to " _PATH_UTMP ", "
		    _PATH_WTMP " or " PATH_WTMPDB);
	drop_records(daemon, daemon->records_taken);
	login_records_flush(daemon);
	return 0;
}

/* Hosts with a database may have no utmp; the names that jails' terminals
 * have are then in one that only jaild reads. */
static int
choose_utmp(const struct daemon *daemon, char ret_path[PATH_MAX])
{
	_cleanup_fd_ int fd = -1;
	int n;

	if (access(_PATH_UTMP, F_OK) == 0) {
		snprintf(ret_path, PATH_MAX, "%s", _PATH_UTMP);
		return 0;
	}
	n = snprintf(ret_path, PATH_MAX, "%s/utmp", daemon->config->run_dir);
	if (n < 0 || n >= PATH_MAX)
		return -ENAMETOOLONG;
	fd = open(ret_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : 0;
}

/* What is in no wtmp is there by a module of the host's, and so it is in the
 * database. */
static int
copy_one(const char *utmp, const struct login_record *record)
{
	const struct record_files files = {
		.utmp = utmp,
		.wtmp = record->in_wtmp ? _PATH_WTMP : NULL,
		.wtmpdb = record->in_wtmp ? PATH_WTMPDB : NULL,
		.library = WTMPDB_LIBRARY,
	};
	int r = record_copy(&files, &record->record, record->own_terminal);

	return r == -ENOENT ? 0 : r;
}

static _Noreturn void
copy_all(const struct daemon *daemon)
{
	char own_utmp[PATH_MAX];
	int status = 0;

	process_after_fork(NULL, 0);
	if (confine(PART_RECORDER) < 0)
		_exit(1);
	signal(SIGALRM, SIG_DFL);
	alarm(COPIER_SECONDS);
	if (choose_utmp(daemon, own_utmp) < 0)
		_exit(1);
	for (const struct login_record *at = daemon->records; at != NULL;
	    at = at->next)
		if (copy_one(own_utmp, at) < 0)
			status = 1;
	_exit(status);
}

void
login_records_flush(struct daemon *daemon)
{
	sd_event_source *source;
	pid_t pid;

	if (daemon->records == NULL || daemon->record_copier != 0)
		return;
	daemon->records_taken = 0;
	for (const struct login_record *at = daemon->records; at != NULL;
	    at = at->next)
		daemon->records_taken++;
	pid = fork();
	if (pid == 0)
		copy_all(daemon);
	if (pid < 0) {
		retry_later(daemon);
		return;
	}
	daemon->record_copier = pid;
	if (sd_event_add_child(daemon->event, &source, pid, WEXITED,
	    on_copied, daemon) < 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		daemon->record_copier = 0;
		retry_later(daemon);
	}
}

void
login_records_collect(struct live_jail *jail)
{
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];
	struct utmpx record;

	if (records_path(jail, "wtmp", path) < 0)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && pread(fd, &record, sizeof(record),
	    (off_t)(jail->records_copied * sizeof(record))) ==
	    sizeof(record)) {
		if (enqueue(jail, &record, true) < 0)
			break;
		jail->records_copied++;
	}
	login_records_flush(jail->daemon);
}

static int
on_record(sd_event_source *source, const struct inotify_event *event,
    void *object)
{
	struct live_jail *jail = object;

	(void)source;
	(void)event;
	login_records_collect(jail);
	if (jail->state == JAIL_LIVE)
		state_save(jail);
	return 0;
}

/* login(1) leaves the wtmp to a module that has written it on the host. */
static int
on_terminal(sd_event_source *source, const struct inotify_event *event,
    void *object)
{
	struct live_jail *jail = object;
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];
	struct utmpx record;

	(void)source;
	(void)event;
	if (records_path(jail, "utmp", path) < 0)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &record, sizeof(record)) ==
	    sizeof(record))
		if (record.ut_type == USER_PROCESS &&
		    session_on(jail, &record) != NULL)
			enqueue(jail, &record, false);
	login_records_flush(jail->daemon);
	return 0;
}

/* Files without a reader but root: the directory is 0700. */
static int
make_file(const struct live_jail *jail, const char *name,
    char ret_path[PATH_MAX])
{
	_cleanup_fd_ int fd = -1;
	int r = records_path(jail, name, ret_path);

	if (r < 0)
		return r;
	fd = open(ret_path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	return fd < 0 ? -errno : 0;
}

static int
watch(struct live_jail *jail, const char *name,
    sd_event_inotify_handler_t handler, sd_event_source **ret)
{
	char path[PATH_MAX];
	int r = make_file(jail, name, path);

	if (r == 0)
		r = sd_event_add_inotify(jail->daemon->event, ret, path,
		    IN_MODIFY, handler, jail);
	return r < 0 ? r : 0;
}

int
login_records_open(struct live_jail *jail)
{
	char path[PATH_MAX];
	int r = records_path(jail, "", path);

	if (r < 0)
		return r;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	r = watch(jail, "utmp", on_terminal, &jail->terminals_source);
	if (r == 0)
		r = watch(jail, "wtmp", on_record, &jail->records_source);
	return r;
}

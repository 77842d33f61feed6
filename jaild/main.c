#include "config.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "jaild/audit.h"
#include "jaild/cgroup.h"
#include "jaild/cgroup_favor.h"
#include "jaild/confine.h"
#include "jaild/daemon.h"
#include "jaild/log.h"
#include "jaild/main.h"
#include "lang/load.h"

#define DEFAULT_CONFIG JAILD_SYSCONFDIR "/jaild.conf"
#define TTY_GID 5	/* where the host has no group "tty" */

static const char usage[] =
    "usage: jaild [-f] [-c FILE]\n"
    "Puts agents' accounts into their jails when they log in.\n"
    "\n"
    "  -f, --foreground    stay in the foreground, log to standard error too\n"
    "  -c, --config FILE   read FILE instead of " DEFAULT_CONFIG "\n"
    "  -V, --version       say which version this is\n"
    "  -h, --help          say this\n"
    "\n"
    "SIGHUP loads configuration and policy anew, SIGTERM ends jaild and lets\n"
    "the jails live on.  See jaild(8).\n";

/* Loads the policy of config.  0; a negative errno. */
static int
load_policy(const struct config *config, FILE *diagnostics,
    struct policy **ret)
{
	struct load_options options = { .root_file = config->policy_file,
		.check_trust = true, .diagnostics = diagnostics };

	return policy_load(&options, ret);
}

static void
log_lines(enum log_level level, char *text)
{
	for (char *line; (line = strsep(&text, "\n")) != NULL;)
		if (*line != '\0')
			log_line(level, "%s", line);
}

/* These decide where jails are looked for: they cannot change under them. */
static const char *
changed_place(const struct config *old, const struct config *new)
{
	if (strcmp(old->run_dir, new->run_dir) != 0)
		return "run_dir";
	if (strcmp(old->state_dir, new->state_dir) != 0)
		return "state_dir";
	if (strcmp(old->cgroup_dir, new->cgroup_dir) != 0)
		return "cgroup_dir";
	return NULL;
}

static void
set_place(struct daemon *daemon)
{
	daemon->place.state_dir = daemon->config->state_dir;
	daemon->place.run_dir = daemon->config->run_dir;
	daemon->place.keep_list = daemon->config->keep_list;
	daemon->place.jail_shell = JAILD_PKGLIBEXECDIR "/jail-shell";
	daemon->place.host_name = daemon->host_name;
}

/* Logins are slower without it, and no less safe. */
static void
favor_dynmods(const struct daemon *daemon)
{
	int r;

	if (!daemon->config->cgroup_favordynmods)
		return;
	r = cgroup_favor_dynmods("/proc/self/mountinfo");
	if (r < 0)
		log_warning("cgroup v2 cannot be mounted with favordynmods: "
		    "%s; logins wait some milliseconds for their cgroup",
		    r == -EINVAL ? "the kernel does not know it" :
		    strerrordesc_np(-r));
}

static int
load_both(const struct daemon *daemon, FILE *diagnostics,
    struct config **ret_config, struct policy **ret_policy)
{
	struct config *config = NULL;
	struct policy *policy = NULL;
	const char *changed;
	int r = config_load(daemon->config_path, false, true, diagnostics,
	    &config);

	if (r < 0)
		return r;
	changed = changed_place(daemon->config, config);
	if (changed != NULL) {
		fprintf(diagnostics, "%s: error: %s cannot change while jaild "
		    "runs; restart it\n", daemon->config_path, changed);
		r = -EINVAL;
	}
	if (r == 0)
		r = load_policy(config, diagnostics, &policy);
	if (r < 0) {
		config_free(config);
		return r;
	}
	*ret_config = config;
	*ret_policy = policy;
	return 0;
}

int
daemon_reload(struct daemon *daemon, char **ret_diagnostics)
{
	struct config *config = NULL;
	struct policy *policy = NULL;
	size_t length;
	FILE *diagnostics = open_memstream(ret_diagnostics, &length);
	const char *old = daemon->policy != NULL ? daemon->policy->sha256 :
	    "";
	int r;

	if (diagnostics == NULL)
		return -ENOMEM;
	r = load_both(daemon, diagnostics, &config, &policy);
	fclose(diagnostics);
	audit_policy_load(r == 0 ? policy->sha256 : "", old, r == 0);
	if (r < 0) {
		log_error("nothing was loaded; the running policy goes on");
		return r;
	}
	policy_free(daemon->policy);
	config_free(daemon->config);
	daemon->policy = policy;
	daemon->config = config;
	favor_dynmods(daemon);
	set_place(daemon);
	log_open(daemon->foreground, config->log_level);
	sweeper_restart(daemon);
	log_note("policy %s loaded from %s", policy->sha256,
	    config->policy_file);
	return 0;
}

static int
on_reload(sd_event_source *source, const struct signalfd_siginfo *info,
    void *object)
{
	_cleanup_free_ char *diagnostics = NULL;
	struct daemon *daemon = object;
	int r;

	(void)source;
	(void)info;
	sd_notify(0, "RELOADING=1");
	r = daemon_reload(daemon, &diagnostics);
	if (diagnostics != NULL)
		log_lines(r < 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
		    diagnostics);
	sd_notify(0, "READY=1");
	return 0;
}

static int
on_stop(sd_event_source *source, const struct signalfd_siginfo *info,
    void *object)
{
	struct daemon *daemon = object;

	(void)source;
	(void)info;
	sd_notify(0, "STOPPING=1");
	return sd_event_exit(daemon->event, 0);
}

static int
make_directory(const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return -errno;
	return chmod(path, mode) < 0 ? -errno : 0;
}

/* run_dir/root is where jails are put together, each in a mount namespace of
 * its own. */
static int
make_directories(const struct config *config)
{
	char root[PATH_MAX];
	int r = make_directory(config->run_dir, 0755);

	if (r == 0)
		r = make_directory(config->state_dir, 0700);
	if (r == 0 && snprintf(root, sizeof(root), "%s/root",
	    config->run_dir) >= (int)sizeof(root))
		r = -ENAMETOOLONG;
	return r < 0 ? r : make_directory(root, 0755);
}

static gid_t
tty_group(void)
{
	const struct group *group = getgrnam("tty");

	return group != NULL ? group->gr_gid : TTY_GID;
}

/* Two descriptors a session; and the kernel shall not end jaild first when
 * memory is short.  Both best effort. */
static void
claim_resources(void)
{
	struct rlimit limit;
	FILE *file = fopen("/proc/self/oom_score_adj", "we");

	if (file != NULL) {
		fputs("-900", file);
		fclose(file);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int
fail(const char *what, int error)
{
	log_error("%s: %s", what, strerrordesc_np(-error));
	return error;
}

static int
open_files(struct daemon *daemon)
{
	int r = make_directories(daemon->config);

	if (r < 0)
		return fail("the directories of jaild", r);
	daemon->init_fd = open(JAILD_PKGLIBEXECDIR "/jail-init",
	    O_RDONLY | O_CLOEXEC);
	if (daemon->init_fd < 0)
		return fail(JAILD_PKGLIBEXECDIR "/jail-init", -errno);
	r = cgroup_base_make(daemon->config->cgroup_dir, daemon->cgroup_base);
	if (r < 0)
		return fail("a directory for jails in cgroup v2", r);
	favor_dynmods(daemon);
	gethostname(daemon->host_name, sizeof(daemon->host_name) - 1);
	daemon->place.tty_gid = tty_group();
	set_place(daemon);
	return 0;
}

static int
open_signals(struct daemon *daemon)
{
	static const struct {
		int signal;
		sd_event_signal_handler_t handler;
	} signals[] = { { SIGHUP, on_reload }, { SIGTERM, on_stop },
		{ SIGINT, on_stop } };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++)
		sigaddset(&set, signals[i].signal);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++) {
		int r = sd_event_add_signal(daemon->event, NULL,
		    signals[i].signal, signals[i].handler, daemon);

		if (r < 0)
			return r;
	}
	return 0;
}

static int
open_loop(struct daemon *daemon)
{
	int r = sd_event_new(&daemon->event);

	if (r >= 0)
		r = open_signals(daemon);
	if (r >= 0)
		r = sd_event_set_watchdog(daemon->event, true);
	if (r < 0)
		return fail("the event loop", r);
	r = retry_open(daemon);
	if (r < 0)
		return fail("a timer", r);
	state_adopt(daemon);
	r = sweeper_start(daemon);
	if (r < 0)
		return fail("a process that looks for agents outside", r);
	r = listener_open(daemon);
	if (r < 0)
		return fail("the login socket", r);
	r = control_open(daemon);
	return r < 0 ? fail("the control socket", r) : 0;
}

/* A policy in ruins refuses agents, and does not keep jaild from saying so
 * to each of them. */
static void
load_first_policy(struct daemon *daemon)
{
	_cleanup_free_ char *diagnostics = NULL;
	size_t length;
	FILE *out = open_memstream(&diagnostics, &length);
	int r = out == NULL ? -ENOMEM : load_policy(daemon->config, out,
	    &daemon->policy);

	if (out != NULL)
		fclose(out);
	if (diagnostics != NULL)
		log_lines(r < 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
		    diagnostics);
	audit_policy_load(r == 0 ? daemon->policy->sha256 : "", "", r == 0);
	if (r < 0)
		log_error("no policy is loaded: every agent is refused until "
		    "`jailctl reload` succeeds");
	else
		log_note("policy %s loaded from %s", daemon->policy->sha256,
		    daemon->config->policy_file);
}

static int
go_background(void)
{
	return daemon(0, 0) < 0 ? -errno : 0;
}

static int
run(struct daemon *daemon)
{
	int r = config_load(daemon->config_path, strcmp(daemon->config_path,
	    DEFAULT_CONFIG) == 0, true, stderr, &daemon->config);

	if (r < 0)
		return r;
	log_open(daemon->foreground, daemon->config->log_level);
	r = daemon->foreground ? 0 : go_background();
	if (r < 0)
		return fail("going into the background", r);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return fail("becoming the reaper of jails", -errno);
	claim_resources();
	r = confine(PART_DAEMON);
	if (r < 0)
		return fail("giving up what jaild does not need", r);
	load_first_policy(daemon);
	r = open_files(daemon);
	if (r == 0)
		r = open_loop(daemon);
	if (r < 0)
		return r;
	sd_notify(0, "READY=1");
	return sd_event_loop(daemon->event);
}

static int
parse_options(struct daemon *daemon, int argc, char **argv)
{
	static const struct option options[] = {
		{ "foreground", no_argument, NULL, 'f' },
		{ "config", required_argument, NULL, 'c' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	int option;

	while ((option = getopt_long(argc, argv, "fc:Vh", options, NULL)) !=
	    -1)
		switch (option) {
		case 'f':
			daemon->foreground = true;
			break;
		case 'c':
			daemon->config_path = optarg;
			break;
		case 'V':
			puts("jaild " PACKAGE_VERSION);
			exit(0);
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			return -EINVAL;
		}
	return optind == argc ? 0 : -EINVAL;
}

int
jaild_main(int argc, char **argv)
{
	static struct daemon jaild = { .config_path = DEFAULT_CONFIG,
		.login_fd = -1, .control_fd = -1, .init_fd = -1,
		.sweeper = { .fd = -1 },
		.next_session = 1 };

	if (parse_options(&jaild, argc, argv) < 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (geteuid() != 0) {
		fputs("jaild: only root can make jails; start it as root\n",
		    stderr);
		return 1;
	}
	umask(022);
	return run(&jaild) < 0 ? 1 : 0;
}

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "jaild/build.h"
#include "jaild/filter.h"
#include "jaild/login.h"
#include "jaild/process.h"

static void
audit_build(const struct login *login, const struct built_jail *built)
{
	const struct audit_jail jail = { .account = login->key.account,
		.vm = login->vm, .uuid = login->jail.uuid,
		.tier = login->key.tier,
		.policy_sha256 = login->key.policy_sha256 };

	/* auvirt(8) takes an identity for the beginning of what follows. */
	audit_jail_identity(&jail, built->init_pid);
	audit_jail_control(&jail, "start", "login", built->init_pid, true);
	audit_jail_resource(&jail, "cgroup", built->cgroup_path);
	audit_jail_resource(&jail, "net", network_mode_name(
	    login->decision.jail->network));
	audit_jail_resource(&jail, "seccomp", syscall_profile_name(
	    login->decision.jail->syscalls));
	for (size_t i = 0; i < login->plan->n_steps; i++) {
		const struct plan_step *step = &login->plan->steps[i];
		char text[1024];

		if (!(step->flags & STEP_FLAG_RECORD))
			continue;
		plan_step_describe(step, text, sizeof(text));
		audit_jail_resource(&jail, "mount", text);
	}
}

static int
report_failed_build(struct login *login, const char *text)
{
	const struct audit_jail jail = { .account = login->key.account,
		.vm = login->vm, .uuid = login->jail.uuid,
		.tier = login->key.tier,
		.policy_sha256 = login->key.policy_sha256 };
	struct channel_message message = { .op = CHANNEL_BUILD_FAILED };

	audit_jail_control(&jail, "start", "failed", 0, false);
	snprintf(message.text, sizeof(message.text), "%s", text);
	channel_send(login->channel_fd, &message, NULL, 0);
	return login_refuse(login, PUBLIC_UNAVAILABLE,
	    "jail %s cannot be built: %s", login->vm, text);
}

static int
run_plan(struct login *login, int log_directory_fd,
    const struct filter_set *shell, struct built_jail *ret,
    struct build_failure *failure)
{
	uint64_t limit =
	    deadline_after(login->daemon->config->build_timeout_ms);
	struct build_input input = { .application_pidfd = login->pidfd,
		.init_fd = login->daemon->init_fd,
		.log_directory_fd = log_directory_fd,
		.shell_filters = shell,
		.cgroup_base = login->daemon->cgroup_base,
		.deadline_ms = limit < login->deadline_ms ? limit :
		    login->deadline_ms,
		.fault = fault_read() };

	return jail_build(login->plan, &input, ret, failure);
}

int
login_await_go(struct login *login)
{
	struct channel_message message;
	size_t n_fds = 0;
	int r = channel_receive(login->channel_fd, &message, NULL, 0, &n_fds,
	    login->deadline_ms);

	if (r == 0 && message.op != CHANNEL_GO)
		r = -EBADMSG;
	return r;
}

static int
report_built(struct login *login, const struct built_jail *built,
    const struct filter_set *door)
{
	struct channel_message message = { .op = CHANNEL_BUILT };
	int fds[2] = { built->init_pidfd, door->memfd }, r;

	login->jail.init_pid = built->init_pid;
	login->jail.namespaces = built->namespaces;
	login->jail.root_dev = built->root_dev;
	login->jail.root_ino = built->root_ino;
	/* It lies in the base, whose length is bounded. */
	snprintf(login->jail.cgroup_path, sizeof(login->jail.cgroup_path),
	    "%.*s", CGROUP_PATH_BYTES - 1, built->cgroup_path);
	login->jail.n_filters = door->n_filters;
	memcpy(login->jail.filters, door->filters,
	    sizeof(login->jail.filters));
	r = process_start_time(built->init_pid, &login->jail.init_start);
	message.jail = login->jail;
	if (r == 0)
		r = channel_send(login->channel_fd, &message, fds, 2);
	return r < 0 ? r : login_await_go(login);
}

static int
compile(struct login *login, enum filter_stage stage, struct filter_set *ret)
{
	const char *call = NULL;
	char text[512];
	int r = filters_compile(login->decision.jail, stage, ret, &call);

	if (r == 0)
		return 0;
	snprintf(text, sizeof(text), "the system call rules%s%s cannot be "
	    "compiled: %s", call != NULL ? " for " : "",
	    call != NULL ? call : "", strerrordesc_np(-r));
	return report_failed_build(login, text);
}

static int
build(struct login *login, int log_directory_fd)
{
	_cleanup_(filter_set_close) struct filter_set shell = { .memfd = -1 };
	_cleanup_(filter_set_close) struct filter_set door = { .memfd = -1 };
	struct build_failure failure;
	struct built_jail built;
	int r = login_plan(login, login->jail.uuid);

	if (r == 0)
		r = compile(login, FILTER_SHELL, &shell);
	if (r == 0)
		r = compile(login, FILTER_DOOR, &door);
	if (r < 0)
		return r;
	r = run_plan(login, log_directory_fd, &shell, &built, &failure);
	if (r < 0)
		return report_failed_build(login, failure.text);
	login->init_pidfd = built.init_pidfd;
	audit_build(login, &built);
	r = report_built(login, &built, &door);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE,
		    "jaild could not take the new jail: %s",
		    strerrordesc_np(-r));
	login->filters_fd = steal_fd(&door.memfd);
	return 0;
}

/* Asks main, and builds when main says so. */
int
login_get_jail(struct login *login)
{
	struct channel_message message = { .op = CHANNEL_WANT,
		.key = login->key };
	int fds[2] = { -1, -1 }, r;
	size_t n_fds = 0;

	r = channel_send(login->channel_fd, &message, NULL, 0);
	if (r == 0)
		r = channel_receive(login->channel_fd, &message, fds, 2,
		    &n_fds, login->deadline_ms);
	if (r < 0)
		return login_refuse(login, PUBLIC_UNAVAILABLE, "jaild gave no "
		    "jail: %s", strerrordesc_np(-r));
	login->jail = message.jail;
	login->session_id = message.session.id;
	if (message.op == CHANNEL_JOIN && n_fds == 2) {
		login->init_pidfd = fds[0];
		login->filters_fd = fds[1];
		return 0;
	}
	if (message.op == CHANNEL_BUILD && n_fds == 1) {
		r = build(login, fds[0]);
		close_fd(&fds[0]);
		return r;
	}
	return login_refuse(login, PUBLIC_UNAVAILABLE, "%s",
	    message.op == CHANNEL_DENY ? message.text :
	    "jaild gave a wrong answer to its worker");
}


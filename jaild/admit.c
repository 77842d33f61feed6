#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "common/tree_open.h"
#include "jaild/admit.h"

#define PUBLIC_NO_RULE "the policy lets no agent in this way"
#define PUBLIC_SERVICE "agents may not log in through this service"

const char *const admit_root_groups[] = { "adm", "disk", "docker", "incus",
	"incus-admin", "kmem", "kvm", "libvirt", "lxd", "root", "shadow",
	"sudo", "systemd-journal", "wheel", NULL };

__attribute__((format(printf, 3, 4)))
static int
refuse(struct admission *admission, const char *public_reason,
    const char *format, ...)
{
	va_list arguments;

	admission->public_reason = public_reason;
	va_start(arguments, format);
	vsnprintf(admission->reason, sizeof(admission->reason), format,
	    arguments);
	va_end(arguments);
	return -EACCES;
}

static int
check_service(const struct admit_request *request, struct admission *ret)
{
	if (service_class_open(request->service))
		return 0;
	return refuse(ret, PUBLIC_SERVICE, "the service is no door for "
	    "agents: %s", service_closed(NULL)->reason);
}

static int
check_account(const struct admit_request *request, struct admission *ret)
{
	int r = request->tree == NULL ?
	    account_resolve(request->user, &ret->account) :
	    account_read(request->tree, request->user, &ret->account);

	if (r == -ENOENT)
		return refuse(ret, NULL, "there is no account %s",
		    request->user);
	if (r == -EPERM)
		return refuse(ret, NULL, "uid 0 is never an agent");
	if (r < 0)
		return refuse(ret, NULL, "the account %s cannot be resolved: "
		    "%s", request->user, strerrordesc_np(-r));
	if (!account_in_group(ret->account, request->agents_group))
		return refuse(ret, NULL, "%s is not in the group %s",
		    ret->account->name, request->agents_group);
	return 0;
}

static int
check_linger(const struct admit_request *request, struct admission *ret)
{
	const char *tree = request->tree == NULL ? "" : request->tree;
	char path[PATH_MAX];
	_cleanup_fd_ int fd = -1;

	snprintf(path, sizeof(path), ADMIT_LINGER_DIRECTORY "/%s",
	    ret->account->name);
	fd = tree_open(request->tree, path, O_PATH | O_NOFOLLOW);
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return refuse(ret, NULL, "whether %s%s exists cannot be "
		    "known: %s", tree, path, strerrordesc_np(-fd));
	return refuse(ret, NULL, "%s%s exists: the account's services would "
	    "run outside the jail; `loginctl disable-linger %s` ends that",
	    tree, path, ret->account->name);
}

static int
decide(const struct admit_request *request, struct admission *ret)
{
	const struct account *account = ret->account;
	struct login_facts facts = { .user = account->name,
		.service = request->service, .rhost = request->rhost,
		.n_groups = account->n_groups };
	_cleanup_free_ const char **groups = NULL;
	const struct match_rule *rule;

	if (request->policy == NULL)
		return refuse(ret, NULL, "no policy is loaded; `jailctl "
		    "check` says what is wrong with it");
	groups = calloc(account->n_groups + 1, sizeof(*groups));
	if (groups == NULL)
		return refuse(ret, NULL, "no memory");
	for (size_t i = 0; i < account->n_groups; i++)
		groups[i] = account->groups[i].name;
	facts.groups = groups;
	decide_login(request->policy, &facts, &ret->decision);
	rule = ret->decision.rule;
	if (ret->decision.verdict == VERDICT_JAIL)
		return 0;
	return refuse(ret, rule != NULL && rule->reason != NULL ?
	    rule->reason : PUBLIC_NO_RULE, "%s", ret->decision.reason);
}

static bool
rule_names_group(const struct match_rule *rule, const char *group)
{
	for (size_t i = 0; rule != NULL && i < rule->n_groups; i++)
		if (!rule->groups[i].glob &&
		    strcmp(rule->groups[i].pattern, group) == 0)
			return true;
	return false;
}

static int
check_groups(const struct admit_request *request, struct admission *ret)
{
	(void)request;
	for (size_t i = 0; admit_root_groups[i] != NULL; i++) {
		const char *group = admit_root_groups[i];

		if (account_in_group(ret->account, group) &&
		    !rule_names_group(ret->decision.rule, group))
			return refuse(ret, NULL, "%s is in group %s, which is "
			    "as good as root; a match line with `group %s` "
			    "would allow it", ret->account->name, group,
			    group);
	}
	return 0;
}

/* In order; each row returns 0, or has refused. */
static int (*const steps[])(const struct admit_request *request,
    struct admission *ret) = {
	check_service,
	check_account,
	check_linger,
	decide,
	check_groups,
};

int
admit(const struct admit_request *request, struct admission *ret)
{
	int r = 0;

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; r == 0 && i < ARRAY_LENGTH(steps); i++)
		r = steps[i](request, ret);
	return r;
}

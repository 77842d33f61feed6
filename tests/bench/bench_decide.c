/* bench_decide FILE USER[,GROUP[,ADDRESS]] ...: how long a decision about each
 * login takes under the policy in FILE, in ns of a processor, a line each. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lang/decide.h"
#include "lang/load.h"
#include "lang/policy.h"

#define DECISIONS 200000

static double
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double
take_time(const struct policy *policy, char *login)
{
	const char *const user = strsep(&login, ",");
	const char *const group = strsep(&login, ",");
	const char *const groups[] = { "agents", group };
	const struct login_facts facts = { .user = user, .groups = groups,
		.n_groups = group == NULL ? 1 : 2, .service = SERVICE_SSHD,
		.rhost = login };
	struct decision decision;
	double begun = now_ns();

	for (int i = 0; i < DECISIONS; i++)
		decide_login(policy, &facts, &decision);
	return (now_ns() - begun) / DECISIONS;
}

int
main(int argc, char **argv)
{
	struct load_options options = { .diagnostics = stderr,
		.quiet = true };
	struct policy *policy;

	if (argc < 3) {
		fputs("usage: bench_decide FILE "
		    "USER[,GROUP[,ADDRESS]] ...\n", stderr);
		return 2;
	}
	options.root_file = argv[1];
	if (policy_load(&options, &policy) < 0)
		return 1;
	for (int i = 2; i < argc; i++)
		printf("%.0f\n", take_time(policy, argv[i]));
	policy_free(policy);
	return 0;
}

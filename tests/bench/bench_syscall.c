/* What a filter costs one system call, in nanoseconds.
 *
 * The kernel remembers which calls a program allows whatever the arguments
 * are and does not run it for those (getppid); personality is looked at and
 * allowed, so its whole way through every program shows. */
#include "config.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "common/cleanup.h"
#include "jaild/filter.h"
#include "lang/decide.h"
#include "lang/syscall_table.h"

#define CALLS 10000
#define ROUNDS 300

static const struct jail jail = { .root = ROOT_HOST,
	.syscalls = SYSCALLS_DEFAULT };

struct result {
	int error;
	double getppid_ns, personality_ns, setup_us;
	unsigned instructions;
};

static int
load_set(const struct filter_set *set)
{
	static struct sock_filter code[BPF_MAXINSNS];
	off_t at = 0;

	for (uint32_t i = 0; i < set->n_filters; i++) {
		size_t size = set->filters[i].instructions * sizeof(code[0]);
		struct sock_fprog program = { .filter = code,
			.len = (unsigned short)set->filters[i].instructions };

		if (pread(set->memfd, code, size, at) != (ssize_t)size)
			return -EIO;
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    set->filters[i].flags, &program) != 0)
			return -errno;
		at += (off_t)size;
	}
	return 0;
}

static int
confine_ours(enum filter_stage last, unsigned *ret_instructions)
{
	struct filter_set sets[2] = { { .memfd = -1 }, { .memfd = -1 } };
	const char *call;
	int n = last == FILTER_SHELL ? 2 : 1, r = 0;

	for (int i = 0; r == 0 && i < n; i++)
		r = filters_compile(&jail,
		    i == 0 ? FILTER_DOOR : FILTER_SHELL, &sets[i], &call);
	for (int i = 0; r == 0 && i < n; i++) {
		for (uint32_t j = 0; j < sets[i].n_filters; j++)
			*ret_instructions += sets[i].filters[j].instructions;
		r = load_set(&sets[i]);
	}
	return r;
}

static int
nothing(unsigned *ret_instructions)
{
	(void)ret_instructions;
	return 0;
}

static int
ours_door(unsigned *ret_instructions)
{
	return confine_ours(FILTER_DOOR, ret_instructions);
}

static int
ours_shell(unsigned *ret_instructions)
{
	return confine_ours(FILTER_SHELL, ret_instructions);
}

/* One program of libseccomp's with a rule for each call that the profile
 * allows, as other tools make it. */
static int
add_calls(scmp_filter_ctx context)
{
	const char *const *names = syscall_names();
	uint64_t arguments[6] = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && names[i] != NULL; i++) {
		const struct syscall_rule *rule;
		int error, number = seccomp_syscall_resolve_name(names[i]);

		if (number < 0 || strcmp(names[i], "personality") == 0 ||
		    decide_syscall(&jail, names[i], arguments, &rule,
		    &error) != SYSCALL_ALLOW)
			continue;
		r = seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0);
	}
	if (r == 0)
		r = seccomp_rule_add(context, SCMP_ACT_ALLOW,
		    SCMP_SYS(personality), 1,
		    SCMP_A0(SCMP_CMP_EQ, UINT32_MAX));
	return r;
}

static unsigned
count_instructions(scmp_filter_ctx context)
{
	_cleanup_fd_ int fd = memfd_create("bpf", MFD_CLOEXEC);

	if (fd < 0 || seccomp_export_bpf(context, fd) < 0)
		return 0;
	return (unsigned)((size_t)lseek(fd, 0, SEEK_END) /
	    sizeof(struct sock_filter));
}

static int
libseccomp(uint32_t optimize, unsigned *ret_instructions)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	int r = context != NULL ? 0 : -ENOMEM;

	if (r == 0)
		r = seccomp_arch_add(context, SCMP_ARCH_X86);
	if (r == 0)
		r = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE,
		    optimize);
	if (r == 0)
		r = add_calls(context);
	if (r == 0) {
		*ret_instructions = count_instructions(context);
		r = seccomp_load(context);
	}
	seccomp_release(context);
	return r;
}

static int
libseccomp_linear(unsigned *ret_instructions)
{
	return libseccomp(1, ret_instructions);
}

static int
libseccomp_tree(unsigned *ret_instructions)
{
	return libseccomp(2, ret_instructions);
}

static double
now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* The best of several rounds. */
static double
measure(long number, unsigned long argument)
{
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double start = now_ns(), took;

		for (int i = 0; i < CALLS; i++)
			syscall(number, argument);
		took = (now_ns() - start) / CALLS;
		if (took < best)
			best = took;
	}
	return best;
}

static void
run_case(int (*confine)(unsigned *), struct result *ret)
{
	double start = now_ns();

	ret->error = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno :
	    confine(&ret->instructions);
	ret->setup_us = (now_ns() - start) / 1e3;
	if (ret->error < 0)
		return;
	ret->getppid_ns = measure(SYS_getppid, 0);
	ret->personality_ns = measure(SYS_personality, UINT32_MAX);
}

static const struct {
	const char *name;
	int (*confine)(unsigned *ret_instructions);
} cases[] = {
	{ "no filter", nothing },
	{ "jaild, the door's two programs", ours_door },
	{ "jaild, door and shell, four programs", ours_shell },
	{ "libseccomp, linear", libseccomp_linear },
	{ "libseccomp, binary tree", libseccomp_tree },
};

int
main(void)
{
	struct result *shared = mmap(NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return 1;
	printf("| filter | instructions | made and loaded, ms | getppid, ns |"
	    " personality, ns |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		pid_t child;

		fflush(stdout);
		*shared = (struct result){ 0 };
		child = fork();
		if (child == 0) {
			run_case(cases[i].confine, shared);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		if (shared->error < 0)
			printf("| %s | %s | | | |\n", cases[i].name,
			    strerror(-shared->error));
		else
			printf("| %s | %u | %.1f | %.0f | %.0f |\n",
			    cases[i].name, shared->instructions,
			    shared->setup_us / 1e3, shared->getppid_ns,
			    shared->personality_ns);
	}
	return 0;
}

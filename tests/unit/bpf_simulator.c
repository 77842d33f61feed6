#include "config.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/bpf_simulator.h"

/* One step; *ret_next is the next instruction, n for a verdict. */
static int
step(const struct sock_filter *program, size_t n, size_t at,
    const struct seccomp_data *call, uint32_t *accumulator, size_t *ret_next)
{
	const struct sock_filter *i = &program[at];
	uint32_t a = *accumulator;

	*ret_next = at + 1;
	switch (i->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (i->k % 4 != 0 || i->k > sizeof(*call) - 4)
			return -EINVAL;
		memcpy(accumulator, (const char *)call + i->k, 4);
		return 0;
	case BPF_ALU | BPF_AND | BPF_K:
		*accumulator = a & i->k;
		return 0;
	case BPF_JMP | BPF_JA:
		*ret_next += i->k;
		return 0;
	case BPF_JMP | BPF_JEQ | BPF_K:
		*ret_next += a == i->k ? i->jt : i->jf;
		return 0;
	case BPF_JMP | BPF_JGT | BPF_K:
		*ret_next += a > i->k ? i->jt : i->jf;
		return 0;
	case BPF_JMP | BPF_JGE | BPF_K:
		*ret_next += a >= i->k ? i->jt : i->jf;
		return 0;
	case BPF_JMP | BPF_JSET | BPF_K:
		*ret_next += a & i->k ? i->jt : i->jf;
		return 0;
	case BPF_RET | BPF_K:
		*accumulator = i->k;
		*ret_next = n;
		return 0;
	}
	return -EINVAL;
}

int
bpf_simulate(const struct sock_filter *program, size_t n,
    const struct seccomp_data *call, uint32_t *ret_verdict)
{
	uint32_t accumulator = 0;
	size_t at = 0;

	if (n == 0 || n > BPF_MAXINSNS ||
	    program[n - 1].code != (BPF_RET | BPF_K))
		return -EINVAL;
	for (;;) {
		size_t next;
		int r = step(program, n, at, call, &accumulator, &next);

		if (r < 0)
			return r;
		if (program[at].code == (BPF_RET | BPF_K))
			break;
		if (next >= n)
			return -EINVAL;
		at = next;
	}
	*ret_verdict = accumulator;
	return 0;
}

int
bpf_simulate_stack(const struct bpf_program *programs, size_t n,
    const struct seccomp_data *call, uint32_t *ret_verdict, bool *ret_logged)
{
	uint32_t worst = SECCOMP_RET_ALLOW, verdict;
	bool log = false;

	for (size_t i = n; i-- > 0;) {
		int r = bpf_simulate(programs[i].instructions, programs[i].n,
		    call, &verdict);

		if (r < 0)
			return r;
		/* The kernel orders actions as signed numbers. */
		if ((int32_t)(verdict & SECCOMP_RET_ACTION_FULL) <
		    (int32_t)(worst & SECCOMP_RET_ACTION_FULL)) {
			worst = verdict;
			log = programs[i].log;
		}
	}
	*ret_verdict = worst;
	*ret_logged = log &&
	    (worst & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
	return 0;
}

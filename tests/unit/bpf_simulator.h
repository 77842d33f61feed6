/* Runs the classic BPF that seccomp takes, as the kernel does. */
#ifndef TESTS_BPF_SIMULATOR_H
#define TESTS_BPF_SIMULATOR_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The verdict of one program.  0; -EINVAL for what the kernel would not load:
 * an unknown instruction, a load outside of the structure, a jump out of the
 * program, a program that does not end in a verdict. */
int bpf_simulate(const struct sock_filter *program, size_t n,
    const struct seccomp_data *call, uint32_t *ret_verdict);

struct bpf_program {
	const struct sock_filter *instructions;
	size_t n;
	bool log;	/* loaded with SECCOMP_FILTER_FLAG_LOG */
};

/* All programs of a process, in loading order: the most severe verdict, of
 * equal ones that of the program loaded last.  *ret_logged: whether a denial
 * is on record. */
int bpf_simulate_stack(const struct bpf_program *programs, size_t n,
    const struct seccomp_data *call, uint32_t *ret_verdict,
    bool *ret_logged);

#endif

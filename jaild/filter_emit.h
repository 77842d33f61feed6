/* Classic BPF from lowered ABIs. */
#ifndef JAILD_FILTER_EMIT_H
#define JAILD_FILTER_EMIT_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

#include "jaild/filter_lower.h"

/* Which of a stage's two programs. */
enum filter_part {
	FILTER_WHOLE = 0,	/* every verdict */
	FILTER_LOUD,		/* denials on record; all else is allowed */
};

/* Writes one program.  A call costs a comparison of the ABI, one for each
 * halving of the ranges, and the tests of its chain.  0; -E2BIG when it has
 * more than PROTOCOL_FILTER_INSTRUCTIONS_MAX instructions; -ENOMEM.
 * *ret_instructions is the caller's to free. */
int filter_emit(const struct lowered_abi *abis, size_t n_abis,
    enum filter_part part, struct sock_filter **ret_instructions,
    size_t *ret_count);

#endif

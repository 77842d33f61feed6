/* Two programs for each stage: one with every verdict, which is loaded first
 * and says nothing, and one with those denials that have to be on record.
 *
 * The kernel logs a denial when the program that it took it from was loaded
 * with SECCOMP_FILTER_FLAG_LOG, and of two equal verdicts it takes the one
 * of the program that was loaded last.  So the second repeats denials of the
 * first, and the first is the whole policy alone.
 *
 * The instructions are our own.  libseccomp gives the numbers, but cannot
 * hold these rules: it takes one comparison of an argument in a rule (what
 * is left of a call behind two denials needs more), knows masks only for
 * equality, and where rules of different verdicts overlap it keeps one of
 * them without saying so; see filter_lower.h for what stands in its place.
 * Ranges of numbers that meet the same are one leaf of the binary search, so
 * it is also several times shorter. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/mman.h>

#include "common/cleanup.h"
#include "jaild/filter_emit.h"

#define SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static const struct {
	enum filter_part part;
	uint32_t flags;
} parts[] = {
	{ FILTER_WHOLE, 0 },
	{ FILTER_LOUD, SECCOMP_FILTER_FLAG_LOG },
};

_Static_assert(ARRAY_LENGTH(parts) <= PROTOCOL_FILTERS_MAX,
    "a stage has more programs than a grant carries");
_Static_assert(SECCOMP_FILTER_FLAG_LOG == PROTOCOL_FILTER_FLAGS,
    "the protocol's flags are the kernel's");

static int
write_whole(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		at += n;
		size -= (size_t)n;
	}
	return 0;
}

static int
add_program(struct filter_set *set, const struct lowered_abi *abis,
    size_t n_abis, enum filter_part part, uint32_t flags)
{
	_cleanup_free_ struct sock_filter *instructions = NULL;
	size_t n;
	int r = filter_emit(abis, n_abis, part, &instructions, &n);

	if (r < 0)
		return r;
	r = write_whole(set->memfd, instructions, n * sizeof(*instructions));
	if (r < 0)
		return r;
	set->filters[set->n_filters++] = (struct grant_filter){
		.flags = flags, .instructions = (uint32_t)n };
	return 0;
}

static int
fill(struct filter_set *set, const struct lowered_abi *abis, size_t n_abis)
{
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
		int r = add_program(set, abis, n_abis, parts[i].part,
		    parts[i].flags);

		if (r < 0)
			return r;
	}
	return fcntl(set->memfd, F_ADD_SEALS, SEALS) < 0 ? -errno : 0;
}

static int
make_set(const struct lowered_abi *abis, size_t n_abis,
    struct filter_set *ret)
{
	struct filter_set set = { .memfd = memfd_create("jail-filters",
		MFD_CLOEXEC | MFD_ALLOW_SEALING) };
	int r;

	if (set.memfd < 0)
		return -errno;
	r = fill(&set, abis, n_abis);
	if (r < 0) {
		filter_set_close(&set);
		return r;
	}
	*ret = set;
	return 0;
}

int
filters_compile(const struct jail *jail, enum filter_stage stage,
    struct filter_set *ret, const char **ret_call)
{
	struct lowered_abi abis[LOWERED_ABIS_MAX] = { 0 };
	uint32_t tokens[LOWERED_ABIS_MAX];
	int n = lowered_abi_tokens(tokens), r = n < 0 ? n : 0;

	for (int i = 0; r == 0 && i < n; i++)
		r = filter_lower(jail, stage, tokens[i], &abis[i], ret_call);
	if (r == 0)
		r = make_set(abis, (size_t)n, ret);
	for (size_t i = 0; i < LOWERED_ABIS_MAX; i++)
		lowered_abi_close(&abis[i]);
	return r;
}

void
filter_set_close(struct filter_set *set)
{
	close_fd(&set->memfd);
	*set = (struct filter_set){ .memfd = -1 };
}

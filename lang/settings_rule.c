#include "config.h"

#include <errno.h>
#include <inttypes.h>

#include "common/cleanup.h"
#include "lang/settings_value.h"
#include "lang/syscall_table.h"

static const char *const signs[] = {
	[COMPARE_EQ] = "==", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
	[COMPARE_LE] = "<=", [COMPARE_GT] = ">", [COMPARE_GE] = ">=",
};

static void
write_number(FILE *out, uint64_t number)
{
	fprintf(out, number < 1024 ? "%" PRIu64 : "0x%" PRIx64, number);
}

/* The name by which the condition's argument is found again with its width:
 * its own, or its number. */
static int
write_argument(FILE *out, const char *call,
    const struct syscall_condition *condition)
{
	const char *const *names = syscall_argument_names(call);
	struct syscall_argument found;
	char number[8];

	for (; *names != NULL; names++) {
		if (!syscall_argument_find(call, *names, &found) ||
		    found.pointer || found.index != condition->argument ||
		    found.width_bits != condition->width_bits)
			continue;
		fputs(*names, out);
		return 0;
	}
	snprintf(number, sizeof(number), "arg%u", condition->argument % 10);
	if (!syscall_argument_find(call, number, &found) ||
	    found.index != condition->argument ||
	    found.width_bits != condition->width_bits)
		return -EINVAL;
	fputs(number, out);
	return 0;
}

static int
write_condition(FILE *out, const char *call,
    const struct syscall_condition *condition)
{
	uint64_t all = condition->width_bits == 32 ? UINT32_MAX : UINT64_MAX;
	int r = write_argument(out, call, condition);

	if (r < 0 || (size_t)condition->compare >= ARRAY_LENGTH(signs))
		return -EINVAL;
	if (condition->mask != all) {
		fputs(" & ", out);
		write_number(out, condition->mask);
	}
	fprintf(out, " %s ", signs[condition->compare]);
	write_number(out, condition->value);
	return 0;
}

static int
write_denial(FILE *out, const struct syscall_rule *rule)
{
	const char *name = syscall_errno_name(rule->error);

	if (name == NULL)
		return -EINVAL;
	if (rule->quiet)
		fputs(" quiet", out);
	if (rule->error != EPERM)
		fprintf(out, " errno %s", name);
	return 0;
}

int
settings_write_call(FILE *out, const struct syscall_rule *rule)
{
	int r = 0;

	if (rule->n_conditions > SYSCALL_CONDITIONS_MAX)
		return -EINVAL;
	fputs(rule->call, out);
	for (size_t i = 0; r == 0 && i < rule->n_conditions; i++) {
		fputs(i == 0 ? "(" : ", ", out);
		r = write_condition(out, rule->call, &rule->conditions[i]);
	}
	if (rule->n_conditions > 0)
		fputc(')', out);
	return r;
}

int
settings_write_rule(FILE *out, const struct syscall_rule *rule)
{
	int r = 0;

	fputs(syscall_action_name(rule->action), out);
	if (rule->action == SYSCALL_DENY)
		r = write_denial(out, rule);
	fputc(' ', out);
	return r < 0 ? r : settings_write_call(out, rule);
}

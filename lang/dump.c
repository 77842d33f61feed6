#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/dump.h"
#include "lang/policy.h"
#include "lang/settings.h"
#include "lang/settings_value.h"

/* The words that say how a line of a block begins and ends. */
static const struct {
	const char *indent, *end;
} layout[] = {
	[LINE_SETTING] = { "\t", "\n" },
	[LINE_BLOCK] = { "\t", " {\n" },
	[LINE_RULE] = { "\t\t", "\n" },
	[LINE_END] = { "\t}", "\n" },
};

static int
dump_line(const struct setting_line *line, void *context)
{
	FILE *out = context;

	if (line->of_ceiling)
		return 0;	/* the ceiling says it */
	fputs(layout[line->kind].indent, out);
	if (line->kind == LINE_SETTING || line->kind == LINE_BLOCK)
		fprintf(out, "%s ", line->name);
	fprintf(out, "%s%s", line->value, layout[line->kind].end);
	return 0;
}

static int
compare_ceilings(const void *left, const void *right)
{
	const struct policy_ceiling *const *a = left, *const *b = right;

	return strcmp((*a)->name == NULL ? "" : (*a)->name,
	    (*b)->name == NULL ? "" : (*b)->name);
}

static int
dump_ceiling(FILE *out, const struct policy_ceiling *ceiling)
{
	int r = 0;

	fprintf(out, "\nceiling %s%s{\n", ceiling->name == NULL ? "" :
	    ceiling->name, ceiling->name == NULL ? "" : " ");
	for (size_t i = 0; r == 0 && i < ceiling->n_bounds; i++) {
		fputc('\t', out);
		r = settings_write_bound(out, &ceiling->bounds[i]);
		fputc('\n', out);
	}
	fputs("}\n", out);
	return r;
}

static int
dump_ceilings(FILE *out, const struct policy *policy)
{
	_cleanup_free_ const struct policy_ceiling **ceilings = NULL;
	size_t n = policy->n_ceilings;
	int r = 0;

	ceilings = calloc(n + 1, sizeof(*ceilings));
	if (ceilings == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		ceilings[i] = &policy->ceilings[i];
	qsort(ceilings, n, sizeof(*ceilings), compare_ceilings);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = dump_ceiling(out, ceilings[i]);
	return r;
}

/* The ceilings that bind it by name. */
static void
dump_under(FILE *out, const struct jail *jail)
{
	const char *separator = " under ";

	for (size_t i = 0; i < jail->n_ceilings; i++) {
		if (jail->ceilings[i]->name == NULL)
			continue;
		fprintf(out, "%s%s", separator, jail->ceilings[i]->name);
		separator = ", ";
	}
}

static int
compare_jails(const void *left, const void *right)
{
	const struct jail *const *a = left, *const *b = right;

	return strcmp((*a)->name, (*b)->name);
}

/* By name: the order in which jails are defined means nothing. */
static int
dump_jails(FILE *out, const struct policy *policy)
{
	_cleanup_free_ const struct jail **jails = NULL;
	size_t n = policy->n_jails;
	int r = 0;

	jails = calloc(n + 1, sizeof(*jails));
	if (jails == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		jails[i] = &policy->jails[i];
	qsort(jails, n, sizeof(*jails), compare_jails);
	for (size_t i = 0; r == 0 && i < n; i++) {
		fprintf(out, "\njail %s", jails[i]->name);
		dump_under(out, jails[i]);
		fputs(" {\n", out);
		r = settings_each(jails[i], dump_line, out);
		fputs("}\n", out);
	}
	return r;
}

/* What may be written without quotes. */
static bool
is_word(const char *text)
{
	if (!isalpha((unsigned char)*text) && *text != '_')
		return false;
	for (; *text != '\0'; text++)
		if (!isalnum((unsigned char)*text) && *text != '_' &&
		    *text != '-')
			return false;
	return true;
}

static int
write_pattern(FILE *out, const void *values, size_t index)
{
	const struct name_pattern *patterns = values;

	if (patterns[index].glob)
		settings_write_string(out, patterns[index].pattern, false);
	else if (is_word(patterns[index].pattern))
		fputs(patterns[index].pattern, out);
	else
		return -EINVAL;
	return 0;
}

static int
write_service(FILE *out, const void *values, size_t index)
{
	const enum service_class *services = values;
	const char *name = service_class_name(services[index]);

	if (name == NULL)
		return -EINVAL;
	fputs(name, out);
	return 0;
}

static int
write_range(FILE *out, const void *values, size_t index)
{
	const struct address_range *range =
	    (const struct address_range *)values + index;

	if (range->family != 0)
		return settings_write_address(out, range);
	fputs("local", out);
	return 0;
}

static int
write_criterion(FILE *out, const char *name, const void *values, size_t n,
    int (*write)(FILE *out, const void *values, size_t index))
{
	int r = 0;

	if (n == 0)
		return 0;
	fprintf(out, " %s %s", name, n > 1 ? "{ " : "");
	for (size_t i = 0; r == 0 && i < n; i++) {
		if (i > 0)
			fputs(", ", out);
		r = write(out, values, i);
	}
	if (n > 1)
		fputs(" }", out);
	return r;
}

static void
write_verdict(FILE *out, const struct match_rule *rule)
{
	if (rule->jail != NULL) {
		fprintf(out, " use %s\n", rule->jail->name);
		return;
	}
	fputs(" refuse", out);
	if (rule->reason != NULL) {
		fputc(' ', out);
		settings_write_string(out, rule->reason, false);
	}
	fputc('\n', out);
}

int
match_dump(FILE *out, const struct match_rule *rule)
{
	int r;

	fputs("match", out);
	if (rule->n_users + rule->n_groups + rule->n_services +
	    rule->n_from == 0)
		fputs(" any", out);
	r = write_criterion(out, "user", rule->users, rule->n_users,
	    write_pattern);
	if (r == 0)
		r = write_criterion(out, "group", rule->groups,
		    rule->n_groups, write_pattern);
	if (r == 0)
		r = write_criterion(out, "service", rule->services,
		    rule->n_services, write_service);
	if (r == 0)
		r = write_criterion(out, "from", rule->from, rule->n_from,
		    write_range);
	write_verdict(out, rule);
	return r;
}

int
policy_dump(FILE *out, const struct policy *policy)
{
	int r;

	fputs("version 1\n", out);
	r = dump_ceilings(out, policy);
	if (r == 0)
		r = dump_jails(out, policy);
	if (policy->n_matches > 0)
		fputc('\n', out);
	for (size_t i = 0; r == 0 && i < policy->n_matches; i++)
		r = match_dump(out, &policy->matches[i]);
	if (r == 0 && (fflush(out) != 0 || ferror(out)))
		r = -EIO;
	return r;
}

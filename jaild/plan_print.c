#include "config.h"

#include <errno.h>
#include <string.h>

#include "common/cleanup.h"
#include "jaild/plan.h"

/* What a step is called, and which of its paths it names. */
static const struct {
	const char *words;
	bool source, target;
	const char *between;
} kinds[] = {
	[STEP_ROOT] = { "an empty tmpfs as /", false, false, "" },
	[STEP_DIRECTORY] = { "directory", false, true, "" },
	[STEP_FILE] = { "file", false, true, "" },
	[STEP_SYMLINK] = { "symlink", true, true, " at " },
	[STEP_SYSTEM] = { "system directory", true, true, " at " },
	[STEP_COPY] = { "copy of", true, true, " at " },
	[STEP_KEEP] = { "names of /etc in", true, false, "" },
	[STEP_BIND] = { "bind", true, true, " at " },
	[STEP_HOME] = { "home", true, true, " at " },
	[STEP_TMPFS] = { "tmpfs at", false, true, "" },
	[STEP_SCRATCH] = { "tmpfs for scratch directories", false, false, "" },
	[STEP_SCRATCH_DIRECTORY] = { "scratch directory", false, true, "" },
	[STEP_DEV] = { "devices work in", false, true, "" },
	[STEP_PROC] = { "proc at", false, true, "" },
	[STEP_SYSFS] = { "sysfs at", false, true, "" },
	[STEP_MQUEUE] = { "mqueue at", false, true, "" },
	[STEP_DEVPTS] = { "devpts at", false, true, "" },
	[STEP_NODE] = { "device node", false, true, "" },
	[STEP_DEVICE] = { "devices", true, false, "" },
	[STEP_HIDE] = { "hide", false, true, "" },
	[STEP_READ_ONLY] = { "make read-only", false, true, "" },
	[STEP_STORAGE] = { "kept data at", false, true, "" },
	[STEP_OVERLAY] = { "overlay of", true, true, " at " },
	[STEP_RECORDS] = { "records of logins in", false, true, "" },
	[STEP_LOG] = { "log socket in", false, true, "" },
	[STEP_FILTERS] = { "system call filters in", false, true, "" },
	[STEP_HOSTNAME] = { "host name", true, false, "" },
	[STEP_LOOPBACK] = { "loopback interface up", false, false, "" },
	[STEP_PIVOT] = { "the tree becomes /", false, false, "" },
};

static const struct {
	unsigned flag;
	const char *word;
} flags[] = {
	{ STEP_FLAG_READ_ONLY, " read-only" },
	{ STEP_FLAG_NOEXEC, " noexec" },
	{ STEP_FLAG_OPTIONAL, " optional" },
	{ STEP_FLAG_FRESH, " fresh" },
};

void
plan_step_describe(const struct plan_step *step, char *text, size_t size)
{
	enum step_kind kind = step->kind;
	bool source, target;

	if (kind >= STEP_KINDS || kinds[kind].words == NULL) {
		snprintf(text, size, "unknown step %d", (int)kind);
		return;
	}
	source = kinds[kind].source && step->source != NULL;
	target = kinds[kind].target && step->target != NULL;
	snprintf(text, size, "%s%s%s%s%s", kinds[kind].words,
	    source || target ? " " : "", source ? step->source : "",
	    source && target ? kinds[kind].between : "",
	    target ? step->target : "");
}

int
plan_print(FILE *out, const struct plan *plan)
{
	char text[1024];

	for (size_t i = 0; i < plan->n_steps; i++) {
		const struct plan_step *step = &plan->steps[i];

		plan_step_describe(step, text, sizeof(text));
		fprintf(out, "%3zu %s", i + 1, text);
		for (size_t f = 0; f < ARRAY_LENGTH(flags); f++)
			if (step->flags & flags[f].flag)
				fputs(flags[f].word, out);
		if (step->origin.file != NULL)
			fprintf(out, "  # %s:%u:%u", step->origin.file,
			    step->origin.line, step->origin.column);
		fputc('\n', out);
	}
	return ferror(out) ? -EIO : 0;
}

#include "config.h"

#include <arpa/inet.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "jailctl/action_text.h"
#include "lang/capability.h"
#include "lang/settings_value.h"
#include "lang/syscall_table.h"

static void
write_destination(FILE *out, const struct destination *to)
{
	const struct address_range *range = &to->range;
	char text[INET6_ADDRSTRLEN];

	if (to->kind == DESTINATION_NAME) {
		settings_write_string(out, to->name, false);
	} else if (to->kind != DESTINATION_ADDRESS) {
		fputs("host", out);
	} else {
		inet_ntop(range->family, &range->address, text, sizeof(text));
		fputs(text, out);
		if (range->prefix_bits < (range->family == AF_INET ? 32u :
		    128u))
			fprintf(out, "/%u", range->prefix_bits);
	}
}

static void
write_connect(FILE *out, const struct action *action)
{
	fprintf(out, "%s ", action->protocol == PROTOCOL_TCP ? "tcp" :
	    action->protocol == PROTOCOL_UDP ? "udp" : "icmp");
	write_destination(out, &action->to);
	if (action->has_port)
		fprintf(out, " port %u", action->port);
}

static const char *
argument_name(const char *call, unsigned index)
{
	const char *const *names = syscall_argument_names(call);
	struct syscall_argument found;

	for (; *names != NULL; names++)
		if (syscall_argument_find(call, *names, &found) &&
		    found.index == index)
			return *names;
	return NULL;
}

static void
write_call(FILE *out, const struct action *action)
{
	const char *separator = "(";

	fputs(action->text, out);
	for (unsigned i = 0; i < 6; i++) {
		const char *name = argument_name(action->text, i);

		if (action->known[i] == 0)
			continue;
		fputs(separator, out);
		separator = ", ";
		if (name != NULL)
			fputs(name, out);
		else
			fprintf(out, "arg%u", i);
		if (action->known[i] < UINT32_MAX)
			fprintf(out, " & 0x%" PRIx64, action->known[i]);
		fprintf(out, " == 0x%" PRIx64, action->arguments[i]);
	}
	if (*separator == ',')
		fputc(')', out);
}

static void
write_action(FILE *out, const struct action *action)
{
	fprintf(out, "%s ", action_kind_name(action->kind));
	if (action->kind == ACTION_CONNECT)
		write_connect(out, action);
	else if (action->kind == ACTION_SYSCALL)
		write_call(out, action);
	else if (action->kind == ACTION_CAPABILITY)
		fputs(capability_name(action->capability), out);
	else
		settings_write_string(out, action->text,
		    action->kind != ACTION_RESOLVE);
}

char *
action_text(const struct action *action)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return NULL;
	write_action(out, action);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

void
action_outcome(char *text, size_t size,
    const struct action_decision *decision)
{
	static const char *const words[] = {
		[ANSWER_DENY] = "denied",
		[ANSWER_DEPENDS] = "it depends on what is left open",
		[ANSWER_LOG] = "allowed and recorded",
		[ANSWER_ALLOW] = "allowed",
	};
	const char *error = decision->answer != ANSWER_DENY ||
	    decision->error == 0 ? NULL : syscall_errno_name(decision->error);

	if (decision->answer == ANSWER_DENY && decision->kills)
		snprintf(text, size, "the process is killed");
	else
		snprintf(text, size, "%s%s%s", words[decision->answer],
		    error != NULL ? " with " : "", error != NULL ? error : "");
}

bool
action_has_permissions(const struct action *action,
    const struct action_decision *decision)
{
	return decision->answer != ANSWER_DENY &&
	    (action->kind == ACTION_READ || action->kind == ACTION_WRITE ||
	    action->kind == ACTION_EXECUTE || action->kind == ACTION_DEVICE);
}

json_t *
origin_json(const struct origin *origin)
{
	if (origin == NULL)
		return json_pack("{s:n, s:n, s:n}", "file", "line", "column");
	return json_pack("{s:s, s:I, s:I}", "file", origin->file, "line",
	    (json_int_t)origin->line, "column", (json_int_t)origin->column);
}

json_t *
action_decision_json(const struct action_decision *decision)
{
	bool denied = decision->answer == ANSWER_DENY;
	json_t *json = json_pack("{s:s, s:s, s:s?, s:b, s:b}", "answer",
	    answer_name(decision->answer), "why", decision->why, "errno",
	    denied && !decision->kills && decision->error != 0 ?
	    syscall_errno_name(decision->error) : NULL, "kills",
	    denied && decision->kills, "quiet", denied && decision->quiet);

	if (json == NULL || json_object_update_new(json,
	    origin_json(decision->origin)) == 0)
		return json;
	json_decref(json);
	return NULL;
}

void
origin_print(const struct origin *origin)
{
	if (origin == NULL)
		fputs("built in", stdout);
	else
		printf("%s:%u:%u", origin->file, origin->line,
		    origin->column);
}

/* Reads jaild's own records as auparse(3) does, and holds their grammar.
 *
 * usage: read_audit FILE
 *
 * Prints how many records of each kind there are, a line each, and what is
 * wrong with one; the exit status is 1 then.
 *
 * MUST hold for every record:
 *  1. it has the fields that its kind has to have, each with a value;
 *  2. no field stands twice: a second pid, uid, auid or ses would say who
 *     did it instead of the kernel;
 *  3. acct, vm and exe are of a type that is decoded;
 *  4. no other value is encoded, since nobody would decode it;
 *  5. the result is the last field. */
#include "config.h"

#include <auparse.h>
#include <ctype.h>
#include <libaudit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"

#define FIELDS_MAX 64
#define ENCODED_MIN 8	/* shorter words of such digits may be words */

static struct kind {
	int type;
	const char *op;		/* NULL: has none */
	const char *fields;	/* behind those of the kernel */
	unsigned count;
} kinds[] = {
	{ AUDIT_VIRT_CONTROL, "start", "virt reason vm uuid vm-pid tier"
	    " policy-sha256 exe res", 0 },
	{ AUDIT_VIRT_CONTROL, "stop", "virt reason vm uuid vm-pid tier"
	    " policy-sha256 exe res", 0 },
	{ AUDIT_VIRT_RESOURCE, NULL, "virt resrc reason vm uuid exe res", 0 },
	{ AUDIT_VIRT_MACHINE_ID, NULL, "virt vm uuid ns exe res", 0 },
	{ AUDIT_TRUSTED_APP, "jail-enter", "acct vm uuid tier service"
	    " policy-sha256 exe hostname addr terminal res", 0 },
	{ AUDIT_TRUSTED_APP, "jail-leave", "acct vm uuid tier service"
	    " policy-sha256 exe res", 0 },
	{ AUDIT_TRUSTED_APP, "jail-refuse", "acct service reason exe hostname"
	    " addr terminal res", 0 },
	{ AUDIT_TRUSTED_APP, "jail-deny", "acct vm uuid res", 0 },
	{ AUDIT_ANOM_EXEC, "jail-outside", "acct opid oauid ouid oses ocomm"
	    " path exe res", 0 },
	{ AUDIT_RESP_KILL_PROC, "jail-outside-end", "acct opid oauid ouid"
	    " oses ocomm path exe res", 0 },
	{ AUDIT_USYS_CONFIG, "policy-load", "policy-sha256 old exe res", 0 },
};

static const char *const decoded[] = { "acct", "vm", "exe", "cgroup",
	"new-fs", "new-net", "ocomm", "path" };
static unsigned n_wrong;

static void
wrong(auparse_state_t *state, const char *what, const char *field)
{
	n_wrong++;
	printf("WRONG %s %s: %s\n", what, field,
	    auparse_get_record_text(state));
}

/* MUST 4. */
static bool
looks_encoded(const char *value)
{
	size_t n = strspn(value, "0123456789ABCDEF");

	return value[n] == '\0' && n >= ENCODED_MIN && n % 2 == 0 &&
	    strspn(value, "0123456789") != n;
}

static void
check_value(auparse_state_t *state, const char *name, const char *value)
{
	const char *said = auparse_interpret_field(state);

	if (said == NULL || *said == '\0') {
		wrong(state, "has no value:", name);
		return;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(decoded); i++) {
		if (strcmp(decoded[i], name) != 0)
			continue;
		if (auparse_get_field_type(state) != AUPARSE_TYPE_ESCAPED &&
		    auparse_get_field_type(state) != AUPARSE_TYPE_ESCAPED_FILE)
			wrong(state, "is not decoded:", name);
		return;
	}
	if (looks_encoded(value))
		wrong(state, "nobody decodes", name);
}

/* The names of the enriched log ("UID=...") are auditd's. */
static bool
is_enrichment(const char *name)
{
	return isupper((unsigned char)name[0]);
}

static void
check_record(auparse_state_t *state, const struct kind *kind)
{
	char seen[FIELDS_MAX][64];
	const char *last = "";
	size_t n = 0;

	auparse_first_field(state);
	do {
		const char *name = auparse_get_field_name(state);
		const char *value = auparse_get_field_str(state);

		if (name == NULL || is_enrichment(name))
			continue;
		for (size_t i = 0; i < n; i++)
			if (strcmp(seen[i], name) == 0)
				wrong(state, "stands twice:", name);
		if (value == NULL)
			wrong(state, "cannot be read:", name);
		else
			check_value(state, name, value);
		if (n < FIELDS_MAX)
			snprintf(seen[n++], sizeof(seen[0]), "%s", name);
		last = n > 0 ? seen[n - 1] : "";
	} while (auparse_next_field(state) > 0);
	if (strcmp(last, "res") != 0)
		wrong(state, "the result is not the last field, but", last);
	for (const char *at = kind->fields; *at != '\0';) {
		char name[64];
		size_t length = strcspn(at, " "), i = 0;

		snprintf(name, sizeof(name), "%.*s", (int)length, at);
		while (i < n && strcmp(seen[i], name) != 0)
			i++;
		if (i == n)
			wrong(state, "there is no", name);
		at += length + (at[length] == ' ');
	}
}

static struct kind *
kind_of(auparse_state_t *state)
{
	int type = auparse_get_type(state);
	unsigned number = auparse_get_record_num(state);
	const char *op = auparse_find_field(state, "op");

	/* Where there is none, the search went on into other records. */
	if (auparse_get_record_num(state) != number ||
	    auparse_get_record_text(state) == NULL) {
		auparse_goto_record_num(state, number);
		op = NULL;
	}
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (kinds[i].type == type && (kinds[i].op == NULL ||
		    (op != NULL && strcmp(op, kinds[i].op) == 0)))
			return &kinds[i];
	/* TRUSTED_APP is not ours alone. */
	if (type >= AUDIT_FIRST_VIRT_MSG && type <= AUDIT_LAST_VIRT_MSG)
		wrong(state, "is of no known kind:", op != NULL ? op : "?");
	return NULL;
}

int
main(int argc, char **argv)
{
	auparse_state_t *state;

	if (argc != 2) {
		fprintf(stderr, "usage: read_audit FILE\n");
		return 2;
	}
	state = auparse_init(AUSOURCE_FILE, argv[1]);
	if (state == NULL) {
		perror(argv[1]);
		return 2;
	}
	while (auparse_next_event(state) > 0) {
		auparse_first_record(state);
		do {
			struct kind *kind = kind_of(state);

			if (kind == NULL)
				continue;
			kind->count++;
			check_record(state, kind);
		} while (auparse_next_record(state) > 0);
	}
	auparse_destroy(state);
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		printf("%s %s %u\n", audit_msg_type_to_name(kinds[i].type),
		    kinds[i].op != NULL ? kinds[i].op : "-", kinds[i].count);
	return n_wrong > 0;
}

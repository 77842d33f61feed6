#include "config.h"

#include <arpa/inet.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/cleanup.h"
#include "lang/diff_samples.h"

static void
add_sample(struct diff *d, struct samples *samples, const char *label,
    char *value, enum service_class service)
{
	struct sample *more = reallocarray(samples->items, samples->n + 1,
	    sizeof(*more));

	if (more != NULL)
		samples->items = more;
	if (more == NULL || value == NULL) {
		free(value);
		d->error = -ENOMEM;
		return;
	}
	more[samples->n] = (struct sample){ .value = value,
		.service = service };
	if (label != NULL) {
		more[samples->n].label = strdup(label);
		if (more[samples->n].label == NULL)
			d->error = -ENOMEM;
	}
	samples->n++;
}

static bool
has_label(const struct samples *samples, const char *label)
{
	for (size_t i = 0; i < samples->n; i++)
		if (samples->items[i].label != NULL &&
		    strcmp(samples->items[i].label, label) == 0)
			return true;
	return false;
}

/* A name that the pattern fits, and hardly another pattern. */
static char *
name_for(const struct name_pattern *pattern)
{
	struct diff_text text;
	struct diff none = { 0 };

	if (!pattern->glob)
		return strdup(pattern->pattern);
	if (!diff_text_begin(&none, &text))
		return NULL;
	for (const char *at = pattern->pattern; *at != '\0'; at++)
		fputs(*at == '*' ? "some-" : *at == '?' ? "q" :
		    (const char[]){ *at, '\0' }, text.out);
	return diff_text_end(&none, &text);
}

static void
add_patterns(struct diff *d, struct samples *samples,
    const struct name_pattern *patterns, size_t n)
{
	for (size_t i = 0; d->error == 0 && i < n; i++) {
		_cleanup_free_ char *label = NULL;

		if (asprintf(&label, patterns[i].glob ? "\"%s\"" : "%s",
		    patterns[i].pattern) < 0) {
			label = NULL;
			d->error = -ENOMEM;
		} else if (!has_label(samples, label)) {
			add_sample(d, samples, label, name_for(&patterns[i]),
			    SERVICE_NONE);
		}
	}
}

static void
add_services(struct diff *d, struct samples *samples,
    const enum service_class *services, size_t n)
{
	for (size_t i = 0; d->error == 0 && i < n; i++) {
		const char *name = service_class_name(services[i]);

		if (name != NULL && !has_label(samples, name))
			add_sample(d, samples, name, strdup(""), services[i]);
	}
}

/* The last address of a range: narrower ones rather begin than end there. */
static void
last_address(const struct address_range *range, char *text, size_t size)
{
	unsigned char bytes[16];
	unsigned bits = range->family == AF_INET ? 32 : 128;

	memcpy(bytes, &range->address, bits / 8);
	for (unsigned bit = range->prefix_bits; bit < bits; bit++)
		bytes[bit / 8] |= (unsigned char)(0x80u >> (bit % 8));
	if (inet_ntop(range->family, bytes, text, (socklen_t)size) == NULL)
		*text = '\0';
}

static void
add_ranges(struct diff *d, struct samples *samples,
    const struct address_range *ranges, size_t n)
{
	for (size_t i = 0; d->error == 0 && i < n; i++) {
		char label[INET6_ADDRSTRLEN + 8] = "this host", value[64] = "";
		size_t length;

		if (ranges[i].family != 0) {
			inet_ntop(ranges[i].family, &ranges[i].address, label,
			    sizeof(label));
			length = strlen(label);
			snprintf(label + length, sizeof(label) - length,
			    "/%u", ranges[i].prefix_bits);
			last_address(&ranges[i], value, sizeof(value));
		}
		if (!has_label(samples, label))
			add_sample(d, samples, label, strdup(value),
			    SERVICE_NONE);
	}
}

void
login_samples_add(struct diff *d, struct login_samples *s,
    const struct match_rule *rule)
{
	add_patterns(d, &s->users, rule->users, rule->n_users);
	add_patterns(d, &s->groups, rule->groups, rule->n_groups);
	add_services(d, &s->services, rule->services, rule->n_services);
	add_ranges(d, &s->from, rule->from, rule->n_from);
}

void
login_samples_add_others(struct diff *d, struct login_samples *s)
{
	static const struct address_range local = { .family = 0 };

	add_sample(d, &s->users, NULL, strdup("nobody-has-this-name"),
	    SERVICE_NONE);
	add_sample(d, &s->groups, NULL, strdup(""), SERVICE_NONE);
	for (unsigned i = 1; service_class_name(i) != NULL; i++)
		if (!has_label(&s->services, service_class_name(i))) {
			add_sample(d, &s->services, NULL, strdup(""), i);
			break;
		}
	add_ranges(d, &s->from, &local, 1);
	add_sample(d, &s->from, NULL, strdup("9.254.253.252"), SERVICE_NONE);
}

static void
free_samples(struct samples *samples)
{
	for (size_t i = 0; i < samples->n; i++) {
		free(samples->items[i].label);
		free(samples->items[i].value);
	}
	free(samples->items);
}

void
login_samples_free(struct login_samples *s)
{
	free_samples(&s->users);
	free_samples(&s->groups);
	free_samples(&s->services);
	free_samples(&s->from);
}

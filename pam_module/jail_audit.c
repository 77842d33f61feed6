#include "config.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <libaudit.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/cleanup.h"
#include "common/packet.h"
#include "pam_module/jail_audit.h"

/* A record being written; sticky like a wire_writer. */
struct text {
	char *buffer;
	size_t length;
	int error;
};

int
jail_audit_open(void)
{
	/* Not audit_open(): it logs by itself, and its socket is not
	 * close-on-exec from the start. */
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	return fd < 0 ? -errno : fd;
}

static void
text_add(struct text *text, const char *string)
{
	size_t length = strlen(string);

	if (text->error != 0)
		return;
	if (length >= JAIL_AUDIT_TEXT_MAX - text->length) {
		text->error = -EMSGSIZE;
		return;
	}
	memcpy(text->buffer + text->length, string, length + 1);
	text->length += length;
}

/* Adds " name=value" with the value encoded as auparse(3) decodes it. */
static void
text_add_encoded(struct text *text, const char *name, const char *value)
{
	_cleanup_free_ char *encoded = NULL;

	if (text->error != 0)
		return;
	encoded = audit_encode_nv_string(name, value, 0);
	if (encoded == NULL) {
		text->error = -ENOMEM;
		return;
	}
	text_add(text, " ");
	text_add(text, encoded);
}

/* Adds " name=value" of a value that is one word by construction; anything
 * else becomes "?", so that nobody writes a field of his own. */
static void
text_add_word(struct text *text, const char *name, const char *value)
{
	bool word = *value != '\0';

	for (const char *p = value; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"'=", *p) != NULL)
			word = false;
	text_add(text, " ");
	text_add(text, name);
	text_add(text, "=");
	text_add(text, word ? value : "?");
}

/* Adds " name=value" of a sentence, as one word: auparse(3) decodes the
 * fields that it knows, and has none for a reason. */
static void
text_add_phrase(struct text *text, const char *name, const char *value)
{
	char word[PROTOCOL_REASON_MAX];
	size_t n = 0;

	for (const char *p = value; *p != '\0' && n < sizeof(word) - 1; p++)
		word[n++] = *p <= ' ' || *p > '~' ||
		    strchr("\"'=", *p) != NULL ? '-' : *p;
	word[n] = '\0';
	text_add_word(text, name, word);
}

/* With its kind in front: auparse(3) takes a value of hexadecimal digits
 * alone for an encoded string. */
static void
text_add_sha256(struct text *text, const char *sha256)
{
	char value[16 + PROTOCOL_SHA256_MAX];

	snprintf(value, sizeof(value), "sha256:%s", sha256);
	text_add_word(text, "policy-sha256", value);
}

static bool
is_address(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1;
}

/* Who runs us and from where: the tail that libaudit gives to every record,
 * without its look-ups. */
static void
text_add_origin(struct text *text, const struct audit_origin *origin,
    const char *res)
{
	char exe[1024];
	ssize_t length = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	const char *address = is_address(origin->rhost) ? origin->rhost : "?";

	if (length > 0) {
		exe[length] = '\0';
		text_add_encoded(text, "exe", exe);
	}
	text_add_word(text, "hostname", address);
	text_add_word(text, "addr", address);
	text_add_word(text, "terminal", origin->tty);
	text_add_word(text, "res", res);
}

static int
text_of_session(const char *op, const struct grant *grant,
    const char *service, const struct audit_origin *origin, char *text)
{
	struct text record = { .buffer = text };

	text_add(&record, op);
	text_add_encoded(&record, "acct", grant->account);
	text_add_encoded(&record, "vm", grant->vm);
	text_add_word(&record, "uuid", grant->uuid);
	text_add_word(&record, "tier", grant->tier);
	text_add_word(&record, "service", service);
	text_add_sha256(&record, grant->policy_sha256);
	text_add_origin(&record, origin, "success");
	return record.error;
}

int
jail_audit_text_enter(const struct grant *grant, const char *service,
    const struct audit_origin *origin, char *text)
{
	return text_of_session("op=jail-enter", grant, service, origin, text);
}

int
jail_audit_text_leave(const struct grant *grant, const char *service,
    const struct audit_origin *origin, char *text)
{
	return text_of_session("op=jail-leave", grant, service, origin, text);
}

int
jail_audit_text_refuse(const char *acct, const char *service,
    const char *reason, const struct audit_origin *origin, char *text)
{
	struct text record = { .buffer = text };

	text_add(&record, "op=jail-refuse");
	text_add_encoded(&record, "acct", acct);
	text_add_word(&record, "service", service);
	text_add_phrase(&record, "reason", reason);
	text_add_origin(&record, origin, "failed");
	return record.error;
}

/* Waits for the acknowledgement of the one message that was sent. */
static int
receive_acknowledgement(int fd, uint64_t deadline_ms)
{
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char request[JAIL_AUDIT_TEXT_MAX];
	} reply;
	int fds[PACKET_FDS_MAX];
	size_t n_fds = 0;

	for (;;) {
		ssize_t n = packet_receive(fd, &reply, sizeof(reply), fds,
		    &n_fds, deadline_ms);

		if (n < 0)
			return (int)n;
		if ((size_t)n < sizeof(reply.header) + sizeof(reply.error) ||
		    reply.header.nlmsg_type != NLMSG_ERROR)
			continue;
		return reply.error.error;
	}
}

int
jail_audit_send(int fd, const char *text, uint64_t deadline_ms)
{
	struct {
		struct nlmsghdr header;
		char text[JAIL_AUDIT_TEXT_MAX];
	} request;
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	size_t length = strlen(text) + 1;

	if (length > sizeof(request.text))
		return -EMSGSIZE;
	memset(&request, 0, sizeof(request));
	request.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(length);
	request.header.nlmsg_type = AUDIT_TRUSTED_APP;
	request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request.header.nlmsg_seq = 1;
	memcpy(request.text, text, length);
	while (sendto(fd, &request, NLMSG_SPACE(length), MSG_DONTWAIT,
	    (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		if (errno != EINTR)
			return -errno;
	return receive_acknowledgement(fd, deadline_ms);
}

/* Sockets: what the kernel has of them, and who listens on the host. */
#include "config.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "tests/attack/probe.h"

/* Not the C library's, which on i386 asks through socketcall: that is refused
 * as a whole, and rows about connections would show nothing else. */
static int
open_socket(int family, int type, int protocol)
{
	return (int)syscall(SYS_socket, family, type, protocol);
}

static socklen_t
unix_address(const char *name, struct sockaddr_un *address)
{
	size_t length = strlen(name);

	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path, name, length);
	if (address->sun_path[0] == '@')
		address->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
}

int
probe_connect(const char *name, int type)
{
	struct sockaddr_un address;
	int fd = open_socket(AF_UNIX, type, 0);

	if (fd < 0)
		return -errno;
	return result_of(connect(fd, (struct sockaddr *)&address,
	    unix_address(name, &address)));
}

static int
attack_abstract(void)
{
	if (host_target.socket == NULL)
		return -EINVAL;
	return probe_connect(host_target.socket, SOCK_STREAM);
}

/* Without a connection: another hook of the kernel's. */
static int
attack_abstract_datagram(void)
{
	struct sockaddr_un address;
	int fd = open_socket(AF_UNIX, SOCK_DGRAM, 0);

	if (fd < 0)
		return -errno;
	if (host_target.datagram == NULL)
		return -EINVAL;
	return result_of(sendto(fd, "x", 1, MSG_DONTWAIT,
	    (struct sockaddr *)&address,
	    unix_address(host_target.datagram, &address)));
}

static int
attack_login_socket(void)
{
	return probe_connect("/run/jaild/login.sock", SOCK_SEQPACKET);
}

static int
attack_host_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)host_target.tcp_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = open_socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -errno;
	return result_of(connect(fd, (struct sockaddr *)&address,
	    sizeof(address)));
}

static int
set_option(int level, int option, int value)
{
	int fd = open_socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return -errno;
	return result_of(setsockopt(fd, level, option, &value,
	    sizeof(value)));
}

static int
attack_mark(void)
{
	return set_option(SOL_SOCKET, SO_MARK, 1);
}

static int
attack_force_buffer(void)
{
	return set_option(SOL_SOCKET, SO_RCVBUFFORCE, 4096);
}

static int
attack_transparent(void)
{
	return set_option(IPPROTO_IP, IP_TRANSPARENT, 1);
}

static int
attack_repair(void)
{
	return set_option(IPPROTO_TCP, TCP_REPAIR, 1);
}

static int
attack_interface_flags(void)
{
	struct ifreq request = { .ifr_name = "lo",
		.ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -errno;
	return result_of(ioctl(fd, SIOCSIFFLAGS, &request));
}

/* A change of lo that changes nothing; the answer is the kernel's. */
static int
attack_route_change(void)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
	} request = { { sizeof(request), RTM_SETLINK,
		NLM_F_REQUEST | NLM_F_ACK, 1, 0 }, { .ifi_index = 1 } };
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} answer;
	int fd = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer))
		return -errno;
	return answer.error.error;
}

/* What a socket call says where the kernel was built without the family. */
#define SOCKET_WORKS AFTER(0, EAFNOSUPPORT, EPROTONOSUPPORT, \
	ESOCKTNOSUPPORT, EINVAL)
#define SOCKET(family, type, protocol) \
	CALL(SYS_socket, (family), (type), (protocol)), SOCKET_WORKS, \
	BOTH(EPERM)
#define NETLINK(protocol) SOCKET(AF_NETLINK, SOCK_RAW, (protocol))

/* Numbers that a C library may not know. */
#define FAMILY_SMC 43
#define FAMILY_XDP 44
#define FAMILY_MCTP 45
#define PROTOCOL_SMC 256
#define NETLINK_SMC_NUMBER 22

/* Where clouds tell a machine its secrets; nothing is sent. */
static int
attack_metadata(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr.s_addr = htonl(0xa9fea9fe) };
	int fd = open_socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		return -errno;
	return result_of(syscall(SYS_connect, fd, &address,
	    sizeof(address)));
}

/* A message of root's: whoever looks at credentials would believe it. */
static int
attack_credentials(void)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof(struct ucred))];
	} control = { .head = { .cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_CREDENTIALS,
		.cmsg_len = CMSG_LEN(sizeof(struct ucred)) } };
	struct iovec bytes = { (char[]){ "x" }, 1 };
	struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control) };
	struct ucred root = { .pid = getpid() };
	int fds[2];

	memcpy(CMSG_DATA(&control.head), &root, sizeof(root));
	if (syscall(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, fds) < 0)
		return -errno;
	return result_of(syscall(SYS_sendmsg, fds[0], &message, 0));
}

#define RECORD_USER_LOGIN 1112	/* AUDIT_USER_LOGIN of libaudit's */

/* A record of a login that never was. */
static int
attack_audit_record(void)
{
	struct {
		struct nlmsghdr head;
		char text[32];
	} request = { .head = { .nlmsg_len = sizeof(request),
		.nlmsg_type = RECORD_USER_LOGIN,
		.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.text = "op=probe res=success" };
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} answer = { 0 };
	int fd = open_socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);

	if (fd < 0)
		return -errno;
	if (send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		return -errno;
	return answer.head.nlmsg_type == NLMSG_ERROR ? answer.error.error :
	    -EBADMSG;
}

static const struct row rows[] = {
	{ "af-alg", AS_AGENT, SOCKET(AF_ALG, SOCK_SEQPACKET, 0) },
	{ "af-packet", 0, SOCKET(AF_PACKET, SOCK_RAW, 0) },
	{ "af-vsock", AS_AGENT, SOCKET(AF_VSOCK, SOCK_STREAM, 0) },
	{ "af-key", 0, SOCKET(AF_KEY, SOCK_RAW, 2) },
	{ "af-can", AS_AGENT, SOCKET(AF_CAN, SOCK_RAW, 1) },
	{ "af-bluetooth", AS_AGENT, SOCKET(AF_BLUETOOTH, SOCK_RAW, 1) },
	{ "af-tipc", AS_AGENT, SOCKET(AF_TIPC, SOCK_STREAM, 0) },
	{ "af-rds", AS_AGENT, SOCKET(AF_RDS, SOCK_SEQPACKET, 0) },
	{ "af-rxrpc", AS_AGENT, SOCKET(AF_RXRPC, SOCK_DGRAM, AF_INET) },
	{ "af-kcm", AS_AGENT, SOCKET(AF_KCM, SOCK_SEQPACKET, 0) },
	{ "af-smc", AS_AGENT, SOCKET(FAMILY_SMC, SOCK_STREAM, 0) },
	{ "af-xdp", 0, SOCKET(FAMILY_XDP, SOCK_RAW, 0) },
	{ "af-mctp", 0, SOCKET(FAMILY_MCTP, SOCK_DGRAM, 0) },
	{ "af-llc", 0, SOCKET(AF_LLC, SOCK_DGRAM, 0) },
	{ "af-pppox", 0, SOCKET(AF_PPPOX, SOCK_STREAM, 0) },
	{ "af-ax25", 0, SOCKET(AF_AX25, SOCK_SEQPACKET, 0) },
	{ "af-x25", 0, SOCKET(AF_X25, SOCK_SEQPACKET, 0) },
	{ "af-atm", 0, SOCKET(AF_ATMPVC, SOCK_DGRAM, 0) },
	{ "af-phonet", 0, SOCKET(AF_PHONET, SOCK_DGRAM, 0) },
	{ "af-nfc", 0, SOCKET(AF_NFC, SOCK_SEQPACKET, 1) },
	{ "raw", 0, SOCKET(AF_INET, SOCK_RAW, 255) },
	{ "raw-icmp", 0, SOCKET(AF_INET, SOCK_RAW, IPPROTO_ICMP) },
	{ "raw-tcp6", 0, SOCKET(AF_INET6, SOCK_RAW, IPPROTO_TCP) },
	{ "inet-packet", 0, SOCKET(AF_INET, SOCK_PACKET, 0) },
	{ "sctp", AS_AGENT, SOCKET(AF_INET, SOCK_STREAM, IPPROTO_SCTP) },
	{ "sctp-by-kind", AS_AGENT, SOCKET(AF_INET, SOCK_SEQPACKET, 0) },
	{ "dccp", AS_AGENT, SOCKET(AF_INET, SOCK_DCCP, IPPROTO_DCCP) },
	{ "dccp-by-kind", AS_AGENT, SOCKET(AF_INET6, SOCK_DCCP, 0) },
	{ "smc-by-protocol", AS_AGENT, SOCKET(AF_INET, SOCK_STREAM,
	    PROTOCOL_SMC) },
	{ "l2tp", AS_AGENT, SOCKET(AF_INET, SOCK_DGRAM, 115) },
	{ "netlink-xfrm", AS_AGENT, NETLINK(NETLINK_XFRM) },
	{ "netlink-netfilter", AS_AGENT, NETLINK(NETLINK_NETFILTER) },
	/* Login programs send their records through one. */
	{ "netlink-audit", AS_AGENT | BY_SHELL, NETLINK(NETLINK_AUDIT) },
	{ "audit-record", 0, FUNCTION(attack_audit_record), AFTER(0),
	    BOTH(EPERM) },
	{ "netlink-uevent", AS_AGENT, NETLINK(NETLINK_KOBJECT_UEVENT) },
	{ "netlink-diag", AS_AGENT, NETLINK(NETLINK_SOCK_DIAG) },
	{ "netlink-generic", AS_AGENT, NETLINK(NETLINK_GENERIC) },
	{ "netlink-connector", AS_AGENT, NETLINK(NETLINK_CONNECTOR) },
	{ "netlink-crypto", AS_AGENT, NETLINK(NETLINK_CRYPTO) },
	{ "netlink-scsi", AS_AGENT, NETLINK(NETLINK_SCSITRANSPORT) },
	{ "netlink-selinux", AS_AGENT, NETLINK(NETLINK_SELINUX) },
	{ "netlink-fib", AS_AGENT, NETLINK(NETLINK_FIB_LOOKUP) },
	{ "netlink-smc", AS_AGENT, NETLINK(NETLINK_SMC_NUMBER) },
	{ "netlink-usersock", AS_AGENT, NETLINK(NETLINK_USERSOCK) },
	{ "netlink-route-change", 0, FUNCTION(attack_route_change), AFTER(0),
	    BOTH(EPERM) },
	{ "interface-flags", 0, FUNCTION(attack_interface_flags), AFTER(0),
	    BOTH(EPERM) },
	{ "socket-mark", 0, FUNCTION(attack_mark), AFTER(0), BOTH(EPERM) },
	{ "socket-buffer", 0, FUNCTION(attack_force_buffer), AFTER(0),
	    BOTH(EPERM) },
	{ "transparent-proxy", 0, FUNCTION(attack_transparent), AFTER(0),
	    BOTH(EPERM) },
	{ "tcp-repair", 0, FUNCTION(attack_repair), AFTER(0), BOTH(EPERM) },
	/* The host's network, but Landlock keeps abstract names apart; or
	 * another network, where nobody has that name. */
	{ "abstract-socket", AS_AGENT | SCOPED, FUNCTION(attack_abstract),
	    AFTER(0), EPERM, ECONNREFUSED },
	{ "abstract-datagram", AS_AGENT | SCOPED,
	    FUNCTION(attack_abstract_datagram), AFTER(0), EPERM,
	    ECONNREFUSED },
	/* The policy of the chroot tier here is `network host`. */
	{ "host-port", AS_AGENT, FUNCTION(attack_host_port), AFTER(0),
	    0, ECONNREFUSED },
	/* The same, for all that is not the host itself. */
	{ "metadata", ABSENT | ROUTED | AS_AGENT, FUNCTION(attack_metadata),
	    AFTER(0, ENETUNREACH), 0, ENETUNREACH },
	{ "forged-credentials", 0, FUNCTION(attack_credentials), AFTER(0),
	    BOTH(EPERM) },
	/* No mount flag keeps from sockets and pipes: see SECURITY.md. */
	{ "socket-below-opt", AS_AGENT | CONNECTS, CONNECT("/opt/probe.sock"),
	    AFTER(0), BOTH(0) },
	{ "login-socket", 0, FUNCTION(attack_login_socket), AFTER(0),
	    BOTH(ENOENT) },
	{ "control-socket", CONNECTS, CONNECT("/run/jaild/control.sock"),
	    AFTER(0, ENOENT), BOTH(ENOENT) },
	{ "docker-socket", CONNECTS, CONNECT("/run/docker.sock"), AFTER(0),
	    BOTH(ENOENT) },
	{ "containerd-socket", CONNECTS,
	    CONNECT("/run/containerd/containerd.sock"), AFTER(0),
	    BOTH(ENOENT) },
	{ "podman-socket", CONNECTS, CONNECT("/run/podman/podman.sock"),
	    AFTER(0), BOTH(ENOENT) },
	{ "libvirt-socket", CONNECTS, CONNECT("/run/libvirt/libvirt-sock"),
	    AFTER(0), BOTH(ENOENT) },
	/* On a trial host they are there, but nobody listens: login programs
	 * would wait for answers. */
	{ "bus-socket", CONNECTS, CONNECT("/run/dbus/system_bus_socket"),
	    AFTER(ECONNREFUSED, 0), BOTH(ENOENT) },
	{ "systemd-socket", CONNECTS, CONNECT("/run/systemd/private"),
	    AFTER(ECONNREFUSED, 0), BOTH(ENOENT) },
	{ "name-service-socket", CONNECTS, CONNECT("/var/run/nscd/socket"),
	    AFTER(ECONNREFUSED, 0), BOTH(ENOENT) },
	{ "sssd-socket", CONNECTS, CONNECT("/var/lib/sss/pipes/nss"),
	    AFTER(ECONNREFUSED, 0), BOTH(ENOENT) },
	{ "host-agent-socket", CONNECTS, CONNECT("/tmp/probe-agent.sock"),
	    AFTER(0), BOTH(ENOENT) },
};

const struct row_table socket_rows = ROW_TABLE("Sockets", rows);

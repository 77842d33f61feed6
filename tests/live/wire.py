"""The bytes of jaild's sockets, as PROTOCOL.md has them, for cases that send
wrong ones."""
import array
import os
import socket
import struct

RUN = "/run/jaild/"
REQUEST, GRANT, REFUSAL, ENTERED, CONFIRMED, FAILED, LEAVING = range(1, 8)
CRITICAL = 0x8000
USER, SERVICE, TTY, RHOST = 1 | CRITICAL, 2 | CRITICAL, 3, 4
PUBLIC, FULL = 48, 49


def message(kind, body=b"", magic=b"JAIL", version=1, revision=0, zero=0,
            length=None):
    if length is None:
        length = 16 + len(body)
    return struct.pack("<4sHHHHI", magic, version, revision, kind, zero,
                       length) + body


def field(tag, value):
    return struct.pack("<HH", tag, len(value)) + value


def string(tag, text):
    return field(tag, text.encode() + b"\0")


def request(user="claude", service="sshd", tty="", rhost="", **header):
    return message(REQUEST, string(USER, user) + string(SERVICE, service) +
                   string(TTY, tty) + string(RHOST, rhost), **header)


def connect(name="login.sock", kind=socket.SOCK_SEQPACKET, timeout=30):
    s = socket.socket(socket.AF_UNIX, kind)
    s.connect(RUN + name)
    s.settimeout(timeout)
    return s


def fields_of(packet):
    fields, at = {}, 16
    while at < len(packet):
        tag, length = struct.unpack_from("<HH", packet, at)
        fields[tag & ~CRITICAL] = packet[at + 4:at + 4 + length]
        at += 4 + length
    return fields


def receive(s):
    """(type, fields) of the next message; (0, {}) at the end.  Descriptors
    that come along are closed."""
    try:
        packet, control, _, _ = s.recvmsg(65536, socket.CMSG_SPACE(64))
    except ConnectionResetError:
        return 0, {}
    for _, _, data in control:
        for fd in array.array("i", data[:len(data) // 4 * 4]):
            os.close(fd)
    if not packet:
        return 0, {}
    return struct.unpack_from("<H", packet, 8)[0], fields_of(packet)


def answer(packet, fds=()):
    """What jaild answers to one packet: ("grant", ""), ("refusal", the whole
    reason) or ("end", "")."""
    with connect() as s:
        socket.send_fds(s, [packet], fds)
        kind, fields = receive(s)
    if kind == REFUSAL:
        return "refusal", fields[FULL].rstrip(b"\0").decode()
    return {GRANT: "grant", 0: "end"}.get(kind, "message %d" % kind), ""

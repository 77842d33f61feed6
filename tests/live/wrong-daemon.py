"""Stands where jaild should, and answers one login after another in a wrong
way; says "ready" when it listens.

usage: wrong-daemon.py WAY"""
import fcntl
import os
import socket
import struct
import sys

import wire
from wire import CRITICAL, field, message, string

SEALS = 0x1 | 0x2 | 0x4 | 0x8
NEWNS, NEWPID, NEWIPC = 0x20000, 0x20000000, 0x8000000


def grant(**changes):
    """A whole grant, in which single fields may be others or missing."""
    fields = {
        "flags": field(16 | CRITICAL, struct.pack("<I", 0)),
        "namespaces": field(17 | CRITICAL,
                            struct.pack("<I", NEWNS | NEWPID | NEWIPC)),
        "dev": field(18 | CRITICAL, struct.pack("<Q", os.stat("/").st_dev)),
        "ino": field(19 | CRITICAL, struct.pack("<Q", os.stat("/").st_ino)),
        "capabilities": field(20 | CRITICAL, struct.pack("<Q", 0)),
        "umask": field(21 | CRITICAL, struct.pack("<I", 0o77)),
        "rlimits": field(22 | CRITICAL, b""),
        "environment": field(23 | CRITICAL, b""),
        "filters": field(24 | CRITICAL, struct.pack("<II", 0, 1)),
        "account": string(25 | CRITICAL, "claude"),
        "jail": string(26 | CRITICAL, "coder"),
        "vm": string(27 | CRITICAL, "claude/coder"),
        "tier": string(28 | CRITICAL, "namespace"),
        "uuid": string(29 | CRITICAL, "11111111-2222-4333-8444-555555555555"),
        "sha": string(30 | CRITICAL, "0" * 64),
    }
    fields.update(changes)
    return message(wire.GRANT, b"".join(fields.values()))


def filters(seal=True):
    """One instruction: allow everything."""
    fd = os.memfd_create("filters", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(fd, struct.pack("<HBBI", 0x06, 0, 0, 0x7fff0000))
    if seal:
        fcntl.fcntl(fd, 1033, SEALS)
    return fd


def own():
    return os.pidfd_open(os.getpid())


def refusal(public, full):
    return message(wire.REFUSAL, field(48 | CRITICAL, public) +
                   field(49 | CRITICAL, full))


def pipe():
    return os.pipe()[0]


# What is sent for a request: bytes and descriptors.
WAYS = {
    "nothing": None,
    "end": (b"", []),
    "garbage": (os.urandom(200), []),
    "a header alone": (message(wire.GRANT), []),
    "another version": (message(wire.GRANT, version=2), []),
    "confirmed": (message(wire.CONFIRMED), []),
    "the request": (wire.request("claude"), []),
    "a refusal with descriptors": (refusal(b"no\0", b"no\0"), [pipe()]),
    "a refusal without an end": (refusal(b"no", b"no"), []),
    "a refusal with control characters":
        (refusal(b"\x1b[31m\r\n%s%n\0", b"a\nb%n\0"), []),
    "the largest": (message(wire.REFUSAL, bytes(65520)), []),
    "a grant without descriptors": (grant(), []),
    "a grant with one": (grant(), [own()]),
    "a grant with three": (grant(), [own(), filters(), filters()]),
    "a grant with pipes": (grant(), [pipe(), pipe()]),
    "a grant with both exchanged": (grant(), [filters(), own()]),
    "a grant of this host": (grant(), [own(), filters()]),
    "a grant with filters that can change":
        (grant(), [own(), filters(False)]),
    "a grant without filters": (grant(filters=b""), [own(), filters()]),
    "a grant with too many filters":
        (grant(filters=field(24 | CRITICAL, struct.pack("<II", 0, 2))),
         [own(), filters()]),
    "a grant of no namespaces":
        (grant(namespaces=field(17 | CRITICAL, bytes(4))),
         [own(), filters()]),
    "a grant of a user namespace":
        (grant(namespaces=field(17 | CRITICAL,
                                struct.pack("<I", 0x10000000 | NEWNS))),
         [own(), filters()]),
    "a grant of all capabilities":
        (grant(capabilities=field(20 | CRITICAL, b"\xff" * 8)),
         [own(), filters()]),
    "a grant with an unknown wall":
        (grant(more=field(99 | CRITICAL, b"x")), [own(), filters()]),
    "a grant with a field twice":
        (grant(more=field(21 | CRITICAL, bytes(4))), [own(), filters()]),
    "a grant with an unknown flag":
        (grant(flags=field(16 | CRITICAL, struct.pack("<I", 64))),
         [own(), filters()]),
}


def main(way):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(wire.RUN + "login.sock")
    listener.listen(0 if way == "no accepting" else 16)
    print("ready", flush=True)
    held = []
    while True:
        if way == "no accepting":
            sys.stdin.read()
            return
        peer, _ = listener.accept()
        held.append(peer)
        if WAYS[way] is None:
            continue
        packet, fds = WAYS[way]
        # "Entered" is waited for, and confirmed.
        peer.settimeout(5)
        try:
            if packet and peer.recv(65536):
                socket.send_fds(peer, [packet], fds)
                if peer.recv(65536):
                    peer.send(message(wire.CONFIRMED))
        except OSError:
            pass
        peer.close()


if sys.argv[1] == "ways":
    print("\n".join(WAYS))
else:
    main(sys.argv[1])

"""Sends the login socket what it must not take; a line for each answer that
is another than expected."""
import os
import socket
import struct
import sys

import wire
from wire import CRITICAL, field, message, request, string

GOOD = request("claude")
BODY = GOOD[16:]
BAD = "the login program sent something that is no request"
LONG = "no request came: Message too long"


def names(*tags):
    values = {wire.USER: "claude", wire.SERVICE: "sshd", wire.TTY: "",
              wire.RHOST: ""}
    return b"".join(string(t, values[t]) for t in tags)


ALL = (wire.USER, wire.SERVICE, wire.TTY, wire.RHOST)
WRONG = [
    ("another magic", request("claude", magic=b"JAIX"), BAD),
    ("version 0", request("claude", version=0), BAD),
    ("version 2", request("claude", version=2), BAD),
    ("zero that is not", request("claude", zero=1), BAD),
    ("length too small", request("claude", length=len(GOOD) - 1), BAD),
    ("length too large", request("claude", length=len(GOOD) + 1), BAD),
    ("length of 4 GiB", request("claude", length=0xffffffff), BAD),
    ("one byte", b"J", BAD),
    ("a header alone", GOOD[:16], BAD),
    ("half a header", GOOD[:8], BAD),
    ("garbage", os.urandom(300), BAD),
    ("zeros", bytes(300), BAD),
    ("no field", message(wire.REQUEST), BAD),
    ("no user", message(wire.REQUEST, names(*ALL[1:])), BAD),
    ("no remote host", message(wire.REQUEST, names(*ALL[:3])), BAD),
    ("the user twice", message(wire.REQUEST, names(*ALL, wire.USER)), BAD),
    ("an unknown critical field",
     message(wire.REQUEST, BODY + field(99 | CRITICAL, b"x")), BAD),
    ("a string without its end",
     message(wire.REQUEST, field(wire.USER, b"claude") + names(*ALL[1:])),
     BAD),
    ("a string with two ends",
     message(wire.REQUEST, field(wire.USER, b"claude\0x\0") +
             names(*ALL[1:])), BAD),
    ("a string that is too long", request("c" * 256), BAD),
    ("an empty value", message(wire.REQUEST, field(wire.USER, b"") +
                               names(*ALL[1:])), BAD),
    ("a field beyond the end",
     message(wire.REQUEST, BODY + struct.pack("<HH", 98, 60)), BAD),
    ("half a field", message(wire.REQUEST, BODY + b"\1"), BAD),
    ("the largest", message(wire.REQUEST, BODY + field(98, bytes(65000))),
     None),
    ("one too large", GOOD + bytes(65537 - len(GOOD)), LONG),
    ("two messages in one packet", GOOD + GOOD, BAD),
    ("a grant", message(wire.GRANT, BODY), BAD),
    ("entered first", message(wire.ENTERED), BAD),
    ("leaving first", message(wire.LEAVING), BAD),
    ("an unknown type", message(77, BODY), BAD),
]
for tag in range(len(GOOD)):
    WRONG.append(("cut off at %d" % tag, GOOD[:tag] if tag else b"\0", BAD))

RIGHT = [
    ("a later revision", request("claude", revision=9)),
    ("an unknown field", message(wire.REQUEST, BODY + field(98, b"x"))),
    ("another order", message(wire.REQUEST, names(*reversed(ALL)))),
]


def expect(name, got, wanted):
    if got != wanted:
        print("%s: %s, not %s" % (name, got, wanted))


def check_sequence():
    """After a grant: something else than "entered"."""
    for name, packets in [("the request again", [GOOD]),
                          ("leaving", [message(wire.LEAVING)]),
                          ("garbage", [b"garbage"]),
                          ("failed", [message(wire.FAILED)]),
                          ("nothing more", [])]:
        with wire.connect() as s:
            s.send(GOOD)
            kind, _ = wire.receive(s)
            expect("%s, grant" % name, kind, wire.GRANT)
            for packet in packets:
                s.send(packet)
            s.shutdown(socket.SHUT_WR)
            expect("%s after a grant" % name, wire.receive(s)[0], 0)


def check_descriptors():
    with open("/dev/null") as f:
        for n in (1, 4, 200):
            expect("%d descriptors" % n,
                   wire.answer(GOOD, [f.fileno()] * n)[0], "refusal")


def main():
    for name, packet, reason in WRONG:
        if reason is None:
            expect(name, wire.answer(packet)[0], "grant")
        else:
            expect(name, wire.answer(packet), ("refusal", reason))
    for name, packet in RIGHT:
        expect(name, wire.answer(packet)[0], "grant")
    for name, packet, words in [
            ("no such account", request("nobody-here"), "no account"),
            ("root", request("root"), "uid 0"),
            ("no agent", request("plain"), "not in the group"),
            ("no user", request(""), "account"),
            ("no door", request("claude", "sudo"), "no door"),
            ("no service", request("claude", ""), "no door"),
            ("a line break", request("claude\nx"), "account"),
            ("a path", request("../claude"), "account")]:
        kind, said = wire.answer(packet)
        if kind != "refusal" or words not in said:
            print("%s: %s %s" % (name, kind, said))
    check_sequence()
    check_descriptors()
    print("%d packets" % (len(WRONG) + len(RIGHT)))


main()

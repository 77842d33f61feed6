"""Sends the control socket what it must not take; a line for each answer that
is another than expected."""
import json
import os
import socket

import wire

NO_REQUEST = "this is no request"
ROWS = [
    (b"garbage\n", NO_REQUEST),
    (b"\n", NO_REQUEST),
    (os.urandom(200).replace(b"\n", b"x") + b"\n", NO_REQUEST),
    (b"{}\n", NO_REQUEST),
    (b"[]\n", NO_REQUEST),
    (b"null\n", NO_REQUEST),
    (b'"list"\n', NO_REQUEST),
    (b'{"version":1}\n', NO_REQUEST),
    (b'{"op":"list"}\n', NO_REQUEST),
    (b'{"version":"1","op":"list"}\n', NO_REQUEST),
    (b'{"version":1,"op":7}\n', NO_REQUEST),
    (b'{"version":1,"op":"list","op":"stop"}\n', NO_REQUEST),
    (b'{"version":1,"op":"show","jail":7}\n', NO_REQUEST),
    (b'{"version":1,"op":"list"\n', NO_REQUEST),
    (b'{"version":1,\0"op":"list"}\n', NO_REQUEST),
    (b'{"version":1,"op":"li\xff"}\n', NO_REQUEST),
    (b"[" * 4000 + b"\n", NO_REQUEST),
    (b'{"version":2,"op":"list"}\n', "this version is not understood"),
    (b'{"version":1,"op":"format"}\n', "this operation is unknown"),
    (b'{"version":1,"op":"show"}\n', "a jail has to be named"),
    (b'{"version":1,"op":"show","jail":"no"}\n', "there is no such jail"),
    (b'{"version":1,"op":"stop","jail":""}\n', "a jail has to be named"),
    # Longer than a request may be, with and without an end.
    (b"x" * 5000 + b"\n", None),
    (b"x" * 300000, None),
    # Half a line, then the end.
    (b'{"version":1,"op":"list"}', None),
]


def answer(line):
    with wire.connect("control.sock", socket.SOCK_STREAM) as s:
        try:
            s.sendall(line)
            s.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, OSError):
            pass
        said = b""
        while True:
            try:
                more = s.recv(4096)
            except ConnectionResetError:
                break
            if not more:
                break
            said += more
    return said


def main():
    for line, error in ROWS:
        said = answer(line)
        got = json.loads(said)["error"] if said else None
        if got != error:
            print("%r: %r, not %r" % (line[:60], got, error))
    good = b'{"version":1,"op":"list"}\n'
    # In pieces, and with silent ones beside it.
    silent = [wire.connect("control.sock", socket.SOCK_STREAM)
              for _ in range(50)]
    with wire.connect("control.sock", socket.SOCK_STREAM) as s:
        for byte in good:
            s.send(bytes([byte]))
        if not json.loads(s.makefile().readline())["ok"]:
            print("a request in pieces was not taken")
    for s in silent:
        s.close()
    print("%d requests" % len(ROWS))


main()

#!/usr/bin/python3
"""A login program as small as it gets: opens a session of PAM, and says what
came of it.

usage: door.py SERVICE USER [session|account] [COMMAND ...]

With `account` only the account stack is asked.  COMMAND runs as the user,
in a child, while the session is open.  The words of the conversation go to
standard output, and the answer of PAM is the last line."""

import ctypes
import os
import pwd
import sys

PAM_SUCCESS = 0
pam = ctypes.CDLL("libpam.so.0")
libc = ctypes.CDLL(None)
libc.calloc.restype = ctypes.c_void_p
pam.pam_strerror.restype = ctypes.c_char_p


class Message(ctypes.Structure):
    _fields_ = [("style", ctypes.c_int), ("text", ctypes.c_char_p)]


class Conversation(ctypes.Structure):
    _fields_ = [("function", ctypes.c_void_p), ("data", ctypes.c_void_p)]


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int,
                  ctypes.POINTER(ctypes.POINTER(Message)),
                  ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p)
def converse(n, messages, responses, data):
    for i in range(n):
        print(messages[i].contents.text.decode(), flush=True)
    responses[0] = libc.calloc(n, 16)
    return PAM_SUCCESS


def run(user, command):
    entry = pwd.getpwnam(user)
    if os.fork() == 0:
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
        os.execvp(command[0], command)
    os.wait()


def main():
    service, user = sys.argv[1:3]
    what = sys.argv[3] if len(sys.argv) > 3 else "session"
    handle = ctypes.c_void_p()
    conversation = Conversation(ctypes.cast(converse, ctypes.c_void_p), None)
    answer = pam.pam_start(service.encode(), user.encode(),
                           ctypes.byref(conversation), ctypes.byref(handle))
    if answer == PAM_SUCCESS:
        ask = (pam.pam_acct_mgmt if what == "account"
               else pam.pam_open_session)
        answer = ask(handle, 0)
    said = pam.pam_strerror(handle, answer).decode()
    if answer == PAM_SUCCESS and len(sys.argv) > 4:
        run(user, sys.argv[4:])
    if answer == PAM_SUCCESS and what == "session":
        pam.pam_close_session(handle, 0)
    print(said, flush=True)
    pam.pam_end(handle, answer)
    os._exit(answer != PAM_SUCCESS)


main()

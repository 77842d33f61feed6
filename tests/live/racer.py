"""Exchanges pairs of names until it is ended, as fast as the kernel goes.

usage: racer.py NAME OTHER [NAME OTHER ...]    (says "racing" first)"""
import ctypes
import sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None, use_errno=True)
words = [word.encode() for word in sys.argv[1:]]
pairs = list(zip(words[::2], words[1::2]))
for a, b in pairs:
    if libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE):
        sys.exit(f"{a} and {b}: errno {ctypes.get_errno()}")
print("racing", flush=True)
while True:
    for a, b in pairs:
        libc.renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE)

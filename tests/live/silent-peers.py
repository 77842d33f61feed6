"""Holds COUNT connections to the login socket and says nothing; prints a line
when all are there, and one when jaild has closed the last of them.

usage: silent-peers.py COUNT"""
import sys

import wire

peers = [wire.connect(timeout=60) for _ in range(int(sys.argv[1]))]
print("connected", flush=True)
for peer in peers:
    wire.receive(peer)
print("closed", flush=True)

"""What ran as root inside a jail, from a trace of a login program.

usage: root_phase.py PREFIX PID

PREFIX.* are the files of `strace -ff -o PREFIX`, PID is the process traced
first.  Prints, sorted and each once, what processes did between their entry
into the jail and the moment at which they became the agent:

    call NAME             a system call
    read PATH             opened for reading
    write PATH            opened for writing
    look PATH             its existence, owner or target was asked for
    change PATH           its name, owner or mode was changed
    connect ADDRESS
    exec PATH
"""
import os
import re
import sys

LINE = re.compile(r"^(\w+)\((.*)\)\s+= (-?\w+|\?)(.*)$")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
FORKS = {"clone", "clone3", "fork", "vfork"}
OPENS = {"open", "openat", "openat2", "creat"}
LOOKS = {"stat", "lstat", "newfstatat", "statx", "statfs", "access",
    "faccessat", "faccessat2", "readlink", "readlinkat", "chdir"}
CHANGES = {"chown", "fchownat", "chmod", "fchmodat", "unlink", "unlinkat",
    "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir",
    "symlink", "link", "mknod", "mknodat", "truncate", "utimensat"}
EXECS = {"execve", "execveat"}
WRITES = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)")


def plain(path):
    """Without what is another at each login."""
    path = re.sub(r"^/dev/pts/\d+$", "/dev/pts/N", path)
    path = re.sub(r"^/proc/\d+/", "/proc/N/", path)
    path = re.sub(r"/[a-z0-9_]+-linux-gnu[a-z0-9]*/", "/LIB/", path)
    return path


class State:
    def __init__(self, inside=False, effective=0, real=0):
        self.inside, self.effective, self.real = inside, effective, real

    def copy(self):
        return State(self.inside, self.effective, self.real)

    def take_ids(self, name, arguments):
        ids = [int(a) for a in re.findall(r"-?\d+", arguments)]
        if name == "setuid":
            self.effective = ids[0]
            if self.real == 0:
                self.real = ids[0]
        elif name in ("setresuid", "setreuid"):
            self.real = ids[0] if ids[0] != -1 else self.real
            self.effective = ids[1] if ids[1] != -1 else self.effective


def address_of(arguments):
    family = re.search(r"sa_family=(\w+)", arguments)
    path = re.search(r'sun_path=@?"([^"]*)"', arguments)
    return (family.group(1) if family else "?") + \
        (" " + path.group(1) if path else "")


def said(name, arguments):
    yield "call " + name
    strings = STRING.findall(arguments)
    path = plain(strings[0]) if strings else ""
    if name in OPENS:
        kind = "write" if WRITES.search(arguments) else "read"
        yield f"{kind} {path}"
    elif name in LOOKS and path:
        yield "look " + path
    elif name in CHANGES:
        yield "change " + path
    elif name in EXECS:
        yield "exec " + path
    elif name == "connect":
        yield "connect " + address_of(arguments)


def follow(prefix, pid, state, out, seen):
    name = f"{prefix}.{pid}"
    if pid in seen or not os.path.exists(name):
        return
    seen.add(pid)
    with open(name, errors="replace") as lines:
        for line in lines:
            match = LINE.match(line)
            if match is None:
                continue
            call, arguments, result, rest = match.groups()
            if state.inside and state.effective == 0:
                out.update(said(call, arguments))
            if call in FORKS and result.isdigit() and result != "0":
                outer = re.search(r"/\* (\d+) in strace's PID NS \*/", rest)
                child = outer.group(1) if outer else result
                follow(prefix, child, state.copy(), out, seen)
            elif result != "0":
                continue
            elif call == "setns":
                state.inside = True
            elif call in ("setuid", "setresuid", "setreuid"):
                state.take_ids(call, arguments)


def main(prefix, pid):
    out = set()
    follow(prefix, pid, State(), out, set())
    print("\n".join(sorted(out)))


main(*sys.argv[1:])

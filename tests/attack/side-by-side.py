"""Puts what the probe met in each jail side by side.

usage: side-by-side.py COLUMN ...   (files of the working directory)

Prints a table in Markdown; the exit status is 1 when a row is open in one of
ours and closed in somebody else's, but for what the policy itself opens."""
import sys

OURS = ("chroot", "namespace")
# Let in, and refused for what was asked: errors of the call itself.
BEHIND = {"EBADF", "EFAULT", "EINVAL", "ENOTTY", "ETXTBSY", "ENOKEY",
    "ENOEXEC", "EAGAIN"}
# Opened by the trial host's policy, or by what the tier is.
BY_POLICY = {
    ("chroot", "host-port"): "its policy says `network host`",
    ("chroot", "metadata"): "its policy says `network host`",
    ("chroot", "socket-below-opt"): "/opt is in a jail; see SECURITY.md",
    ("namespace", "socket-below-opt"): "/opt is in a jail; see SECURITY.md",
}


def read(column):
    with open(column) as lines:
        rows = [line.split() for line in lines if " attacks, " not in line]
    return {row[0]: row[1] for row in rows if len(row) > 1}


def is_open(name, said, outside):
    """As outside, or done: nothing stood in the way."""
    return said == "done" or (said in BEHIND and said == outside.get(name))


def main(columns):
    results = {column: read(column) for column in columns}
    outside = results["outside"]
    others = [c for c in columns if c not in OURS and c != "outside"]
    worse = []
    open_rows = {column: 0 for column in columns}
    print("| attack |", " | ".join(columns), "|")
    print("| --- |" + " --- |" * len(columns))
    for name, control in outside.items():
        if control == "ENOSYS":
            continue
        cells = []
        for column in columns:
            said = results[column].get(name, "")
            opened = is_open(name, said, outside)
            open_rows[column] += opened
            cells.append(f"**{said}**" if opened and column != "outside"
                else said)
        print(f"| {name} |", " | ".join(cells), "|")
        for ours in OURS:
            closed = [c for c in others if not
                is_open(name, results[c].get(name, "done"), outside)]
            if is_open(name, results[ours].get(name, ""), outside) and \
                    closed and (ours, name) not in BY_POLICY:
                worse.append(f"{name}: open in {ours}, closed in "
                    + ", ".join(closed))
    print("| **open rows** |",
        " | ".join(str(open_rows[c]) for c in columns), "|")
    for line in worse:
        print("side-by-side:", line, file=sys.stderr)
    return 1 if worse else 0


sys.exit(main(sys.argv[1:]))

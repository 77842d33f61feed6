"""Makes each step of an account's plan fail in turn, by jaild's
JAILD_FAIL_STEP_FILE, and says what was left behind.

usage: fail-steps.py ACCOUNT JAILD_PID STEP_FILE"""
import json
import os
import subprocess
import sys
import time

import wire

BASE = subprocess.run(["findmnt", "-nro", "TARGET", "-t", "cgroup2"],
                      stdout=subprocess.PIPE).stdout.decode().split()[0] + \
    "/jaild"


def walk(top):
    names = []
    for folder, folders, files in os.walk(top):
        names += [os.path.join(folder, n) for n in folders + files]
    return sorted(n for n in names if "/cgroup." not in n)


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return f.read().split()


def descriptor(path):
    try:
        return os.readlink(path).split(":")[0]
    except FileNotFoundError:
        return "closed meanwhile"


def descriptors(pid):
    folder = "/proc/%d/fd" % pid
    return sorted(descriptor(os.path.join(folder, n))
                  for n in os.listdir(folder))


def host_state(jaild):
    with open("/proc/self/mountinfo") as f:
        mounts = f.read()
    return {
        "mounts": mounts,
        "children of jaild": children(jaild),
        "descriptors of jaild": descriptors(jaild),
        "cgroups": [n for n in walk(BASE) if os.path.isdir(n)],
        "run-time files": walk("/run/jaild"),
        "state": walk("/var/lib/jaild"),
    }


def memory(jaild):
    with open("/proc/%d/status" % jaild) as f:
        return int(next(l.split()[1] for l in f if l.startswith("VmData")))


def plan_of(account):
    said = subprocess.run(["jailctl", "explain", "--json", "--plan", account],
                          stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said)["plan"]


def differences(before, jaild):
    """Main learns of a worker's end a moment later than the peer."""
    deadline = time.monotonic() + 20
    while True:
        now = host_state(jaild)
        left = ["%s: %s, not %s" % (k, now[k], before[k]) for k in before
                if now[k] != before[k]]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.01)


def main(account, jaild, step_file):
    jaild = int(jaild)
    plan = plan_of(account)
    before = host_state(jaild)
    sizes = []
    for turn in range(2):
        for number, text in enumerate(plan, 1):
            with open(step_file, "w") as f:
                f.write("%d\n" % number)
            kind, said = wire.answer(wire.request(account))
            wanted = "step %d (%s) was made to fail" % (number, text)
            if kind != "refusal" or wanted not in said:
                print("step %d (%s): %s %s" % (number, text, kind, said))
            for difference in differences(before, jaild):
                print("step %d (%s) left %s" % (number, text, difference))
        sizes.append(memory(jaild))
    if sizes[1] > sizes[0] + 64:
        print("jaild grew from %d to %d kB" % tuple(sizes))
    os.unlink(step_file)
    print("%d steps failed twice" % len(plan))


main(*sys.argv[1:])

#!/usr/bin/python3
# selinux-rules.py POLICY: reads lines `may|may-not SOURCE TARGET CLASS
# PERMISSION` or `becomes SOURCE TARGET CLASS TYPE` (a default transition, of
# no special name) and says which of them the policy, with its booleans as
# they are, does not hold to.  Needs setools, which is where the
# distribution's own python looks.
import sys

import setools


def names_of(policy, name):
    """The type, and the attributes by which rules may mean it."""
    kind = policy.lookup_type(name)
    return {name} | {str(attribute) for attribute in kind.attributes()}


def in_force(rule):
    try:
        return rule.enabled()
    except (AttributeError, setools.exception.RuleNotConditional):
        return True


def has_name(rule):
    try:
        return rule.filename is not None
    except (AttributeError, setools.exception.TERuleNoFilename):
        return False


class Line:
    def __init__(self, policy, text):
        self.text = text.strip()
        self.word, source, target, self.tclass, self.last = text.split()
        self.source = names_of(policy, source)
        self.target = names_of(policy, source if target == "self" else target)
        self.itself = source in self.target
        self.found = False

    def look(self, rule, kind):
        target = str(rule.target)
        if str(rule.source) not in self.source or \
                target not in self.target and \
                not (target == "self" and self.itself):
            return
        if kind == "allow":
            self.found |= self.last in rule.perms and in_force(rule)
        else:
            self.found |= str(rule.default) == self.last and \
                not has_name(rule)

    def holds(self):
        return self.found == (self.word != "may-not")


def main():
    policy = setools.SELinuxPolicy(sys.argv[1])
    lines = [Line(policy, text) for text in sys.stdin]
    wanted = {}
    for line in lines:
        kind = "type_transition" if line.word == "becomes" else "allow"
        wanted.setdefault((kind, line.tclass), []).append(line)
    for rule in policy.terules():
        kind = str(rule.ruletype)
        for line in wanted.get((kind, str(rule.tclass)), []):
            line.look(rule, kind)
    wrong = [line for line in lines if not line.holds()]
    for line in wrong:
        print("selinux-rules: not so:", line.text)
    return 1 if wrong or not lines else 0


sys.exit(main())

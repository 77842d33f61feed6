# What the live cases share.
#
# A case is an executable script tests/live/cases/NAME; it appears as one
# test, NAME, of `make check`, because tests/live/run.tap runs every file of
# that folder on one trial host, by root, in the order of their names:
#
#	#!/bin/bash
#	# One sentence: what must be so.
#	. "$LIVE/lib.sh"
#	need_jaild
#	login claude 'echo $HOME'
#	is "the exit status" "$status" 0
#	is "home" "$out" /home/claude
#	like "the shell's words" "$err" '*refused*'
#	audit_has "entry" -ua claude '*op=jail-enter*res=success*'
#
# It starts in an empty directory of its own, with what `trial-host --help`
# lists in its environment.  Every check prints a line; the case fails when
# one of them did, is skipped by `skip REASON` (exit status 77), and is ended
# after CASE_SECONDS.  It need not tidy up: between two cases the runner ends
# the agents' processes, empties their homes, puts policy and PAM files back
# and sees to it that jaild runs with that policy.
#
# Processes that a case starts with an agent's uid outside of a jail are only
# recorded (outside_processes of jaild.conf), and not ended.
#
# Add the file's name to live_cases in tests/live/local.mk.  A case awaits
# what it expects (await); it never sleeps and asserts no time.  Alone, by
# hand:	tests/live/run.tap BUILD_DIR NAME ...
set -u

failed_checks=0
trap 'conclude $?' EXIT

conclude() {
	[ "$1" = 0 ] || exit "$1"
	[ "$failed_checks" = 0 ] || exit 1
}

skip() {
	echo "skipped: $*"
	exit 77
}

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null ||
	    skip "no $1 here; it is in the package $2"
}

need_jaild() {
	[ -n "$JAILD_TRIAL_JAILD" ] || skip "no jaild was built"
}

passed_check() {
	echo "ok: $1"
}

failed_check() {
	failed_checks=$((failed_checks + 1))
	echo "NOT ok: $1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/    got:      /'
	[ $# -lt 3 ] || printf '%s\n' "$3" | sed 's/^/    expected: /'
}

# is WHAT ACTUAL EXPECTED
is() {
	if [ "$2" = "$3" ]; then
		passed_check "$1"
	else
		failed_check "$1" "$2" "$3"
	fi
}

# like WHAT ACTUAL GLOB
like() {
	if [[ $2 == $3 ]]; then
		passed_check "$1"
	else
		failed_check "$1" "$2" "$3"
	fi
}

# unlike WHAT ACTUAL GLOB
unlike() {
	if [[ $2 != $3 ]]; then
		passed_check "$1"
	else
		failed_check "$1" "$2" "anything but $3"
	fi
}

# works WHAT COMMAND ...: its output is shown when it fails.
works() {
	local what=$1 said
	shift
	if said=$("$@" 2>&1); then
		passed_check "$what"
	else
		failed_check "$what: $*: exit status $?" "$said"
	fi
}

# fails WHAT COMMAND ...
fails() {
	local what=$1 said
	shift
	if said=$("$@" 2>&1); then
		failed_check "$what: $*: succeeded" "$said"
	else
		passed_check "$what"
	fi
}

# await SECONDS COMMAND ...: until COMMAND succeeds; fails when it never does.
# AWAIT_FACTOR makes all waits longer, for hosts that are slow.
await() {
	local deadline=$((SECONDS + $1 * ${AWAIT_FACTOR:-1}))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -le "$deadline" ] || return 1
		sleep 0.02
	done
}

# login [SSH-OPTION ...] ACCOUNT COMMAND ...: sets out, err and status.
# Options that take a value are written in one word: -oSendEnv=LANG.
login() {
	local options=()
	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	local account=$1
	shift
	out=$(ssh "${options[@]}" "$account@trial" "$@" </dev/null \
	    2>"$JAILD_TRIAL_DIR/login.err")
	status=$?
	err=$(tr -d '\r' <"$JAILD_TRIAL_DIR/login.err")
}

# What a process PID of jaild's has started, but for what always runs.
children_of() {
	ps -o pid=,comm= --ppid "$1" | awk '$2 != "jaild-sweep" { print $1 }'
}

# The processes of an account, without those that only wait to be reaped.
processes_of() {
	ps -o pid=,stat= -u "$1" | awk '$2 !~ /^Z/ { print $1 }'
}

no_process_of() {
	[ -z "$(processes_of "$1")" ]
}

# jaild start|stop|restart
jaild() {
	"$JAILD_TRIAL_HOST" jaild "$1"
}

# use_policy <FILE: puts a policy into force.
use_policy() {
	cat >"$JAILD_TRIAL_POLICY"
	jaild restart
}

# audit_find SEARCH...: ausearch's records; nothing when there is none.
audit_find() {
	ausearch "$@" -i 2>/dev/null </dev/null
}

audit_matches() {
	local pattern=$1
	shift
	[[ $(audit_find "$@") == $pattern ]]
}

# audit_has WHAT SEARCH... GLOB: auditd writes a moment later than it hears.
audit_has() {
	local what=$1 pattern=${*: -1}
	shift
	set -- "${@:1:$#-1}"
	if await 10 audit_matches "$pattern" "$@"; then
		passed_check "audit: $what"
	else
		failed_check "audit: $what" "$(audit_find "$@" | tail -n 5)" \
		    "$pattern"
	fi
}

# The lines that syslog got since `syslog_mark`.
syslog_mark() {
	syslog_from=$(($(wc -l <"$JAILD_TRIAL_SYSLOG") + 1))
}

syslog_since() {
	tail -n "+${syslog_from:-1}" "$JAILD_TRIAL_SYSLOG"
}

syslog_matches() {
	syslog_since | grep -qE "$1"
}

# syslog_has WHAT PATTERN: an extended regular expression for one line.
syslog_has() {
	if await 10 syslog_matches "$2"; then
		passed_check "syslog: $1"
	else
		failed_check "syslog: $1" "$(syslog_since | tail -n 5)" "$2"
	fi
}

# What the cases about sessions share; sourced behind lib.sh.

declare -A held_pid holder_pid

# The tiers, as `for pair in $tiers`: account:tier.
tiers="claude:namespace scribe:chroot"

# hold NAME SSH-ARGUMENT ...: a session in the background.  Its command says
# "ready" when it is; its standard input ends with `release NAME`.
hold() {
	local name=$1
	shift
	hold_program "$name" ssh "$@"
}

# hold_program NAME COMMAND ...: the same through another door.
hold_program() {
	local name=$1
	shift
	# what a session of this name said before is no answer
	rm -f "$name.out" "$name.err"
	: >"$name.out"
	mkfifo "$name.in"
	"$@" <"$name.in" >"$name.out" 2>"$name.err" &
	held_pid[$name]=$!
	# Not by a descriptor of ours, which later sessions would inherit.
	tail -f /dev/null >"$name.in" &
	holder_pid[$name]=$!
	await 20 grep -q ready "$name.out" ||
	    failed_check "session $name says ready" \
	    "$(cat "$name.out" "$name.err")"
}

# say NAME LINE: to the session's standard input.
say() {
	printf '%s\n' "$2" >"$1.in"
}

# release NAME: sets status to the client's exit status.
release() {
	kill "${holder_pid[$1]}"
	wait "${held_pid[$1]}"
	status=$?
	rm -f "$1.in"
}

# jail_of ACCOUNT EXPRESSION: of what `jailctl show` says, as Python's j.
jail_of() {
	jailctl show --json "$1" 2>/dev/null | /usr/bin/python3 -c '
import json, sys
j = json.load(sys.stdin)
j = j.get("jail", j)
print(eval(sys.argv[1]))' "$2" 2>/dev/null
}

# How many sessions an account's jail has; 0 where there is no jail.
sessions_of() {
	local n
	n=$(jail_of "$1" 'len(j["sessions"])')
	echo "${n:-0}"
}

has_sessions() {
	[ "$(sessions_of "$1")" = "$2" ]
}

no_jail() {
	[ -z "$(jail_of "$1" 'j["uuid"]')" ]
}

# jail_ends ACCOUNT: awaits the end of its jail, so that the next login
# builds another one.
jail_ends() {
	await 20 no_jail "$1" || failed_check "the jail of $1 ends" \
	    "$(jailctl list)"
}

# A port of 127.0.0.1 that nobody uses now.
free_port() {
	/usr/bin/python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# first_line PORT: what a server on 127.0.0.1 says first.
first_line() {
	(
		exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
		read -r -t "$((10 * ${AWAIT_FACTOR:-1}))" line <&3
		echo "${line%$'\r'}"
	) 2>/dev/null
}

listens() {
	[ -n "$(first_line "$1")" ]
}

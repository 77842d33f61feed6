# A second sshd, with an environment or options of its own; sourced behind
# lib.sh and sessions.sh.

# second_sshd [NAME=VALUE ...] [-- OPTION ...]: sets second_port.
second_sshd() {
	local environment=()
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		environment+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	second_port=$(free_port)
	env "${environment[@]}" "$(command -v sshd)" -D -p "$second_port" \
	    -o PidFile=none "$@" >second.log 2>&1 &
	second_pid=$!
	await 20 listens "$second_port" ||
	    failed_check "a second sshd listens" "$(cat second.log)"
}

end_second_sshd() {
	kill "$second_pid"
	wait "$second_pid" 2>/dev/null
}

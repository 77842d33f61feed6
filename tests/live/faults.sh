# What the cases about bad input and faults share; sourced after lib.sh.

# Every account may run the distribution's own.
python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3)
export PYTHONDONTWRITEBYTECODE=1

jaild_pid() {
	cat "$JAILD_TRIAL_DIR/pids/jaild"
}

cgroup_base=${JAILD_TRIAL_CGROUPS:-$(findmnt -nro TARGET -t cgroup2 |
    head -n 1)/jaild}

# No jail, and no trace of one.
jails_gone() {
	[ -z "$(ls /run/jaild/jails 2>/dev/null)" ] &&
	    [ -z "$(ls -d "$cgroup_base"/*-*-*-*-* 2>/dev/null)" ] &&
	    [ -z "$(ls /var/lib/jaild/fresh 2>/dev/null)" ]
}

# module_timeout SECONDS: for agents that come through sshd.
module_timeout() {
	sed -i "s/^\(session required .*pam_jail.so\).*/\1 timeout=$1/" \
	    /etc/pam.d/sshd
}

# refused WHAT ACCOUNT: nothing of a login through ssh runs.
refused() {
	login "$2" 'echo in'
	was_refused "$1: $2"
}

# What the login before printed is the message of the day at most.
was_refused() {
	is "$1 is refused" \
	    "$(grep -cx in <<<"$out") $((status != 0))" '0 1'
}

# gets_in WHAT ACCOUNT
gets_in() {
	login "$2" 'echo in'
	is "$1: $2 gets in" "$out" in
}

# A peer of jaild's at the other end of login.sock waits to be accepted, or
# is served.
login_waits() {
	[ "$(grep -c '/run/jaild/login.sock$' /proc/net/unix)" -ge 2 ]
}

# jaild's workers and closers.
children_of_jaild() {
	children_of "$(jaild_pid)"
}

no_children() {
	[ -z "$(children_of_jaild)" ]
}

# start_login ACCOUNT: in the background; end_login sets out and status.
start_login() {
	ssh "$1@trial" 'echo in' </dev/null >login.out 2>login.err &
	login_pid=$!
}

end_login() {
	wait "$login_pid"
	status=$?
	out=$(cat login.out)
}

# hold_step NUMBER, from the next build on; jaild has to have been started
# with JAILD_FAIL_STEP_FILE=$step_file.
step_file=/run/jaild-fail-step
hold_step() {
	# one that others could write would not be read
	rm -f "$step_file"
	echo "hold $1" >"$step_file"
}

# The process that makes a jail stands still.
build_holds() {
	local init
	init=$(cat "$cgroup_base"/*-*-*-*-*/init/cgroup.procs 2>/dev/null)
	[ -n "$init" ] &&
	    [[ $(cat "/proc/$init/wchan" "/proc/$init/syscall") == *34\ * ]]
}

no_process_in_base() {
	[ -z "$(find "$cgroup_base" -name cgroup.procs -exec cat {} +)" ]
}

kill_jaild() {
	kill -KILL "$(jaild_pid)"
	await 10 bash -c "! kill -0 $(jaild_pid) 2>/dev/null ||
	    grep -q '^State:.Z' /proc/$(jaild_pid)/status"
}

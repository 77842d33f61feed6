# What the cases of tests/os share; sourced behind lib.sh and sessions.sh.

place=$JAILD_TRIAL_CGROUPS

# state UNIT PROPERTY
state() {
	systemctl show -P "$2" "$1"
}

# is_state UNIT PROPERTY VALUE
is_state() {
	[ "$(state "$1" "$2")" = "$3" ]
}

is_active() {
	[ "$(state "$1" ActiveState)" = active ]
}

cgroups_of_jails() {
	find "$place" -mindepth 1 -maxdepth 1 -name '*-*-*-*-*'
}

# Another main process than PID, and it has said that it is ready.
is_renewed() {
	local pid
	pid=$(state jaild MainPID)
	is_active jaild && [ "$pid" != 0 ] && [ "$pid" != "$1" ]
}

# two_sessions: of both agents, "one" and "two", which outlive what follows.
two_sessions() {
	hold one claude@trial 'echo ready; while read word; do echo "$word"
	    done; exit 4'
	hold two -tt scribe@trial 'stty -echo; echo ready
	    while read word; do echo "$word"; done'
	kept_one=$(jail_of claude 'j["uuid"], j["init_pid"]')
	kept_two=$(jail_of scribe 'j["uuid"], j["init_pid"]')
}

# sessions_live WHAT: they are in the jails that they were in, and answer;
# another login joins.
sessions_live() {
	is "$1: claude's jail" "$(jail_of claude 'j["uuid"], j["init_pid"]')" \
	    "$kept_one"
	is "$1: scribe's jail" "$(jail_of scribe 'j["uuid"], j["init_pid"]')" \
	    "$kept_two"
	say one "after $1"
	say two "after $1"
	works "$1: a session goes on" await 20 grep -q "after $1" one.out
	works "$1: one on a terminal, too" await 20 \
	    grep -q "after $1" two.out
	login claude 'readlink /proc/self/ns/mnt'
	is "$1: a login joins it" "$out" \
	    "$(readlink "/proc/$(jail_of claude 'j["init_pid"]')/ns/mnt")"
}

# sessions_end WHAT: their ends are seen by whoever is jaild now.
sessions_end() {
	release one
	is "$1: the exit status" "$status" 4
	# the end of input does not pass a terminal
	say two $'\004'
	release two
	jail_ends claude
	jail_ends scribe
	is "$1: no cgroup is left" "$(cgroups_of_jails)" ''
}

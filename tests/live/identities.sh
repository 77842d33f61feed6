# Whether every process of a session is in its jail: namespaces, root, cgroup,
# privileges and audit identity, seen from the host; sourced behind lib.sh
# and sessions.sh.
#
# The case sets account and tier, monitor_capabilities to what the door's own
# program keeps (as /proc/PID/status shows it), and login_uid where it is not
# the account's.

none=0000000000000000

declare -A own_namespaces=(
	[namespace]="cgroup ipc mnt net pid_for_children uts"
	[chroot]="ipc mnt pid_for_children")

field() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

namespace() {
	readlink "/proc/$1/ns/$2"
}

# Collected, so that a line is printed for a process and not for each fact.
same() {
	[ "$2" = "$3" ] || wrong="$wrong$1 is $2, not $3; "
}

# check_namespaces PID: each is jail-init's, and the host's only where the
# tier leaves it.
check_namespaces() {
	local name
	for name in cgroup ipc mnt net pid_for_children time user uts; do
		same "$name" "$(namespace "$1" $name)" \
		    "$(namespace "$init" $name)"
		[[ " ${own_namespaces[$tier]} " == *" $name "* ]] || continue
		[ "$(namespace "$1" $name)" != "$(namespace self $name)" ] ||
		    wrong="$wrong$name is the host's; "
	done
}

# check_privileges PID EFFECTIVE
check_privileges() {
	local set
	same CapPrm "$(field "$1" CapPrm)" "$2"
	same CapEff "$(field "$1" CapEff)" "$2"
	for set in CapInh CapBnd CapAmb; do
		same $set "$(field "$1" $set)" $none
	done
	same NoNewPrivs "$(field "$1" NoNewPrivs)" 1
	same Seccomp "$(field "$1" Seccomp)" 2
}

check_place() {
	same loginuid "$(cat "/proc/$1/loginuid")" \
	    "${login_uid:-$(id -u "$account")}"
	same sessionid "$(cat "/proc/$1/sessionid")" "$ses"
	same root "$(stat -L -c '%d:%i' "/proc/$1/root")" "$root"
	same cgroup "$(sed -n 's/^0:://p' "/proc/$1/cgroup")" "$leaf"
}

# check_process WHAT PID EFFECTIVE PID_NAMESPACE-OF
check_process() {
	wrong=
	check_namespaces "$2"
	same pid "$(namespace "$2" pid)" "$(namespace "$4" pid)"
	check_privileges "$2" "$3"
	check_place "$2"
	is "$account: $1 ($(cat "/proc/$2/comm"))" "$wrong" ''
}

# The session's facts, once it is there.
learn_session() {
	init=$(jail_of "$account" 'j["init_pid"]')
	monitor=$(jail_of "$account" 'j["sessions"][0]["pid"]')
	root=$(jail_of "$account" '"%d:%d" % (j["root_dev"], j["root_ino"])')
	ses=$(entry_session)
	leaf=$(jail_of "$account" 'j["cgroup"]')
	leaf=${leaf#"$(findmnt -nro TARGET -t cgroup2 | head -n 1)"}
	leaf=$leaf/session-$(jail_of "$account" 'j["sessions"][0]["id"]')
}

# The number of the session in the head of the record of the entry.
entry_session() {
	local uuid
	uuid=$(jail_of "$account" 'j["uuid"]')
	entry_recorded() {
		ausearch -m TRUSTED_APP --uuid "$uuid" 2>/dev/null \
		    </dev/null | grep -q op=jail-enter
	}
	await 10 entry_recorded
	ausearch -m TRUSTED_APP --uuid "$uuid" 2>/dev/null </dev/null |
	    sed -n 's/.* ses=\([0-9]*\) .*op=jail-enter.*/\1/p' | tail -n 1
}

# check_session WHAT WANTED: every process of the leaf, one of which has to
# have WANTED, a glob, for its command line.
check_session() {
	local what=$1 wanted=$2 pid seen=
	learn_session
	for pid in $(cat "$(findmnt -nro TARGET -t cgroup2 |
	    head -n 1)$leaf/cgroup.procs"); do
		[ "$pid" != "$monitor" ] || continue
		check_process "$what" "$pid" $none "$init"
		[[ $(tr '\0' ' ' <"/proc/$pid/cmdline") != $wanted ]] ||
		    seen=$pid
	done
	unlike "$account: there is $what" "$seen" ''
	check_process "$what, the monitor" "$monitor" \
	    $monitor_capabilities self
}

# The ways in, for cases that try the same through each of them; sourced
# behind lib.sh, sessions.sh and doors.sh.
#
# A way is a function, enter_WAY ACCOUNT COMMAND: what the command, for a
# shell that starts in the account's home, prints on standard output.  The
# program that opens the session is started behind the words of $under.
ways="ssh terminal exec su su-l su-pty runuser runuser-l runuser-u login"
under=()

# need_ways: those whose programs are brought to the trial host, and of them
# $only_ways where that is set.
need_ways() {
	ways=${only_ways:-$ways}
	login_is_door || ways=${ways/ login/}
	find_crons
	for cron in $crons; do
		make_cron_stack "$(service_of "$cron")"
		ways+=" $cron"
	done
	empty_tables
	[[ $crons == *cron*crond* ]] || echo "left out: cron or cronie is" \
	    "not here; tests/trial/fetch BUILD_DIR brings their packages"
}

enter_ssh() {
	ssh "$1@trial" "$2" </dev/null
}

enter_terminal() {
	ssh -tt "$1@trial" "$2" </dev/null | tr -d '\r'
}

enter_exec() {
	"${under[@]}" jailctl exec "$1" -- sh -c "cd && $2" </dev/null
}

# With a descriptor of the caller's that must not come along.
enter_su() {
	"${under[@]}" su "$1" -c "$2" </dev/null 9</etc/shadow
}

enter_su-l() {
	"${under[@]}" su - "$1" -c "$2" </dev/null 9</etc/shadow
}

enter_su-pty() {
	"${under[@]}" su -P "$1" -c "$2" </dev/null 9</etc/shadow |
	    tr -d '\r'
}

enter_runuser() {
	"${under[@]}" runuser "$1" -c "$2" </dev/null 9</etc/shadow
}

enter_runuser-l() {
	"${under[@]}" runuser -l "$1" -c "$2" </dev/null 9</etc/shadow
}

# Without the account's shell, and so without jail-shell.
enter_runuser-u() {
	"${under[@]}" runuser -u "$1" -- /bin/sh -c "cd ~$1 && $2" \
	    </dev/null 9</etc/shadow
}

# The shell of login has nothing but its terminal, and goes on in a file:
# what is typed there is shown as well.
enter_login() {
	rm -f "/home/$1/said"
	# one word of on-terminal's for a backslash is two
	TERM=dumb "$LIVE/on-terminal" "expect \$
	    type { ${2//\\/\\\\}; } >~/said; exit\\n" \
	    "${under[@]}" login -f "$1" >login.out 2>&1
	cat "/home/$1/said"
	rm -f "/home/$1/said"
}

enter_cron() {
	by_job cron "$@"
}

enter_crond() {
	by_job crond "$@"
}

# by_job CRON ACCOUNT COMMAND: a job of a system crontab; cron mails what it
# prints.
by_job() {
	local home=/home/$2
	rm -f "$home/said" "$home/over"
	echo "$3" | install -o "$2" /dev/stdin "$home/job"
	job "$2" '. ./job >said; touch over'
	start_cron "$1" "${under[@]}"
	await 60 test -e "$home/over" || syslog_since >&2
	jail_ends "$2"
	stop_cron
	cat "$home/said"
	rm -f "$home/said" "$home/over" "$home/job" "$tab"
}

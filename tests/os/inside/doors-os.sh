# What tests/live/doors.sh does otherwise on a whole system: a cron is a unit
# of systemd's there, with its package's own stack, and has tables already.

# One of a kind, as emulated machines take long.
only_ways="ssh terminal su login"

# In Debian the unit, too.
service_of() {
	case $1 in
	crond) echo cronie ;;
	*) echo "$1" ;;
	esac
}

spool_of() {
	echo /var/spool/cron/crontabs
}

make_cron_stack() {
	cp -a "$JAILD_TRIAL_DIR/kept/pam.d/$1" "/etc/pam.d/$1"
}

# The tables of the host are put back by `host cases`.
empty_tables() {
	rm -f /etc/cron.d/*
	: >/etc/crontab
}

start_cron() {
	local in_front=-f
	[ "$1" = cron ] || in_front=-n
	cron_unit=$(service_of "$1") cron_pid=
	systemctl stop "$cron_unit"
	rm -f /run/crond.reboot /run/cron.reboot
	syslog_mark
	if [ $# = 1 ]; then
		systemctl start "$cron_unit"
	else
		"${@:2}" "$1" $in_front </dev/null >cron.out 2>&1 &
		cron_pid=$!
	fi
}

stop_cron() {
	systemctl stop "$cron_unit"
	[ -z "$cron_pid" ] || {
		kill "$cron_pid"
		wait "$cron_pid" 2>/dev/null
	}
}

# What the cases about doors share; sourced behind lib.sh and sessions.sh.

packages=$JAILD_TRIAL_BUILD_DIR/tests/trial/packages

# bring PROGRAM PACKAGE: unpacks the package on the trial host where the
# program is missing; fails when neither is there.
bring() {
	local deb
	! command -v "$1" >/dev/null || return 0
	deb=$(compgen -G "$packages/${2}_*.deb" | tail -n 1)
	[ -n "$deb" ] || return 1
	dpkg-deb --fsys-tarfile "$deb" |
	    tar -x --keep-directory-symlink -C / || return 1
	command -v "$1" >/dev/null
}

# util-linux' login opens its terminal again, by the name that it has on the
# host, and no jail has it.
login_is_door() {
	command -v login >/dev/null &&
	[[ $(command login --version 2>&1 </dev/null) != *util-linux* ]]
}

# need_door PROGRAM PACKAGE
need_door() {
	bring "$@" || skip "no $1 here; tests/trial/fetch BUILD_DIR" \
	    "brings its package, $2"
}

# Our session lines, as the trial host's sshd has them.
our_session_lines() {
	grep -h '^session.*\(notingroup\|pam_jail\)' \
	    "$JAILD_TRIAL_DIR/kept/pam.d/sshd"
}

# guard SERVICE: puts them behind a stack that has none.
guard() {
	grep -qs pam_jail "/etc/pam.d/$1" ||
	    our_session_lines >>"/etc/pam.d/$1"
}

# make_cron_stack SERVICE
make_cron_stack() {
	{
		echo "account include common-account"
		echo "session required pam_loginuid.so"
		echo "session include common-session-noninteractive"
		our_session_lines
	} >"/etc/pam.d/$1"
}

# with_login_uid UID COMMAND ...
with_login_uid() {
	echo "$1" >/proc/self/loginuid && shift && exec "$@"
}

# A session's processes do not outlive it, also when its program is killed.
# ends_with WHAT PID SIGNAL
ends_with() {
	kill "-$3" "$2"
	works "$account: $1, killed by $3: nothing is left" \
	    await 20 no_process_of "$account"
	jail_ends "$account"
}

# leaves WHAT SERVICE: the program's own record of the end, with the login
# uid of the session.
leaves() {
	audit_has "$account: $1: the leave" -vm "$(vm_of "$account")" \
	    -m TRUSTED_APP "*auid=@($2) *op=jail-leave acct=$account \
*service=$3 *res=success*"
}

vm_of() {
	case $1 in
	claude) echo claude/coder ;;
	*) echo scribe/writer ;;
	esac
}

# Where a process is, as a word that is the same for all of the host's.
place='readlink /proc/self/ns/mnt /proc/self/ns/pid
grep -E "^(NoNewPrivs|Seccomp|CapBnd):" /proc/self/status'

host_place() {
	sh -c "$place"
}

# find_crons: sets crons.  cronie's is named crond; it may also be one that
# was only built.
find_crons() {
	crons=
	! bring cron cron || crons+=" cron"
	bring crond cronie || [ ! -x "$packages/crond" ] ||
	    install "$packages/crond" /usr/sbin/crond
	! command -v crond >/dev/null || crons+=" crond"
}

# What a cron calls itself to PAM, and where it keeps accounts' own tables.
service_of() {
	echo "$1"
}

spool_of() {
	case $1 in
	cron) echo /var/spool/cron/crontabs ;;
	*) echo /var/spool/cron ;;
	esac
}

# Nothing but a job of ours, $tab.
tab=/etc/cron.d/trial
empty_tables() {
	mkdir -p /etc/cron.d /var/spool/cron/crontabs
	rm -f /etc/cron.d/*
	: >/etc/crontab
}

# job ACCOUNT COMMAND: a system crontab, which names the account.
job() {
	printf 'SHELL=/bin/sh\n@reboot %s %s\n' "$1" "$2" >"$tab"
}

# start_cron CRON [WORD ...]: behind these words.  Jobs run when cron starts,
# not at the next minute.
start_cron() {
	local cron=$1 in_front=-f
	shift
	[ "$cron" = cron ] || in_front=-n
	rm -f /run/crond.reboot /var/run/cron.reboot
	syslog_mark
	"$@" "$cron" $in_front </dev/null >cron.out 2>&1 &
	cron_pid=$!
}

stop_cron() {
	kill "$cron_pid"
	wait "$cron_pid" 2>/dev/null
}

# The mailer is one of the host's, and runs where cron runs it.
make_mailer() {
	mailer=/usr/sbin/sendmail
	[ ! -e $mailer ] || cp -a $mailer mailer.host
	cat >$mailer <<-'END'
	#!/bin/sh
	cd "$(getent passwd "$(id -u)" | cut -d: -f6)" || exit
	{
		readlink /proc/self/ns/mnt /proc/self/ns/pid
		id -un
		cat | tail -n 1
		echo end
	} >mailed
	END
	chmod 0755 $mailer
}

remove_mailer() {
	rm -f $mailer
	[ ! -e mailer.host ] || mv mailer.host $mailer
}

# A host of another kind does some of it in its own way.
[ -z "${JAILD_TRIAL_DOORS:-}" ] || . "$JAILD_TRIAL_DOORS"

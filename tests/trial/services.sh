# The trial host's daemons; sourced by tests/trial-host.

start_receive() {
	export JAILD_TRIAL_SYSLOG=/var/log/trial-syslog
	: >"$JAILD_TRIAL_SYSLOG"
	start_daemon receive "$(python)" "$here/trial/receive" \
	    /dev/log "$JAILD_TRIAL_SYSLOG" \
	    "$JAILD_TRIAL_DIR/notify" "$JAILD_TRIAL_DIR/notified"
	await 10 test -S "$JAILD_TRIAL_DIR/notify" || die "nothing at /dev/log"
}

# The distribution's own starts sooner than what may stand before it in PATH.
python() {
	if [ -x /usr/bin/python3 ]; then
		echo /usr/bin/python3
	else
		command -v python3
	fi
}

# One auditd serves a kernel: where one is registered, it is used.
start_audit() {
	export JAILD_TRIAL_AUDIT_LOG=/var/log/audit/audit.log
	! audit_served || return 0
	rm -rf /var/log/audit /etc/audit
	mkdir -m 0700 /var/log/audit
	mkdir -p /etc/audit/plugins.d
	audit_conf >/etc/audit/auditd.conf
	auditctl -b 8192 >/dev/null
	start_daemon auditd "$(command -v auditd)" -n -s enable
	await 10 audit_registered ||
	    die "auditd: $(cat "$JAILD_TRIAL_DIR/auditd.log")"
}

audit_conf() {
	cat <<-END
	local_events = yes
	write_logs = yes
	log_file = $JAILD_TRIAL_AUDIT_LOG
	log_group = root
	log_format = ENRICHED
	flush = INCREMENTAL_ASYNC
	freq = 50
	max_log_file = 64
	max_log_file_action = ROTATE
	num_logs = 2
	priority_boost = 0
	name_format = NONE
	space_left = 2
	space_left_action = IGNORE
	admin_space_left = 1
	admin_space_left_action = IGNORE
	disk_full_action = IGNORE
	disk_error_action = IGNORE
	plugin_dir = /etc/audit/plugins.d
	END
}

audit_registered() {
	[ "$(audit_state pid)" = "$(cat "$JAILD_TRIAL_DIR/pids/auditd")" ]
}

# The first of some paths that is there.
first_of() {
	local path
	for path; do
		[ ! -x "$path" ] || { echo "$path"; return; }
	done
}

sshd_conf() {
	cat <<-END
	Include /etc/ssh/sshd_config.d/*.conf
	ListenAddress 127.0.0.1
	Port $1
	PidFile /run/sshd.pid
	HostKey /etc/ssh/ssh_host_ed25519_key
	AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u
	UsePAM yes
	PermitRootLogin prohibit-password
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	AcceptEnv LANG
	PrintMotd no
	UseDNS no
	MaxStartups 200
	LogLevel VERBOSE
	Subsystem sftp internal-sftp
	Subsystem sftp-server $(first_of /usr/lib/openssh/sftp-server \
	    /usr/libexec/openssh/sftp-server /usr/lib/ssh/sftp-server)
	Match Group agents
	    AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u
	END
}

ssh_conf() {
	cat <<-END
	Host trial
	    HostName 127.0.0.1
	    Port $1
	    IdentityFile /root/.ssh/id_trial
	    IdentitiesOnly yes
	    IdentityAgent none
	    UserKnownHostsFile /root/.ssh/known_hosts
	    StrictHostKeyChecking yes
	    HostKeyAlias trial
	    LogLevel ERROR
	END
}

start_sshd() {
	local sshd
	sshd=$(command -v sshd)
	rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
	ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
	echo "trial $(cat /etc/ssh/ssh_host_ed25519_key.pub)" \
	    >/root/.ssh/known_hosts
	JAILD_TRIAL_SSH_PORT=$("$(python)" -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	export JAILD_TRIAL_SSH_PORT
	rm -rf /etc/ssh/sshd_config.d
	mkdir /etc/ssh/sshd_config.d
	sshd_conf "$JAILD_TRIAL_SSH_PORT" >/etc/ssh/sshd_config
	ssh_conf "$JAILD_TRIAL_SSH_PORT" >/root/.ssh/config
	start_daemon sshd "$sshd" -D
	await 10 test -s /run/sshd.pid ||
	    die "sshd: $(cat "$JAILD_TRIAL_DIR/sshd.log")"
}

jaild_ready() {
	grep -qs '^READY=1$' "$JAILD_TRIAL_DIR/notified"
}

jaild_settled() {
	jaild_ready || process_ended "$(cat "$JAILD_TRIAL_DIR/pids/jaild")"
}

# Where no daemon was built, the rest of the host is of use without it.
start_jaild() {
	[ -n "$JAILD_TRIAL_JAILD" ] || return 0
	: >"$JAILD_TRIAL_DIR/notified"
	NOTIFY_SOCKET=$JAILD_TRIAL_DIR/notify \
	    start_daemon jaild "$JAILD_TRIAL_JAILD" -f
	await 30 jaild_settled
	jaild_ready ||
	    die "jaild: $(tail -n 20 "$JAILD_TRIAL_DIR/jaild.log")"
}

# `trial-host jaild ...`, on the trial host.
jaild_command() {
	local detached=yes
	case $1 in
	start) start_jaild ;;
	stop) stop_daemon jaild 10 ;;
	restart) stop_daemon jaild 10; start_jaild ;;
	*) usage >&2; exit 1 ;;
	esac
}

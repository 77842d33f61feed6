# Accounts, keys and PAM files; sourced by tests/trial-host.

# ACCOUNT KIND
accounts="claude agent
scribe agent
plain user
admin user"

# The services whose session ends with our line; those that are not installed
# are passed over, and su-l and runuser-l include the others.
doors="sshd login su runuser cron crond"

# Those that are no doors, but ask their account stack about somebody else;
# and what stands for services without a file.
closed="sudo sudo-i other"

install_build() {
	unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR
	rm -rf /etc/jaild
	make -s -C "$build" install >"$JAILD_TRIAL_DIR/install.log" 2>&1 || {
		tail -n 20 "$JAILD_TRIAL_DIR/install.log" >&2
		die "make install failed"
	}
	module=$(build_variable securedir)/pam_jail.so
	[ -e "$module" ] || module=
	agent_shell=$(build_variable pkglibexecdir)/jail-shell
	[ -x "$agent_shell" ] || agent_shell=/bin/bash
	JAILD_TRIAL_JAILD=$(build_variable sbindir)/jaild
	[ -x "$JAILD_TRIAL_JAILD" ] || JAILD_TRIAL_JAILD=
	export JAILD_TRIAL_JAILD
	install_policy
}

# Whatever `make install` brings as an example makes room.
install_policy() {
	JAILD_TRIAL_POLICY=$(build_variable sysconfdir)/jaild/policy.jail
	export JAILD_TRIAL_POLICY
	install -D -m 0644 "${policy:-$here/trial/policy.jail}" \
	    "$JAILD_TRIAL_POLICY"
}

make_accounts() {
	local name kind
	rm -rf /root/.ssh
	mkdir -m 0700 /root/.ssh
	mkdir -p /etc/ssh/authorized_keys.d
	ssh-keygen -q -t ed25519 -N '' -C trial -f /root/.ssh/id_trial
	cp /root/.ssh/id_trial.pub /root/.ssh/authorized_keys
	getent group agents >/dev/null || groupadd agents
	while read -r name kind; do
		make_account "$name" "$kind"
	done <<<"$accounts" || exit 1
}

# An account or group of the same name on this host makes room.
make_account() {
	local name=$1 home=/home/$1 shell=/bin/bash
	[ "$2" = user ] || shell=$agent_shell
	! getent passwd "$name" >/dev/null || userdel "$name" 2>/dev/null
	rm -rf "$home"
	groupadd -f "$name"
	# without subordinate ids, which `jailctl doctor` does not like
	useradd -m -d "$home" -g "$name" -s "$shell" -c "trial $2" \
	    -K SUB_UID_COUNT=0 -K SUB_GID_COUNT=0 "$name" || die "no account $name"
	mkdir -m 0700 "$home/.ssh"
	cp /root/.ssh/id_trial.pub "$home/.ssh/authorized_keys"
	if [ "$2" = agent ]; then
		usermod -a -G agents "$name"
		cp /root/.ssh/id_trial.pub "/etc/ssh/authorized_keys.d/$name"
	fi
	chown -R "$name:$name" "$home/.ssh"
}

# pam_lines TYPE: who is no agent jumps over our module.
pam_lines() {
	echo "$1 [success=1 default=ignore] pam_succeed_if.so" \
	    "quiet user notingroup agents shell != $agent_shell"
	echo "$1 required $module"
}

make_pam() {
	local door
	[ -n "$module" ] || return 0
	# as `jailctl doctor` says
	sed -i 's/[[:space:]]user_readenv=1//' /etc/pam.d/*
	for door in $doors $closed; do
		[ -f "/etc/pam.d/$door" ] || continue
		pam_lines session >>"/etc/pam.d/$door"
	done
	for door in common-account system-auth password-auth other; do
		[ -f "/etc/pam.d/$door" ] || continue
		pam_lines account >>"/etc/pam.d/$door"
	done
	{
		echo "account required pam_unix.so"
		pam_lines account
		echo "session required pam_loginuid.so"
		pam_lines session
	} >/etc/pam.d/jailctl
}

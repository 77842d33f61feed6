# What happens to one machine, from its first boot to the purge; sourced by
# tests/os/run.

# The cases of tests/live/cases that hold on a whole system as well: what a
# login through the distribution's own sshd, su, login and cron gives, and
# what is no door.
: "${JAILD_OS_LIVE=doors-su doors-login doors-cron doors-closed
    session-identities ssh-exec ssh-terminal ssh-files ssh-forwarding
    login-uid plain-login attacks}"

# result WHAT STATUS [FILE]
result() {
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $suite: $1"
	else
		failed=$((failed + 1))
		[ $# -lt 3 ] || sed 's/^/# /' "$3"
		echo "not ok - $suite: $1"
	fi
}

# step WHAT SECONDS COMMAND ...: a step on the machine.
step() {
	local what=$1
	shift
	inside "$@" >"$work/said" 2>&1 </dev/null
	local status=$?
	result "$what" $status "$work/said"
	return $status
}

# cases NAME ...: run on the machine, counted here.
cases() {
	local line
	send_tests || { result "the tests arrive" 1; return; }
	while IFS= read -r line; do
		case $line in
		'ok '*'# SKIP'*) skipped=$((skipped + 1)) ;;
		'ok '*) passed=$((passed + 1)) ;;
		'not ok '*) failed=$((failed + 1)) ;;
		'# ok: '* | 1..*) continue ;;
		esac
		echo "$line" | sed -E "s/^((not )?ok )[0-9]+ - /\1- $suite: /"
	done < <(inside 6000 /root/jaild-os/host cases "$@" </dev/null 2>&1 |
	    tee "$work/tap")
	[ "$(grep -cE '^(not )?ok ' "$work/tap")" = $# ] ||
	    result "all of the cases ran" 1
}

send_tests() {
	local top=$here/../.. programs
	programs=$(cd "$build" && ls tests/attack/probe \
	    tests/attack/probe-i386 tests/attack/probe-x32 \
	    tests/live/read_audit tests/live/.libs/*.so 2>/dev/null)
	{
		tar -C "$here/inside" -cf - . &&
		tar -C "$here" -cf - cases &&
		tar -C "$top/tests" -cf - live attack/listeners.sh &&
		tar -C "$top/tests/trial" -cf - policy.jail &&
		tar -C "$build" --transform 's,^,build/,' -cf - Makefile \
		    $programs
	} | inside 120 'mkdir -p /root/jaild-os && cd /root/jaild-os &&
	    tar -xif - && cp cases/* live/cases/'
}

look() {
	inside 600 'python3 -I -' <"$here/inside/look" >"$work/$suite/$1"
}

install_package() {
	inside 60 'cat >/root/jaild.deb' <"$deb" &&
	step "apt install ./jaild.deb" 300 'cd /root &&
	    DEBIAN_FRONTEND=noninteractive apt-get -q -y install ./jaild.deb'
}

# send_package NAME COMMAND ...: the package again, as COMMAND changes it in
# its unpacked form.
send_package() {
	local tree=$work/$suite/tree name=$1
	shift
	dpkg-deb -R "$deb" "$tree"
	(cd "$tree" && "$@")
	dpkg-deb -b "$tree" "$work/$suite/$name" >/dev/null
	rm -rf "$tree"
	inside 60 "cat >/root/$name" <"$work/$suite/$name"
}

measure() {
	send_package plain.deb find DEBIAN -type f ! -name control \
	    ! -name conffiles ! -name md5sums -delete
	inside 3000 /root/jaild-os/figures </dev/null >"$work/said" 2>&1
	result "figures" $? "$work/said"
	sed 's/^/# /' "$work/said"
}

reboot_machine() {
	local before
	before=$(boot_id)
	inside 20 'systemctl reboot' </dev/null >/dev/null 2>&1
	await_boot 300 "$before"
}

run_suite() {
	flock -n 9 || { say "waiting for another run"; flock 9; }
	build_deb "$suite"
	image "$suite" "$deb"
	flock -u 9
	[ -n "${accelerator:-}" ] || find_accelerator "$image"
	say "$suite: starting it (QEMU, $accelerator)"
	start_machine "$image" "$work/$suite"
	await_boot 300 || {
		tail -n 20 "$work/$suite/console"
		result "it starts" 1
		stop_machine
		return
	}
	look before
	install_package && use_package "$@"
	[ -z "${JAILD_OS_KEEP:-}" ] || stay
	stop_machine
}

use_package() {
	send_tests
	step "accounts and PAM lines" 60 /root/jaild-os/host accounts || return
	if [ -n "$figures" ]; then
		measure
		return
	elif [ $# -gt 0 ]; then
		cases "$@"
		return
	fi
	send_package next.deb sed -i 's/^Version: .*/&+next/' DEBIAN/control
	cases $(cd "$here/cases" && ls -- *[!~] | grep -v '^last-') \
	    $JAILD_OS_LIVE
	reboot_machine
	result "it starts again" $?
	cases last-reboot last-audit-locked
	remove_package
}

remove_package() {
	step "the accounts are taken back" 120 /root/jaild-os/host no-accounts
	step "apt purge" 300 'DEBIAN_FRONTEND=noninteractive
	    export DEBIAN_FRONTEND
	    apt-get -q -y purge jaild && apt-get -q -y --purge autoremove'
	look after
	diff "$work/$suite/before" "$work/$suite/after" >"$work/said"
	result "the file system is as before" $? "$work/said"
}

stay() {
	touch "$JAILD_OS_KEEP"
	say "$suite stays until $JAILD_OS_KEEP is removed:"
	say "ssh ${ssh_options[*]} root@127.0.0.1"
	while [ -e "$JAILD_OS_KEEP" ]; do
		sleep 1
	done
}

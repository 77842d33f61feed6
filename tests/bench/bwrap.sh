# The command that makes with bubblewrap what the trial host's jail "coder"
# is; sourced by tests/bench/on-host.

# bwrap_jail ACCOUNT: sets bwrap_command, to be followed by a program.
bwrap_jail() {
	local home name
	home=$(getent passwd "$1" | cut -d: -f6)
	bwrap_command=(/usr/bin/bwrap --unshare-all --die-with-parent
	    --ro-bind /usr /usr --proc /proc --dev /dev
	    --ro-bind /sys /sys --tmpfs /sys/firmware --tmpfs /sys/kernel
	    --tmpfs /sys/fs --mqueue /dev/mqueue
	    --tmpfs /tmp --tmpfs /var/tmp --tmpfs /run --hostname jail)
	for name in /bin /sbin /lib /lib32 /lib64 /libx32; do
		if [ -L "$name" ]; then
			bwrap_command+=(--symlink "$(readlink "$name")" "$name")
		elif [ -d "$name" ]; then
			bwrap_command+=(--ro-bind "$name" "$name")
		fi
	done
	[ ! -d /opt ] || bwrap_command+=(--ro-bind /opt /opt)
	for name in /proc/sys /proc/sysrq-trigger /proc/irq /proc/bus \
	    /proc/fs; do
		[ ! -e "$name" ] ||
		    bwrap_command+=(--ro-bind "$name" "$name")
	done
	for name in /proc/kcore /proc/keys /proc/timer_list; do
		[ ! -e "$name" ] ||
		    bwrap_command+=(--ro-bind /dev/null "$name")
	done
	for name in /proc/acpi /proc/scsi; do
		[ ! -d "$name" ] || bwrap_command+=(--tmpfs "$name")
	done
	for name in $(sed 's/#.*//' /etc/jaild/etc-keep.conf) passwd group \
	    nsswitch.conf hosts resolv.conf; do
		[ ! -e "/etc/$name" ] ||
		    bwrap_command+=(--ro-bind "/etc/$name" "/etc/$name")
	done
	for name in /run/utmp /var/log/wtmp /var/log/btmp /var/log/lastlog
	do
		[ ! -e "$name" ] || bwrap_command+=(--bind "$name" "$name")
	done
	bwrap_command+=(--bind "$home" "$home" --remount-ro /)
}

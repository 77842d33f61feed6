# The trial host's own file systems; sourced by tests/trial-host.

overlaid="/bin /etc /home /lib /lib64 /opt /root /sbin /srv /tmp /usr /var"

# Everything that is written lies in one tmpfs, which is the new /run: like
# after a boot, without any socket of the host's services.
make_mounts() {
	local dir stage=/run/trial-host
	keep_trees
	mount -t tmpfs -o mode=0755 tmpfs /run || die "no tmpfs on /run"
	mkdir -m 0755 "$stage" "$stage/pids" /run/sshd
	install -m 0664 -g utmp /dev/null /run/utmp
	mkdir -m 0700 "$stage/upper" "$stage/work"
	mkdir -m 1777 /run/lock
	for dir in $overlaid; do
		[ -d "$dir" ] && [ ! -L "$dir" ] || continue
		overlay "$dir"
	done
	return_trees
	local state
	state=$(build_variable localstatedir)/lib/jaild
	mkdir -p "$state"
	mount -t tmpfs -o mode=0700 tmpfs "$state"
	make_devices "$stage/dev"
	export JAILD_TRIAL_DIR=$stage/scratch JAILD_TRIAL_BUILD_DIR=$build
	mkdir -m 0755 "$JAILD_TRIAL_DIR"
	mv "$stage/pids" "$JAILD_TRIAL_DIR/"
}

# The directory itself takes its owner and mode from the upper one.
overlay() {
	local upper=$stage/upper$1 work=$stage/work$1
	mkdir -p "$upper" "$work"
	chown --reference="$1" "$upper"
	chmod --reference="$1" "$upper"
	mount -t overlay -o "lowerdir=$1,upperdir=$upper,workdir=$work" \
	    overlay "$1" || die "no overlay on $1"
}

# The trees that are worked on stay the host's: results are written there.
# An auditd of the host goes on writing its log.
keep_trees() {
	kept=("$source_dir" "$build")
	! audit_served || kept+=(/var/log/audit)
	local i
	for i in "${!kept[@]}"; do
		exec {kept_fd[i]}<"${kept[i]}"
	done
}

return_trees() {
	local i
	for i in "${!kept[@]}"; do
		mkdir -p "${kept[i]}"
		mount --no-canonicalize --bind \
		    "/proc/$$/fd/${kept_fd[i]}" "${kept[i]}" ||
		    die "${kept[i]} is not kept"
		exec {kept_fd[i]}<&-
	done
}

# The host's nodes and terminals, but not its /dev/log and /dev/shm.
make_devices() {
	mkdir "$1"
	mount -t tmpfs -o mode=0755 tmpfs "$1"
	cp -ax /dev/. "$1" || die "no /dev"
	rm -f "$1/log"
	mkdir -p "$1/pts" "$1/shm" "$1/mqueue"
	mount --bind /dev/pts "$1/pts"
	mount -t tmpfs -o mode=1777 tmpfs "$1/shm"
	mount -t mqueue mqueue "$1/mqueue" 2>/dev/null
	mount --move "$1" /dev
}

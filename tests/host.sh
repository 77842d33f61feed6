# A host to look at, for tests of jailctl: file systems of its own over /dev,
# /etc, /home, /run, /usr and /var in a mount namespace that ends with the
# test.  Sourced; needs $work, a directory of the test's own.
#
# host_enter "$0" "$@"	starts the test again inside; skips without root
# host_make		makes the host; two agents, claude and scribe
# host_jailctl ARG ...	runs jailctl under a kernel that says what
#			fake_kernel LINE ... or sound_kernel LINE ... told it:
#			fake_kernel.c; needs $jailctl and $fakes
# setting NAME VALUE	what the kernel is taken to have set; setting NAME: as
#			it is

host_enter() {
	[ -z "${HOST_INSIDE:-}" ] || return 0
	[ "$(id -u)" = 0 ] || {
		echo "skipped: needs root"
		exit 77
	}
	unshare -m true 2>/dev/null || {
		echo "skipped: no mount namespace can be made"
		exit 77
	}
	export HOST_INSIDE=yes
	exec unshare -m --propagation private "$@"
}

host_make() {
	local dir name
	mount -t tmpfs tmpfs "$work" || exit 99
	for dir in etc home usr var; do
		mkdir -p "$work/upper/$dir" "$work/work/$dir"
		mount -t overlay -o "lowerdir=/$dir,upperdir=$work/upper/$dir,workdir=$work/work/$dir" \
		    overlay "/$dir" || exit 99
	done
	mount -t tmpfs -o mode=0755 tmpfs /run
	mount -t tmpfs -o mode=0755 tmpfs /dev
	mknod -m 666 /dev/null c 1 3
	mknod -m 666 /dev/zero c 1 5
	mknod -m 666 /dev/urandom c 1 9
	mknod -m 666 /dev/tty c 5 0
	mkdir /dev/pts
	mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts
	ln -s pts/ptmx /dev/ptmx
	ln -s /proc/self/fd /dev/fd
	sed -i '/^\(claude\|scribe\|agents\|docker\):/d' /etc/passwd \
	    /etc/shadow /etc/group /etc/gshadow /etc/subuid /etc/subgid
	printf 'agents:x:2000:claude,scribe\ndocker:x:2003:\n' >>/etc/group
	printf 'agents:!::claude,scribe\ndocker:!::\n' >>/etc/gshadow
	for name in claude:2001 scribe:2002; do
		host_account "${name%:*}" "${name#*:}"
	done
}

# Audit is the whole machine's, and no two kernels have the same features.
fake_kernel() {
	printf '%s\n' "$@" >"$work/kernel"
}

# One that lacks nothing, but for what the lines say.
sound_kernel() {
	mkdir -p "$work/cgroup"
	echo "cpu io memory pids" >"$work/cgroup/cgroup.controllers"
	echo "1 1 0:1 / $work/cgroup rw - cgroup2 cgroup2 rw,favordynmods" \
	    >"$work/mountinfo"
	fake_kernel 'enabled 1' 'pid 1' 'backlog_limit 8192' 'features 2' \
	    'landlock 6' "mountinfo $work/mountinfo" "$@"
}

host_jailctl() {
	# A sanitizer wants to be loaded first.
	ASAN_OPTIONS=verify_asan_link_order=0 \
	    LD_PRELOAD=$fakes/fake_kernel.so JAILD_FAKE_KERNEL=$work/kernel \
	    "$jailctl" "$@"
}

# host_account NAME UID
host_account() {
	echo "$1:x:$2:$2:an agent:/home/$1:$agent_shell" >>/etc/passwd
	echo "$1:*:19000:0:99999:7:::" >>/etc/shadow
	echo "$1:x:$2:" >>/etc/group
	echo "$1:!::" >>/etc/gshadow
	mkdir -p "/home/$1"
	chown "$2:$2" "/home/$1"
	chmod 0700 "/home/$1"
}

setting() {
	local path=/proc/sys/${1//.//} file
	if [ $# = 1 ]; then
		umount "$path"
		return
	fi
	[ -e "$path" ] || return 1
	file=$(mktemp "$work/setting.XXXXXX") || exit 99
	echo "$2" >"$file"
	mount --bind "$file" "$path"
}

# A machine with an operating system of its own; sourced by tests/os/run.

# kvm or tcg: KVM only where a kernel really starts with it.
find_accelerator() {
	accelerator=${JAILD_OS_ACCEL:-}
	[ -z "$accelerator" ] || return 0
	accelerator=tcg
	[ -w /dev/kvm ] || return 0
	(timeout 20 qemu-system-x86_64 -nodefaults -no-user-config \
	    -machine q35,accel=kvm -cpu host -m 256 -display none -no-reboot \
	    -serial "file:$work/probe" -kernel "$1/kernel" \
	    -append 'console=ttyS0 panic=-1' </dev/null; :) >/dev/null 2>&1
	! grep -q 'Linux version' "$work/probe" || accelerator=kvm
}

free_port() {
	python3 -c '
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# start_machine IMAGE FOLDER: sets machine_pid.  What is written to the disk
# goes with the machine; nobody comes in but through one port of 127.0.0.1,
# and it gets out nowhere.
start_machine() {
	local image=$1 folder=$2 cpu=max
	[ "$accelerator" != kvm ] || cpu=host
	port=$(free_port)
	# Nobody else is in the way, so the cache is not waited for.
	TMPDIR=$folder qemu-system-x86_64 -nodefaults -no-user-config \
	    -machine "q35,accel=$accelerator" -cpu $cpu -smp 2 -m 1024 \
	    -display none -serial "file:$folder/console" \
	    -kernel "$image/kernel" -initrd "$image/initrd" \
	    -append "root=/dev/vda rw console=ttyS0 net.ifnames=0 panic=-1" \
	    -drive "file=$image/disk,if=virtio,format=raw,snapshot=on,\
cache=unsafe" -device virtio-rng-pci \
	    -nic "user,model=virtio-net-pci,restrict=on,\
hostfwd=tcp:127.0.0.1:$port-:22" </dev/null >"$folder/qemu.log" 2>&1 &
	machine_pid=$!
	ssh_options=(-F none -i "$image/key" -p "$port" -oIdentitiesOnly=yes
	    -oIdentityAgent=none -oUserKnownHostsFile="$image/known_hosts"
	    -oHostKeyAlias=machine -oBatchMode=yes -oConnectTimeout=60
	    -oServerAliveInterval=60 -oLogLevel=ERROR)
}

stop_machine() {
	[ -n "${machine_pid:-}" ] || return 0
	kill -KILL "$machine_pid" 2>/dev/null
	wait "$machine_pid" 2>/dev/null
	machine_pid=
}

# Software does everything slower, and other work on this host does not make
# it faster: waits are long then.
patience() {
	if [ "$accelerator" = kvm ]; then
		echo 1
	else
		echo 5
	fi
}

# inside SECONDS COMMAND ...: root's, on the machine, in a shell there.
inside() {
	local seconds=$(($1 * $(patience)))
	shift
	timeout -k 5 "$seconds" ssh "${ssh_options[@]}" root@127.0.0.1 "$@"
}

# The number of the machine's present boot; fails while nobody answers.
boot_id() {
	inside 20 cat /proc/sys/kernel/random/boot_id </dev/null 2>/dev/null
}

# await_boot SECONDS [BOOT]: until it runs, and not as BOOT any more.
await_boot() {
	local deadline=$((SECONDS + $1 * $(patience))) now
	while kill -0 "$machine_pid" 2>/dev/null; do
		if now=$(boot_id) && [ "$now" != "${2:-}" ]; then
			inside 120 'systemctl is-system-running --wait' \
			    </dev/null >/dev/null
			return 0
		fi
		[ "$SECONDS" -le "$deadline" ] || break
		sleep 0.2
	done
	return 1
}

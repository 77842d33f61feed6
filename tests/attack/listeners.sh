# What a host has to be found by the probe of this folder; sourced on the trial
# host, behind live/lib.sh.

is_sleep() {
	[ "$(cat "/proc/$1/comm")" = sleep ]
}

# prepare ACCOUNT: a process of the account's on the host, $target, and what
# the probe is to find, as $words for it.
prepare() {
	uid=$(id -u "$1")
	setpriv --reuid "$1" --regid "$1" --clear-groups sleep 600 &
	target=$!
	await 10 is_sleep "$target"
	words="pid=$target setuid=$setuid socket=@jaild-probe"
	words+=" datagram=@jaild-probe-datagram port=$port"
	words+=" uid=$uid gid=$(id -g "$1")"
	words+=" shm-key=$shm_key shm-id=$shm_id"
	words+=" semaphore-key=$semaphore_key queue-key=$queue_key"
}

# Everything that listens on a host, by name.
listen='import ctypes, os, signal, socket
def answers(name):
    try:
        socket.socket(socket.AF_UNIX).connect(name)
    except OSError:
        return False
    return True
def listen(name, kind=socket.SOCK_STREAM):
    if name[0] == "/":
        os.makedirs(os.path.dirname(name), exist_ok=True)
        if os.path.exists(name):
            # a whole system has some of them, and wants them
            if answers(name):
                return None
            os.unlink(name)
    s = socket.socket(socket.AF_UNIX, kind)
    s.bind(name)
    if name[0] == "/":
        os.chmod(name, 0o666)
    if kind == socket.SOCK_STREAM and name not in silent:
        s.listen(64)
    return s
# Login programs would wait for answers of these.
silent = ("/run/dbus/system_bus_socket", "/run/nscd/socket",
    "/run/systemd/private", "/var/lib/sss/pipes/nss")
held = [listen(name) for name in silent + ("\0jaild-probe",
    "/run/docker.sock", "/run/containerd/containerd.sock",
    "/run/podman/podman.sock", "/run/libvirt/libvirt-sock",
    "/tmp/probe-agent.sock", "/opt/probe.sock")]
held.append(listen("\0jaild-probe-datagram", socket.SOCK_DGRAM))
os.umask(0)
ctypes.CDLL(None).mq_open(b"/probe-queue", os.O_CREAT, 0o666, None)
tcp = socket.create_server(("127.0.0.1", 0), backlog=64)
print(tcp.getsockname()[1], flush=True)
signal.pause()'

# What System V has, which outlives who made it.
made_by() {
	ipcmk "$@" -p 0666 | grep -oE '[0-9]+$'
}

key_of() {
	local key
	key=$(ipcs "$1" | awk -v id="$2" '$2 == id { print $1 }')
	key=$((key))
	echo $((key < 2147483648 ? key : key - 4294967296))
}

listen_on_host() {
	setuid=/usr/local/bin/probe-setuid
	install -m 4755 "$JAILD_TRIAL_BUILD_DIR/tests/attack/probe" "$setuid"
	mkdir -p /mnt
	touch /tmp/probe-of-host /dev/shm/probe
	chmod 666 /dev/shm/probe
	touch /dev/mqueue/probe 2>/dev/null
	shm_id=$(made_by -M 4096) semaphore_id=$(made_by -S 1)
	queue_id=$(made_by -Q)
	shm_key=$(key_of -m "$shm_id")
	semaphore_key=$(key_of -s "$semaphore_id")
	queue_key=$(key_of -q "$queue_id")
	exec {said}< <(exec /usr/bin/python3 -c "$listen")
	listener=$!
	read -r -u "$said" port
}

stop_listening() {
	ipcrm -m "$shm_id" -s "$semaphore_id" -q "$queue_id"
	/usr/bin/python3 -c 'import ctypes
ctypes.CDLL(None).mq_unlink(b"/probe-queue")'
	kill "$listener"
	rm -f /dev/mqueue/probe /dev/shm/probe /tmp/probe-of-host "$setuid" \
	    /run/docker.sock /run/containerd/containerd.sock \
	    /run/podman/podman.sock /run/libvirt/libvirt-sock \
	    /tmp/probe-agent.sock /opt/probe.sock /var/lib/sss/pipes/nss
	# those that were made for a socket
	rmdir --ignore-fail-on-non-empty /var/lib/sss/pipes /var/lib/sss \
	    /run/containerd /run/podman /run/libvirt 2>/dev/null
}

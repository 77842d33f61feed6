# Roots and disks of Debian, made once and kept in $cache; sourced by
# tests/os/run.  Each name there holds a sum of what the thing is made of, so
# that it is made again when that changes.

# What a small server has, and what the cases look with.
server_packages="systemd systemd-sysv libpam-systemd dbus init udev
openssh-server openssh-client auditd at sudo linux-image-cloud-amd64
initramfs-tools e2fsprogs kmod iproute2 procps python3"

# A suite's own.  The two crons are not on one machine, and since Debian 13 the
# others keep who logged in.
packages_of() {
	echo $server_packages
	case $1 in
	bookworm) echo cron ;;
	*) echo cronie wtmpdb libpam-wtmpdb lastlog2 libpam-lastlog2 ;;
	esac
}

sum_of() {
	sha256sum | cut -c1-16
}

# The mirror that this host's apt takes Debian from.
debian_mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' \
	    'Origin: Debian' 'Label: Debian' 'Component: main' | sort -u |
	    head -n 1
}

# bootstrap SUITE TAR OPTION ...
bootstrap() {
	local suite=$1 tar=$2 mirror
	shift 2
	mirror=$(debian_mirror)
	[ -n "$mirror" ] || die "apt knows no mirror of Debian here"
	timeout 1800 mmdebstrap --quiet "$@" "$suite" "$tar.new.tar" \
	    "$mirror" </dev/null || die "mmdebstrap could not make $suite"
	mv "$tar.new.tar" "$tar"
}

# What root needs to come in, and the network; no word of jaild.
furnish() {
	local root=$1
	echo server >"$root/etc/hostname"
	echo "127.0.0.1 localhost server" >"$root/etc/hosts"
	echo "/dev/vda / ext4 defaults 0 1" >"$root/etc/fstab"
	printf '[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n' \
	    >"$root/etc/systemd/network/eth0.network"
	chroot "$root" systemctl -q enable systemd-networkd
	install -D -m 0600 "$made/key.pub" "$root/root/.ssh/authorized_keys"
	# nothing that a first boot or a timer would do meanwhile
	tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
	touch "$root/etc/.updated" "$root/var/.updated"
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily.timer"
	ln -sf /dev/null "$root/etc/systemd/system/apt-daily-upgrade.timer"
	# the trial host's two subsystems, by its names
	sed -i '/^Subsystem/d' "$root/etc/ssh/sshd_config"
	printf 'Subsystem sftp internal-sftp\nSubsystem sftp-server %s\n' \
	    /usr/lib/openssh/sftp-server \
	    >"$root/etc/ssh/sshd_config.d/sftp.conf"
	printf 'virtio_pci\nvirtio_blk\next4\n' \
	    >>"$root/etc/initramfs-tools/modules"
	sed -i 's/^MODULES=.*/MODULES=list/' \
	    "$root/etc/initramfs-tools/initramfs.conf"
	chroot "$root" update-initramfs -u >"$made/log" 2>&1 ||
	    die "update-initramfs: $(tail -n 3 "$made/log")"
}

# fill: the folder $made for a suite; DEPENDS is fetched for apt to find, as
# the machine has no network of its own.
fill() {
	local suite=$1 depends=$2 root=$made/root
	ssh-keygen -q -t ed25519 -N '' -C root -f "$made/key"
	bootstrap "$suite" "$made/root.tar" --variant=minbase \
	    --include="$(packages_of "$suite" | xargs | tr ' ' ,)" \
	    --skip=cleanup/apt/lists,cleanup/apt/cache \
	    --customize-hook='rm -f "$1"/var/cache/apt/archives/*.deb' \
	    --customize-hook="chroot \"\$1\" apt-get -q -y --download-only \
		satisfy '$depends' >/dev/null"
	mkdir "$root"
	tar -C "$root" -xpf "$made/root.tar" || die "no room in $cache"
	furnish "$root"
	cp "$root"/boot/vmlinuz-* "$made/kernel"
	cp "$root"/boot/initrd.img-* "$made/initrd"
	cut -d' ' -f1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub" |
	    sed 's/^/machine /' >"$made/known_hosts"
	mkfs.ext4 -q -L root -d "$root" "$made/disk" 3G ||
	    die "no file system for $suite"
	rm -rf --one-file-system "$root" "$made/root.tar" "$made/log"
}

# image SUITE DEB: sets image, a folder with disk, kernel, initrd, and the
# key of root's.
image() {
	local depends
	depends=$(dpkg-deb -f "$2" Depends)
	image=$cache/image-$1-$({ echo "$depends" "$(packages_of "$1")"
	    declare -f bootstrap fill furnish; } | sum_of)
	[ ! -d "$image" ] || return 0
	say "$1: making its image"
	made=$image.new
	rm -rf --one-file-system "$made"
	mkdir -p "$made"
	fill "$1" "$depends"
	mv "$made" "$image"
}

# builder SUITE: sets builder, the tar of a root that builds packages.
builder() {
	local needs
	needs=$(awk '/^[A-Z]/ { on = sub(/^Build-Depends: */, "") } on' \
	    "$here/../../packaging/debian/control" | xargs)
	builder=$cache/builder-$1-$({ echo "$needs"
	    declare -f bootstrap builder; } | sum_of).tar
	[ ! -s "$builder" ] || return 0
	say "$1: making a root that builds its package"
	mkdir -p "$cache"
	bootstrap "$1" "$builder" --variant=buildd \
	    --customize-hook="chroot \"\$1\" apt-get -q -y \
		--no-install-recommends satisfy '$needs' >/dev/null"
}

# build_deb SUITE: sets deb, of the tarball, built in the suite's own root: a
# package built on one depends on libraries that the other does not have.
# The tests of a build are those of `make deb`.
build_deb() {
	local root=$work/$1/builder
	deb=$cache/jaild-$1-$(sum_of <"$tarball").deb
	[ ! -s "$deb" ] || return 0
	builder "$1"
	say "$1: building the package"
	mkdir -p "$root"
	tar -C "$root" --exclude='./dev/*' -xpf "$builder" ||
	    die "no room in $work"
	cp "$tarball" "$root/root/jaild.tar.xz"
	cp "$here/../../packaging/build-deb" "$root/root/"
	timeout 900 unshare --mount --pid --fork sh -c '
		mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" &&
		exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		    HOME=/root DEB_BUILD_OPTIONS=nocheck \
		    /root/build-deb /root/jaild.tar.xz /root/deb' \
	    "$root" >"$work/$1/build.log" 2>&1 </dev/null || {
		grep -E '^(FAIL|ERROR)' "$work/$1/build.log"
		tail -n 30 "$work/$1/build.log"
		die "$1: the package does not build"
	}
	rm -f "$cache/jaild-$1-"*.deb
	mv "$root"/root/deb/jaild_*.deb "$deb"
	rm -rf --one-file-system "$root"
}

#!/bin/sh
# SPDX-License-Identifier: ISC
# runc and crun run a bundle of oci-mkbundle's as it is, and it is what the
# options say.
# shellcheck disable=SC2016 # the container's shell expands it
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need jq busybox runc crun setpriv
need_root

mkdir empty bundle
busybox_rootfs bundle/rootfs
echo hi >bundle/rootfs/hello
overlay_try
at_exit "umount '$tmp/bundle/rootfs/root' 2>/dev/null"
"$top/t/mkimage" --cmd sh --env PATH=/bin --user user --workdir /srv \
	--volume /data img:v1 bundle/rootfs >/dev/null || bail "t/mkimage"
mkdir bundle/rootfs/data bundle/rootfs/srv bundle/rootfs/own
echo seed >bundle/rootfs/data/seed
chown 1000:1000 bundle/rootfs/data

# crun raises RLIMIT_MEMLOCK, which not every machine lets it.
compile memlock.so bench/memlock.c -shared -fPIC -O2

# with RUNTIME: what the bundle prints goes to $out.
with() {
	case $1 in
	runc) run runc --root "$tmp/state" run -b bundle "t4040-$$" ;;
	crun) run v2_only env LD_PRELOAD="$tmp/memlock.so" crun \
		--root "$tmp/state" run -b bundle "t4040-$$" ;;
	esac
	[ "$status" = 0 ] || echo "$1: $status: $(cat "$err")" | tap_why
}

for runtime in runc crun; do
	ok "a bundle for $runtime" oci-mkbundle -e 'V=a b' --hostname box \
		-v "$tmp/empty:/mnt:ro" img bundle -- sh -c '
		id; pwd; hostname; echo "$V $HOME $PATH"; ls -d /mnt /data/*
		echo x >/data/new && echo written; touch /mnt/x || echo no
		grep -E "CapEff|CapInh|CapAmb|NoNewPrivs|Seccomp:" \
			/proc/self/status | tr -d "\t"; ls /sys/class/net
		unshare -r true 2>/dev/null || echo no namespaces
		wc -c </proc/keys'
	with $runtime
	is "$runtime runs it" "$(cat "$out")" "uid=1000(user) gid=1000(user) groups=29(audio),1000(user)
/srv
box
a b /home /bin
/data/seed
/mnt
written
no
CapInh:0000000000000000
CapEff:0000000000000000
CapAmb:0000000000000000
NoNewPrivs:1
Seccomp:2
lo
no namespaces
0"
	ok "root in a root file system to be read" oci-mkbundle --user 0 \
		--read-only --cap-drop ALL --cap-add CHOWN \
		--mount type=tmpfs,dst=/own,tmpfs-mode=711 \
		--ulimit nofile=77:99 img bundle -- sh -c '
		touch /x || echo no; grep -c " /own tmpfs" /proc/mounts; ulimit -n; ulimit -Hn
		grep CapBnd /proc/self/status | tr -d "\t"
		mount -t tmpfs x /mnt || echo no mount
		touch /own/x; chown 5 /own/x && echo chown
		(true & wait) && echo fork | cat; exit 0'
	with $runtime
	is "$runtime runs it" "$(cat "$out")" "no
1
77
99
CapBnd:0000000000000001
no mount
chown
fork"
	[ "$unpack_overlay" = yes ] || {
		skip 4 "no overlay mounts here"
		continue
	}
	mv bundle plain
	ok "one of shared layers" oci-mkbundle --layers shared --user 0 \
		img bundle -- sh -c 'cat /hello && echo x >/new && cat /new'
	with $runtime
	is "$runtime runs it" "$(cat "$out")" "hi
x"
	umount bundle/rootfs/root
	ok "the same, read-only" oci-mkbundle --layers shared --user 0 \
		--read-only -v "$tmp/empty:/sub/mnt" -w /start \
		img bundle -- sh -c 'cat /new; echo y >/new; pwd; ls /sub'
	with $runtime
	is "$runtime runs it" "$(cat "$out")" "x
/start
mnt"
	umount bundle/rootfs/root && rm -r bundle && mv plain bundle
done

oci-mkbundle --user 0 --network host img bundle -- sh -c \
	'ls /sys/class/net | sort | tr "\n" " "' || fail "oci-mkbundle"
with runc
is "the host's network" "$(cat "$out")" \
	"$(find /sys/class/net -mindepth 1 -printf '%f\n' | LC_ALL=C sort |
		tr '\n' ' ')"

# Limits, where there are controllers to keep them.
if [ -d /sys/fs/cgroup/memory ] && [ -d /sys/fs/cgroup/pids ]; then
	oci-mkbundle --user 0 -m 32m --pids-limit 11 img bundle -- sh -c '
		cat /sys/fs/cgroup/memory/memory.limit_in_bytes \
			/sys/fs/cgroup/pids/pids.max' || fail "oci-mkbundle"
	with runc
	is "limits, as the container sees them" "$(cat "$out")" "33554432
11"
else
	skip 1 "no controllers of cgroup v1 here"
fi

# An ordinary user makes and runs one of his own.
plain() {
	setpriv --reuid 12345 --regid 12345 --clear-groups env \
		HOME="$tmp/home" XDG_RUNTIME_DIR="$tmp/home" "$@"
}
busybox_image whole:v1 --user user >/dev/null || bail "t/mkimage"
mkdir home && chown 12345:12345 home
chmod -R a+rX "$tmp_base" whole
if [ ! -x "$B/bin/oci-unpack" ] || ! plain test -x "$B/bin/oci-mkbundle"; then
	skip 4 "an ordinary user doesn't get at the programs"
else
	fails "another user than the one there is" \
		plain oci-mkbundle whole home/bundle
	said "says what to do" "--user 0"
	ok "a bundle without privilege" plain oci-mkbundle -u 0 whole \
		home/bundle -- sh -c 'id -u; touch /x && echo written
			stat -c %u /bin /x /dev/pts'
	if plain unshare -r true 2>"$err"; then
		run plain runc --root "$tmp/home/state" run -b home/bundle \
			"t4040-$$"
		is "runc runs it" "$(cat "$out" "$err")" "0
written
0
0
0"
	else
		skip 1 "no user namespaces here"
	fi
fi
done_testing

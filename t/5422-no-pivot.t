#!/bin/sh
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2016
# oci-run --no-pivot: where the host's root is no mount that can be put away.
. "${0%/*}/lib.sh"
need strace unshare
. "$top/t/run.sh"

shell 'ls -d /etc/passwd /work /root/../../etc/passwd; cat /proc/1/comm
	grep -c . /proc/mounts; ls /proc/1/root/; pwd'
ok "with pivot_root" box
cp "$out" pivoted
ok "without" box --no-pivot "$id"
is "everything looks the same" "$(cat "$out")" "$(cat pivoted)"
change '.root.readonly = false | .process.args = ["touch", "/made"]'
ok "one that writes" box --no-pivot "$id"
ok "does so in its root" test -e b/rootfs/made
change '.root.readonly = true'
exits 1 "a read-only one" box --no-pivot "$id"
said "is that" Read-only
run strace -f -o calls -e trace=umount2,chroot oci-run --no-pivot \
	--root "$state" -b b "$id"
calls() {
	grep -Eo '(umount2\("/(proc|sys)", [A-Z_|]*|chroot\("."\)).* = .*' calls |
		tr -s ' '
}
is "proc and sysfs of the host are put away" \
	"$(calls | sort | grep umount | tr '\n' ' ')" \
	'umount2("/proc", MNT_DETACH|UMOUNT_NOFOLLOW) = 0 umount2("/sys", MNT_DETACH|UMOUNT_NOFOLLOW) = 0 '
is "and then the root is changed" "$(calls | tail -n 1)" 'chroot(".") = 0'
exits 125 "where pivot_root fails, as on an initramfs" strace -f -o calls \
	-e inject=pivot_root:error=EINVAL oci-run --root "$state" -b b "$id"
said "the way out is named" 'pivot_root .*initramfs.*--no-pivot'
change '.linux.namespaces += [{type: "user"}] | .process.args = ["true"] |
	.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
	.linux.gidMappings = .linux.uidMappings'
chmod 755 "$tmp_base" "$tmp"
ok "in a user namespace" box --no-pivot "$id"

# A chroot whose directory is no mount.
bundle '.process.args = ["true"]'
mkdir c
cat >in-chroot <<'S'
cd "$1" && shift || exit
for d in usr etc bin lib lib64 "$TOP" "$HERE"; do
	[ -d "/$d" ] || continue
	mkdir -p "c/$d" && mount --rbind "/$d" "c/$d" || exit
done
for d in proc sys dev; do
	mkdir -p "c/$d" && mount --rbind "/$d" "c/$d" || exit
done
exec chroot c "$@"
S
chrooted() {
	TOP=$B HERE=$tmp/b unshare -m sh in-chroot "$tmp" \
		"$B/bin/oci-run" "$@" --root /state -b "$tmp/b" "$id"
}
exits 125 "in a chroot" chrooted --no-pivot
said "what it wants is said" 'is a chroot: .*mount --bind'
is "no state is left" "$(ls -A "$state"; ls c/state)" ""
done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack and oci-mkbundle with layers in a file system that is read-only:
# those that are there serve as anywhere else.
. "${0%/*}/lib.sh"
need unshare setpriv
need_root
private_mounts
. "$top/t/unpack.sh"
overlay_try
[ "$unpack_overlay" = yes ] || skip_all "no overlay mounts here"

layer base <<'E'
dir a mode=751 uid=7
file a/f f
E
layer upper <<'E'
file a/g g
E
layer other <<'E'
file a/h h
E
"$top/t/mkimage" img:one base.tar upper.tar >"$out" || bail mkimage
"$top/t/mkimage" img:two base.tar other.tar >"$out" || bail mkimage
"$top/t/mkimage" single base.tar upper.tar >"$out" || bail mkimage
oci-unpack --layers s img:one >names || bail "oci-unpack --layers"
everything() {
	find s -printf '%p %i %C@\n' | sort
}
everything >before

# read_only DIR: the directory is, as it is, until it is unmounted.
read_only() {
	mount --bind "$1" "$1" || bail "no mount"
	mount -o remount,bind,ro "$1" || bail "no read-only mount"
}
read_only s
ok "all of the layers are there" oci-unpack --layers s img:one
is "and are named" "$(cat "$out" "$err")" "$(cat names)"
ok "also of a stream" sh -c 'tar -C single -cf - . |
	oci-unpack --layers s --spool -'
is "and are named" "$(cat "$out" "$err")" "$(cat names)"
fails "one isn't" oci-unpack --layers s img:two
said "which is said" '^oci-unpack: s/sha256/.*: Read-only file system'
ok "a bundle" oci-mkbundle --layers s img:one b -- sh
is "has them" "$(cat b/rootfs/root/a/f b/rootfs/root/a/g "$err")" fg
is "and a directory for marks" "$(ls -A b/rootfs/used)" ""
echo x >b/rootfs/root/a/x
is "it is written to" "$(cat b/rootfs/upper/a/x)" x
ok "once more" oci-mkbundle --layers s img:one b -- sh
fails "what nobody uses" oci-unpack --gc s
said "can't go" 'Read-only file system'
ok "--dry-run says" oci-unpack --gc --dry-run s
is "what would" "$(sort "$out")" "$(sed 's/.*/{"layer":"&"}/' names | sort)"
if unshare -Ur true; then
	fails "a user namespace" unshare -Ur oci-unpack --layers s img:one
	said "would not see what is opaque" 'trusted.overlay.opaque.* user name'
fi
umount -R b/rootfs/root
umount s
everything >after
is "nothing was written" "$(diff before after)" ""

# Where nobody has left what oci-unpack makes beside layers; and what a killed
# run has left.
cp -a s copy
rm copy/.lock
mkdir "copy/sha256/.$(printf %064d 0).tmp"
read_only copy
ok "a copy without its lock" oci-unpack --layers copy img:one
is "serves, too" "$(cat "$out" "$err")" "$(cat names)"
fails "one isn't there" oci-unpack --layers copy img:two
umount copy
mkdir empty
read_only empty
fails "nothing is" oci-unpack --layers empty img:one
said "which is said" 'empty.*: Read-only file system'
umount empty

# Marks that are there from before are of no use to a bundle elsewhere.
oci-mkbundle --layers s img:one c -- sh || bail "oci-mkbundle"
read_only s
ok "a bundle of layers that others have, too" \
	oci-mkbundle --layers s img:one d -- sh
is "has no marks" "$(ls -A d/rootfs/used)" ""
umount -R c/rootfs/root d/rootfs/root
umount s
rm -r d
ok "what is used" oci-unpack --gc s
is "is kept for those that have marks" "$(cat "$out")" ""
done_testing

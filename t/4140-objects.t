#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle --objects: bundles that share files, which no container writes
# to where they are shared by hard links.
. "${0%/*}/lib.sh"
need jq busybox
need_root

busybox_image img:v1 --cmd sh --cmd -c --cmd 'echo x >/etc/passwd' >"$out" ||
	bail "t/mkimage"
ok "a bundle" oci-mkbundle --objects o img:v1 a
cp "$err" warned
ok "another" oci-mkbundle --objects o --read-only img:v1 b
is "which says read-only itself, isn't warned of" "$(cat "$err")" ""
[ -e o/inode ] || { # the whole test is about what reflinks don't have
	is "a root file system with reflinks is written to" \
		"$(jq .root.readonly a/config.json)" false
	done_testing
}
is "it has the same files" "$(stat -c %i b/rootfs/bin/busybox)" \
	"$(stat -c %i a/rootfs/bin/busybox)"
is "its root file system is read-only" "$(jq .root.readonly a/config.json)" true
cp warned "$err"
said "and that is said" "rootfs of the bundle: its files are links .* --read-only"
ok "once more" oci-mkbundle img:v1 a
said "without --objects, too" "its files are links"
is "it is read-only" "$(jq .root.readonly a/config.json)" true
run oci-run -b a "objects$$"
said "a container can't write" "Read-only file system"
is "the files are as they were" "$(head -n 1 b/rootfs/etc/passwd)" \
	root:x:0:0:root:/root:/bin/sh
ok "of such a tree that is elsewhere" oci-mkbundle --rootfs a/rootfs c -- id
said "it is said" "a/rootfs: its files are links"
is "it is read-only" "$(jq .root.readonly c/config.json)" true
cp -a a/rootfs copy
setfattr -x user.oci-unpack.shared copy
ok "of one that has files of its own" oci-mkbundle --rootfs copy d -- id
is "it isn't" "$(cat "$err" && jq .root.readonly d/config.json)" false
rm -r a b
ok "what no bundle has" oci-unpack --gc o
is "goes" "$(find o -type f)" ""
mkdir tmpfs
mount -t tmpfs tmpfs tmpfs || bail "no tmpfs"
at_exit "umount '$tmp/tmpfs'"
fails "a directory in another file system" oci-mkbundle --objects tmpfs/o \
	img:v1 e
said "is refused" 'tmpfs/o: not in the file system'
is "and nothing is left" "$(ls -d e .e* 2>/dev/null)" ""
exits 2 "--objects with --layers" oci-mkbundle --objects o --layers s img:v1 e
exits 2 "and with --rootfs" oci-mkbundle --objects o --rootfs copy e -- id

# In an image it is a word of the image's.
mkdir plain && echo x >plain/f && setfattr -n user.oci-unpack.shared -v x plain
tar --xattrs -C plain -cf marked.tar . && rm -r plain
"$top/t/mkimage" --cmd id img:marked marked.tar >"$out" || bail "t/mkimage"
ok "an image that has the mark" oci-mkbundle img:marked f
is "isn't read-only for that" "$(jq .root.readonly f/config.json)" false
done_testing

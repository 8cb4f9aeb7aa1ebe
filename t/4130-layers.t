#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle --layers: a bundle whose root file system is a mount of shared
# layers, to which nothing gets through it.  That other runtimes run it is seen
# by 4040.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need busybox unshare
need_root
overlay_try
[ "$unpack_overlay" = yes ] || skip_all "no overlay mounts here"
at_exit "cd '$tmp'; umount b/rootfs/root c/rootfs/root 2>/dev/null"

busybox_rootfs base
layer upper <<'E2'
dir ./ mode=711 mtime=77
file hello hi
dir usr/share mode=750 uid=3 xattr.user.colour=blue
file usr/share/f f
link usr/share/g usr/share/f
E2
layer again <<'E2'
file usr/.wh.share
file hello ho
E2
"$top/t/mkimage" --cmd cat --cmd /hello img:one base upper.tar >"$out" ||
	bail mkimage
"$top/t/mkimage" --cmd cat --cmd /hello img:two base upper.tar again.tar \
	>"$out" || bail mkimage

ok "a bundle" oci-mkbundle --layers s img:one b
is "its root file system is a mount" "$(stat -f -c %T b/rootfs/root)" \
	overlayfs
is "which config.json names" "$(jq -r .root.path b/config.json)" rootfs/root
oci-unpack img:one r
"$top/t/tree" r | sed 's/ n[0-9]*//' >want
(cd b/rootfs/root && "$top/t/tree" .) | sed 's/ n[0-9]*//' >got
is "it is the tree that is unpacked" "$(diff want got)" ""
ok "a container of it" oci-run -b b "layers$$"
printed "has what the image has" hi
before=$(cd s && find . | sort | xargs stat -c '%n %i %Z')
echo written >b/rootfs/root/file
rm b/rootfs/root/hello
is "what is written is the bundle's own" "$(cat b/rootfs/upper/file)" written
is "and nothing of the layers'" \
	"$(cd s && find . | sort | xargs stat -c '%n %i %Z')" "$before"
ok "once more" oci-mkbundle --layers s img:one b -- cat /file
ok "it stays" oci-run -b b "layers$$"
printed "as it was written to" written
umount b/rootfs/root
ok "when it isn't mounted any more" oci-mkbundle --layers s img:one b -- \
	cat /file
ok "it is mounted again" oci-run -b b "layers$$"
printed "with what was written" written

# Whoever may change the bundle could choose what is mounted.
for i in b b/rootfs; do
	chmod 777 $i
	fails "others may write to $i" oci-mkbundle --layers s img:one b
	said "which is refused" 'b.*: others may write there'
	chmod 755 $i
	chown 65534 $i
	fails "another user's $i" oci-mkbundle --layers s img:one b
	said "is refused" 'b.*: belongs to another user'
	chown 0 $i
done

# What a mount would lack or have too much is the image's all the same.
umount b/rootfs/root
oci-unpack --remove "$(readlink b/rootfs/layers/0)"
ok "a layer has been removed" oci-mkbundle --layers s img:one b -- cat /file
is "it is made again" "$(cat b/rootfs/root/usr/share/g)" f
umount b/rootfs/root
links=b/rootfs/layers
changed() { # NAME
	fails "$1" oci-mkbundle --layers s img:one b
	said "is found" 'layers/[0-9] is no'
	is "and nothing is mounted" "$(ls -A b/rootfs/root)" ""
}
mv $links/1 link
changed "a link is missing"
mv link $links/1
ln -s "$(readlink $links/1)" $links/2
changed "there is one more"
rm $links/2
mv $links/0 link
ln -s "$(readlink $links/1)" $links/0
changed "one leads to another layer"
mv -T link $links/0
fails "another directory" oci-mkbundle --layers s2 img:one b
said "is another" 'made with another directory'
ok "as it was" oci-mkbundle --layers s img:one b -- cat /file
fails "without --layers" oci-mkbundle img:one b
said "it isn't taken for one that was unpacked" 'comes from image.*\(layers\)'
ok "another image" oci-mkbundle --layers s img:two c
is "shares its layers" "$(readlink c/rootfs/layers/1 c/rootfs/layers/2)" \
	"$(readlink b/rootfs/layers/0 b/rootfs/layers/1)"
is "and not what is written" "$(ls c/rootfs/root/file 2>/dev/null)" ""
fails "in place of the first" oci-mkbundle --layers s img:two b
said "it has to be asked for" 'use --replace'
mount -t tmpfs tmpfs b/rootfs/root
fails "something else is mounted there" oci-mkbundle --layers s img:one b
said "which isn't taken for it" 'no overlay mount; unmount it'
ok "with --replace" oci-mkbundle --replace --layers s img:two b
is "it is there" "$(cat b/rootfs/root/hello)" ho
is "with nothing mounted but that, though two were" \
	"$(grep -c " $tmp/b/" /proc/self/mountinfo)" 1
is "and nothing of the other" "$(ls b/rootfs/root/file b/.new 2>/dev/null)" ""
# shellcheck disable=SC2016
fails "an image that can't be had" sh -c 'exec oci-mkbundle --layers s \
	--user nobody-there img:two new'
is "leaves nothing, and no mount" \
	"$(ls -d new .new* 2>/dev/null; grep " $tmp/.new" /proc/self/mountinfo)" ""

# Whoever removes the bundle, mounted or not, has all layers afterwards. (Only
# what says that it used them has a link less.)
layers() {
	(cd s && find . ! -path './used/*' | sort | xargs stat -c '%n %i %Z')
}
before=$(layers)
run rm -rf b
said "rm says that something is mounted" 'rootfs/root.*busy'
is "it has removed nothing of the layers" "$(layers)" "$before"
umount b/rootfs/root
ok "without the mount" rm -r b
is "it is gone" "$(ls -d b 2>/dev/null)" ""

# In a user namespace, which has its layers in another form.
layer opaque <<'E2'
dir usr
dir usr/share
file usr/share/old o
E2
layer closed <<'E2'
file usr/share/.wh..wh..opq
file usr/share/new n
E2
"$top/t/mkimage" --cmd ls img:closed opaque.tar closed.tar >"$out" ||
	bail mkimage
if unshare -Urm true; then
	mkdir -m 711 ns
	# shellcheck disable=SC2016
	ok "in a user namespace" unshare -Urm sh -c 'for i in 1 2; do
		oci-mkbundle --layers ns/s img:closed ns/b || exit
		ls ns/b/rootfs/root/usr/share
		rm -r ns/b/rootfs/root/usr
		mkdir ns/b/rootfs/root/usr
		umount ns/b/rootfs/root || exit
		oci-mkbundle --layers ns/s img:closed ns/b || exit
		ls ns/b/rootfs/root/usr
		umount ns/b/rootfs/root && rm -r ns/b || exit
	done'
	is "what is opaque is, in layers and in what is written" \
		"$(cat "$out")" "$(printf "new\nnew")"
	fails "with the layers of root" unshare -Urm oci-mkbundle --layers s \
		img:closed ns/b
	said "it doesn't" 's: trusted.overlay.opaque.* user namespace'
fi

# As many layers as the kernel's page of options doesn't take by their names.
names=
mkdir many
for i in $(seq 1 127); do
	echo "$i" >"many/f$i"
	tar -C many -cf "l$i.tar" "f$i"
	names="$names plain=l$i.tar"
done
# shellcheck disable=SC2086
"$top/t/mkimage" --cmd ls img:many base $names >"$out" || bail mkimage
ok "an image of 128 layers" oci-mkbundle --layers s img:many b
is "has them all" "$(find b/rootfs/root -maxdepth 1 -name 'f*' | wc -l)" 127
mkdir plain
ok "an ordinary bundle" oci-mkbundle img:one plain
fails "with --layers" oci-mkbundle --layers s img:one plain
exits 2 "--layers with --rootfs" oci-mkbundle --layers s --rootfs r img:one d
exits 2 "and with --rootless" oci-mkbundle --layers s --rootless img:one d
umount b/rootfs/root c/rootfs/root

# Nothing is to be written: there is no upper directory.
layer bare <<'E2'
dir bin mode=711
symlink run var/run
dir var
dir var/run mode=750
symlink srv none/where
E2
(cd base && tar -cf ../busybox.tar bin)
"$top/t/mkimage" --cmd sh img:bare busybox.tar bare.tar >"$out" ||
	bail mkimage
"$top/t/mkimage" --cmd sh img:one-layer busybox.tar >"$out" || bail mkimage
"$top/t/mkimage" --cmd sh img:no-layer >"$out" || bail mkimage
: >file
mounted() {
	grep " $tmp/$1/rootfs/root " /proc/self/mountinfo
}
at_exit "umount '$tmp/ro/rootfs/root' 2>/dev/null"
ok "read-only" oci-mkbundle --layers s --read-only -w /made/here \
	-v "$tmp/file:/run/sub/file" img:bare ro -- \
	/bin/sh -c 'pwd; touch /x || echo no; ls /run/sub'
is "there is no upper directory" "$(mounted ro | grep -c upperdir)" 0
run oci-run -b ro "layers$$"
is "it has places for all mounts, and one to start in" "$(cat "$out")" \
	"/made/here
no
file"
is "where they are by the image's links" \
	"$(cd ro/rootfs/root && ls -d var/run && readlink run)" "var/run
var/run"
ok "once more" oci-mkbundle --layers s --read-only img:bare ro
fails "with a place that isn't there" oci-mkbundle --layers s \
	--read-only -v "$tmp/file:/else" img:bare ro
said "it is said" 'no /else to mount on'
fails "to be written to" oci-mkbundle --layers s img:bare ro
said "it has to be unmounted" 'mounted read-only; unmount it'
umount ro/rootfs/root
ok "then" oci-mkbundle --layers s img:bare ro
ok "it is" touch ro/rootfs/root/mine
ok "though a container may not, it stays so" oci-mkbundle --layers s \
	--read-only img:bare ro
ok "until it is unmounted" touch ro/rootfs/root/mine
umount ro/rootfs/root
ok "and mounted again" oci-mkbundle --layers s --read-only img:bare ro
ok "with what was written" test -e ro/rootfs/root/mine
fails "to which nothing is added" touch ro/rootfs/root/mine
umount ro/rootfs/root && rm -r ro
ok "one layer" oci-mkbundle --layers s --read-only img:one-layer ro -- \
	/bin/sh -c 'touch /x || echo no'
run oci-run -b ro "layers$$"
printed "will do" no
umount ro/rootfs/root && rm -r ro
ok "no layers at all" oci-mkbundle --layers s --read-only img:no-layer ro
is "are mounted too" "$(mounted ro | grep -c overlay)" 1
umount ro/rootfs/root

# What no bundle has goes, and no image that is to be kept needs.
layers_of() {
	(cd "$1" && find sha256 -mindepth 1 -maxdepth 1 | sort)
}
gone() {
	jq -r .layer "$out" | sort
}
at_exit "umount '$tmp/g1/rootfs/root' '$tmp/far/rootfs/root' 2>/dev/null"
ok "a bundle" oci-mkbundle --layers g img:one g1
oci-unpack --layers g img:two >two.names
oci-unpack --layers g img:closed >closed.names
ok "what no bundle has" oci-unpack --gc -n g
is "is named" "$(gone)" "$( (head -n 1 two.names; cat closed.names) | sort)"
ok "and what an image needs stays" oci-unpack --gc --keep img:two g
is "the rest goes" "$(gone)" "$(sort closed.names)"
is "it is gone" "$(layers_of g)" "$(sort two.names)"
is "with nothing beside it" "$(find g -name '*.tmp')" ""
umount g1/rootfs/root && mv g1 moved
ok "a bundle that was moved" oci-unpack --gc g
is "has its layers" "$(gone)" "$(head -n 1 two.names)"
cp -a moved g1
rm -r moved
ok "a copy" oci-mkbundle --layers g img:one g1 -- cat /hello
ok "has them" oci-unpack --gc g
is "once it was mounted" "$(gone)" ""
umount g1/rootfs/root
# Who is at work on one has this lock.
exec 8<g/.lock
flock -s 8
rm -r g1
oci-unpack --gc g >gc.out 2>gc.err 8<&- &
collector=$!
wait_for grep -q waiting gc.err || fail "gc doesn't wait for the lock" "$(cat gc.err)"
is "while others make layers none goes" "$(layers_of g)" \
	"$(tail -n +2 two.names | sort)"
exec 8<&-
wait "$collector"
is "then it does" "$? $(layers_of g)" "0 "
mkdir far
mount -t tmpfs tmpfs far || bail "no tmpfs"
at_exit "umount '$tmp/far/b/rootfs/root' '$tmp/far' 2>/dev/null"
ok "a bundle in another file system" oci-mkbundle --layers g img:one far/b
umount far/b/rootfs/root
ok "is known to have been there" oci-unpack --gc g
is "and its layers stay" "$(gone)" ""
# shellcheck disable=SC2046
"$top/t/mkimage" img:many $(yes upper.tar | head -n 500) >"$out" || bail mkimage
fails "500 layers and the bundle's own" \
	oci-mkbundle --layers far/s --read-only img:many far/many -- sh
said "are one too many" '500 layers: with --read-only no more than 499'
exits 2 "two streams to keep" oci-unpack --gc --keep - --keep - g
mkdir both
oci-unpack --layers both/1 img:two >"$out"
oci-unpack --layers both/2 img:two >"$out"
"$top/t/mkimage" --cmd cat only base upper.tar again.tar >"$out" || bail mkimage
m=$(jq -r '.manifests[0].digest' only/index.json | tr : /)
tar -C only -cf only.tar oci-layout index.json "blobs/$m" \
	"blobs/$(jq -r .config.digest "only/blobs/$m" | tr : /)"
ok "of a stream" sh -c 'oci-unpack --gc --keep - both/1 both/2 <only.tar'
is "the layers stay in all directories" "$(cat "$out")" ""
exits 2 "--keep without --gc" oci-unpack --keep img:one img:one r
unpack_clean
done_testing

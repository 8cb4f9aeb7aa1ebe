#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack: layers and images that an enemy made.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

mkdir outside
echo safe >outside/file
o=$tmp/outside

# refuses_layer NAME WORDS <<E
refuses_layer() {
	layer bad
	refuses "$1" bad.tar
	said "$1: the reason" "$2"
}

refuses_layer "..in the middle" 'the name has' <<-E
	file a/../../outside/new x
E
refuses_layer ".. first" 'the name has' <<-E
	file ../outside/new x
E
refuses_layer "a hard link with .." 'the name has' <<-E
	link l ../outside/file
E
refuses_layer "a hard link through a link that leaves the root" "isn't there" <<-E
	symlink s $o
	link l s/file
E
refuses_layer "a hard link to nothing" 'link to' <<-E
	link l nothing
E
refuses_layer "a hard link to a directory" 'link to' <<-E
	dir d
	link l d
E
refuses_layer "the root as a file" 'root' <<-E
	symlink ./ $o
E
refuses_layer "no name" 'name' <<-E
	file ""
E
refuses_layer "a child of a file of the same layer" 'not a directory' <<-E
	file f
	file f/x
E
refuses_layer "links in a circle" 'too many symbolic links' <<-E
	symlink a b
	symlink b a
	file a/x
E
links_chain() {
	seq "$1" | while read -r i; do echo "symlink l$i l$((i - 1))"; done
	echo "symlink l0 d"
	echo "dir d"
	echo "file l$1/x x"
}
links_chain 39 | layer chain
unpacks "forty links, one after the other" chain.tar
links_chain 40 >chain
refuses_layer "one more" 'too many symbolic links' <chain
refuses_layer "an unknown type" "'M'" <<-E
	file f type=M
E
refuses_layer "an owner that is none" 'owner' <<-E
	file f pax.uid=4294967295
E
refuses_layer "a negative size" 'extended header' <<-E
	file f pax.size=-1
E
refuses_layer "a path of more than 4095 bytes" 'longer than 4095' <<-E
	file $(printf 'd/%.0s' $(seq 1 2100)) x
E
refuses_layer "a name of more than 255 bytes" 'too long' <<-E
	file $(printf '%0256d' 0) x
E

# What must not work, and need not be refused.
layer links <<-E
	symlink abs $o
	symlink rel ../../../../../../../..$o
	symlink d2 d1/..
	file abs/new x
	file rel/file y
	dir abs/dir
	fifo rel/fifo
	symlink rel/sym x
	dir d1
	file d2/in z
E
unpacks "writing through links that leave the root" links.tar
is "stays inside" "$(cat "r$o/file")$(cat "r$o/new")" yx
lists ".. of a link" d1 ''
is "is the root's" "$(cat r/in)" z
layer wipe <<-E
	file abs/.wh.file
	file rel/.wh..wh..opq
E
unpacks "whiteouts through them" links.tar wipe.tar
is "too" "$(ls "r$o")" ''
is "nothing was done outside" "$(ls outside; cat outside/file)" "file
safe"

# What a tree must not have when it is a lower directory of an overlay mount.
if [ "$(id -u)" = 0 ]; then
layer below <<'E'
dir d
file d/hidden below
E
layer overlay <<'E'
dir d xattr.trusted.overlay.opaque=y xattr.user.kept=1
file d/f f xattr.user.overlay.redirect=/etc xattr.user.kept=2
file d/g g xattr.user.overlay.metacopy=
char d/hidden 0 0
char d/hidden2 0 0
char d/null 1 3
E
unpacks "attributes and devices that overlay mounts have" below.tar overlay.tar
lists "are left out" d './f ./g ./null '
is "with no word of redirects" "$(python3 -c 'import os
print(os.listxattr("r/d"), os.listxattr("r/d/f"), os.listxattr("r/d/g"))')" \
	"['user.kept'] ['user.kept'] []"
is "one warning a kind, and a count" "$(cut -d: -f2- "$err" | sed 's/ (img.*)$//')" \
	" d/f: extended attribute user.overlay.redirect left out: it is for the kernel's overlay mounts
 d/hidden: device 0:0 left out: it would hide files if this were mounted by overlay
 devices 0:0 left out: 1 more
 extended attributes of overlay mounts left out: 2 more"
else
	skip 4 "not root"
fi

# A size it is promised.
layer big <<-E
	file a size=600000
	file b size=600000
E
unpack_clean
image big.tar
fails "more than --max-size" oci-unpack --max-size=1M img r
said "is said" 'max-size'
ok "enough" oci-unpack --max-size=2M img r
unpack_clean
for size in x 1X -1 9999999999999999T ''; do
	exits 2 "--max-size=$size" oci-unpack --max-size="$size" img r
done

# Digests and sizes.
layer one <<-E
	file f one
E
image one.tar
blob=$(grep -l . img/blobs/sha256/* | while read -r f; do
	if gzip -t "$f" 2>/dev/null; then echo "$f"; fi
done)
cp "$blob" saved
refuse_img() {
	run oci-unpack img r
	if [ "$status" = 1 ] && [ -s "$err" ] && nothing_left; then
		pass "$1"
	else
		fail "$1" "status $status $(cat "$err")"
	fi
}
wrong=0
size=$(stat -c %s saved)
i=0
while [ "$i" -lt "$size" ]; do
	python3 - "$i" saved "$blob" <<-'E'
	import sys
	b = bytearray(open(sys.argv[2], "rb").read())
	b[int(sys.argv[1])] ^= 4
	open(sys.argv[3], "wb").write(b)
	E
	run oci-unpack img r
	[ "$status" = 1 ] && [ -s "$err" ] && nothing_left || wrong=$((wrong + 1))
	i=$((i + 7))
done
is "a bit flipped anywhere in a layer" "$wrong" 0
head -c 20 saved >"$blob"
refuse_img "a layer that is too short"
(cat saved && printf x) >"$blob"
refuse_img "one that is too long"
rm "$blob"
refuse_img "one that isn't there"
said "and which" "doesn't have this blob"

zero=sha256:$(printf '%064d' 0)
"$top/t/mkimage" --diff-id "$zero" img2 one.tar >/dev/null
fails "a wrong diff_id" oci-unpack img2 r
said "is said" "diff_id $zero"
rm -rf img2
id=sha256:$(sha256sum <one.tar | cut -d' ' -f1)
"$top/t/mkimage" --diff-id "$id" --diff-id "$id" img2 one.tar >/dev/null
fails "more diff_ids than layers" oci-unpack img2 r
said "are said" '2 diff_ids.*1 layer'
rm -rf img2
"$top/t/mkimage" --diff-id "$id" img2 one.tar big.tar >/dev/null
fails "fewer diff_ids than layers" oci-unpack img2 r
rm -rf img2
"$top/t/mkimage" --diff-id sha256:../../x img2 one.tar >/dev/null
fails "a diff_id that is none" oci-unpack img2 r
ok "nothing is left of all that" nothing_left
done_testing

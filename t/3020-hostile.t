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

# Headers that no writer would write: what is wrong, and what is said.
while IFS='|' read -r what words entry; do
	printf '%s\n' "$entry" | sed 's/ ; /\n/g' >entries
	refuses_layer "$what" "$words" <entries
done <<'E'
a wrong checksum|no tar header|header chksum=0000000
no checksum|no tar header|header chksum=
a size beyond the data|cut off|header size=00000010000 data=x ; cut 1024
data that isn't all there|cut off|header data=some ; cut 515
half a header|cut off|file f ; header ; cut 1000
a negative size in base-256|size|header size=@-1
the least size there is|size|header size=@-9223372036854775808
a size beyond 64 bits|size|header size=@9223372036854775808
the largest size|size|header size=@9223372036854775807
a size of two numbers|size|header 'size=01 1'
a size that isn't octal|size|header size=00000000009
an owner beyond 32 bits|owner|header uid=@4294967296
a record that is too short|extended|header type=x data='5 a=b\n' ; file f
one that goes on behind the header|extended|header type=x data='99 a=b\n' ; file f
one without its newline|extended|header type=x data='6 a=bb' ; file f
one without "="|extended|header type=x data='5 a b\n' ; file f
a length with a sign|extended|header type=x data='+6 a=b\n' ; file f
a length of zero|extended|header type=x data='0 a=b\n' ; file f
NULs behind the records|extended|header type=x data='6 a=b\n\0\0' ; file f
a NUL in a path|extended|pax 'path=a\0b' ; file f
a long name that is cut|cut off|header type=L size=00000001000 data=abc ; cut 515
a long name of nobody|ends after an extended header|long L one
two long names|two long names|long L one ; long L two ; file f
an empty long name|long name is empty|header type=L ; file f
a sparse map that overlaps|sparse|pax GNU.sparse.size=9 GNU.sparse.map=4,2,5,1 ; file f abc
one out of order|sparse|pax GNU.sparse.size=9 GNU.sparse.map=6,1,2,2 ; file f abc
one beyond the size|sparse|pax GNU.sparse.size=9 GNU.sparse.map=8,3 ; file f abc
one that is odd|sparse|pax GNU.sparse.size=9 GNU.sparse.map=4,3,8 ; file f abc
one of less than the data|sparse|pax GNU.sparse.size=9 GNU.sparse.map=4,2 ; file f abc
a letter that nobody knows|unknown type|header type=Q
E

# Those that are odd, and right.
layer odd <<-E
	header name=$(printf '%0100d' 7) data=whole
	header name=joined prefix=in/a data=prefix
	header name=spaces 'size= 3 ' data=abc 'mode=  755 '
	header name=full size=000000000003 data=abc mode=00000600
	header name=big uid=@70000 size=@3 data=abc
	long L $(printf 'l/%.0s' $(seq 80))f
	header data=long
E
unpacks "odd headers" odd.tar
is "a name of 100 bytes, without a NUL" "$(cat "r/$(printf '%0100d' 7)")" whole
is "a prefix" "$(cat r/in/a/joined)" prefix
has "octal between spaces" '%s %a' spaces '3 755'
has "octal to the end of the field" '%s %a' full '3 600'
has "base-256" %s big 3
is "a long name" "$(cat "r/$(printf 'l/%.0s' $(seq 80))f")" long

# Cut anywhere: what is taken ends behind all of an entry's data.
cat >entries <<'E'
pax path=p
header data=x
long L one
header data=y
E
wrong='' n=0
unpack_clean
for i in $(seq 1 97 4096) 512 1024 1536 1537 2048 2560 3072 3584 3585 4096; do
	{ cat entries && echo "cut $i"; } | layer cut
	image cut.tar
	run oci-unpack img r
	wanted=1 n=$((n + 1))
	[ "$i" -le 1536 ] || [ "$i" -gt 2048 ] || wanted=0
	[ "$i" -le 3584 ] || wanted=0
	[ "$status" = "$wanted" ] || wrong="$wrong $i"
	[ "$status" = 0 ] || nothing_left || wrong="$wrong $i"
	unpack_clean
done
is "$n places to cut headers and names" "$wrong" ""

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

layer within <<'E'
file c x
link a/c c
link a a/c
E
refuses "a hard link in the place of the directory of its target" within.tar
said "which has other names" 'a: link to a/c: No such file'

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
# An archive that isn't compressed is hashed once.
image plain=one.tar
plain=img/blobs/sha256/$(sha256sum one.tar | cut -d" " -f1)
tr o p <one.tar >"$plain"
for say in "oci-unpack img r" "oci-flatten img" "oci-unpack --list img"; do
	# shellcheck disable=SC2086
	fails "a plain layer with other data: $say" $say
	said "is said" 'its digest is another'
done
image one.tar
head -c 20 saved >"$blob"
refuse_img "a layer that is too short"
(cat saved && printf x) >"$blob"
refuse_img "one that is too long"
rm "$blob"
refuse_img "one that isn't there"
said "and which" "doesn't have this blob"

zero=sha256:$(printf '%064d' 0)
for how in gzip zstd plain; do
	"$top/t/mkimage" --diff-id "$zero" img2 "$how=one.tar" >/dev/null
	fails "a wrong diff_id, $how" oci-unpack img2 r
	said "is said" "diff_id $zero"
	fails "and by oci-flatten" oci-flatten img2
	rm -rf img2
done
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

#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack: whiteouts act on lower layers only, whatever the order.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"

layer base <<'E'
dir a mtime=100
file a/low low
dir a/b mtime=100 mode=700
dir a/b/c
file a/b/c/bar bar
file f f
link g f
symlink out /
symlink lib a
dir keep
file keep/x x
E

layer plain <<'E'
file .wh.f
file a/.wh.b
file keep/.wh.nothing
E
unpacks "a file and a directory" base.tar plain.tar
lists "are gone, and no marker is there" . \
	'./a ./a/low ./g ./keep ./keep/x ./lib ./out '
has "the time of their directory stays" %Y a 100

layer first <<'E'
dir a
file a/.wh..wh..opq
dir a/b
dir a/b/c
file a/b/c/foo foo
E
layer last <<'E'
dir a
dir a/b
dir a/b/c
file a/b/c/foo foo
file a/.wh..wh..opq
E
layer implied <<'E'
file a/b/c/foo foo
file a/.wh..wh..opq
E
unpacks "opaque first" base.tar first.tar
lists "hides all lower children" a './b ./b/c ./b/c/foo '
unpacks "opaque last" base.tar last.tar
lists "does the same" a './b ./b/c ./b/c/foo '
unpacks "opaque after files without entries of directories" \
	base.tar implied.tar
lists "does the same" a './b ./b/c ./b/c/foo '
has "and such a directory is a new one" %a a/b 755

layer own <<'E'
file f mine
file .wh.f
dir a/b
file a/b/mine m
file a/.wh.b
link hard g
file .wh.g
file .wh.hard
file lib/through t
file a/.wh.through
E
unpacks "its own files are no prey" base.tar own.tar
is "a file" "$(cat r/f)" mine
lists "a directory loses what is lower's" a './b ./b/mine ./low ./through '
is "a hard link outlasts its target" "$(cat r/hard)" f
is "which is gone" "$(ls r/g 2>/dev/null)" ''

layer through <<'E'
file lib/.wh.low
file out/.wh.keep
E
unpacks "through a link" base.tar through.tar
lists "it stays inside" . './a ./a/b ./a/b/c ./a/b/c/bar ./f ./g ./lib ./out '

# What is behind a lower layer's link, if the layer puts a directory there.
layer low <<'E'
dir b
file b/x x
file b/y y
symlink a b
E
layer marks <<'E'
file a/.wh..wh..opq
file a/.wh.y
dir a
file a/n n
E
layer marked <<'E'
dir a
file a/n n
file a/.wh..wh..opq
file a/.wh.y
E
unpacks "marks in a directory that replaces a link" low.tar marks.tar
lists "hide nothing of where it led" . './a ./a/n ./b ./b/x ./b/y '
unpacks "marks behind the directory's entry" low.tar marked.tar
lists "do the same" . './a ./a/n ./b ./b/x ./b/y '

layer root <<'E'
file .wh..wh..opq
file new n
E
unpacks "all of the root" base.tar root.tar
lists "goes" . './new '
unpacks "a whiteout in the base layer" plain.tar base.tar
is "hides nothing" "$(cat r/f)" f

for name in .wh. .wh.. .wh... a/.wh. a/.wh.. a/.wh...; do
	echo "file $name" | layer bad
	refuses "$name names nothing" base.tar bad.tar
	said "and it says so" 'names nothing'
done
echo "file a/.wh.x/y" | layer bad
refuses "a file in a whiteout" base.tar bad.tar
unpack_clean
done_testing

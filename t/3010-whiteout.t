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

# A directory that was looked into, hidden, and made again; names with a dot.
layer hidden <<'E'
dir d
dir d/e
file d/e/y y
file d/.dot dot
dir d/.dots
file d/.dots/..f f
E
layer again <<'E'
file d/e/.wh.y
file .wh.d
file d/e/x x
E
unpacks "a directory that is looked into, hidden and made" hidden.tar again.tar
lists "has what is its layer's" . './d ./d/e ./d/e/x '
layer dots <<'E'
file d/.wh..wh..opq
E
unpacks "an opaque directory with names that begin with a dot" \
	hidden.tar dots.tar
lists "has none of them" . './d '

layer modes <<'E'
dir a mode=700
dir a/b mode=700
dir a/b/c mode=700
dir a/d mode=700
dir a/d/e mode=700
dir z mode=700
E
layer passed <<'E'
file a/b/c/x x
file a/d/e/x x
file z/x x
file .wh.a
E
unpacks "a hidden directory where the layer has files" modes.tar passed.tar
is "all of it is new, and only that" "$(cd r && stat -c %a a a/b a/b/c a/d \
	a/d/e z | tr '\n' ' ')" '755 755 755 755 755 700 '

layer opaque <<'E'
file a/.wh..wh..opq
file z/.wh..wh..opq
file z/x x
file .wh.a
file .wh.z
E
unpacks "a directory that is opaque, and hidden then" modes.tar opaque.tar
lists "is gone, but for what the layer has" . './z ./z/x '
has "which is in a new one" %a z 755
layer itself <<'E'
file z/x x
link z z
file .wh..wh..opq
E
unpacks "a directory that is linked to itself, and hidden then" \
	modes.tar itself.tar
has "has nothing of the lower one, either" %a z 755

# As some builders write them: a marker that is a hard link or a directory,
# markers in a directory that is hidden itself or that a link replaces.
layer built <<'E'
dir tmp
file tmp/key k
file tmp/repo r
dir tmp/old
dir test
file test/test t
dir a
dir a/a
file a/a/f f
symlink link b
dir b
file b/kept k
E
layer builders <<'E'
link tmp/.wh.key tmp/repo
dir tmp/.wh.old
file .wh.test
file test/.wh.test
file a/.wh.a
dir ./
symlink a b
dir link
symlink link/.wh.x nowhere
file link/.wh..wh..opq
file link/new n
E
unpacks "markers of several builders" built.tar builders.tar
lists "hide what they name" . './a ./b ./b/kept ./link ./link/new ./tmp ./tmp/repo '
is "a link replaces a directory that has one" "$(readlink r/a)" b

# What went through a lower layer's link that its own layer hides stays where
# it went, as with whoever applies one entry after the other (see 3070).
layer lower <<'E'
dir usr mtime=9
dir usr/lib mtime=9
file usr/lib/foo lower
file usr/lib/bar bar
dir a mtime=9
symlink a/lib ../usr/lib
symlink lib usr/lib
E
# permuted NAME WANTED FILE... <<E: how many trees there are in all orders of
# the entries, how many orders are refused for a hard link whose target isn't
# there, and what the files have in each tree.
permuted() {
	permuted_name=$1 permuted_wanted=$2
	shift 2
	is "$permuted_name" "$("$top/t/permuted" lower.tar "$@" 2>&1 |
		tr '\n' ' ')" "$permuted_wanted "
}
permuted "a file behind a hidden link, in any order" \
	"2 0 lib/foo none usr/lib/foo mine lib/foo mine usr/lib/foo lower" \
	lib/foo usr/lib/foo <<'E'
file lib/foo mine mtime=7
file .wh.lib mtime=7
E
permuted "with an entry of the directory" \
	"2 0 lib/foo none usr/lib/foo mine lib/foo mine usr/lib/foo lower" \
	lib/foo usr/lib/foo <<'E'
file lib/foo mine mtime=7
dir lib mode=700 mtime=7
file .wh.lib mtime=7
E
permuted "a link in a directory that is hidden" \
	"2 0 a/lib/foo none usr/lib/foo mine a/lib/foo mine usr/lib/foo lower" \
	a/lib/foo usr/lib/foo <<'E'
file a/lib/foo mine mtime=7
file other x mtime=7
file .wh.a mtime=7
E
permuted "or is opaque" \
	"2 0 a/lib/foo none usr/lib/foo mine a/lib/foo mine usr/lib/foo lower" \
	a/lib/foo usr/lib/foo <<'E'
file a/lib/foo mine mtime=7
file a/x x mtime=7
file a/.wh..wh..opq mtime=7
E
permuted "a mark behind the hidden link is for nothing" \
	"1 0 usr/lib/bar bar" usr/lib/bar <<'E'
file lib/.wh.bar mtime=7
file .wh.lib mtime=7
file a/new n mtime=7
E
permuted "also where the layer went through that link" \
	"2 0 lib/foo none usr/lib/bar bar lib/foo mine usr/lib/bar bar" \
	lib/foo usr/lib/bar <<'E'
file lib/.wh.bar mtime=7
file lib/foo mine mtime=7
file .wh.lib mtime=7
E
permuted "a hard link to what is behind a hidden link" \
	"4 10 lib/foo mine hard mine lib/foo none hard mine \
lib/foo mine hard lower lib/foo none hard lower" lib/foo hard <<'E'
dir lib mtime=7
file lib/foo mine mtime=7
link hard lib/foo
file .wh.lib mtime=7
E
permuted "a mark beside what went through a link that stays" \
	"1 0 usr/lib/bar none usr/lib/foo mine" usr/lib/bar usr/lib/foo <<'E'
file lib/.wh.bar mtime=7
file lib/foo mine mtime=7
file .wh.usr mtime=7
E

layer implied <<'E'
file new/dir/f x mtime=100
file usr/f x mtime=200
file .wh..wh..opq mtime=300
E
unpacks "directories that only this layer has, and a mark behind them" \
	lower.tar implied.tar
has "have the time of their first entry" '%Y %a' new "100 755"
has "at every level" '%Y %a' new/dir "100 755"

layer root <<'E'
file .wh..wh..opq
file new n
E
unpacks "all of the root" base.tar root.tar
lists "goes" . './new '
unpacks "a whiteout in the base layer" plain.tar base.tar
is "hides nothing" "$(cat r/f)" f

# What docker took of AUFS into its layers.
cat >aufs.lines <<'E'
file .wh..wh.aufs
dir .wh..wh.orph mode=700
file .wh..wh.orph/1.2 x
dir .wh..wh.plnk mode=700
file .wh..wh.plnk/9.7 linked mode=755 mtime=7
symlink .wh..wh.plnk/link ../f
symlink .wh..wh.0001 /
link one .wh..wh.plnk/9.7
link keep/two .wh..wh.plnk/9.7
E
layer aufs <aufs.lines
unpacks "files of AUFS" base.tar aufs.tar
lists "are no part of the tree" . './a ./a/b ./a/b/c ./a/b/c/bar ./a/low ./f '\
'./g ./keep ./keep/two ./keep/x ./lib ./one ./out '
has "their links are" '%s %h %a %Y' one '6 2 755 7'
has "both of them" '%s %h %a %Y' keep/two '6 2 755 7'
{
	sed /plnk/d aufs.lines
	echo file .wh..wh..opq
} | layer opaque
unpacks "in the base, with links, and above it" aufs.tar aufs.tar opaque.tar
lists "they hide nothing and aren't hidden" . ''
echo "link one .wh..wh.plnk/1.1" | layer without
refuses "a link to one that isn't there" aufs.tar without.tar
echo "link one .wh..wh.orph/1.2" | layer without
refuses "or to another of AUFS's files" aufs.tar without.tar

for name in .wh. .wh.. .wh... a/.wh. a/.wh.. a/.wh...; do
	echo "file $name" | layer bad
	refuses "$name names nothing" base.tar bad.tar
	said "and it says so" 'no name to hide'
done
echo "file a/.wh.x/y" | layer bad
refuses "a file in a whiteout" base.tar bad.tar
unpack_clean
done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-unpack and other tools: skopeo's layouts, umoci's trees.
. "${0%/*}/lib.sh"
. "$top/t/unpack.sh"
need skopeo umoci
need_root

# same NAME LAYOUT: umoci's unpack of it and ours are one tree.
same() {
	rm -rf theirs
	unpack_clean
	umoci raw unpack --image "$2" theirs >"$out" 2>"$err" ||
		bail "umoci: $(cat "$err")"
	ok "$1" oci-unpack "$2" r
	"$top/t/tree" theirs >theirs.tree
	"$top/t/tree" r >ours.tree
	is "is the same tree" "$(diff theirs.tree ours.tree | head)" ""
}

busybox_image bb:one >/dev/null
same "busybox" bb:one
ok "skopeo's copy of it" skopeo copy -q oci:bb:one oci:copy:two
same "is read" copy:two
ok "skopeo's, by zstd" skopeo copy -q --dest-compress-format zstd \
	oci:bb:one oci:copy:zstd
unpack_clean
ok "is read" oci-unpack copy:zstd r
ok "a layout by umoci" umoci init --layout new
ok "with an image" umoci new --image new:x
ok "and a layer" umoci insert --image new:x theirs /sub
same "is read" new:x

layer odd <<'E'
dir ./ mode=755 mtime=50
dir d mode=3755 uid=12 gid=13 mtime=100.25
file d/f text mode=6711 uid=7 gid=8 mtime=100.5
link d/l d/f
symlink d/s ../x uid=9 mtime=77
file 'sp ace' x xattr.user.a='\x00\xff'
file "n\xc3\xa4me" x uid=3000000 gid=3000000
char c 10 200 mode=620 gid=5
block b 259 70000
fifo p mode=622
dir empty mtime=1
symlink usr-lib usr/lib
dir usr mtime=9
dir usr/lib mtime=9
file zero size=0
file large size=1000000
E
layer over <<'E'
dir d mode=700 mtime=200
file d/f other mtime=300
file usr-lib/new n
dir usr/lib mtime=10
file .wh.p
dir empty mtime=3
file empty/.wh..wh..opq
E
image odd.tar over.tar
same "odd entries" img

# Both apply one entry after the other: what went through a lower layer's link
# stays where that led when the link is hidden behind it.
layer lower <<'E'
dir usr mtime=9
dir usr/lib mtime=9
file usr/lib/foo lower
symlink lib usr/lib
dir a mtime=9
symlink a/lib ../usr/lib
E
for mark in .wh.lib a/.wh..wh..opq .wh.a; do
	printf 'file %s\n' lib/foo a/lib/new "$mark" | layer behind
	image lower.tar behind.tar
	same "$mark behind files that went through what it hides" img
	printf '%s\n' "file $mark" "dir lib mtime=9" "dir a mtime=9" \
		"dir a/lib mtime=9" "file lib/foo" "file a/lib/new" |
		layer before
	image lower.tar before.tar
	same "$mark before such files" img
done
debian_image
same "Debian" "$debian:debian"
done_testing

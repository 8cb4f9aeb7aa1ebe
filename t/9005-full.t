#!/bin/sh
# SPDX-License-Identifier: ISC
# A file system that is full: a clear error, and what was there stays.
. "${0%/*}/lib.sh"
need docker-registry busybox skopeo
need_root

mkdir full
mount -t tmpfs -o size=8m tmpfs full 2>/dev/null || skip_all "no tmpfs here"
at_exit "umount '$tmp/full'"

registry_start
busybox_image from:small --cmd true >/dev/null
mkdir big
busybox_rootfs big
head -c 12000000 /dev/urandom >big/random
"$top/t/mkimage" --cmd true from:big big >/dev/null
for tag in small big; do
	"$top/t/pushimage" from:$tag "$registry/x:$tag"
done

ok "a small image fits" sh -euc \
	"oci-fetch $registry/x:small | oci-layout-write full/layout:small"
fails "a big one doesn't" sh -euc \
	"oci-fetch -q $registry/x:big 2>/dev/null |
	oci-layout-write full/layout:big"
said "and the reason is named" "^oci-layout-write: .*No space left on device"
ok "the small one is still there" \
	skopeo copy -q oci:full/layout:small oci:copy:small
is "no tag of the big one" "$(grep -c '"big"' full/layout/index.json)" 0
ok "room is given back: a small one fits again" sh -euc \
	"oci-fetch $registry/x:small | oci-layout-write full/layout:again"

fails "a root file system that doesn't fit" oci-unpack from:big full/rootfs
said "and the reason is named" "^oci-unpack: .*No space left on device"
ok "has no name" test ! -e full/rootfs
fails "a bundle that doesn't fit" oci-mkbundle from:big full/bundle
said "and the reason is named" "No space left on device"
is "leaves nothing" "$(ls -Ad full/bundle full/.bundle* 2>/dev/null)" ""
mkdir full/bundle
touch -d '2001-02-03 04:05:06' full/bundle
fails "nor in a directory that was there" oci-mkbundle from:big full/bundle
is "which is as it was" "$(stat -c %Y full/bundle; ls -A full/bundle)" \
	981173106
rmdir full/bundle
ok "a small one fits" oci-mkbundle from:small full/bundle
cp full/bundle/config.json config.json
touch -d '2001-02-03 04:05:06' full/bundle
fails "--replace by one that doesn't" oci-mkbundle --replace from:big \
	full/bundle
is "leaves the old one" "$(stat -c %Y full/bundle; ls -A full/bundle)" \
	"981173106
.rootfs.json
config.json
rootfs"
ok "whole" cmp config.json full/bundle/config.json
rm -r full/bundle
rm -rf full/layout/blobs
fails "oci-fetch to a full file" sh -euc \
	"oci-fetch $registry/x:big >full/stream.tar"
said "and the reason is named" "^oci-fetch: .*No space left on device"

# With one page more each time, until it fits: a cache that is filled, and a
# layout that has an image and gets another, copied from the cache or linked.
set --
for i in 1 2 3 4; do
	head -c $((i * 3000)) /dev/urandom >page && tar -cf "$i.tar" page
	set -- "$@" "plain=$i.tar"
done
"$top/t/mkimage" from:old plain=1.tar plain=2.tar >/dev/null
"$top/t/mkimage" from:new "$@" >/dev/null
for tag in old new; do
	"$top/t/pushimage" from:$tag "$registry/x:$tag"
done
oci-fetch -q --cache cache "$registry/x:old" >old.tar
oci-fetch -q --cache cache "$registry/x:new" >new.tar
oci-fetch -q --have cache "$registry/x:new" >thin.tar
sum=$(sha256sum <new.tar)
resize() { # PAGES more than there is, of nothing but what is named
	find full -mindepth 1 -delete
	mount -o remount,size=8m full
	[ $# -lt 2 ] || cp -a "$2" full/
	used=$(df -B 4096 --output=used full | tail -n 1)
	mount -o remount,size=$(((used + $1) * 4))k full
}
whole() { # DIR: as far as it is there, and a layout
	[ ! -e "$1/index.json" ] || oci-layout-check "$1" >check || return 1
	find "$1" -name '.write-*' 2>/dev/null | grep -q . || return 0
}
pages() { # TRY LEAST: with one page more until it succeeds, but not too soon
	n=1
	until $1 $n; do
		[ ! -e wrong ] && [ $((n += 1)) -lt 60 ] || return 1
	done
	[ $n -ge "$2" ]
}
filled() { # PAGES
	resize "$1"
	oci-fetch -q --cache full/cache "$registry/x:new" >x.tar 2>said ||
		echo "$1: oci-fetch" >wrong
	[ "$(sha256sum <x.tar)" = "$sum" ] || echo "$1: not the stream" >wrong
	whole full/cache || echo "$1: $(cat check)" >wrong
	for blob in full/cache/blobs/sha256/*; do
		[ ! -e "$blob" ] || [ "$(sha256sum <"$blob" | cut -d' ' -f1)" = \
			"${blob##*/}" ] || echo "$1: $blob" >wrong
	done
	[ ! -s said ]
}
ok "a cache that is full at any page is whole, and so is the stream" \
	pages filled 10
oci-layout-write had:old <old.tar >/dev/null
added() { # PAGES
	resize "$1" had
	if oci-layout-write --cache cache full/had:new <thin.tar >x 2>said; then
		oci-layout-check full/had >check &&
			[ "$(oci-layout-ls full/had | wc -l)" = 2 ] ||
			echo "$1: $(cat check)" >wrong
		return 0
	fi
	grep -q "No space left" said || echo "$1: $(cat said)" >wrong
	whole full/had || echo "$1: $(cat check)" >wrong
	cmp -s had/index.json full/had/index.json || echo "$1: another index" >wrong
	find full -name '.*write-*' | grep -q . && echo "$1: a leftover" >wrong
	return 1
}
ok "an image's layout that is full at any page stays as it was" \
	pages added 10
linked() { # PAGES
	resize "$1" both
	oci-layout-write --cache full/both/cache full/both/had:new \
		<thin.tar >x 2>said || :
	whole full/both/had && whole full/both/cache ||
		echo "$1: $(cat check)" >wrong
	cmp -s cache/index.json full/both/cache/index.json ||
		echo "$1: another cache" >wrong
	[ "$(oci-layout-ls full/both/had | wc -l)" = 2 ]
}
mkdir both && cp -a had cache both/
ok "and with a cache beside it" pages linked 2
is "nothing was wrong" "$(cat wrong 2>/dev/null)" ""

done_testing

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

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-mkbundle by root in a directory that another user has a say in.
. "${0%/*}/lib.sh"
need jq busybox
need_root

busybox_image img:v1 >/dev/null || bail "t/mkimage"
compile swap.so swap.c -shared -fPIC -O2

# swapped BY: what stands in the place of the bundle once it was made.
swapped() {
	env SWAP=.bundle.new SWAP_BY="$1" LD_PRELOAD="$tmp/swap.so" \
		ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" \
		oci-mkbundle img:v1 bundle
}

mkdir elsewhere his
echo '{}' >elsewhere/config.json
ln -s "$tmp/elsewhere" link
fails "a link in the place of the bundle" swapped link
is "leads nowhere" "$(cat elsewhere/config.json; ls elsewhere)" "{}
config.json"
rm -rf .bundle.new moved
chown 12345:12345 his
fails "another's directory in its place" swapped his
said "is told" "another user"
is "and not written to" "$(ls -A .bundle.new)" ""
ok "no bundle is made" test ! -e bundle

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
# The Makefile of README, with a registry of this machine.
. "${0%/*}/lib.sh"
need docker-registry busybox make jq
need_root

registry_start
busybox_image from:tools --cmd true >/dev/null || bail "t/mkimage"
busybox_image from:base --label n=1 --cmd true >base || bail "t/mkimage"
"$top/t/pushimage" from:tools "$registry/debian:12"
"$top/t/pushimage" from:base "$registry/busybox:latest"

# From "In a Makefile" to the first line of text behind it, less the indent.
awk '/^In a Makefile, two images/ { on = 1; next }
	on && /^[^\t]/ { exit }
	on { sub(/^\t/, ""); print }' "$top/README" >Makefile
ok "README has it" grep -q '^%/config.json: %-oci/index.json$' Makefile
make="make IMAGES=$registry base.ref=$registry/busybox@$(cat base)"

stamps() {
	stat -c '%n %i %.9Y' ./*-oci ./*-oci/index.json tools base \
		./*/config.json 2>/dev/null
}
rm base
# shellcheck disable=SC2086
ok "make -j4" $make -j4
is "both bundles are there" "$(jq -r '.process.args[0]' tools/config.json \
	base/config.json)" "id
id"
before=$(stamps)
# shellcheck disable=SC2086
ok "a second one" $make -j4
is "makes nothing" "$(grep -c oci-mkbundle "$out")" 0
is "and touches nothing" "$(stamps)" "$before"

busybox_image from:tools --cmd true --label n=2 >/dev/null || bail "t/mkimage"
"$top/t/pushimage" from:tools "$registry/debian:12"
before=$(stat -c '%i %.9Y' base base/config.json)
# shellcheck disable=SC2086
ok "another image of one name" $make
is "makes its bundle anew, and no other" "$(grep oci-mkbundle "$out")" \
	"oci-mkbundle --replace tools-oci:image tools -- id"
is "the other is as it was" "$(stat -c '%i %.9Y' base base/config.json)" \
	"$before"
is "it is the new image" "$(jq -r .annotations.n tools/config.json)" 2
# shellcheck disable=SC2086
ok "then all is well" $make -j4
is "again" "$(grep -c oci-mkbundle "$out")" 0

# What fails is tried again.
rm -r tools
mkdir l && busybox_rootfs l
"$top/t/mkimage" --cmd true --user who from:tools l >/dev/null
"$top/t/pushimage" from:tools "$registry/debian:12"
# shellcheck disable=SC2086
exits 2 "an image that can't be a bundle" $make -j4
is "makes none" "$(ls -Ad tools .tools* 2>/dev/null)" ""
# shellcheck disable=SC2086
exits 2 "nor the next time" $make -j4
"$top/t/mkimage" --cmd true from:tools l >/dev/null
"$top/t/pushimage" from:tools "$registry/debian:12"
# shellcheck disable=SC2086
ok "until there is another" $make -j4
ok "then it is there" test -e tools/config.json

done_testing

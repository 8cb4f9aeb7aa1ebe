#!/bin/sh
# SPDX-License-Identifier: ISC
# What ours write, others read, and the other way round.
. "${0%/*}/lib.sh"
need docker-registry busybox skopeo umoci runc jq
need_root

pipe() {
	sh -euc "$1"
}

registry_start
busybox_image from:v1 --cmd echo --cmd hello >digest
"$top/t/pushimage" from:v1 "$registry/busybox:v1"

# The stream is an OCI archive.
oci-fetch "$registry/busybox:v1" >stream.tar
ok "skopeo reads the stream" skopeo copy oci-archive:stream.tar oci:theirs:v1
is "and finds the image" "sha256:$(skopeo inspect --raw oci:theirs:v1 |
	sha256sum | cut -d' ' -f1)" "$(cat digest)"
chmod 755 "$tmp_base" "$tmp"
ok "also an ordinary user's" setpriv --reuid nobody --clear-groups \
	env HOME=/nonexistent skopeo --insecure-policy inspect --raw \
	oci-archive:stream.tar
ok "tar reads it" tar -tf stream.tar
is "in the order that readers need" "$(head -n 2 "$out" | tr '\n' ' ')" \
	"oci-layout index.json "
skopeo copy -q oci:from:v1 oci-archive:foreign.tar:v1
ok "skopeo's archive is written to a layout" \
	pipe "oci-layout-write ours:v1 <foreign.tar"
ok "which skopeo reads" skopeo inspect oci:ours:v1

# Layouts.
skopeo copy -q "docker://$registry/busybox:v1" --src-tls-verify=false \
	oci:skopeo:v1
ok "skopeo's layout is unpacked" oci-unpack skopeo:v1 rootfs
ok "umoci reads our layout" umoci unpack --image ours:v1 umoci
mkdir plain
ok "and unpacks it" umoci raw unpack --image ours:v1 plain/rootfs
"$top/t/tree" rootfs >a
"$top/t/tree" plain/rootfs >b
ok "to the same tree" cmp a b

# Bundles.
oci-mkbundle ours:v1 bundle
ok "runc runs our bundle" runc --root state-runc run -b bundle "t9001-$$"
is "and it says hello" "$(cat "$out")" hello
# umoci and runc ask for a terminal, and for limits that this machine's root
# may not be allowed to raise.
quiet='.process.terminal = false | del(.process.rlimits)'
jq "$quiet" umoci/config.json >c && mv c umoci/config.json
ok "oci-run runs umoci's bundle" oci-run --root state -b umoci "t9001-$$"
is "and it says hello, too" "$(cat "$out")" hello
mkdir spec
(cd spec && runc spec)
jq "$quiet | .process.args = [\"echo\", \"hello\"]" spec/config.json >c &&
	mv c spec/config.json
mv rootfs spec/rootfs
ok "oci-run runs what runc spec asks for" oci-run --root state -b spec "t9001-$$"
is "and that says hello" "$(cat "$out")" hello

done_testing

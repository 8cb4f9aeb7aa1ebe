#!/bin/sh
# SPDX-License-Identifier: ISC
# The images that the tests make are what other tools take for images.
. "${0%/*}/lib.sh"
need docker-registry busybox skopeo htpasswd openssl zstd

busybox_image oci:v1 --label 'a=b "c"' --user 1000:1000 >first
busybox_image again:v1 --label 'a=b "c"' --user 1000:1000 >second
ok "an image is made" grep -Eqx 'sha256:[0-9a-f]{64}' first
ok "equal images have equal digests" cmp first second

ok "skopeo reads the layout" skopeo inspect oci:oci:v1
printed "the label is there" '"a": "b \\"c\\""'

registry_start
ok "an image is pushed" "$top/t/pushimage" oci:v1 "$registry/busybox:v1"
ok "skopeo copies it back" skopeo copy --src-tls-verify=false \
	"docker://$registry/busybox:v1" oci:back:v1
is "it has the same digest" "sha256:$(skopeo inspect --raw oci:back:v1 |
	sha256sum | cut -d' ' -f1)" "$(cat first)"

# Two layers, other types, another platform, an index of both.
mkdir l1 l2
echo one >l1/a
echo two >l2/b
ok "Docker's types" "$top/t/mkimage" --docker --platform linux/arm/v6 \
	oci:docker l1 l2
ok "zstd and plain layers" "$top/t/mkimage" --platform linux/arm64 \
	oci:zstd zstd=l1 plain=l2
ok "an index of three" "$top/t/mkindex" oci:all v1 docker zstd
ok "skopeo selects one" skopeo --override-arch arm64 copy \
	oci:oci:all oci:zstd-copy:v1
ok "an index is pushed" "$top/t/pushimage" oci:all "$registry/all:v1"

registry_start -u me:secret -t
ok "a registry with https and a password" "$top/t/pushimage" oci:v1 \
	"$registry/x:v1" --cacert "$registry_ca" -u me:secret
exits 22 "and not with a wrong one" "$top/t/pushimage" oci:v1 \
	"$registry/y:v1" --cacert "$registry_ca" -u me:wrong
said "it says why" UNAUTHORIZED

mkdir left
for signal in HUP:129 INT:130 PIPE:141 TERM:143; do
	# shellcheck disable=SC2016
	exits "${signal#*:}" "a test that ends by ${signal%:*}" \
		env --default-signal TMPDIR="$tmp/left" \
		sh -c '. "$1/t/tmp.sh"; kill -"$2" $$; sleep 1' \
		sh "$top" "${signal%:*}"
	is "leaves nothing" "$(ls left)" ""
done
done_testing

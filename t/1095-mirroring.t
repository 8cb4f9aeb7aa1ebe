#!/bin/sh
# SPDX-License-Identifier: ISC
# The lines of README that mirror a repository do so, and go on where one of
# its images can't be had.
. "${0%/*}/lib.sh"
need docker-registry curl jq xargs

registry_start
for tag in v1 v2 broken v3; do
	echo $tag >file && tar -cf $tag.tar file
	"$top/t/mkimage" img:$tag $tag.tar >$tag || bail "no image"
	"$top/t/pushimage" img:$tag "$registry/a/img:$tag" || bail "no push"
done
"$top/t/mkimage" --platform linux/s390x img:other v1.tar >/dev/null
"$top/t/mkindex" img:both v2 other >both
"$top/t/pushimage" img:both "$registry/a/img:both" || bail "no push"
layer=$(jq -r '.layers[0].digest' "img/blobs/sha256/$(cut -d: -f2 broken)")
find "$registry_dir/storage" -type d -path "*/blobs/*/${layer#*:}" \
	-exec rm -r {} + || bail "nothing broken"

awk '/^[A-Z ]+$/ { here = /^MIRRORING/ } here && sub(/^\t/, "")' "$top/README" |
	sed "s,^repo=.*,repo=$registry/a/img," >lines
is "there is something to be typed" "$(grep -c oci-fetch lines)" 2
for again in 0 1; do
	exits 123 "README: mirroring, where something fails ($again)" sh lines
	is "one tag is named" "$(grep failed "$err")" "broken failed"
	said "and what it lacks" "$layer: HTTP status 404"
	is "the others are there" "$(jq -r '.manifests[].annotations[
		"org.opencontainers.image.ref.name"]' mirror/index.json |
		sort | xargs)" "both v1 v2 v3"
done
is "with all platforms" "$(jq -r '.manifests[] | select(.annotations[
	"org.opencontainers.image.ref.name"] == "both") | .digest' \
	mirror/index.json)" "$(cat both)"
ok "oci-layout-check finds nothing" oci-layout-check mirror
registry=127.0.0.1:1
sed -i "s,^repo=.*,repo=$registry/a/img," lines
exits 1 "a registry that isn't there" sh lines
is "is no empty list" "$(grep -c "$registry" "$err")" 1

done_testing

#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-ls: images, platforms, sizes, and what images share.
. "${0%/*}/lib.sh"
need jq script

mkdir l1 l2
echo one >l1/a
head -c 30000 /dev/urandom >l2/b
"$top/t/mkimage" img:v1 l1 >/dev/null
"$top/t/mkimage" --platform linux/arm/v7 img:v2 l1 l2 >/dev/null
cp -r img two
"$top/t/mkindex" img:all v1 v2 >/dev/null
ok "a layout" oci-layout-ls img
is "its images in their order" "$(jq -r .name "$out" | xargs)" "v1 v2 all"
is "and platforms" "$(jq -r '.manifests[].platform' "$out" | xargs)" \
	"linux/amd64 linux/arm/v7 linux/amd64 linux/arm/v7"
is "sizes are those of the blobs" \
	"$(jq 'select(.name == "all").size' "$out")" \
	"$(cat img/blobs/sha256/* | wc -c)"
is "of an index all is shared but itself" \
	"$(jq 'select(.name == "all") | .size - .shared' "$out")" \
	"$(stat -c %s "img/blobs/sha256/$(jq -r \
	'select(.name == "all").digest[7:]' "$out")")"
ok "two images" oci-layout-ls two
layer=$(jq -r '.layers[0].size' "two/blobs/sha256/$(jq -r \
	'.manifests[0].digest[7:]' two/index.json)")
is "share a layer" "$(jq .shared "$out" | xargs)" "$layer $layer"
ok "one of them" oci-layout-ls two v2
is "shares it still" "$(jq -c '[.name, .shared]' "$out")" "[\"v2\",$layer]"
digest=$(jq -r .digest "$out")
ok "one by its digest" oci-layout-ls two "$digest"
is "is that" "$(jq -r .name "$out")" v2
ok "likewise" oci-layout-ls two "@$digest"
fails "one that isn't there" oci-layout-ls two v3
said "is named" "no image has the name v3"
fails "no layout" oci-layout-ls l1

# A layer twice in an image is there once, and so is an image of two names.
"$top/t/mkimage" twice:v1 l1 l1 >/dev/null
sed 's/^\({.*\)"v1"\(.*\)$/\1"v1"\2,\n\1"w1"\2/' twice/index.json >x
mv x twice/index.json
ok "a layer twice" oci-layout-ls twice
is "counts once, shared with nobody" "$(jq -c \
	'[.name, .size, .shared, .manifests[0].layers]' "$out" | xargs)" \
	"[v1,$(cat twice/blobs/sha256/* | wc -c),0,2] [w1,$(cat \
	twice/blobs/sha256/* | wc -c),0,2]"

fails "an image for the layout" oci-layout-ls two:v2
said "is told from it" "^oci-layout-ls: two:v2: No such .*; the layout is two, "

fails "a layout that there isn't" oci-flatten three:v3
said "is told how it comes" "^oci-flatten: three: No such .*oci-layout-write three "
fails "a tag that there isn't" oci-flatten two:v3
said "leads to those there are" "no image has the tag v3; oci-layout-ls two lists"

# The table, and names that a terminal would obey.
sed 's/"v2"/"v\\u001b[2J2"/' two/index.json >x && mv x two/index.json
ok "a table" oci-layout-ls --format=table two
printed "has heads" "^NAME +DIGEST +PLATFORM +LAYERS +SIZE +SHARED +MISSING$"
printed "no control characters" '^v\?\[2J2 +[0-9a-f]{12} +linux/arm/v7 '
ok "as at a terminal" script -qec "oci-layout-ls two" /dev/null
printed "that is a table" "^NAME "

# What is missing is counted.
rm "two/blobs/sha256/${digest#*:}"
ok "without a manifest" oci-layout-ls two
is "there is one blob missing" "$(jq .missing "$out" | xargs)" "0 1"
is "and nothing is shared" "$(jq .shared "$out" | xargs)" "0 0"
ok "an empty layout" sh -c "mkdir -p e/blobs &&
	echo '{\"imageLayoutVersion\":\"1.0.0\"}' >e/oci-layout &&
	echo '{\"schemaVersion\":2,\"manifests\":[]}' >e/index.json &&
	oci-layout-ls e"
is "lists nothing" "$(cat "$out")" ""
done_testing

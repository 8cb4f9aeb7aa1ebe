#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-check: what is wrong with a layout, and what can be repaired.
. "${0%/*}/lib.sh"
need jq skopeo umoci

mkdir l1 l2
echo one >l1/a
head -c 3000000 /dev/urandom >l2/b
"$top/t/mkimage" good:v1 l1 >/dev/null
"$top/t/mkimage" --docker --platform linux/arm64 good:v2 l1 l2 >/dev/null
"$top/t/mkindex" good:all v1 v2 >/dev/null
blob() { # TAG [JQ]: the path of its manifest, or of what that names
	blob_m=blobs/sha256/$(jq -r --arg t "$1" '.manifests[] |
		select(.annotations[] == $t).digest[7:]' good/index.json)
	[ ! "${2-}" ] || blob_m=blobs/sha256/$(jq -r "$2.digest[7:]" \
		"good/$blob_m")
	echo "$blob_m"
}
fresh() {
	rm -rf img
	cp -r good img
}
found() { # NAME WANTED: kind and path of each finding
	is "$1" "$(jq -r '.finding + " " + .path' "$out")" "$2"
}

ok "a good layout" oci-layout-check good
is "of which nothing is said" "$(cat "$out" "$err")" ""
skopeo copy -q --format oci oci:good:v1 oci:skopeo:v1 || bail "skopeo"
ok "skopeo's" oci-layout-check skopeo
umoci init --layout umoci >/dev/null || bail "umoci init"
umoci new --image umoci:x >/dev/null || bail "umoci new"
ok "umoci's" oci-layout-check umoci

fresh
layer=$(blob v2 '.layers[1]')
printf x | dd of="img/$layer" bs=1 seek=1000000 conv=notrunc 2>/dev/null
exits 1 "a byte of a layer" oci-layout-check img
found "is found" "damaged $layer"
is "and whose it is" "$(jq -c .images "$out")" '["v2","all"]'
exits 1 "--repair leaves what is named" oci-layout-check --repair img
ok "as it is" test -s "img/$layer"
ok "it is written again" sh -c \
	"tar -C good -c . | oci-layout-write img && oci-layout-check img"
truncate -s 100 "img/$layer"
exits 1 "a layer cut short" oci-layout-check img
found "is damaged" "damaged $layer"

fresh
rm "img/$layer" "img/$(blob v1)"
exits 1 "a layer and a manifest missing" oci-layout-check img
is "are found" "$(jq -c '[.finding, .path, .images]' "$out" | sort)" \
	"$(printf '["missing","%s",%s]\n' "$layer" '["v2","all"]' \
	"$(blob v1)" '["v1","all"]' | sort)"

# What nothing names.
fresh
n=$(printf %064d 1)
echo x >"img/blobs/sha256/$n"
mkdir -m 700 img/blobs/.write-0123456789ab
touch img/blobs/.write-0123456789ab/.staging img/blobs/.write-0123456789ab/x
touch -d yesterday img/oci-put-blob123
touch img/oci-put-blob456
mkdir img/.umoci-x && touch -d yesterday img/.umoci-x
whole=$(echo nothing | sha256sum | cut -d' ' -f1)
echo nothing >"img/blobs/sha256/$whole"
exits 1 "what the dead left" oci-layout-check img
is "is found" "$(jq -r '.finding + " " + .path' "$out" | sort)" \
	"damaged blobs/sha256/$n
leftover .umoci-x
leftover blobs/.write-0123456789ab
leftover oci-put-blob123"
exits 1 "--repair" oci-layout-check --repair img
is "leaves a blob that may be being written" "$(jq -r \
	'select(.finding == "damaged") | .repaired, .reason' "$out")" \
	"null
its bytes have another digest; it is young, and may be being written"
touch -d yesterday "img/blobs/sha256/$n"
exits 1 "and one that came just now with old times" \
	oci-layout-check --age=1m --repair img
ok "it is there" test -e "img/blobs/sha256/$n"
mkdir -m 700 img/blobs/.write-0123456789ab
touch -d yesterday img/oci-put-blob123
mkdir img/.umoci-x && touch -d yesterday img/.umoci-x
exits 2 "no age" oci-layout-check --age=1x img
ok "what is old is removed" oci-layout-check --age=0 --repair img
is "each" "$(jq .repaired "$out" | xargs)" "true true true true"
ok "now nothing is wrong" oci-layout-check img
is "what is young, or whole, stays" "$(ls img img/blobs/sha256/"$whole")" \
	"img/blobs/sha256/$whole

img:
blobs
index.json
oci-layout
oci-put-blob456"
mkdir -m 700 img/blobs/.write-0123456789ac
exec 9<img/blobs/.write-0123456789ac
flock 9
ok "what is being written is no leftover" oci-layout-check --repair img
exec 9>&-
rmdir img/blobs/.write-0123456789ac
echo x >img/blobs/sha256/README
exits 1 "a file of another name" oci-layout-check --repair img
found "is a stray, and stays" "stray blobs/sha256/README"

# Documents that are not what they should be.
fresh
echo x >"img/blobs/sha256/$n"
head -c 100 good/index.json >img/index.json
exits 1 "a torn index.json" oci-layout-check --age=0 --repair img
found "is found, and nothing removed" "document index.json
damaged blobs/sha256/$n"
ok "for who knows what it named" test -e "img/blobs/sha256/$n"
fresh
echo x >"img/blobs/sha256/$n"
for dir in blobs/sha256 blobs; do
	mv img/$dir shared && ln -s "$tmp/shared" img/$dir
	exits 1 "a link for $dir" oci-layout-check --age=0 --repair img
	found "what another layout may name" "damaged blobs/sha256/$n"
	ok "stays" test -e "img/blobs/sha256/$n"
	rm img/$dir && mv shared img/$dir
done
jq -c '.manifests += [.manifests[0] | .digest |= sub("sha256"; "blake3")]' \
	good/index.json >img/index.json
exits 1 "a digest of another kind" oci-layout-check --age=0 --repair img
ok "may be of any of them" test -e "img/blobs/sha256/$n"
cp good/index.json img
ok "when all is known" oci-layout-check --age=0 --repair img
ok "it goes" test ! -e "img/blobs/sha256/$n"
fresh
sed 's/image.manifest.v1/image.index.v1/' good/index.json >img/index.json
exits 1 "an index that is a manifest" oci-layout-check img
found "is found" "document $(blob v1)"
sed 's/"mediaType":"[^"]*manifest.v1+json",//' good/index.json >img/index.json
exits 1 "a descriptor without a type" oci-layout-check img
found "is found" "mediaType $(blob v1)"
sed "0,/\"size\":[0-9]*/s//\"size\":7/" good/index.json >img/index.json
exits 1 "a descriptor's size" oci-layout-check img
found "is found" "size $(blob v1)"
rm img/index.json
exits 1 "no index.json" oci-layout-check img
printed "is a finding" '"finding":"document","path":"index.json"'

fresh
mkdir img/refs && echo '{}' >img/refs/v9
exits 1 "a bad file in refs/" oci-layout-check img
found "is found" "document refs/v9"
fresh
rm "img/$layer" && mkfifo "img/$layer"
exits 1 "a FIFO for a blob" timeout 20 oci-layout-check --repair img
found "is found" "damaged $layer"
exits 1 "no layout" oci-layout-check l1
done_testing

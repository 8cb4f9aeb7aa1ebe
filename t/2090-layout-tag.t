#!/bin/sh
# SPDX-License-Identifier: ISC
# oci-layout-tag: names are given, moved and taken; all else stays.
. "${0%/*}/lib.sh"
need jq python3 skopeo umoci

mkdir l1 l2
echo one >l1/a
echo two >l2/b
"$top/t/mkimage" img:v1 l1 >/dev/null
"$top/t/mkimage" --platform linux/arm64 img:v2 l2 >/dev/null
jq -c '.annotations = {a: "b"} | .manifests[0].x = 0 |
	.manifests[0].annotations["io.containerd.image.name"] = "x.org/a:v1" |
	.manifests[1].y = null' img/index.json |
	sed 's/"x":0/"x":12345678901234567890.10/' >x && mv x img/index.json
cp -r img good
names() {
	jq -r '.manifests[].annotations["org.opencontainers.image.ref.name"]' \
		"$1/index.json" | xargs
}
digest() {
	jq -r ".manifests[$1].digest" good/index.json
}

ok "a name" oci-layout-tag img v1 latest
is "comes last" "$(names img)" "v1 v2 latest"
is "its descriptor is printed" "$(jq -r .digest "$out")" "$(digest 0)"
cat >with.py <<'P'
t = open("good/index.json").read().strip()
begin = t.index("[") + 1
new = t[begin:t.index("},{") + 1]
new = new.replace('"org.opencontainers.image.ref.name":"v1",', "")
new = new.replace('"io.containerd.image.name":"x.org/a:v1"',
                  '"org.opencontainers.image.ref.name":"latest"')
end = t.rindex("}]") + 1
print(t[:end] + "," + new + t[end:])
P
is "the others are as they were, and so is it, to the digit" \
	"$(cat img/index.json)" "$(python3 with.py)"
stat -c %y img/index.json >"time"
ok "the same again" oci-layout-tag img v1 latest
is "changes nothing" "$(stat -c %y img/index.json)" "$(cat "time")"
ok "another image" oci-layout-tag img v2 latest
is "takes the name over, in its place" "$(names img) $(jq -r \
	'.manifests[2].digest' img/index.json)" "v1 v2 latest $(digest 1)"
ok "by digest" oci-layout-tag img "@$(digest 0)" a/b:c
ok "skopeo finds it" skopeo copy -q "oci:img:v1" oci:s:x
ok "a name goes" oci-layout-tag -d latest img
is "that one" "$(names img)" "v1 v2 a/b:c"
fails "one that isn't there" oci-layout-tag -d v1 -d nope img
said "is named" "no image has the name nope"
is "then none goes" "$(names img)" "v1 v2 a/b:c"
ok "several, one of them twice" \
	oci-layout-tag -d v1 -d v2 -d v1 -d a/b:c img
is "go" "$(names img)" ""
is "the rest stays" "$(jq -c .annotations img/index.json)" '{"a":"b"}'
ok "an image without a name, by its digest" \
	oci-layout-tag img "$(digest 1)" again
is "has one" "$(names img)" again
ok "which umoci sees" sh -c "umoci ls --layout img | grep again"
ok "and nothing is wrong" oci-layout-check img

# What is about an image keeps it, named or not, until it is taken away.
cp -r img signed
manifest=signed/blobs/sha256/$(digest 1 | cut -c8-)
jq -c --argjson size "$(stat -c %s "$manifest")" '.subject = {digest: $digest,
	mediaType, size: $size} | .artifactType = "application/x"' \
	--arg digest "$(digest 1)" "$manifest" >signature
signature=$(sha256sum <signature | cut -c1-64)
cp signature "signed/blobs/sha256/$signature"
jq -c --arg d "sha256:$signature" --argjson size "$(stat -c %s signature)" \
	'.manifests += [.manifests[-1] | .digest = $d | .size = $size |
	.artifactType = "application/x" | del(.annotations)]' \
	img/index.json >signed/index.json
ok "a signature" oci-layout-check signed
ok "without its image's name" oci-layout-tag -d again signed
ok "keeps that" sh -c "oci-layout-gc --age=0 signed && [ -e '$manifest' ]"
fails "not by the digest of another" oci-layout-tag -d "$(digest 1)" signed
said "is it taken away" "no image without a name is $(digest 1)"
ok "but by its own" oci-layout-tag -d "@sha256:$signature" signed
is "no entry is left" "$(jq '.manifests | length' signed/index.json)" 0
ok "and then no blob" sh -c "oci-layout-gc --age=0 signed && [ ! -e '$manifest' ]"
fails "a digest doesn't stand for a name" oci-layout-tag -d "$(digest 1)" img
rm "img/blobs/sha256/$(jq -r '.layers[0].digest[7:]' \
	"img/blobs/sha256/$(digest 0 | cut -c8-)")"
fails "one that isn't whole" oci-layout-tag img "$(digest 0)" v1
fails "no such digest" oci-layout-tag img "sha256:$(printf %064d 1)" v1
fails "no such name" oci-layout-tag img v7 v8
fails "no layout" oci-layout-tag l1 v7 v8
is "none is made" "$(ls l1)" a
exits 2 "no name" oci-layout-tag img again 'a b'
exits 2 "too few operands" oci-layout-tag img again
exits 2 "too many" oci-layout-tag -d again img again

# refs/ follows.
rm -rf img && cp -r good img && mkdir img/refs
jq -c '.manifests[0]' img/index.json >img/refs/v1
ok "a file in refs/" oci-layout-tag img v2 v1
is "follows" "$(jq -r .digest img/refs/v1)" "$(digest 1)"
ok "and" oci-layout-tag -d v1 img
ok "goes" test ! -e img/refs/v1

# At once.
rm -rf img && cp -r good img
for i in 1 2 3 4 5 6 7 8; do
	oci-layout-tag img v1 "n$i" >/dev/null || echo "$i" >failed &
done
wait
is "eight at once" "$(names img | tr ' ' '\n' | sort | xargs)" \
	"n1 n2 n3 n4 n5 n6 n7 n8 v1 v2"
is "leave nothing else" "$(cd img && find . -maxdepth 2 | sort | xargs)" \
	". ./blobs ./blobs/sha256 ./index.json ./oci-layout"
done_testing
